"""What was an organisation on each day? Its states as spans of dates, and what a dated change does to them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

ONCE = "act"  # the basis belongs to the one span that it began: it is never carried on to later ones


@dataclass(frozen=True, slots=True)
class Span:
    """Values that hold from `start` up to, not including, `end` (None: without an end)."""

    start: date
    end: date | None
    values: Mapping[str, Any]

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A path that an organisation had from `start` up to, not including, `end`."""

    start: date
    end: date | None
    path: str


class OutsideError(ValueError):
    """The day lies before the first span or after the last one."""


class GapError(ValueError):
    """The parent does not exist on `day`, on which the organisation needs it."""

    def __init__(self, parent: int, day: date) -> None:
        super().__init__(f"{parent}: {day}")
        self.parent = parent
        self.day = day


def put(spans: Sequence[Span], on: date, changes: Mapping[str, Any]) -> list[Span]:
    """The spans after `changes` hold from `on`.

    Each value goes on until the next day on which that very value was changed before: a new name from March does not
    undo the move of September. `act` stays with the span that begins on `on`. OutsideError when no span covers `on`.
    """
    base = next((span.values for span in spans if span.covers(on)), None)
    if base is None:
        raise OutsideError(on.isoformat())
    carried = {name: value for name, value in changes.items() if base[name] != value or name == ONCE}
    if not set(carried) - {ONCE} and not any(span.start == on for span in spans):
        return list(spans)
    result = []
    for span in spans:
        if span.end is not None and span.end <= on:
            result.append(span)
        elif span.start < on:
            result.append(Span(span.start, on, span.values))
            result.append(Span(on, span.end, {**span.values, ONCE: "", **carried}))
        elif span.start == on:
            given = {name: value for name, value in carried.items() if name != ONCE or value}
            result.append(Span(on, span.end, {**span.values, **given}))
        else:
            carried = {name: v for name, v in carried.items() if name != ONCE and span.values[name] == base[name]}
            result.append(Span(span.start, span.end, {**span.values, **carried}))
    return result


def end(spans: Sequence[Span], on: date) -> list[Span]:
    """The spans of what no longer exists from `on`. OutsideError when none covers `on` or a later one begins."""
    if not spans or spans[-1].start >= on or not spans[-1].covers(on):
        raise OutsideError(on.isoformat())
    return [*spans[:-1], Span(spans[-1].start, on, spans[-1].values)]


def ripple(own: int, spans: Iterable[Span], parents: Mapping[int, Sequence[Stretch]]) -> list[Span]:
    """The spans with their paths made anew from the paths of the parents, cut where a parent's path changes.

    GapError when a parent does not exist on a day on which it is needed.
    """
    result: list[Span] = []
    for span in spans:
        parent = span.values["parent_id"]
        if parent is None:
            result.append(Span(span.start, span.end, {**span.values, "path": f"/{own}/"}))
            continue
        day: date | None = span.start
        for stretch in parents.get(parent, ()):
            if day is None or not (stretch.start <= day and (stretch.end is None or day < stretch.end)):
                continue
            stop = earlier(stretch.end, span.end)
            result.append(Span(day, stop, {**span.values, "path": f"{stretch.path}{own}/"}))
            day = stop if stop != span.end else None
        if day is not None:
            raise GapError(parent, day)
    return result


def stretches(spans: Iterable[Span]) -> list[Stretch]:
    """The path over time; neighbours with one path are one stretch."""
    result: list[Stretch] = []
    for span in spans:
        path = span.values["path"]
        if result and result[-1].path == path and result[-1].end == span.start:
            result[-1] = Stretch(result[-1].start, span.end, path)
        else:
            result.append(Stretch(span.start, span.end, path))
    return result


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends, None being without an end."""
    if one is None or other is None:
        return one or other
    return min(one, other)
