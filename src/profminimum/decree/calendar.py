"""On which days does a term fall within a plan, and which working days stand beside those days?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from .workdays import RUSSIA, WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Period, Term

__all__ = ["MOST_OCCURRENCES", "RUSSIA", "Occurrence", "WorkingCalendar", "occurrences"]

MOST_OCCURRENCES = 400
_ONE_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day on which something is due; `number` counts from 1.

    `due` is the day that the decree names, and it governs. Beside it stand, when that day is no working day, the last
    working day before it and the next one after it: art. 193 of the Civil Code moves a term that ends on a day off to
    the next working day, but an executor who wants to be in time works to the one before. On a working day all three
    are the same.
    """

    number: int
    due: date
    working_before: date
    working_after: date


@dataclass(frozen=True, slots=True)
class _Rule:
    freq: str
    interval: int
    by: str

    @property
    def months(self) -> int:
        return {"MONTHLY": 1, "YEARLY": 12}.get(self.freq, 0) * self.interval


def _rule(text: str) -> _Rule:
    parts = text.split(";")
    named = dict(part.split("=", 1) for part in parts)
    rest = ";".join(part for part in parts if not part.startswith(("FREQ=", "INTERVAL=")))
    return _Rule(named["FREQ"], int(named.get("INTERVAL", "1")), rest)


def _expanded(rule: _Rule, first: date, last: date) -> Iterator[date]:
    """The days of the rule from the first day to the last, by RFC 5545."""
    text = f"FREQ={rule.freq};INTERVAL={rule.interval}" + (f";{rule.by}" if rule.by else "")
    start = datetime.combine(first, time())
    end = datetime.combine(last, time())
    for moment in rrulestr(text, dtstart=start).xafter(start, count=MOST_OCCURRENCES, inc=True):
        if moment > end:
            return
        yield moment.date()


def _stepped(first: date, months: int, last: date) -> Iterator[date]:
    """The same day every so many months; in a shorter month its last day."""
    for step in range(MOST_OCCURRENCES):
        day = first + relativedelta(months=step * months)
        if day > last:
            return
        yield day


def _repeated(rule: _Rule, due: date, last: date) -> Iterator[date]:
    """A first day that is stated, whether or not the plan holds it, and its repetitions up to the last day."""
    yield due
    if rule.months and (not rule.by or rule.by == "BYMONTHDAY=-1"):
        days = _stepped(due, rule.months, last)
        for day in days:
            if day > due:
                yield _month_end(day) if rule.by else day
    else:
        yield from (day for day in _expanded(rule, due, last) if day > due)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + relativedelta(months=1)) - _ONE_DAY


def _months(rule: _Rule, first: date, last: date) -> Iterator[date]:
    """The months in which a monthly rule without a first day falls, as their first days.

    Quarters, halves and so on are those of the calendar year. What is due at the end of a period falls in its last
    month; what is due on the N-th day of a period (a report on the one that has ended) in the month after it.
    """
    after = rule.by.startswith(("BYMONTHDAY", "BYDAY")) and "-1" not in rule.by
    month = first.replace(day=1)
    number = 0
    while month <= last:
        if 12 % rule.interval == 0:
            fits = (month.month - (1 if after else 0)) % rule.interval == 0
        else:
            number += 1
            fits = number % rule.interval == 0
        if fits:
            yield month
        month += relativedelta(months=1)


def _in_months(rule: _Rule, first: date, last: date) -> Iterator[date]:
    once = _Rule("MONTHLY", 1, rule.by or "BYMONTHDAY=-1")
    for month in _months(rule, first, last):
        for day in _expanded(once, month, _month_end(month)):
            if first <= day <= last:
                yield day


def _within(rule: _Rule, first: date, last: date) -> Iterator[date]:
    """The days of a rule that states no first day, inside the period.

    Every week is its Friday, every month, quarter and half its last day, every year the end of a full year from the
    first day; «ежечасно» has no days.
    """
    if rule.freq == "MONTHLY":
        yield from _in_months(rule, first, last)
    elif rule.freq == "YEARLY" and not rule.by:
        for step in range(1, MOST_OCCURRENCES):
            day = first + relativedelta(years=step * rule.interval) - _ONE_DAY
            if day > last:
                return
            yield day
    elif rule.freq == "WEEKLY" and not rule.by:
        friday = first + timedelta(days=(_FRIDAY - first.weekday()) % 7)
        yield from _expanded(rule, friday, last)
    elif rule.freq != "HOURLY":
        yield from _expanded(rule, first, last)


def _recurring(term: Term, period: Period | None) -> Iterator[date]:
    rule = _rule(term.rrule)
    if term.due is not None:
        for day in (term.due, *term.further):
            yield from _repeated(rule, day, period.end if period else day)
        return
    ends = [period.end] if period else []
    last = min([*ends, *term.further[:1]], default=None)
    starts = [period.start] if period else []
    first = max([*starts, *([term.start] if term.start else [])], default=None)
    if first is not None and last is not None:
        yield from _within(rule, first, last)


def _days(term: Term, period: Period | None) -> Iterable[date]:
    if term.rrule:
        return _recurring(term, period)
    if term.due is not None:
        return (term.due, *term.further)
    if term.kind == "schedule" and term.start is not None:
        return (term.start,)
    return ()


def occurrences(term: Term, period: Period | None, *, calendar: WorkingCalendar = RUSSIA) -> tuple[Occurrence, ...]:
    """The days on which a term is due, in order, at most 400 (`MOST_OCCURRENCES`).

    One date is that date, even outside the plan's period: the decree says so. A span is due on its last day,
    separate dates are each due, a schedule with a start has that start. A recurring term with a first day is due
    then and on its repetitions up to the end of the period; without one, on the repetitions inside the period
    (`_within`). What goes on without end, waits for an event or was not understood has none, unless it has a day.
    """
    found: set[date] = set()
    for day in _days(term, period):
        found.add(day)
        if len(found) >= MOST_OCCURRENCES:
            break
    return tuple(
        Occurrence(number, day, calendar.previous_working(day), calendar.next_working(day))
        for number, day in enumerate(sorted(found), 1)
    )
