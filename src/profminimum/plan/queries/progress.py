"""How far is a row, municipality by municipality, within what a person may see? One grouped query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from profminimum.orgs import queries as orgs
from profminimum.orgs.models import Kind
from profminimum.plan.models import Standing
from profminimum.plan.states import OPEN, State
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure

_OPEN = [state.value for state in OPEN]


@dataclass(slots=True)
class Unit:
    """The obligations of a municipality by where they stand; each is in exactly one of the counts."""

    pk: int | None
    name: str
    accepted: int = 0
    reported: int = 0
    working: int = 0
    returned: int = 0
    late: int = 0
    waived: int = 0

    @property
    def total(self) -> int:
        """All that is required."""
        return self.accepted + self.reported + self.working + self.returned + self.late

    def add(self, state: str, count: int, late: int) -> None:
        self.late += late
        if state == State.ASSIGNED:
            self.working += count - late
        else:
            setattr(self, state, getattr(self, state) + count - late)


@dataclass(frozen=True, slots=True)
class Progress:
    units: list[Unit]
    total: Unit


def progress(measure: Measure, user: User, today: date, occurrence: int | None = None) -> Progress:
    """Two queries: the counts, and the names of the municipalities."""
    standings = Standing.objects.visible_to(user).at().filter(measure=measure)
    if occurrence is not None:
        standings = standings.filter(obligation__occurrence=occurrence)
    rows = list(
        standings.order_by("unit", "state")
        .values("unit", "unit__kind", "state")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due__lt=today, state__in=_OPEN)))
        .values_list("unit", "unit__kind", "state", "n", "late")
    )
    names = orgs.known({row[0] for row in rows}, clock.today())
    units: dict[int, Unit] = {}
    total, regional = Unit(None, ""), set[int]()
    for pk, kind, state, count, late in rows:
        name = names[pk].short_name if pk in names else str(pk)
        if kind != Kind.AUTHORITY:
            name = _("%(name)s and regional organisations") % {"name": name}
            regional.add(pk)
        unit = units.setdefault(pk, Unit(pk, name))
        unit.add(state, count, late)
        total.add(state, count, late)
    order = sorted(units, key=lambda pk: (pk not in regional, names[pk].sort_key if pk in names else ""))
    return Progress([units[pk] for pk in order], total)
