"""How are dates, deadlines, counts and shares said? Pure texts in the active language, for pages and for exports.

Numbers are grouped with a narrow no-break space, and a number is never torn from its word.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.utils import formats, timezone, translation
from django.utils.translation import gettext, ngettext, ngettext_lazy

from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

NBSP = "\u00a0"
THIN = "\u202f"
SOON = 7  # days before a deadline from which it is shown as near
NEAR = 30  # days before a deadline from which the days left are counted aloud


class Counted(Protocol):
    """A lazy plural such as `ngettext_lazy("%(n)s school", "%(n)s schools", "n")`."""

    def __mod__(self, values: Mapping[str, object], /) -> str: ...


# the nouns of any product; an application adds its own with `name`
_nouns: dict[str, Counted] = {
    "day": ngettext_lazy("%(n)s day", "%(n)s days", "n"),
    "hour": ngettext_lazy("%(n)s hour", "%(n)s hours", "n"),
    "minute": ngettext_lazy("%(n)s minute", "%(n)s minutes", "n"),
    "row": ngettext_lazy("%(n)s row", "%(n)s rows", "n"),
    "file": ngettext_lazy("%(n)s file", "%(n)s files", "n"),
    "error": ngettext_lazy("%(n)s error", "%(n)s errors", "n"),
    "record": ngettext_lazy("%(n)s record", "%(n)s records", "n"),
    "person": ngettext_lazy("%(n)s person", "%(n)s people", "n"),
    "page": ngettext_lazy("%(n)s page", "%(n)s pages", "n"),
}


def name(key: str, forms: Counted) -> None:
    """Teach `count_of` a noun: called once, in an application's `ready`."""
    _nouns[key] = forms


def as_day(moment: date) -> date:
    """The calendar day of a date or of a moment, in the active time zone."""
    if isinstance(moment, datetime):
        return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
    return moment


def school_year(day: date) -> int:
    """The year in which the school year of that day began: it runs from 1 September to 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def human_date(day: date, today: date | None = None) -> str:
    """«25 августа», with the year when it is not in the school year of `today` (the clock's unless said)."""
    day = as_day(day)
    same = school_year(day) == school_year(today or clock.today())
    return formats.date_format(day, "j E" if same else "j E Y").replace(" ", NBSP)


def full_date(day: date) -> str:
    """«пятница, 25 августа 2023»: what stands behind a shortened date."""
    said = formats.date_format(as_day(day), "l, j E Y")
    said = said.lower() if (translation.get_language() or "").startswith("ru") else said
    return said.replace(" ", NBSP).replace(f",{NBSP}", ", ")


def exact_date(day: date) -> str:
    """«25.08.2023», for print and for tables."""
    return as_day(day).strftime("%d.%m.%Y")


def exact_time(moment: datetime) -> str:
    """«25.08.2023, 14:32» in the active time zone."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%d.%m.%Y}, {local:%H:%M}"


def human_time(moment: datetime, today: date | None = None) -> str:
    """«сегодня, 14:32», «вчера, 14:32», «25 августа, 14:32»."""
    day, now = as_day(moment), today or clock.today()
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    said = {0: gettext("today"), 1: gettext("yesterday")}.get((now - day).days) or human_date(day, now)
    return f"{said}, {local:%H:%M}"


def deadline(due: date | None, today: date | None = None) -> str:
    """«до 25 августа, осталось 3 дня», «просрочено на 5 дней», «сегодня последний день», «без срока».

    The day of the deadline belongs to it: it is overdue from the next day on.
    """
    if due is None:
        return gettext("no deadline")
    now = today or clock.today()
    left = (as_day(due) - now).days
    if left < 0:
        said = ngettext("overdue by %(n)s day", "overdue by %(n)s days", -left) % {"n": thin(-left)}
        return said.replace(f"{thin(-left)} ", f"{thin(-left)}{NBSP}")
    if left == 0:
        return gettext("today is the last day")
    until = gettext("until %(day)s") % {"day": human_date(due, now)}
    if left > NEAR:
        return until
    rest = ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return f"{until}, {_glue(rest)}"


def exact_deadline(due: date) -> str:
    """«до 25.08.2023», for print."""
    return gettext("until %(day)s") % {"day": exact_date(due)}


def is_late(due: date | None, today: date | None = None) -> bool:
    """True from the day after the deadline."""
    return due is not None and as_day(due) < (today or clock.today())


def days(number: int) -> str:
    """«1 день», «3 дня», «5 дней»."""
    return count_of(number, "day")


def minutes(span: timedelta) -> int:
    """Whole minutes, rounded up, so that a wait is never said too short."""
    return -int(-span.total_seconds() // 60)


def count_of(number: int, noun: str | Counted) -> str:
    """«1 школа», «2 школы», «5 школ»: the noun is a taught key, or a lazy plural with `%(n)s`.

    Raises KeyError for a key that nobody taught.
    """
    forms: Counted = _nouns[noun] if isinstance(noun, str) else noun
    said = forms % {"n": number}
    plain = str(number)
    return _glue(said.replace(plain, thin(number), 1))


def thin(number: float | Decimal | None, digits: int | None = None) -> str:
    """«1 234,5»: groups of three with a narrow no-break space, the language's decimal mark, a true minus."""
    if number is None:
        return "—"
    if digits is None:
        text = f"{number:,}" if isinstance(number, int | Decimal) else f"{number:,.10g}"
    else:
        text = f"{number:,.{digits}f}"
    text = text.replace(",", THIN).replace("-", "−")
    return text.replace(".", formats.get_format("DECIMAL_SEPARATOR", use_l10n=True))


def percent(part: float, whole: float = 1) -> str:
    """«86 %» of `whole`: 100 % only when all are there, 0 % only when none is; «—» when `whole` is 0."""
    if not whole:
        return "—"
    value = round(100 * part / whole)
    if 0 < part < whole:
        value = min(99, max(1, value))
    gap = "" if (translation.get_language() or "").startswith("en") else NBSP
    return f"{thin(value)}{gap}%"


def share(part: int, whole: int) -> str:
    """«142 из 165, 86 %»: a share never stands without its base."""
    base = _glue(gettext("%(part)s of %(whole)s") % {"part": thin(part), "whole": thin(whole)})
    return f"{base}, {percent(part, whole)}" if whole else base


def file_size(size: int) -> str:
    """«820 Б», «14 КБ», «1,2 МБ» (1 КБ is 1024 bytes)."""
    if size < 1024:
        unit_name = gettext("B")
        return f"{size}{NBSP}{unit_name}"
    units = (gettext("KB"), gettext("MB"), gettext("GB"))
    value, unit = size / 1024, 0
    while value >= 1024 and unit < len(units) - 1:
        value, unit = value / 1024, unit + 1
    rough = value >= 10 or unit == 0 or round(value, 1) == round(value)
    return f"{thin(value, 0 if rough else 1)}{NBSP}{units[unit]}"


def initials(full_name: str) -> str:
    """«Иванова Мария Петровна» → «Иванова М. П.»; a single word stays as it is."""
    family, *given = full_name.split()[:3] or [""]
    return NBSP.join([family, *(f"{word[0].upper()}." for word in given)])


def _glue(text: str) -> str:
    return text.replace(" ", NBSP)
