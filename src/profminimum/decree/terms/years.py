"""Which year is meant: «2023 г.», «2023/24 уч. г.», «2021-2025 годы», «текущего года», «с.г.»?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import numbers
from .meaning import Interval, Scale, Stretch, Year

if TYPE_CHECKING:
    from .cursor import Cursor

_PLAN = Year("plan")


def marks(c: Cursor) -> bool:
    """«г.», «гг.», «г.г.», «года» after a year: whether there is one."""
    found = False
    while c.unit("year"):
        found = True
        c.sign(".")
    return found


def _school_marks(c: Cursor) -> bool:
    at = c.at
    if c.word("учебный") and marks(c):
        return True
    c.at = at
    return False


def school(year: Year) -> Stretch:
    """A whole school year: 1 September to 31 August."""
    return Stretch((9, 1), (8, 0), Scale.YEAR, year)


def _school_pair(c: Cursor) -> tuple[int, int] | None:
    """«2023/2024», «2023-24 уч. год», «23/24 уч. г.», also over several years: the two years."""
    short = c.peek().width == 2
    first = numbers.short_year(c)
    if first is None:
        return None
    slash = c.sign("/")
    if not slash and not c.sign("-"):
        return None
    last = numbers.short_year(c)
    if last is None or last <= first:
        return None
    if _school_marks(c):
        return first, last
    if slash and not short and last == first + 1:
        marks(c)
        return first, last
    return None


def _relative(c: Cursor) -> Year | None:
    """«текущего года», «т.г.», «с.г.», «следующего учебного года»."""
    for lemmas, shift in ((("текущий", "сего", "т", "с"), 0), (("следующий",), 1), (("прошлый",), -1)):
        if c.word(*lemmas):
            if _school_marks(c):
                return Year("plan", shift)
            c.word("календарный")
            return Year("shift", shift) if marks(c) else None
    return None


def _plain(c: Cursor) -> Year | None:
    """«2023», «2023 г.», «23 г.» after a month."""
    short = c.peek().width == 2
    year = numbers.short_year(c)
    if year is None:
        return None
    marked = marks(c)
    return Year("calendar", year) if marked or not short else None


def _bracketed(c: Cursor) -> Year | None:
    if not c.sign("("):
        return None
    year = c.first((_school_year, _plain, _relative))
    return year if year and c.sign(")") else None


def _after_comma(c: Cursor) -> Year | None:
    if not c.sign(","):
        return None
    year = numbers.year(c)
    return Year("calendar", year) if year and marks(c) else None


def _school_year(c: Cursor) -> Year | None:
    pair = _school_pair(c)
    return Year("school", pair[0]) if pair and pair[1] == pair[0] + 1 else None


def _plan_year(c: Cursor) -> Year | None:
    return _PLAN if _school_marks(c) else None


def qualifier(c: Cursor) -> Year | None:
    """The year that follows a day, a month, a quarter; nothing when there is none."""
    return c.first((_school_year, _plain, _relative, _plan_year, _bracketed, _after_comma))


def _school_interval(c: Cursor) -> Interval | None:
    pair = _school_pair(c)
    if pair is None:
        return None
    first, last = pair
    if last == first + 1:
        return Interval(school(Year("school", first)))
    return Interval(school(Year("school", first)), school(Year("school", last - 1)))


def _year_interval(c: Cursor) -> Interval | None:
    first = numbers.year(c)
    if first is None:
        return None
    marked = marks(c)
    at = c.at
    if (c.sign("-") or c.word("по")) and c.peek().tag == "digits":
        short = c.peek().width == 2
        last = numbers.short_year(c)
        if last is not None and last > first and (marks(c) or not short) and c.peek().text != ".":
            return Interval(_calendar(first), _calendar(last))
    c.at = at
    if not marked and c.peek().text == "-" and c.peek(1).tag == "digits":  # some number, not a year
        return None
    return Interval(_calendar(first))


def _calendar(year: int) -> Stretch:
    return Stretch(year=Year("calendar", year))


def _relative_interval(c: Cursor) -> Interval | None:
    year = _relative(c)
    if year is None or (year.kind == "plan" and year.value == 0):
        return Interval(Stretch(own="all")) if year else None
    return Interval(school(year) if year.kind == "plan" else Stretch(year=year))


def _own(c: Cursor) -> Interval | None:
    """The plan's own school year, named as such."""
    return Interval(Stretch(own="all")) if _school_marks(c) else None


def year_stretch(c: Cursor) -> tuple[Interval, ...] | None:
    """A year, a school year or several years in a row."""
    found = c.first((_school_interval, _year_interval, _relative_interval, _own))
    return None if found is None else (found,)
