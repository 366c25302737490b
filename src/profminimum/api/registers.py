"""Registers over the API: what has been established officially, on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from profminimum.api.schemas import Problem, RecordPage, RegisterOut
from profminimum.api.wire import Id, Offset, plain, who
from profminimum.orgs import access, queries
from profminimum.registers.models import Record
from profminimum.registers.queries import kinds
from profminimum.web import clock

router = Router(tags=["registers"])
MOST = 500  # rows of one answer
REFUSED = {403: Problem, 404: Problem}


@router.get("/registers", response={200: list[RegisterOut], **REFUSED})
def registers(request: HttpRequest) -> list[dict[str, Any]]:
    """The registers of the pack."""
    access.require(who(request), "register.see", None)
    return [{"name": one.name, "title": dict(one.title), "by_year": one.by_year} for one in kinds().values()]


@router.get("/registers/{kind}", response={200: RecordPage, **REFUSED})
def entries(
    request: HttpRequest,
    kind: str,
    on: date | None = None,
    period: str = "",
    organisation: Id | None = None,
    limit: int = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The entries in your reach that are in force today, or on the day `on`; `period` is a school year."""
    user = who(request)
    access.require(user, "register.see", None)
    if kind not in kinds():
        raise Http404
    found = Record.objects.visible_to(user).on(on or clock.today()).filter(kind=kind)
    found = found.filter(period=period) if period else found
    found = found.filter(organisation=organisation) if organisation else found
    start, size = max(offset, 0), min(max(limit, 1), MOST)
    page = list(found.order_by("organisation", "number", "pk")[start : start + size])
    names = queries.names([row.organisation_id for row in page], on or clock.today())
    return {
        "count": found.count(),
        "items": [
            {
                **plain(
                    row, "id", "period", "number", "values", "act_kind", "act_number", "act_date", "since", "until"
                ),
                "organisation": row.organisation_id,
                "organisation_name": names[row.organisation_id],
            }
            for row in page
        ],
    }
