"""For whom a signed-in person acts now: the organisation chosen in the header, in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from profminimum.orgs import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class ActorMiddleware:
    """Sets `request.seat` (None for a stranger) from the session, else the first seat of the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat = None  # type: ignore[attr-defined]  # Django's way to carry a value with the request
        if request.path.startswith("/static/"):
            return self.get_response(request)
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            chosen = request.session.get("seat")
            seats = access.seats(request.user)
            request.seat = next(  # type: ignore[attr-defined]  # as above
                (seat for seat in seats if f"{seat.role}:{seat.organisation_id}" == chosen),
                seats[0] if seats else None,
            )
        return self.get_response(request)
