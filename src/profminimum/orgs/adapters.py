"""How django-allauth is bent to this product: nobody signs up by themselves, people come by invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from profminimum.orgs import services
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.orgs.models import User


def typed_address(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """Under which name axes counts failures: the address as typed, folded. Without it one name would lock all."""
    given = (credentials or {}).get("email") or (request.POST.get("login") if request is not None else None)
    return str(given).strip().lower()[:254] if given else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Every way in ends here: password, passkey, single sign-on. The journal notes it."""
        services.sign_in(user, at=clock.now())
        response: HttpResponse = super().post_login(request, user, **more)
        return response


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002 - as above
        return False
