"""What stands in the registers on a day, who has an entry and who has none, in a fixed number of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from profminimum.orgs import queries
from profminimum.orgs.models import Organisation
from profminimum.orgs.services.states import chunks
from profminimum.plan import pack
from profminimum.registers.models import Record

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from profminimum.orgs.models import User
    from profminimum.orgs.querysets import OrganisationQuerySet
    from profminimum.plan.pack import Register
    from profminimum.registers.models import RecordQuerySet


def kinds() -> dict[str, Register]:
    """The registers that the pack names, in its order."""
    return dict(pack.read(settings.PACK).registers)


def levels() -> dict[str, pack.Level]:
    """The levels of schools that the pack names, in its order."""
    return dict(pack.read(settings.PACK).levels)


def in_force(
    kind: str, on: date, *, region: int, period: str = "", organisations: Collection[int] | None = None
) -> RecordQuerySet:
    """The entries of a register on that day; of one school year when it is kept by school years."""
    found = Record.objects.filter(region=region, kind=kind).on(on)
    if organisations is not None:
        found = found.filter(organisation__in=organisations)
    return found.filter(period=period) if period else found


def for_prefill(places: Collection[int], on: date, period: str) -> dict[int, dict[str, dict[str, Any]]]:
    """Organisation → register → field → value, with the act's number and date; the first of many.

    Of registers kept by school years that school year. One query for every thousand organisations.
    """
    found: dict[int, dict[str, dict[str, Any]]] = {}
    rows = Record.objects.filter(period__in=["", period]).on(on).order_by("number", "pk")
    for part in chunks(set(places)):
        for row in rows.filter(organisation__in=part):
            values = dict(row.values)
            if row.act_number:
                values["act_number"] = row.act_number
            if row.act_date:
                values["act_date"] = row.act_date.isoformat()
            found.setdefault(row.organisation_id, {}).setdefault(row.kind, values)
    return found


def without(kind: Register, on: date, *, region: int, period: str = "") -> OrganisationQuerySet:
    """The organisations that ought to have an entry on that day and have none, with `.state`, by name."""
    having = in_force(kind.name, on, region=region, period=period).values("organisation")
    found = Organisation.objects.as_of(on).filter(Q(region=region, kind__in=kind.of)).exclude(pk__in=having)
    return queries.ordered(found)


def history(user: User, organisation: int, kind: str = "") -> RecordQuerySet:
    """All entries of an organisation that the person sees, the newest first, with those who made them."""
    found = Record.objects.visible_to(user).filter(organisation=organisation)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("by", "ended_by", "file").order_by("-since", "-pk")
