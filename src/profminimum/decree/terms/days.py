"""On which days does a stretch of the calendar begin and end, once the decree and the plan's period are known?"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .dates import WORKING_DAY
from .meaning import Interval, Scale, Stretch, Year

if TYPE_CHECKING:
    from profminimum.decree.model import Period


@dataclass(frozen=True, slots=True)
class Context:
    """What a wording is read in; either may be unknown."""

    decree_date: date | None
    period: Period | None


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day; `assumed` when no year is written and one was taken."""

    start: date
    end: date
    assumed: bool = False


def day(year: int, month: int, number: int) -> date | None:
    """A day of a month; 0 and less count back from its last day. Nothing when there is no such day."""
    last = monthrange(year, month)[1]
    if number <= 0:
        number += last
    return date(year, month, number) if 1 <= number <= last else None


def _nth(year: int, month: int, nth: tuple[int, int]) -> date | None:
    number, weekday = nth
    length = monthrange(year, month)[1]
    days = [date(year, month, one) for one in range(1, length + 1)]
    fitting = [one for one in days if (one.weekday() < 5 if weekday == WORKING_DAY else one.weekday() == weekday)]
    place = number if number < 0 else number - 1
    return fitting[place] if number and -len(fitting) <= place < len(fitting) else None


def _in_year(stretch: Stretch, year: int) -> Days | None:
    """The stretch that ends in the year; it may begin in the year before."""
    if stretch.nth is not None:
        found = _nth(year, stretch.first[0], stretch.nth)
        return Days(found, found) if found else None
    end = day(year, *stretch.last)
    start = day(year - 1 if stretch.first[0] > stretch.last[0] else year, *stretch.first)
    return Days(start, end) if start and end else None


def _in_school_year(stretch: Stretch, first: int) -> Days | None:
    return _in_year(stretch, first if stretch.last[0] >= 9 else first + 1)


def _assumed(stretch: Stretch, period: Period) -> Days | None:
    """With no year written: the first such days that end on or after the plan's first day.

    For a school year that is: months 9–12 in its first year, months 1–8 in its second.
    """
    for year in range(period.start.year, period.start.year + 2):
        found = _in_year(stretch, year)
        if found and found.end >= period.start:
            return replace(found, assumed=True)
    return None


def _own(stretch: Stretch, period: Period) -> Days | None:
    whole = Days(period.start, period.end)
    tenth = period.start + timedelta(days=9)
    parts = {
        "first-days": Days(period.start, min(tenth, period.end)),
        "last-days": Days(
            max(period.end.replace(day=21) if period.end.day > 21 else period.start, period.start), period.end
        ),
        "first-day": Days(period.start, period.start),
        "last-day": Days(period.end, period.end),
    }
    return parts.get(stretch.own, whole)


def _current(unit: str, signed: date) -> Days | None:
    if unit == "week":
        start = signed - timedelta(days=signed.weekday())
        return Days(start, start + timedelta(days=6))
    unit, side = unit.rsplit("-", 1) if unit.endswith(("-first", "-last")) else (unit, "")
    months = {"month": 1, "quarter": 3, "half-year": 6}[unit]
    last = (signed.month - 1) // months * months + months
    start, end = date(signed.year, last - months + 1, 1), date(signed.year, last, monthrange(signed.year, last)[1])
    if side == "first":
        return Days(start, start.replace(day=10))
    return Days(end.replace(day=21) if side == "last" else start, end)


def days(stretch: Stretch, context: Context) -> Days | None:
    """The days of a stretch; nothing when a year is wanting or there is no such day."""
    signed, period = context.decree_date, context.period
    if stretch.current:
        return _current(stretch.current, signed) if signed else None
    if stretch.own:
        return _own(stretch, period) if period else None
    if stretch.year is None:
        return _assumed(stretch, period) if period else None
    return _said(stretch, stretch.year, context)


def _said(stretch: Stretch, year: Year, context: Context) -> Days | None:
    signed, period = context.decree_date, context.period
    if year.kind == "calendar":
        return _in_year(stretch, year.value)
    if year.kind == "school":
        return _in_school_year(stretch, year.value)
    if year.kind == "plan":
        return _in_school_year(stretch, _school_start(period) + year.value) if period else None
    return _in_year(stretch, signed.year + year.value) if signed else None


def _school_start(period: Period) -> int:
    return period.start.year if period.start.month >= 8 else period.start.year - 1


def _order(stretch: Stretch) -> tuple[int, int]:
    month, number = stretch.last
    return month, number if number > 0 else 31 + number


def _earlier(stretch: Stretch, donor: Stretch) -> Stretch:
    """The year from what follows: the same, or the one before when the months say so."""
    year = donor.year
    if year and year.kind in {"calendar", "shift"} and donor.scale < Scale.YEAR and _order(stretch) > _order(donor):
        year = Year(year.kind, year.value - 1)
    return replace(stretch, year=year)


def _later(stretch: Stretch, donor: Stretch) -> Stretch:
    """The year from what precedes: the same, or the next when the months say so."""
    year = donor.year
    if year and year.kind in {"calendar", "shift"} and donor.scale < Scale.YEAR and _order(stretch) < _order(donor):
        year = Year(year.kind, year.value + 1)
    return replace(stretch, year=year)


def _wanting(stretch: Stretch) -> bool:
    return stretch.year is None and not stretch.own and not stretch.current


def with_years(found: list[Interval]) -> list[Interval]:
    """A year written once for several dates, given to those without: from what follows, else from what precedes."""
    flat = [stretch for one in found for stretch in ((one.first,) if one.last is None else (one.first, one.last))]
    for place in range(len(flat) - 2, -1, -1):
        if _wanting(flat[place]) and flat[place + 1].year is not None:
            flat[place] = _earlier(flat[place], flat[place + 1])
    for place in range(1, len(flat)):
        if _wanting(flat[place]) and flat[place - 1].year is not None:
            flat[place] = _later(flat[place], flat[place - 1])
    row = iter(flat)
    return [replace(one, first=next(row), last=None if one.last is None else next(row)) for one in found]
