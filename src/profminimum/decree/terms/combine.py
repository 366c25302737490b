"""What do several dates in one wording mean together: one term, a frame and a day in it, or separate dates?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .days import Context, Days, days, with_years
from .meaning import Interval, Scale, Stretch

if TYPE_CHECKING:
    from profminimum.decree.model import TermKind

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """Dates worked out. `frame` is a year or the plan's period; `limit` a day given as the last («до», «по»)."""

    kind: TermKind
    start: date | None
    due: date | None
    doubts: frozenset[str] = frozenset()
    frame: bool = False
    own: bool = False
    limit: bool = False
    day: bool = False
    whole: bool = False
    further: tuple[date, ...] = ()


def _impossible(stretch: Stretch, found: Days | None, context: Context) -> bool:
    """No such day, as against a day whose year is not known."""
    if found is not None:
        return False
    if stretch.own or stretch.current or (stretch.year is not None and stretch.year.kind == "plan"):
        return False
    if stretch.year is None:
        return context.period is not None
    return stretch.year.kind in {"calendar", "school"} or context.decree_date is not None


def _doubts(stretch: Stretch, found: Days | None) -> set[str]:
    doubts = {"approximate"} if stretch.approximate else set()
    return doubts | {"year-assumed"} if found is not None and found.assumed else doubts


def _single(one: Interval, found: Days | None) -> Dated:
    stretch = one.first
    point = stretch.scale is Scale.DAY
    frame = stretch.scale is Scale.YEAR
    doubts = _doubts(stretch, found)
    start, end = (found.start, found.end) if found else (None, None)
    if one.mode == "until":
        if not point:
            doubts.add("boundary")
            end = start - ONE_DAY if start else None
        elif end and (end.month, end.day) == (1, 1):
            doubts.add("boundary")
    if one.mode in {"until", "by"}:
        return Dated("date", None, end, frozenset(doubts), limit=True, day=point)
    if one.mode in {"from", "after"}:
        begin = end + ONE_DAY if one.mode == "after" and end else start
        return Dated("span", begin, None, frozenset(doubts), frame=frame, day=point)
    kind: TermKind = "span" if stretch.scale >= Scale.SEASON else "date"
    return Dated(
        kind,
        None if point else start,
        end,
        frozenset(doubts),
        frame=frame,
        own=stretch.own == "all",
        day=point,
        whole=stretch.whole,
    )


def _moved_back(begin: Days, end: date) -> Days:
    """A beginning without a year that came out after the end belongs to the year before."""
    while begin.assumed and begin.start > end:
        begin = Days(_year_before(begin.start), _year_before(begin.end), assumed=True)
    return begin


def _year_before(when: date) -> date:
    leap = (when.month, when.day) == (2, 29)
    return when.replace(year=when.year - 1, day=28 if leap else when.day)


def _range(one: Interval, last: Stretch, begin: Days | None, end: Days | None) -> Dated | None:
    doubts = _doubts(one.first, begin) | _doubts(last, end)
    due = end.end if end else None
    if one.end_mode == "until" and due and end:
        if last.scale is not Scale.DAY:
            due = end.start - ONE_DAY
            doubts.add("boundary")
        elif (due.month, due.day) == (1, 1):
            doubts.add("boundary")
    if begin and due:
        begin = _moved_back(begin, due)
        if begin.start > due:
            return None
    frame = one.first.scale is Scale.YEAR
    return Dated("span", begin.start if begin else None, due, frozenset(doubts), frame=frame, whole=one.first.whole)


def dated(one: Interval, context: Context) -> Dated | None:
    """The dates of an interval; nothing when there is no such day or it ends before it begins."""
    begin = days(one.first, context)
    if _impossible(one.first, begin, context):
        return None
    if one.last is None:
        return _single(one, begin)
    end = days(one.last, context)
    if _impossible(one.last, end, context):
        return None
    return _range(one, one.last, begin, end)


def _joined(found: list[Dated]) -> list[Dated]:
    """«с 1 сентября, до 31 мая» as one span."""
    out: list[Dated] = []
    for one in found:
        last = out[-1] if out else None
        if (
            last
            and last.kind == "span"
            and last.due is None
            and one.limit
            and one.due
            and last.start
            and last.start <= one.due
        ):
            out[-1] = replace(last, due=one.due, doubts=last.doubts | one.doubts, frame=False)
        else:
            out.append(one)
    return out


def _framed(found: list[Dated]) -> list[Dated]:
    """A year with a day in it is that day; a month and then «в течение года» goes on to the year's end."""
    frames = [one for one in found if one.frame]
    finer = [one for one in found if not one.frame]
    if not frames or not finer:
        return found
    frame = frames[0]
    if found[0].frame:
        if (
            frame.whole
            and frame.due
            and finer[0].limit
            and finer[0].due
            and frame.start
            and frame.start <= finer[0].due
        ):
            finer[0] = replace(finer[0], kind="span", start=frame.start, limit=False)
        return finer
    first = finer[0]
    begin = first.start or first.due
    if (frame.whole or frame.own) and frame.due and begin and begin <= frame.due:
        return [replace(first, kind="span", start=begin, due=frame.due, day=False, limit=False)]
    return finer


def _holds(coarse: Dated, fine: Dated) -> bool:
    if coarse.day or coarse.kind != "date" or coarse.start is None or coarse.due is None or fine.due is None:
        return False
    begin = fine.start or fine.due
    return coarse.start <= begin and fine.due <= coarse.due and (begin, fine.due) != (coarse.start, coarse.due)


def _distinct(found: list[Dated]) -> list[Dated]:
    """Without repetitions, and without a month or quarter whose day is named beside it."""
    out: list[Dated] = []
    for one in found:
        if any(_holds(one, other) for other in found):
            continue
        if not any((one.start, one.due) == (other.start, other.due) and one.due for other in out):
            out.append(one)
    return out


def combined(intervals: list[Interval], context: Context) -> Dated | None:
    """All the dates of a wording as one meaning; nothing when there are none or one of them cannot be."""
    found: list[Dated] = []
    for one in with_years(intervals):
        made = dated(one, context)
        if made is None:
            return None
        found.append(made)
    found = _distinct(_framed(_joined(found)))
    if not found:
        return None
    first, *rest = found
    if not rest:
        return first
    others = tuple(one.due or one.start for one in rest)
    doubts = first.doubts | {"several-dates"} | {"year-assumed" for one in rest if "year-assumed" in one.doubts}
    return replace(first, doubts=doubts, further=tuple(day for day in others if day))
