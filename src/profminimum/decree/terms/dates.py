"""Which stretch of the calendar is named: a day, a decade, a month, a quarter, a season, a year?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import numbers
from .meaning import Interval, Scale, Stretch, Year
from .years import marks, qualifier, year_stretch

if TYPE_CHECKING:
    from collections.abc import Callable

    from .cursor import Cursor

Found = tuple[Interval, ...] | None

_LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WORKING_DAY = 7  # stands beside the weekdays 0–6


def _day(month: int, day: int, year: Year | None) -> Stretch | None:
    if not 1 <= month <= 12 or not 1 <= day <= _LONGEST[month]:
        return None
    return Stretch((month, day), (month, day), Scale.DAY, year)


def _month(month: int, year: Year | None) -> Stretch | None:
    return Stretch((month, 1), (month, 0), Scale.MONTH, year) if 1 <= month <= 12 else None


def _each(groups: tuple[numbers.Group, ...], make: Callable[[int], Stretch | None]) -> Found:
    """The stretches of a row of numbers; nothing when one of them cannot be."""
    found: list[Interval] = []
    for first, last in groups:
        start, end = make(first), make(last)
        if start is None or end is None:
            return None
        found.append(Interval(start, end if last != first else None))
    return tuple(found)


def _iso(c: Cursor) -> Found:
    """2023-09-01."""
    year = numbers.year(c)
    month = c.tag("digits") if year and c.sign("-") else None
    day = c.tag("digits") if month and c.sign("-") else None
    if not year or not month or not day or month.width > 2 or day.width > 2:
        return None
    made = _day(month.value, day.value, Year("calendar", year))
    return (Interval(made),) if made else None


def _full(c: Cursor) -> Found:
    """01/09/2023, 01-09-2023, 01,09,2023, 01 09 2023, 01/09/23."""
    day = c.tag("digits")
    if day is None or day.width > 2:
        return None
    sign = next((text for text in ("/", "-", ",") if c.sign(text)), "")
    month = c.tag("digits")
    if month is None or (sign and not c.sign(sign)):
        return None
    if month.width > 2 or (not sign and month.width + day.width < 4):
        return None
    short = c.peek().width == 2
    year = numbers.short_year(c)
    if year is None or (short and sign != "/"):
        return None
    marks(c)
    made = _day(month.value, day.value, Year("calendar", year))
    return (Interval(made),) if made else None


def _dotted_year(c: Cursor) -> Year | None:
    dotted = c.sign(".")
    short = c.peek().width == 2
    if short and (not dotted or (c.peek(1).text == "." and c.peek(2).tag == "digits")):
        return None
    if short and c.peek(1).tag == "month":
        return None
    year = numbers.short_year(c)
    if year is None:
        return None
    marks(c)
    return Year("calendar", year)


def _months_of_year(c: Cursor, months: tuple[numbers.Group, ...]) -> Found:
    """09.2023, 09-12.2023: what stands before the dot are months."""
    year = numbers.year(c)
    marks(c)
    return _each(months, lambda month: _month(month, Year("calendar", year))) if year else None


def _numeric(c: Cursor) -> Found:
    """01.09.2023, 01.09, 13-14.05.2024, 15, 16.09, 09.2023."""
    days = numbers.groups(c) if c.peek().tag == "digits" else None
    if days is None or not c.sign(".") or c.peek().tag != "digits":
        return None
    if c.peek().width == 4:
        return _months_of_year(c, days)
    token = c.take()
    said = c.attempt(_dotted_year) or c.attempt(qualifier)
    if token.width > 2 or (said is None and token.width != 2):
        return None
    if said is None and c.peek().text == "." and c.peek(1).width > 2:  # no year that a plan can have
        return None
    found = _each(days, lambda day: _day(token.value, day, said))
    if c.peek().text == "." and c.peek(1).tag != "digits":
        c.sign(".")
    return found


def _worded(c: Cursor) -> Found:
    """15 мая 2024, 2-4 октября, 15, 16 и 20 мая, 30-го числа сентября."""
    days = numbers.groups(c)
    if days is None:
        return None
    numbered = c.sign(".")
    c.word("число")
    month = c.tag("month")
    if month is None or (numbered and month.text.endswith(("ь", "й", "т"))):  # «1. Сентябрь» is a list
        return None
    year = c.attempt(qualifier)
    return _each(days, lambda day: _day(month.value, day, year))


def _weekday(c: Cursor) -> Found:
    """Первый вторник октября, последняя пятница мая, последний рабочий день декабря."""
    number = numbers.ordinal(c)
    if number is None or not -1 <= number <= 23:
        return None
    named = c.tag("weekday")
    working = named is None and c.word("рабочий")
    if named is None and not c.unit("day"):
        return None
    month = c.tag("month")
    if month is None:
        return None
    year = c.attempt(qualifier)
    if named is None and not working:
        made = _day(month.value, number, year)
        return (Interval(made or Stretch((month.value, 0), (month.value, 0), Scale.DAY, year)),)
    nth = (number, named.value if named else WORKING_DAY)
    return (Interval(Stretch((month.value, 1), (month.value, 0), Scale.DAY, year, nth=nth)),)


def slice_of_month(unit: str, number: int) -> tuple[int, int] | None:
    """First and last day of a part of a month; days from the end are 0 (last), -1, …"""
    if unit == "decade":
        return {1: (1, 10), 2: (11, 20), 3: (21, 0), -1: (21, 0)}.get(number)
    if unit == "half":
        return {1: (1, 15), 2: (16, 0), -1: (16, 0)}.get(number)
    if number == -1:
        return (-6, 0)
    return {1: (1, 7), 2: (8, 14), 3: (15, 21), 4: (22, 28), 5: (29, 0)}.get(number)


def part_unit(c: Cursor) -> str | None:
    unit = c.unit("decade", "week")
    if unit:
        return unit.lemma
    return "half" if c.word("половина") else None


def _parts(groups: tuple[numbers.Group, ...], unit: str, month: int, year: Year | None) -> Found:
    def make(number: int) -> Stretch | None:
        days = slice_of_month(unit, number)
        if days is None:
            return None
        return Stretch((month, days[0]), (month, days[1]), Scale.PART, year, approximate=unit == "week")

    return _each(groups, make)


def _part(c: Cursor) -> Found:
    """1 декада сентября, первая половина октября, 2-я неделя мая, первая половина 2024 года."""
    groups = numbers.groups(c)
    unit = part_unit(c) if groups else None
    if groups is None or unit is None or c.peek().lemma in {"month", "day"}:
        return None
    month = c.tag("month")
    if month is not None:
        return _parts(groups, unit, month.value, c.attempt(qualifier))
    return _halves(c, groups) if unit == "half" else None


def _halves(c: Cursor, groups: tuple[numbers.Group, ...]) -> Found:
    year = c.attempt(qualifier)
    marks(c)
    in_school = year is not None and year.kind in {"school", "plan"}

    def make(number: int) -> Stretch | None:
        months = {1: (9, 12) if in_school else (1, 6), 2: (1, 8) if in_school else (7, 12)}.get(
            abs(number) + (number < 0)
        )
        return Stretch((months[0], 1), (months[1], 0), Scale.HALF, year) if months else None

    return _each(groups, make)


def _quarter(c: Cursor) -> Found:
    """I квартал, 1-2 кв. 2024, II, IV кварталы, второе полугодие 2023/2024 учебного года."""
    groups = numbers.groups(c)
    unit = c.unit("quarter", "half-year") if groups else None
    if groups is None or unit is None:
        return None
    if unit.lemma == "half-year":
        return _halves(c, groups)
    year = c.attempt(qualifier)
    marks(c)

    def make(number: int) -> Stretch | None:
        quarter = 4 if number == -1 else number
        if not 1 <= quarter <= 4:
            return None
        return Stretch((3 * quarter - 2, 1), (3 * quarter, 0), Scale.QUARTER, year)

    return _each(groups, make)


def _month_part(c: Cursor) -> tuple[tuple[numbers.Group, ...], str] | None:
    """The part named after its month: «сентябрь, 2 декада», «октябрь (1 половина)»."""
    bracket = c.sign("(")
    if not bracket:
        c.sign(",")
    c.word("в")
    groups = numbers.groups(c)
    unit = part_unit(c) if groups else None
    if groups is None or unit is None or c.peek().tag == "month":
        return None
    return (groups, unit) if not bracket or c.sign(")") else None


def _days_after_month(c: Cursor) -> tuple[numbers.Group, ...] | None:
    """The days named after their month: «октябрь 10-15», «октябрь (с 10 по 15)»."""
    bracket = c.sign("(")
    c.word("с")
    groups = numbers.groups(c)
    if groups is None or len(groups) > 1 or groups[0][0] == groups[0][1] or (bracket and not c.sign(")")):
        return None
    return groups if c.peek().tag in {"end", "sign"} and c.peek().text not in {".", "/", "-"} else None


def _month_word(c: Cursor) -> Found:
    """Сентябрь, сентябрь 2023 г., сентябрь, 2 декада."""
    month = c.tag("month")
    if month is None:
        return None
    c.unit("month")
    year = c.attempt(qualifier)
    days = c.attempt(_days_after_month)
    if days is not None:
        return _each(days, lambda day: _day(month.value, day, year))
    part = c.attempt(_month_part)
    if part is not None:
        return _parts(part[0], part[1], month.value, year or c.attempt(qualifier))
    made = _month(month.value, year)
    return (Interval(made),) if made else None


_SEASON_STEMS = {"весенний": 3, "летний": 6, "осенний": 9, "зимний": 12}


def _winter(c: Cursor) -> Year | None:
    """«зима 2023-2024»: the year in which it ends."""
    first = numbers.year(c)
    if first is None or not c.sign("-", "/"):
        return None
    last = numbers.short_year(c)
    if last != first + 1 or c.word("учебный"):
        return None
    marks(c)
    return Year("calendar", last)


def _season(c: Cursor) -> Found:
    """Лето 2024, осенью, летний период; not the holidays, whose days a school sets itself."""
    token = c.tag("season")
    month = token.value if token else 0
    if token is None:
        adjective = c.peek()
        month = _SEASON_STEMS.get(adjective.lemma, 0)
        if not month:
            return None
        c.take()
        if not c.word("период") and not c.stem("врем", "сезон"):
            return None
    year = c.attempt(_winter) or c.attempt(qualifier)
    return (Interval(Stretch((month, 1), ((month + 1) % 12 + 1, 0), Scale.SEASON, year)),)


_STRETCHES = (_iso, _full, _numeric, _worded, _weekday, _part, _quarter, _month_word, _season, year_stretch)


def stretches(c: Cursor) -> Found:
    """One stretch, or a row of them («15, 16 мая», «II, IV кварталы»)."""
    return c.first(_STRETCHES)


def _side(c: Cursor) -> str | None:
    """«начало», «середина», «конец»; «первые числа» is the beginning, «последние дни» the end."""
    side = c.peek().lemma
    if c.word("начало", "середина", "конец"):
        return side
    side = {"первых": "начало", "первые": "начало", "последних": "конец", "последние": "конец"}.get(c.peek().text, "")
    if not side or c.peek(1).text not in {"числа", "числах", "дни", "днях"}:
        return None
    c.at += 2
    return side


def edge(c: Cursor) -> Found:
    """Начало сентября, середина ноября, в конце учебного года: about ten days."""
    side = _side(c)
    if side is None:
        return None
    other = c.attempt(_other_edge)
    if other:
        return _edges(c, (side, other))
    found = stretches(c) or _current(c) or _bare_year(c, side)
    if not found or len(found) != 1 or found[0].last is not None:
        return None
    made = _edge(found[0].first, side)
    return (Interval(made),) if made else None


def _edges(c: Cursor, sides: tuple[str, str]) -> Found:
    """Both edges of the same stretch."""
    at = c.at
    out: list[Interval] = []
    for side in sides:
        c.at = at
        found = stretches(c) or _bare_year(c, side)
        made = _edge(found[0].first, side) if found else None
        if made:
            out.append(Interval(made))
    return tuple(out) or None


def _other_edge(c: Cursor) -> str | None:
    """«начало и конец …»."""
    if not c.sign(",") and not c.word("и"):
        return None
    c.word("в", "на")
    side = c.peek().lemma
    return side if c.word("начало", "середина", "конец") else None


def _current(c: Cursor) -> Found:
    """«… месяца», «… текущего квартала»: that in which the decree is signed."""
    c.word("текущий", "сего")
    unit = c.unit("month", "quarter")
    return (Interval(Stretch(scale=Scale.MONTH, current=unit.lemma)),) if unit else None


def _bare_year(c: Cursor, side: str) -> Found:
    c.word("календарный")
    if not c.unit("year"):
        return None
    month = 1 if side == "начало" else 12
    return (Interval(Stretch((month, 1), (month, 0), Scale.MONTH)),) if side != "середина" else None


def _edge(whole: Stretch, side: str) -> Stretch | None:
    if whole.current:
        side_of = {"начало": "-first", "конец": "-last"}.get(side)
        return replace(whole, current=whole.current + side_of, approximate=True) if side_of else None
    if whole.own:
        part: dict[str, Stretch] = {
            "начало": replace(whole, own="first-days", scale=Scale.PART, approximate=True),
            "конец": replace(whole, own="last-days", scale=Scale.PART, approximate=True),
        }
        return part.get(side)
    if whole.scale < Scale.MONTH or whole.nth or (side == "середина" and whole.scale is not Scale.MONTH):
        return None
    (first, _), (last, _) = whole.first, whole.last
    if side == "начало":
        days = (first, 1), (first, 10)
    elif side == "конец":
        days = (last, 21), (last, 0)
    else:
        days = (first, 11), (first, 20)
    return replace(whole, first=days[0], last=days[1], scale=Scale.PART, approximate=True)
