"""Which doubts does a term raise: too early, outside the plan, on a day off, unreadable, without a day?"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from profminimum.decree.calendar import occurrences
from profminimum.decree.model import Finding, Measure, Period

if TYPE_CHECKING:
    from collections.abc import Iterator

# Preparations in the summer before and reports in the autumn after are usual: only what lies further off is a doubt.
MARGIN: Final = timedelta(days=60)
_DAYS: Final = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"]
_EXPLICIT: Final = re.compile(
    r"\d{1,2}\.\d{1,2}|\d{1,2}\s+(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)|числ", re.IGNORECASE
)


def check(measure: Measure, decree: date | None, period: Period | None) -> Iterator[Finding]:
    """Report the doubts of one measure's term against the date of the act and the plan's period."""
    if not measure.term.text:
        return
    if measure.term.kind == "unknown":
        yield Finding(
            "unreadable-term", "error", measure.number,
            f"В пункте {measure.number} срок «{measure.term.text}» не понят. Укажите дату или правило повторения.",
            f"The term “{measure.term.text}” of measure {measure.number} was not understood. Give a date or a rule.",
        )  # fmt: skip
        return
    yield from _early(measure, decree)
    yield from _outside(measure, period)
    yield from _days_off(measure, period)
    yield from _open(measure, period)


def control_day(measure: Measure) -> date | None:
    """Give the day by which the first result is due; for a schedule its first day."""
    term = measure.term
    if term.kind == "span" and term.due is None:
        return None
    return term.due or term.start


def _early(measure: Measure, decree: date | None) -> Iterator[Finding]:
    day = control_day(measure)
    if decree is None or day is None or day >= decree or (measure.term.rrule and measure.term.due is None):
        return
    yield Finding(
        "due-before-decree", "warning", measure.number,
        f"Срок пункта {measure.number} ({_ru(day)}) наступил до подписания акта ({_ru(decree)}). "
        "Решите, с какого дня считать его исполнение; дата в плане не изменена.",
        f"Measure {measure.number} is due {day}, before the act was signed ({decree}). "
        "Decide from which day to control it; the date was left as it is.",
    )  # fmt: skip


def _outside(measure: Measure, period: Period | None) -> Iterator[Finding]:
    if period is None:
        return
    day = measure.term.due or measure.term.start
    if day is None or period.start - MARGIN <= day <= period.end + MARGIN:
        return
    proposal = _moved(measure, period)
    hint = (
        f" Вероятно, имелось в виду {_ru(date.fromisoformat(proposal['due']))}."
        if proposal and "due" in proposal
        else ""
    )
    hint_en = f" Probably {proposal['due']} was meant." if proposal and "due" in proposal else ""
    yield Finding(
        "due-outside-plan", "error", measure.number,
        f"Срок пункта {measure.number} («{measure.term.text}») не входит в период плана "
        f"({_ru(period.start)} – {_ru(period.end)}).{hint} Подтвердите или исправьте дату.",
        f"The term of measure {measure.number} (“{measure.term.text}”) lies outside the plan's period "
        f"({period.start} to {period.end}).{hint_en} Confirm or mend the date.",
        proposal,
    )  # fmt: skip


def _moved(measure: Measure, period: Period) -> dict[str, str] | None:
    """Propose the same days in the one year that puts them inside the period; None when no or several years do."""
    term = measure.term
    last = term.due or term.start
    if last is None:
        return None
    shifts = []
    for year in range(period.start.year, period.end.year + 1):
        try:
            moved = last.replace(year=year)
        except ValueError:
            continue
        if period.start <= moved <= period.end:
            shifts.append(year - last.year)
    if len(shifts) != 1 or not shifts[0]:
        return None
    proposal = {}
    for name, day in (("start", term.start), ("due", term.due)):
        if day is not None:
            try:
                proposal[name] = day.replace(year=day.year + shifts[0]).isoformat()
            except ValueError:
                return None
    return proposal


def _days_off(measure: Measure, period: Period | None) -> Iterator[Finding]:
    """Report days off once for each day; weekly repetitions and whole months name no day and are let pass."""
    term = measure.term
    if period is None or term.kind not in {"date", "span", "recurring"} or re.search(r"WEEKLY|DAILY", term.rrule):
        return
    explicit = bool(_EXPLICIT.search(term.text))
    if term.kind == "date" and not explicit:
        return
    for one in occurrences(term, period):
        if one.working_before == one.due:
            continue
        yield Finding(
            "non-working-day", "warning" if explicit else "info", measure.number,
            f"Срок пункта {measure.number} — {_ru(one.due)} ({_DAYS[one.due.weekday()]}), нерабочий день. "
            f"Выберите ближайший рабочий: {_ru(one.working_before)} (до) или {_ru(one.working_after)} (после).",
            f"Measure {measure.number} is due {one.due}, a day off. "
            f"Choose the nearest working day: {one.working_before} (before) or {one.working_after} (after).",
            {
                "date": one.due.isoformat(),
                "before": one.working_before.isoformat(),
                "after": one.working_after.isoformat(),
            },
        )  # fmt: skip


def _open(measure: Measure, period: Period | None) -> Iterator[Finding]:
    term = measure.term
    if term.due is not None or term.kind not in {"schedule", "continuous", "event"}:
        return
    yield Finding(
        "no-control-date", "info", measure.number,
        f"Срок пункта {measure.number} («{term.text}») не задаёт контрольной даты."
        + (f" Предлагается конец плана, {_ru(period.end)}." if period else " Назначьте её."),
        f"The term of measure {measure.number} (“{term.text}”) sets no day of control."
        + (f" The plan's end, {period.end}, is proposed." if period else " Set one."),
        {"due": period.end.isoformat()} if period else None,
    )  # fmt: skip


def _ru(day: date) -> str:
    return f"{day:%d.%m.%Y}"
