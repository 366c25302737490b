"""«My duties»: the first page of those who carry the plan out, and what waits for those who check and decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from profminimum.orgs import access
from profminimum.plan.queries import duties as reading
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrPromise

TITLES: Final[Mapping[str, StrPromise]] = {
    "overdue": gettext_lazy("Overdue"),
    "returned": gettext_lazy("Returned"),
    "week": gettext_lazy("This week"),
    "next": gettext_lazy("Next week"),
    "later": gettext_lazy("Later"),
    "undated": gettext_lazy("Without a date, by schedule"),
    "done": gettext_lazy("Done lately"),
}


@login_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """For the seat that the person acts for now."""
    access.require(request.user, "obligation.see", None)
    seat: access.Seat = request.seat  # type: ignore[attr-defined]  # set by ActorMiddleware
    today = clock.today()
    found = reading.duties(seat, today, clock.now())
    bundles = [(TITLES[bundle.key], bundle) for bundle in found.bundles]
    context = {
        "duties": found,
        "bundles": [each for each in bundles if each[1].key != "done"],
        "done": next((bundle for _title, bundle in bundles if bundle.key == "done"), None),
        "own": bool(access.GRANTS["obligation.report"].get(seat.role)),
        "controls": bool(access.can(request.user, "control.see", None)),
    }
    return render(request, "plan/duties.html", context)
