from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.decree.calendar import MOST_OCCURRENCES, RUSSIA, WorkingCalendar, occurrences
from profminimum.decree.model import Period, Term
from profminimum.decree.terms import read_term

SIGNED = date(2023, 9, 8)
PERIOD = Period(date(2023, 9, 1), date(2024, 8, 31))


def days(text: str) -> list[str]:
    term = read_term(text, decree_date=SIGNED, period=PERIOD)
    return [one.due.isoformat() for one in occurrences(term, PERIOD)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("До 22.08.2023", ["2023-08-22"]),
        ("До 29.03.2023", ["2023-03-29"]),
        ("до 1 января 2025 года", ["2025-01-01"]),
        ("В течение 2023/2024 учебного года", ["2024-08-31"]),
        ("До 01.12.2023, далее 1 раз в полгода", ["2023-12-01", "2024-06-01"]),
        ("До 02.12.2023, далее 1 раз в полгода", ["2023-12-02", "2024-06-02"]),
        ("24.08.2023 далее по графику", ["2023-08-24"]),
        ("октябрь, март", ["2023-10-31", "2024-03-31"]),
        ("май, октябрь ежегодно", ["2023-10-31", "2024-05-31"]),
        ("ежегодно, до 20 апреля", ["2024-04-20"]),
        ("ежегодно до 1 сентября", ["2023-09-01"]),
        ("ежегодно", ["2024-08-31"]),
        ("1 раз в 3 года", []),
        ("ежеквартально", ["2023-09-30", "2023-12-31", "2024-03-31", "2024-06-30"]),
        ("ежеквартально до 10 числа", ["2023-10-10", "2024-01-10", "2024-04-10", "2024-07-10"]),
        ("последний рабочий день квартала", ["2023-09-29", "2023-12-29", "2024-03-29", "2024-06-28"]),
        ("по полугодиям", ["2023-12-31", "2024-06-30"]),
        ("август, далее ежеквартально", ["2024-08-31"]),
        ("30.11.2023, далее ежеквартально", ["2023-11-30", "2024-02-29", "2024-05-30", "2024-08-30"]),
        ("31.05.2024, далее ежемесячно", ["2024-05-31", "2024-06-30", "2024-07-31", "2024-08-31"]),
        ("ежемесячно с сентября по ноябрь", ["2023-09-30", "2023-10-31", "2023-11-30"]),
        ("еженедельно, сентябрь", ["2023-09-01", "2023-09-08", "2023-09-15", "2023-09-22", "2023-09-29"]),
        ("каждый понедельник в сентябре", ["2023-09-04", "2023-09-11", "2023-09-18", "2023-09-25"]),
        ("раз в 5 месяцев", ["2024-01-31", "2024-06-30"]),
        ("Постоянно", []),
        ("по запросу", []),
        ("с 1 сентября 2023 г.", []),
        ("в течение 10 дней со дня утверждения", ["2023-09-18"]),
        ("х", []),
    ],
)
def test_days_within_the_plan(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ежемесячно", 12),
        ("каждый понедельник", 52),
        ("ежедневно", 366),
        ("до 5 числа каждого месяца", 12),
        ("ежедекадно", 36),
    ],
)
def test_number_of_repetitions_in_a_school_year(text: str, count: int) -> None:
    assert len(days(text)) == count


def test_numbers_count_from_one() -> None:
    term = read_term("ежеквартально", decree_date=SIGNED, period=PERIOD)
    assert [one.number for one in occurrences(term, PERIOD)] == [1, 2, 3, 4]


def test_no_more_than_the_cap() -> None:
    long = Period(date(2023, 9, 1), date(2029, 8, 31))
    term = read_term("ежедневно", decree_date=SIGNED, period=long)
    found = occurrences(term, long)
    assert len(found) == MOST_OCCURRENCES
    assert found[0].due == long.start


def test_without_a_period_only_what_is_stated() -> None:
    assert occurrences(read_term("ежемесячно", decree_date=SIGNED, period=None), None) == ()
    term = read_term("до 01.12.2023, далее ежемесячно", decree_date=SIGNED, period=None)
    assert [one.due for one in occurrences(term, None)] == [date(2023, 12, 1)]


def test_day_off_has_working_days_beside_it() -> None:
    (found,) = occurrences(Term("", "date", due=date(2024, 5, 1)), PERIOD)
    assert (found.due, found.working_before, found.working_after) == (
        date(2024, 5, 1),
        date(2024, 4, 27),  # a Saturday, worked for Monday 29 April
        date(2024, 5, 2),
    )


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2023, 2, 24), False),
        (date(2024, 4, 27), True),
        (date(2024, 4, 29), False),
        (date(2024, 11, 2), True),
        (date(2024, 12, 28), True),
        (date(2024, 12, 30), False),
        (date(2025, 11, 1), True),
        (date(2025, 12, 31), False),
        (date(2026, 1, 9), False),
        (date(2027, 2, 20), True),
        (date(2027, 2, 22), False),
        (date(2023, 9, 8), True),
        (date(2023, 9, 9), False),
    ],
)
def test_russian_calendar_knows_moved_days(day: date, *, working: bool) -> None:
    assert RUSSIA.is_working(day) is working


def test_new_year_is_passed_over() -> None:
    assert RUSSIA.next_working(date(2023, 12, 30)) == date(2024, 1, 9)
    assert RUSSIA.previous_working(date(2024, 1, 8)) == date(2023, 12, 29)
    assert RUSSIA.add_working_days(date(2023, 12, 29), 1) == date(2024, 1, 9)


def test_adding_working_days_counts_from_the_next_day() -> None:
    assert RUSSIA.add_working_days(SIGNED, 0) == SIGNED
    assert RUSSIA.add_working_days(SIGNED, 5) == date(2023, 9, 15)
    with pytest.raises(ValueError, match="negative"):
        RUSSIA.add_working_days(SIGNED, -1)


def test_version_names_country_and_release() -> None:
    country, release = RUSSIA.version.split()
    assert country == "RU"
    assert release[0].isdigit()


def test_another_country_is_another_calendar() -> None:
    germany = WorkingCalendar("DE")
    assert germany.is_working(date(2024, 5, 9)) is False  # Ascension
    assert germany.is_working(date(2024, 2, 23)) is True


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_working_days_stand_on_either_side(day: date) -> None:
    before, after = RUSSIA.previous_working(day), RUSSIA.next_working(day)
    assert before <= day <= after
    assert RUSSIA.is_working(before)
    assert RUSSIA.is_working(after)
    assert after - before <= timedelta(days=15)


TEXTS = [
    "ежемесячно",
    "каждую среду",
    "2 раза в год",
    "ежеквартально до 31 числа",
    "последняя пятница месяца",
    "1 раз в 2 недели",
]


@given(st.sampled_from(TEXTS), st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.integers(0, 800))
def test_repetitions_stay_inside_the_period_and_in_order(text: str, start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    found = occurrences(read_term(text, decree_date=None, period=period), period)
    dues = [one.due for one in found]
    assert dues == sorted(set(dues))
    assert all(period.start <= due <= period.end for due in dues)
