"""Organisations and the journal over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from profminimum.api.schemas import EntryPage, Me, OrganisationOut, OrganisationPage
from profminimum.api.wire import Id, Offset, plain, who
from profminimum.journal import actions, scope
from profminimum.journal.models import Entry
from profminimum.orgs import access, queries
from profminimum.orgs.models import Organisation
from profminimum.web import clock

router = Router()
MOST = 500  # rows of one answer


@router.get("/me", response=Me, tags=["people"])
def me(request: HttpRequest) -> dict[str, Any]:
    """Whose key this is, and in which organisations that person has which role today."""
    user = who(request)
    seats = [{"role": seat.role.value, "organisation": seat.organisation_id} for seat in access.seats(user)]
    return {**plain(user, "id", "email", "full_name"), "seats": seats}


def _organisation(found: Organisation) -> dict[str, Any]:
    state = found.state
    return {
        **plain(found, "id", "code", "kind", "opened", "closed"),
        **plain(state, "name", "short_name", "oktmo", "school_type", "pupils"),
        "parent": state.parent_id,
    }


@router.get("/organisations", response=OrganisationPage, tags=["organisations"])
def organisations(
    request: HttpRequest, on: date | None = None, kind: str = "", q: str = "", limit: int = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Those in your reach as they were on a day (today unless said), by name."""
    day = on or clock.today()
    found = Organisation.objects.visible_to(who(request), day).existing(day).search(q)
    if kind:
        found = found.filter(kind=kind)
    start, size = max(offset, 0), min(max(limit, 1), MOST)
    rows = queries.ordered(found)[start : start + size]
    return {"count": found.count(), "items": [_organisation(row) for row in rows]}


@router.get("/organisations/{pk}", response=OrganisationOut, tags=["organisations"])
def organisation(request: HttpRequest, pk: Id, on: date | None = None) -> dict[str, Any]:
    return _organisation(get_object_or_404(Organisation.objects.visible_to(who(request), on or clock.today()), pk=pk))


@router.get("/journal", response=EntryPage, tags=["journal"])
def journal(request: HttpRequest, after: Offset = 0, action: str = "", limit: int = 100) -> dict[str, Any]:
    """Entries in your reach in the order in which they were written: poll with `after` to follow what happens."""
    user = who(request)
    access.require(user, "journal.see", None)
    found = Entry.objects.filter(scope.of(user).condition, pk__gt=after).select_related("by").order_by("pk")
    if action:
        found = found.filter(action=action)
    size = min(max(limit, 1), MOST)
    rows = list(found[: size + 1])
    more = len(rows) > size
    items = [
        {
            **plain(row, "id", "at", "action", "object_type", "object_id", "subject", "reason", "before", "after"),
            "by": row.by.full_name if row.by else None,
            "label": actions.label(row.action),
            "organisation": row.organisation_id,
        }
        for row in rows[:size]
    ]
    return {"items": items, "next": rows[size - 1].pk if more else None}
