"""How the API answers: who comes in, how a refusal is said, how an object becomes JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI
from ninja.security import APIKeyCookie, HttpBearer

from profminimum.api import services
from profminimum.monitoring.services.submissions import RefusedError, StaleError
from profminimum.plan.states import ForbiddenStepError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.orgs.models import User


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]  # what a database can hold
Offset = Annotated[int, Field(le=2**63 - 1)]


class Bearer(HttpBearer):
    """`Authorization: Bearer pm_…`: the key's person is the request's person."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        person = services.person(token)
        if person is not None:
            request.user = person
        return person


class Session(APIKeyCookie):
    """A browser in which a person has signed in; writes want the CSRF token as everywhere."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 - ninja's signature
        return request.user if request.user.is_authenticated else None


api = NinjaAPI(
    title="profminimum",
    version="1",
    urls_namespace="api",
    docs_url=None,
    auth=[Bearer(), Session()],
    description="The same data and the same acts as in the browser, for scripts. Rights: the person's own.",
)


def who(request: HttpRequest) -> User:
    """The person on whose behalf the request acts."""
    return request.user  # type: ignore[return-value]  # Bearer and Session let nobody else in


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: what was sent is refused, by field where there is one."""
    errors = error.message_dict if hasattr(error, "error_dict") else {}
    return api.create_response(request, {"detail": " ".join(error.messages), "errors": errors}, status=422)


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(error), "errors": {}}, status=403)


@api.exception_handler(Http404)
def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    """404 without the reason, which could tell of others' data."""
    return api.create_response(
        request, {"detail": _("There is no such object in your reach."), "errors": {}}, status=404
    )


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """422: an answer to a form has errors; `errors` is by place."""
    language, found = get_language() or "ru", dict[str, list[str]]()
    for problem in error.problems:
        found.setdefault(problem.place, []).append(problem.message.get(language) or problem.message["ru"])
    detail = _("The answer has errors: nothing was sent.")
    return api.create_response(request, {"detail": detail, "errors": found}, status=422)


@api.exception_handler(StaleError)
def stale(request: HttpRequest, _error: StaleError) -> HttpResponse:
    """409: somebody else was quicker."""
    detail = _("Somebody else has changed it in the meantime: look at what stands now and try again.")
    return api.create_response(request, {"detail": detail, "errors": {}}, status=409)


@api.exception_handler(ForbiddenStepError)
def conflict(request: HttpRequest, error: ForbiddenStepError) -> HttpResponse:
    detail = _("This cannot be done from the state «%(state)s».") % {"state": error.state.value}
    return api.create_response(request, {"detail": detail, "errors": {}}, status=409)


def plain(obj: Any, *names: str) -> dict[str, Any]:
    """The attributes of an object by name."""
    return {name: getattr(obj, name) for name in names}
