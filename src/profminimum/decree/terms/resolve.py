"""What does a wording mean as a whole: which kind of term, from when, until when, how often, with which doubts?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from profminimum.decree.model import Period, Term

from .combine import Dated, combined
from .days import Context
from .grammar import wording
from .meaning import Lapse, Link, Rate, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .meaning import Interval, Phrase

DOUBTS = ("year-assumed", "boundary", "approximate", "minimum-frequency", "several-dates", "due-before-decree")
_MONTHS = {"MONTHLY": 1, "YEARLY": 12}


def _term(
    text: str,
    found: Dated,
    context: Context,
    *,
    rrule: str = "",
    doubts: Iterable[str] = (),
    further: tuple[date, ...] | None = None,
) -> Term:
    said = set(found.doubts) | set(doubts)
    if found.due and context.decree_date and found.due < context.decree_date:
        said.add("due-before-decree")
    ordered = tuple(code for code in DOUBTS if code in said)
    kept = found.further if further is None else further
    return Term(text, found.kind, found.start, found.due, rrule, ordered, kept)


def _working_days(start: date, count: int) -> date:
    """So many days from Monday to Friday after the start, which is day 0."""
    weeks, rest = divmod(count, 5)
    day = start + timedelta(weeks=weeks)
    while rest or (day.weekday() > 4 and count):
        step = -1 if not rest else 1
        day += timedelta(days=step)
        if step < 0:
            continue
        rest -= day.weekday() < 5
    return day


def _counted(lapse: Lapse, signed: date) -> date | None:
    """The last day of a term that is counted from the signing."""
    if lapse.unit == "minute":
        return None
    if lapse.unit == "hour":
        return signed + timedelta(days=lapse.count // 24) if lapse.count >= 24 else None
    if lapse.unit == "day":
        return _working_days(signed, lapse.count) if lapse.working else signed + timedelta(days=lapse.count)
    if lapse.unit == "decade":
        return signed + timedelta(days=10 * lapse.count)
    if lapse.unit == "week":
        return signed + timedelta(weeks=lapse.count)
    months = lapse.count * (12 if lapse.unit == "year" else 1)
    return signed + relativedelta(months=months) if signed.year + months // 12 < 9000 else None


def _lapse(text: str, lapse: Lapse, context: Context) -> Term:
    due = None
    if context.decree_date and lapse.anchor != "other":
        due = _counted(lapse, context.decree_date)
    doubts = ("approximate",) if due and lapse.anchor == "unnamed" else ()
    return Term(text, "event", None, due, "", doubts)


def _reference(text: str, reference: Reference, context: Context) -> Term:
    if reference.kind == "decree":
        return Term(text, "event", context.decree_date)
    if reference.kind == "decree-day":
        return Term(text, "event", None, context.decree_date)
    return Term(text, reference.kind)


def _chosen(rates: list[Rate]) -> Rate | None:
    """One rule of several phrases: the least frequency that is asked for, with the day that another names."""
    named = [rate for rate in rates if rate.freq]
    placed = [rate for rate in rates if rate.by]
    if not named:
        return replace(placed[0], freq="MONTHLY") if placed else None
    least = [rate for rate in named if rate.minimum]
    rate = (least or [one for one in named if not one.maximum] or named)[0]
    if not rate.by and placed and rate.freq != "YEARLY":
        rate = replace(rate, by=placed[0].by, approximate=placed[0].approximate)
    return rate


def _step(rate: Rate) -> int:
    """Months from one repetition to the next; 0 for days and weeks."""
    return _MONTHS.get(rate.freq, 0) * rate.interval


def _evenly(found: Dated, rate: Rate) -> bool:
    """Whether the several dates are what the rule itself gives."""
    step = _step(rate)
    if not step or not found.due:
        return False
    days = [found.due, *found.further]
    months = [day.year * 12 + day.month for day in days]
    gaps = {(later - sooner) % 12 for sooner, later in pairwise(months)}
    return gaps == {step % 12}


def _in_any_year(one: Interval) -> Interval:
    """«ежегодно до 1 февраля текущего года»: the year of the day is each year, not that of the decree."""
    first, last = (
        replace(stretch, year=None) if stretch and stretch.year and stretch.year.kind == "shift" else stretch
        for stretch in (one.first, one.last)
    )
    return replace(one, first=first or one.first, last=last)


def _bounded(found: Dated, rate: Rate, context: Context, *, then: bool) -> tuple[Dated, tuple[date, ...]]:
    """The first repetition, and the day after which there is none where the wording says it."""
    if found.own:
        return replace(found, start=None, due=None, doubts=frozenset()), ()
    if found.due is None:
        return found, ()
    if found.kind == "span":
        within_year = found.start is not None and (found.due - found.start).days <= 366
        ends = not then and (found.frame or not within_year or _step(rate) < 12)
    else:
        ends = not then and _is_limit(found, found.due, _step(rate), context.decree_date)
    return (replace(found, due=None), (found.due,)) if ends else (found, ())


def _is_limit(found: Dated, due: date, step: int, signed: date | None) -> bool:
    """Whether the day beside a rate is the end of the repetitions and not the first of them."""
    if step == 0:  # every day or week
        return found.limit or not found.day
    if step >= 12:  # «ежегодно до 2025 года» says when it ends
        return found.limit and not found.day and (due.month, due.day) == (12, 31)
    return found.limit and signed is not None and due > signed + relativedelta(months=2 * step)


def _recurring(text: str, rate: Rate, found: Dated | None, context: Context, *, then: bool) -> Term:
    doubts = {"minimum-frequency"} if rate.minimum else set()
    if rate.approximate:
        doubts.add("approximate")
    if found is None:
        return _term(text, Dated("recurring", None, None), context, rrule=rate.rrule(), doubts=doubts)
    further: tuple[date, ...] = ()
    if "several-dates" in found.doubts:
        if _evenly(found, rate):
            found = replace(found, doubts=found.doubts - {"several-dates"}, further=())
        else:  # the dates stay, no rule can say them
            return _term(text, replace(found, kind="recurring"), context, doubts=doubts)
    else:
        found, further = _bounded(found, rate, context, then=then)
    last_day = found.due is not None and found.due.day == 31 and rate.freq == "MONTHLY"
    rrule = rate.rrule("BYMONTHDAY=-1" if last_day else "")
    return _term(text, replace(found, kind="recurring"), context, rrule=rrule, doubts=doubts, further=further)


def _undated(text: str, phrases: list[Phrase], context: Context) -> Term:
    for phrase in phrases:
        if isinstance(phrase, Lapse):
            return _lapse(text, phrase, context)
        if isinstance(phrase, Reference):
            return _reference(text, phrase, context)
    return Term(text, "unknown")


def _dated(text: str, found: Dated, phrases: list[Phrase], context: Context) -> Term:
    """Dates and what stands beside them: «далее по графику», «с момента утверждения до …»."""
    then = any(isinstance(phrase, Link) and phrase.kind == "then" for phrase in phrases)
    kinds = [phrase.kind for phrase in phrases if isinstance(phrase, Reference)]
    open_ended = found.kind == "span" and found.due is None
    if "schedule" in kinds and (then or open_ended):
        start = found.start or found.due
        doubts = found.doubts & {"year-assumed", "approximate", "boundary"}
        return _term(text, Dated("schedule", start, None, doubts), context)
    goes_on = then or (found.kind == "date" and isinstance(phrases[0], tuple))
    if goes_on and "continuous" in kinds and not found.limit:
        return _term(text, replace(found, kind="span", start=found.start or found.due, due=None), context)
    if found.frame and isinstance(phrases[-1], Link) and phrases[-1].kind == "then":  # «2024 год и далее»
        return _term(text, replace(found, due=None), context)
    signed = context.decree_date
    if "decree" in kinds and found.limit and signed and found.due and signed <= found.due:
        found = replace(found, kind="span", start=signed)
    return _term(text, found, context)


def read_term(text: str, *, decree_date: date | None, period: Period | None) -> Term:
    """The meaning of a deadline as written, by the conventions of docs/terms.md.

    `decree_date` is the day of signing, `period` the plan's own period; without them nothing is assumed and the dates
    that need them stay empty. Never raises on a string; what the grammar does not hold is of the kind `unknown`.
    """
    context = Context(decree_date, period)
    read = wording(text)
    if read.too_strange:
        return Term(text, "unknown")
    phrases = read.phrases
    intervals: list[Interval] = [one for phrase in phrases if isinstance(phrase, tuple) for one in phrase]
    rate = _chosen([phrase for phrase in phrases if isinstance(phrase, Rate)])
    if rate is not None and _step(rate) >= 12:
        intervals = [_in_any_year(one) for one in intervals]
    found = combined(intervals, context) if intervals else None
    if intervals and found is None:
        return Term(text, "unknown")
    links = {phrase.kind for phrase in phrases if isinstance(phrase, Link)}
    if found and "about" in links:
        found = replace(found, doubts=found.doubts | {"approximate"})
    if rate is not None and not (rate.bare and found and found.day):
        return _recurring(text, rate, found, context, then="then" in links)
    if found is not None:
        return _dated(text, found, phrases, context)
    return _undated(text, phrases, context)


def term_json(term: Term) -> dict[str, object]:
    """A term as plain values: ISO dates or None; the rule is an empty string where there is none."""
    return {
        "text": term.text,
        "kind": term.kind,
        "start": term.start.isoformat() if term.start else None,
        "due": term.due.isoformat() if term.due else None,
        "rrule": term.rrule,
        "doubts": list(term.doubts),
    }
