"""What a person does about themselves: data, language, the organisation to act for, the way in by an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from profminimum.orgs import access, queries, services
from profminimum.orgs.forms import PasswordForm, ProfileForm
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import invitations
from profminimum.orgs.views import place
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Own data; below it the password, the second factor, the sessions and the roles held."""
    user = place.person(request)
    data = {name: getattr(user, name) for name in ("full_name", "post", "phone", "language")}
    form = ProfileForm(request.POST or None, initial=data)
    if form.is_valid():
        try:
            changed = services.change_user(user, by=user, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            place.tell(form, error)
        else:
            response = redirect("profile")
            _remember(response, user.language)
            translation.activate(user.language)
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return response
    seats = access.seats(user)
    names = queries.states({seat.organisation_id for seat in seats}, clock.today())
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "roles": [(seat.role.label, names[seat.organisation_id].name) for seat in seats],
        "totp": Authenticator.Type.TOTP in kinds,
        "passkeys": Authenticator.Type.WEBAUTHN in kinds,
        "codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "sessions": UserSession.objects.filter(user=user).count(),
    }
    return render(request, "orgs/profile.html", context)


@login_required
@require_POST
def seat(request: HttpRequest) -> HttpResponse:
    """Act for another organisation of one's own from now on."""
    asked = request.POST.get("seat", "")
    known = {f"{one.role}:{one.organisation_id}" for one in access.seats(place.person(request))}
    if asked in known:
        request.session["seat"] = asked
    else:
        messages.error(request, _("You have no such role today."))
    return HttpResponseRedirect(_next(request) if asked in known else "/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Russian or English, remembered in the browser and, for one who has signed in, with the person."""
    asked = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if asked in dict(settings.LANGUAGES):
        _remember(response, asked)
        if request.user.is_authenticated:
            user = place.person(request)
            services.change_user(user, by=user, at=clock.now(), language=asked)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else "/"


@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: who invites where, and a first password for one who has none yet."""
    now = clock.now()
    try:
        found = invitations.find_invitation(token, at=now)
    except services.StaleError as error:
        return render(request, "orgs/invitation_stale.html", {"reason": str(error)}, status=410)
    known = User.objects.filter(email=found.email).first()
    has_password = known is not None and known.has_usable_password()
    form = None if has_password else PasswordForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            user = services.accept_invitation(token, password=form.cleaned_data["password"] if form else None, at=now)
        except ValidationError as error:
            place.tell(cast("PasswordForm", form), error)
        except services.StaleError as error:
            return render(request, "orgs/invitation_stale.html", {"reason": str(error)}, status=410)
        else:
            return _enter(request, user, by_password=form is not None)
    context = {
        "invitation": found,
        "organisation": invitations.place_name(found),
        "role": Role(found.role).label,
        "form": form,
    }
    return render(request, "orgs/invitation.html", context)


def _enter(request: HttpRequest, user: User, *, by_password: bool) -> HttpResponse:
    """A new person is signed in at once; one who has a password signs in with it."""
    messages.success(request, _("The invitation has been accepted."))
    if by_password:
        login(request, user, backend=BACKEND)
        record_authentication(request, user, "password", email=user.email)
        services.sign_in(user, at=clock.now())
    return redirect("/" if request.user.is_authenticated else "account_login")


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """In place of a registration: people come by invitation."""
    return render(request, "account/signup_closed.html", status=403)
