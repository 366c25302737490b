"""For which school year or years is a plan made, told by its title?"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHOOL_YEAR: Final = re.compile(
    r"(?P<first>20\d\d)\s*[/–—-]\s*(?P<second>(?:20)?\d\d)\s*(?:-?м\s*)?(?P<word>уч(?:ебн\w+)?\.?\s*(?:г|год)\w*)?",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(
    r"(?P<first>20\d\d)\s*(?:[–—-]|и|по|до)\s*(?P<second>20\d\d)\s*(?:г\.?\s?г|год)", re.IGNORECASE
)
_YEAR: Final = re.compile(r"(?:на|в|за)?\s*(?P<year>20\d\d)(?:-?[а-яё]{1,2})?\s*(?:г\.|год)", re.IGNORECASE)
_DAYS: Final = re.compile(
    r"с\s+(\d{1,2})\.(\d{1,2})\.(20\d\d)\s*(?:г\.?|года)?\s*(?:по|до)\s+(\d{1,2})\.(\d{1,2})\.(20\d\d)", re.IGNORECASE
)


def school_year(first: int) -> Period:
    """Give the school year from 1 September of a year to 31 August, as plans of education bodies reckon it."""
    return Period(date(first, 9, 1), date(first + 1, 8, 31))


def school_years(text: str) -> list[str]:
    """List the school years a text names, as «2023/2024»."""
    found = []
    for match in SCHOOL_YEAR.finditer(text):
        first, second = int(match["first"]), int(match["second"]) % 100
        slash = "/" in match[0]
        if (first + 1) % 100 == second and (match["word"] or slash):
            found.append(f"{first}/{first + 1}")
    return found


def period_of(texts: Iterable[str]) -> tuple[str, Period | None]:
    """Take the period from the first text that names one: (school year or «», days); («», None) when none does."""
    for text in texts:
        days = _DAYS.search(text)
        if days:
            try:
                start = date(int(days[3]), int(days[2]), int(days[1]))
                return "", Period(start, date(int(days[6]), int(days[5]), int(days[4])))
            except ValueError:
                continue
        named = school_years(text)
        if named:
            first, last = int(named[0][:4]), int(named[-1][:4])
            if first == last:
                return named[0], school_year(first)
            return "", Period(date(min(first, last), 9, 1), date(max(first, last) + 1, 8, 31))
        years = _YEARS.search(text)
        if years:
            return "", Period(date(int(years["first"]), 1, 1), date(int(years["second"]), 12, 31))
        one = _YEAR.search(_without_dates(text))
        if one:
            return "", Period(date(int(one["year"]), 1, 1), date(int(one["year"]), 12, 31))
    return "", None


def _without_dates(text: str) -> str:
    """Drop the dates of other acts («от 12 мая 2021 года № 5»), whose years say nothing about the plan."""
    months = "январ|феврал|март|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр"
    return re.sub(
        rf"(?:\d{{1,2}}\.\d{{1,2}}\.|[«\"]?\d{{1,2}}[»\"]?\s+(?:{months})\w*\s+)20\d\d\s*(?:г\w*\.?)?", " ", text
    )
