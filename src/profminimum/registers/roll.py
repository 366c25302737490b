"""Which schools work at which level in a school year? The list by levels and municipalities, as in an annex."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from profminimum.orgs import queries
from profminimum.registers import listing, spoken
from profminimum.registers.queries import levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.orgs.models import User
    from profminimum.plan.pack import Register
    from profminimum.registers.listing import Ask, Row


@dataclass(frozen=True, slots=True)
class Part:
    """The schools of one municipality at one level; `first` is the number of the first in the whole list."""

    unit: str
    rows: list[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class Group:
    """All schools at one level. `hours` is the least that the level takes, 0 when the pack no longer names it."""

    name: str
    title: str
    hours: int
    count: int
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many schools at one level."""

    name: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Count:
    """A line of the table of counts: by level in the pack's order, without a level, in all."""

    unit_id: str
    unit: str
    cells: list[Cell]
    without: int

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells) + self.without


@dataclass(frozen=True, slots=True)
class Roll:
    groups: list[Group]
    counts: list[Count]
    totals: Count
    level_titles: list[str]


def build(user: User, region: int, kind: Register, ask: Ask, known: Mapping[int, str]) -> Roll:
    """The whole list of the school year on that day; two queries. `known` are the `listing.units`."""
    column = kind.typed("level")
    if column is None:
        raise ValueError("the register has no level")
    by_name = replace(ask, sort="organisation")
    records = listing.ordered(listing.found(user, region, kind, ask), kind, by_name)
    rows = listing.rows(records, kind, known)
    held = [(str(row.record.values.get(column.name, "")), row) for row in rows]
    order = [*levels(), *sorted({name for name, _row in held} - set(levels()))]
    units: dict[int | None, str] = dict([*known.items(), (None, queries.state_schools())])
    groups: list[Group] = []
    number = 0
    for name in order:
        group, number = _group(name, [row for level, row in held if level == name], units, number)
        if group.count:
            groups.append(group)
    none = (
        []
        if ask.level
        else [listing.unit_of(one.state.path, known) for one in listing.missing(user, region, kind, ask)]
    )
    titles = [(name, spoken.level(name)) for name in order]

    def cells(units_of: set[int | None]) -> list[Cell]:
        return [
            Cell(name, title, sum(level == name and row.unit_id in units_of for level, row in held))
            for name, title in titles
        ]

    counts = [
        Count(listing.STATE if unit is None else str(unit), title, cells({unit}), none.count(unit))
        for unit, title in units.items()
    ]
    totals = Count("", _("Total"), cells(set(units)), len(none))
    return Roll(groups, [one for one in counts if one.total], totals, [title for _name, title in titles])


def _group(name: str, rows: list[Row], units: Mapping[int | None, str], number: int) -> tuple[Group, int]:
    """The group, and the number of its last school: numbers run through the whole list."""
    parts = []
    for unit, title in units.items():
        inside = [row for row in rows if row.unit_id == unit]
        if inside:
            parts.append(Part(title, list(enumerate(inside, number + 1))))
            number += len(inside)
    level = levels().get(name)
    return Group(name, spoken.level(name), level.hours if level else 0, len(rows), parts), number
