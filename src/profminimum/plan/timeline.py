"""The school year as a line: where do months, dates and today stand? Shares of the width for SVG; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LANES = 4  # dates that would overlap are put one below another, in at most so many lanes
GAP = 3.4  # percent of the width that one date needs


@dataclass(frozen=True, slots=True)
class Mark:
    """A date of a row on the line. `state` is late, done, soon or ahead; `x` and `lane` say where."""

    number: str
    day: date
    state: str
    x: str
    lane: int
    title: str = ""
    measure_id: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Line:
    """`today` is empty when it lies outside the period."""

    months: tuple[Month, ...]
    marks: tuple[Mark, ...]
    today: str
    lanes: int


@dataclass(frozen=True, slots=True)
class Dot:
    """What is to be put on the line."""

    number: str
    day: date
    state: str
    title: str = ""
    measure_id: int = 0


def _months(start: date, end: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= end:
        yield first
        first = (first + timedelta(days=32)).replace(day=1)


def line(start: date, end: date, today: date, dots: Iterable[Dot]) -> Line:
    """Lay the dots out between `start` and `end`, widened so that each dot is on it."""
    dots = sorted(dots, key=lambda dot: (dot.day, dot.number))
    begin = min([start, *(dot.day for dot in dots)]).replace(day=1)
    last = max([end, *(dot.day for dot in dots)])
    whole = (last - begin).days + 1

    def share(day: date) -> float:
        return ((day - begin).days + 0.5) * 100 / whole

    firsts = list(_months(begin, last))
    edges = [(first - begin).days * 100 / whole for first in firsts] + [100.0]
    months = tuple(
        Month(first, f"{edges[index]:.2f}%", f"{edges[index + 1] - edges[index]:.2f}%")
        for index, first in enumerate(firsts)
    )
    ends = [-GAP] * LANES
    marks = []
    for dot in dots:
        x = share(dot.day)
        lane = next((n for n in range(LANES) if x - ends[n] >= GAP), min(range(LANES), key=ends.__getitem__))
        ends[lane] = x
        marks.append(Mark(dot.number, dot.day, dot.state, f"{x:.2f}%", lane, dot.title, dot.measure_id))
    lanes = 1 + max((mark.lane for mark in marks), default=0)
    return Line(months, tuple(marks), f"{share(today):.2f}%" if begin <= today <= last else "", lanes)
