"""How dates, deadlines, counts and shares are said, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import ngettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from profminimum.web import wording

TODAY = date(2023, 12, 2)


def plain(text: str) -> str:
    """The narrow space of numbers shown as «_», other no-break spaces as spaces."""
    return text.replace("\u202f", "_").replace("\u00a0", " ")


MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, 1)))
def test_months_stand_in_the_genitive(number: int, month: str) -> None:
    with translation.override("ru"):
        assert plain(wording.human_date(date(2023, number, 5), date(2023, number, 1))) == f"5 {month}"


@pytest.mark.parametrize(
    ("day", "ru", "en"),
    [
        (date(2023, 9, 1), "1 сентября", "1 September"),
        (date(2024, 8, 31), "31 августа", "31 August"),
        (date(2023, 8, 31), "31 августа 2023", "31 August 2023"),
        (date(2024, 9, 1), "1 сентября 2024", "1 September 2024"),
        (datetime(2023, 12, 1, 20, 0, tzinfo=UTC), "2 декабря", "2 December"),
    ],
)
def test_the_year_is_said_outside_of_the_school_year(day: date, ru: str, en: str) -> None:
    with translation.override("ru"):
        assert plain(wording.human_date(day, TODAY)) == ru
    with translation.override("en"):
        assert plain(wording.human_date(day, TODAY)) == en


@pytest.mark.parametrize(
    ("left", "ru", "en"),
    [
        (None, "без срока", "no deadline"),
        (0, "сегодня последний день", "today is the last day"),
        (1, "до 3 декабря, остался 1 день", "until 3 December, 1 day left"),
        (3, "до 5 декабря, осталось 3 дня", "until 5 December, 3 days left"),
        (5, "до 7 декабря, осталось 5 дней", "until 7 December, 5 days left"),
        (21, "до 23 декабря, остался 21 день", "until 23 December, 21 days left"),
        (30, "до 1 января, осталось 30 дней", "until 1 January, 30 days left"),
        (31, "до 2 января", "until 2 January"),
        (-1, "просрочено на 1 день", "overdue by 1 day"),
        (-4, "просрочено на 4 дня", "overdue by 4 days"),
        (-11, "просрочено на 11 дней", "overdue by 11 days"),
        (-102, "просрочено на 102 дня", "overdue by 102 days"),
        (-1234, "просрочено на 1_234 дня", "overdue by 1_234 days"),
    ],
)
def test_deadlines(left: int | None, ru: str, en: str) -> None:
    due = None if left is None else TODAY + timedelta(days=left)
    with translation.override("ru"):
        assert plain(wording.deadline(due, TODAY)) == ru
    with translation.override("en"):
        assert plain(wording.deadline(due, TODAY)) == en
    assert wording.is_late(due, TODAY) is (left is not None and left < 0)


@pytest.mark.parametrize(
    ("number", "noun", "ru", "en"),
    [
        (1, "day", "1 день", "1 day"),
        (2, "day", "2 дня", "2 days"),
        (5, "day", "5 дней", "5 days"),
        (11, "file", "11 файлов", "11 files"),
        (21, "file", "21 файл", "21 files"),
        (0, "error", "0 ошибок", "0 errors"),
        (3, "person", "3 человека", "3 people"),
        (112, "row", "112 строк", "112 rows"),
        (1234, "record", "1_234 записи", "1_234 records"),
        (2, ngettext_lazy("%(n)s hour", "%(n)s hours", "n"), "2 часа", "2 hours"),
    ],
)
def test_counts_agree_with_their_nouns(number: int, noun: str, ru: str, en: str) -> None:
    with translation.override("ru"):
        assert plain(wording.count_of(number, noun)) == ru
    with translation.override("en"):
        assert plain(wording.count_of(number, noun)) == en


def test_an_application_teaches_its_nouns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_nouns", dict(wording._nouns))
    with pytest.raises(KeyError):
        wording.count_of(2, "school")
    wording.name("school", ngettext_lazy("%(n)s school", "%(n)s schools", "n"))
    with translation.override("en"):
        assert plain(wording.count_of(2, "school")) == "2 schools"


@pytest.mark.parametrize(
    ("part", "whole", "ru", "en"),
    [
        (142, 165, "142 из 165, 86 %", "142 of 165, 86%"),
        (0, 5, "0 из 5, 0 %", "0 of 5, 0%"),
        (5, 5, "5 из 5, 100 %", "5 of 5, 100%"),
        (999, 1000, "999 из 1_000, 99 %", "999 of 1_000, 99%"),
        (1, 1000, "1 из 1_000, 1 %", "1 of 1_000, 1%"),
        (0, 0, "0 из 0", "0 of 0"),
    ],
)
def test_a_share_has_its_base(part: int, whole: int, ru: str, en: str) -> None:
    with translation.override("ru"):
        assert plain(wording.share(part, whole)) == ru
    with translation.override("en"):
        assert plain(wording.share(part, whole)) == en


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_all_and_none_are_never_rounded_to(whole: int, part: int) -> None:
    part = min(part, whole)
    said = plain(wording.percent(part, whole)).replace("_", "").rstrip(" %")
    assert (said == "100") is (part == whole)
    assert (said == "0") is (part == 0)


@pytest.mark.parametrize(
    ("number", "digits", "ru", "en"),
    [
        (7, None, "7", "7"),
        (1234567, None, "1_234_567", "1_234_567"),
        (-1500, None, "−1_500", "−1_500"),
        (0.5, None, "0,5", "0.5"),
        (1234.56, 1, "1_234,6", "1_234.6"),
        (Decimal("12.50"), None, "12,50", "12.50"),
        (None, None, "—", "—"),
    ],
)
def test_numbers_are_grouped(number: float | Decimal | None, digits: int | None, ru: str, en: str) -> None:
    with translation.override("ru"):
        assert plain(wording.thin(number, digits)) == ru
    with translation.override("en"):
        assert plain(wording.thin(number, digits)) == en


@pytest.mark.parametrize(
    ("size", "ru"),
    [
        (0, "0 Б"),
        (1023, "1023 Б"),
        (1024, "1 КБ"),
        (14_500, "14 КБ"),
        (1_258_291, "1,2 МБ"),
        (25 * 1024**2, "25 МБ"),
        (3 * 1024**3, "3 ГБ"),
        (2048 * 1024**3, "2_048 ГБ"),
    ],
)
def test_sizes(size: int, ru: str) -> None:
    with translation.override("ru"):
        assert plain(wording.file_size(size)) == ru


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Иванова Мария Петровна", "Иванова М. П."),
        ("Ким Ен", "Ким Е."),
        ("  Пак  ", "Пак"),
        ("", ""),
        ("Мамедов Али Гасан оглы", "Мамедов А. Г."),
    ],
)
def test_initials(name: str, said: str) -> None:
    assert plain(wording.initials(name)) == said


def test_moments_are_said_in_the_regions_time() -> None:
    moment = datetime(2023, 12, 1, 14, 5, tzinfo=UTC)  # 01:05 of the next day on Sakhalin
    with translation.override("ru"):
        assert wording.exact_time(moment) == "02.12.2023, 01:05"
        assert plain(wording.human_time(moment, TODAY)) == "сегодня, 01:05"
        assert plain(wording.human_time(moment, date(2023, 12, 3))) == "вчера, 01:05"
        assert plain(wording.human_time(moment, date(2023, 12, 9))) == "2 декабря, 01:05"
        assert plain(wording.full_date(moment)) == "суббота, 2 декабря 2023"
        assert wording.exact_date(moment) == "02.12.2023"
    with translation.override("en"):
        assert plain(wording.full_date(moment)) == "Saturday, 2 December 2023"


def test_a_wait_is_never_said_too_short() -> None:
    assert wording.minutes(timedelta(minutes=14, seconds=1)) == 15
    assert wording.minutes(timedelta(minutes=15)) == 15
