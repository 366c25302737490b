"""What the registers say of an organisation, on its card: who is responsible, at which level it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from profminimum.orgs import access
from profminimum.orgs.cards import Section
from profminimum.plan.pack import school_year
from profminimum.registers import spoken
from profminimum.registers.models import Record
from profminimum.registers.queries import kinds

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.models import Organisation, User
    from profminimum.plan.pack import Register

SHOWN = 6  # entries of one register; the register has them all


@dataclass(frozen=True, slots=True)
class Item:
    record: Record
    values: list[spoken.Value]
    act: str


@dataclass(frozen=True, slots=True)
class Group:
    """One register, called by its first column. `lacking`: an entry ought to be there, of the year `period`."""

    name: str
    title: str
    items: list[Item]
    more: int
    lacking: bool
    period: str


def registers(user: User | AnonymousUser, organisation: Organisation, on: date) -> Section | None:
    """The entries in force on that day for those who may see them, and what is missing; one query."""
    state, kind = organisation.state, str(organisation.kind)
    if not user.is_authenticated or not access.can_at(user, "register.see", organisation.pk, state.path, kind):
        return None
    rows = Record.objects.filter(organisation=organisation).on(on).order_by("-period", "number", "pk")
    held = list(rows)
    groups = [
        group
        for one in kinds().values()
        if (group := _group(one, [row for row in held if row.kind == one.name], kind, on)) is not None
    ]
    if not groups:
        return None
    return Section(_("In the registers"), "registers/card.html", {"groups": groups})


def _group(one: Register, rows: list[Record], kind: str, on: date) -> Group | None:
    year = school_year(on) if one.by_year else ""
    due = kind in one.of
    if not rows and not due:
        return None
    items = [Item(row, spoken.values(row, one), spoken.act(row)) for row in rows[:SHOWN]]
    lacking = due and not any(row.period == year for row in rows)
    first = next(iter(one.fields.values()))
    title = spoken.title(one) if one.many else capfirst(spoken.words(first.title))
    return Group(one.name, title, items, len(rows) - len(items), lacking, year)
