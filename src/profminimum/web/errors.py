"""What does a person read when a page cannot be shown? Handlers for the root list of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext

if TYPE_CHECKING:
    from django.http import HttpRequest


def _page(request: HttpRequest, status: int, *, title: str, text: str, reason: str = "") -> HttpResponse:
    context = {"status": status, "error_title": title, "error_text": text, "reason": reason}
    return render(request, "web/error.html", context, status=status)


def _reason(exception: BaseException | None) -> str:
    """The message that our code gave; Django's own for the resolver («tried», a model's name) is not for people."""
    text = exception.args[0] if exception and exception.args else ""
    if not isinstance(text, str | Promise) or " matches the given query" in str(text):
        return ""
    return str(text)


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """400: the details of a suspicious request stay in the log."""
    del exception
    return _page(
        request,
        400,
        title=gettext("The request could not be read"),
        text=gettext("Go back, reload the page and try again. If you followed a link, check that it is whole."),
    )


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """403: with the reason that the refusal carries."""
    return _page(
        request,
        403,
        title=gettext("You have no right to do this"),
        text=gettext("You act for several organisations: perhaps it is another one's. Choose it here:"),
        reason=_reason(exception),
    )


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """404: the same whether the thing is not there or is outside of one's scope."""
    return _page(
        request,
        404,
        title=gettext("There is no such page"),
        text=gettext(
            "Perhaps the address is mistyped, the page has moved, or it belongs to an organisation "
            "that you do not see."
        ),
        reason=_reason(exception),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the request, so that neither the session nor the database is touched."""
    del request
    context = {
        "status": 500,
        "error_title": gettext("Something broke on our side"),
        "error_text": gettext(
            "What you had saved is safe. Try again in a minute; if it happens again, tell the administrator "
            "the time and what you were doing."
        ),
    }
    return HttpResponseServerError(render_to_string("web/error.html", context))
