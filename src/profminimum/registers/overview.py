"""How full are the registers on a day? Of each: who of those who ought to has an entry, and the last change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.plan.pack import school_year
from profminimum.registers import spoken
from profminimum.registers.models import Record
from profminimum.registers.queries import kinds, levels

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.models import User
    from profminimum.plan.pack import Register


@dataclass(slots=True)
class Line:
    """One register. `due` are those who ought to have an entry, `having` those of them who have one."""

    kind: Register
    title: str
    period: str
    due: int = 0
    having: int = 0
    entries: int = 0
    last: date | None = None
    by_level: list[tuple[str, str, int]] = field(default_factory=list)  # name, words, how many

    @property
    def missing(self) -> int:
        return self.due - self.having


def lines(user: User, region: int, on: date) -> list[Line]:
    """The registers that concern the person, as they stood on that day; three queries."""
    registers = kinds()
    year = school_year(on)
    wanted = {kind for one in registers.values() for kind in one.of}
    reach = Organisation.objects.as_of(on).filter(Q(region=region, kind__in=wanted))
    places = dict(reach.filter(access.reach(user, "register.see")).values_list("pk", "kind"))
    seen = Record.objects.visible_to(user).filter(region=region)
    held: dict[str, list[tuple[int, str]]] = {name: [] for name in registers}
    levels_held: dict[str, Counter[str]] = {name: Counter() for name in registers}
    for row in seen.on(on).filter(kind__in=registers).only("kind", "organisation", "period", "values"):
        one = registers[row.kind]
        if one.by_year and row.period != year:
            continue
        held[row.kind].append((row.organisation_id, row.period))
        column = one.typed("level")
        if column:
            levels_held[row.kind][str(row.values.get(column.name))] += 1
    last = _last(user, region, on)
    found = []
    for name, one in registers.items():
        line = Line(one, spoken.title(one), year if one.by_year else "", entries=len(held[name]), last=last.get(name))
        due = {pk for pk, kind in places.items() if kind in one.of}
        line.due, line.having = len(due), len(due & {pk for pk, _period in held[name]})
        if one.typed("level"):
            counts = levels_held[name]
            line.by_level = [(key, spoken.words(each.title), counts[key]) for key, each in levels().items()]
        if line.due or line.entries:
            found.append(line)
    return found


def _last(user: User, region: int, on: date) -> dict[str, date]:
    """The last day, up to that one, on which something came into force or ended."""
    rows = (
        Record.objects.visible_to(user)
        .filter(region=region, since__lte=on)
        .order_by()
        .values("kind")
        .annotate(begun=Max("since"), ended=Max("until", filter=Q(until__lte=on)))
        .values_list("kind", "begun", "ended")
    )
    return {kind: max(begun, ended or begun) for kind, begun, ended in rows}
