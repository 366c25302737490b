from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.decree.model import Period, Term
from profminimum.decree.terms import read_term, term_json

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parent.parent / "data"
SIGNED = date(2023, 9, 8)
PERIOD = Period(date(2023, 9, 1), date(2024, 8, 31))
GENITIVE = (
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
)
DOUBTS = {"year-assumed", "boundary", "approximate", "minimum-frequency", "several-dates", "due-before-decree"}


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")[1:]
    return [line.split("\t") for line in lines if line]


def read(text: str) -> Term:
    return read_term(text, decree_date=SIGNED, period=PERIOD)


def meaning(text: str) -> tuple[str, str, str, str, str]:
    term = read(text)
    start, due = (day.isoformat() if day else "" for day in (term.start, term.due))
    return term.kind, start, due, term.rrule, ",".join(term.doubts)


@pytest.mark.parametrize("row", rows("deadlines.tsv") + rows("terms_more.tsv"), ids=lambda row: row[0])
def test_wording_means_what_the_table_says(row: list[str]) -> None:
    _, text, *expected = row
    assert meaning(text.replace("\\n", "\n")) == tuple(expected)


def test_tables_are_whole() -> None:
    assert len(rows("deadlines.tsv")) == 108
    assert len(rows("terms_more.tsv")) >= 200


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("сентябрь", date(2025, 9, 1), date(2025, 9, 30)),
        ("май", date(2026, 5, 1), date(2026, 5, 31)),
        ("III квартал", date(2025, 7, 1), date(2025, 9, 30)),
        ("в течение учебного года", date(2025, 9, 1), date(2026, 8, 31)),
        ("до конца учебного года", None, date(2026, 8, 31)),
        ("до 1 октября текущего года", None, date(2025, 10, 1)),
        ("2 полугодие учебного года", date(2026, 1, 1), date(2026, 8, 31)),
        ("в течение 5 рабочих дней со дня подписания", None, date(2025, 9, 8)),
        ("в месячный срок со дня подписания", None, date(2025, 10, 1)),
        ("к началу следующего учебного года", None, date(2026, 8, 31)),
    ],
)
def test_another_decree_in_another_year(text: str, start: date | None, due: date) -> None:
    term = read_term(text, decree_date=date(2025, 9, 1), period=Period(date(2025, 9, 1), date(2026, 8, 31)))
    assert (term.start, term.due) == (start, due)


def test_plan_of_a_calendar_year_takes_that_year() -> None:
    term = read_term("октябрь", decree_date=date(2024, 1, 15), period=Period(date(2024, 1, 1), date(2024, 12, 31)))
    assert (term.start, term.due, term.doubts) == (date(2024, 10, 1), date(2024, 10, 31), ("year-assumed",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("до 1 сентября", "date"),
        ("сентябрь - май", "span"),
        ("в течение учебного года", "span"),
        ("IV квартал", "date"),
    ],
)
def test_without_a_period_no_year_is_assumed(text: str, kind: str) -> None:
    term = read_term(text, decree_date=SIGNED, period=None)
    assert (term.kind, term.start, term.due, term.doubts) == (kind, None, None, ())


def test_written_year_needs_no_context() -> None:
    term = read_term("до 22.08.2023", decree_date=None, period=None)
    assert (term.kind, term.due, term.doubts) == ("date", date(2023, 8, 22), ())


@pytest.mark.parametrize("text", ["в течение 10 дней со дня утверждения", "с момента подписания", "до конца месяца"])
def test_without_a_decree_date_nothing_is_counted(text: str) -> None:
    term = read_term(text, decree_date=None, period=PERIOD)
    assert (term.start, term.due, term.doubts) == (None, None, term.doubts)
    assert "due-before-decree" not in term.doubts


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("октябрь, март", (date(2024, 3, 31),)),
        ("15.09.2023; 15.01.2024; 15.05.2024", (date(2024, 1, 15), date(2024, 5, 15))),
        ("ежемесячно с сентября по май", (date(2024, 5, 31),)),
        ("2 раза в год (сентябрь, май)", (date(2024, 5, 31),)),
        ("октябрь", ()),
    ],
)
def test_other_days_are_kept(text: str, further: tuple[date, ...]) -> None:
    assert read(text).further == further


def test_working_days_are_monday_to_friday_and_signing_is_day_nought() -> None:
    days = [read(f"в течение {count} рабочих дней со дня подписания").due for count in range(1, 8)]
    assert days == [date(2023, 9, day) for day in (11, 12, 13, 14, 15, 18, 19)]


def test_working_days_from_a_sunday() -> None:
    term = read_term("в течение 5 рабочих дней со дня подписания", decree_date=date(2023, 9, 10), period=PERIOD)
    assert term.due == date(2023, 9, 15)


def test_month_from_the_last_day_of_january() -> None:
    term = read_term("в месячный срок со дня подписания", decree_date=date(2024, 1, 31), period=PERIOD)
    assert term.due == date(2024, 2, 29)


def test_json_form() -> None:
    assert term_json(read("До 01.12.2023, далее 1 раз в полгода")) == {
        "text": "До 01.12.2023, далее 1 раз в полгода",
        "kind": "recurring",
        "start": None,
        "due": "2023-12-01",
        "rrule": "FREQ=MONTHLY;INTERVAL=6",
        "doubts": [],
    }
    assert term_json(read("х"))["rrule"] == ""


def test_text_is_kept_as_written() -> None:
    assert read("  До\u00a022.08.2023 ;\n").text == "  До\u00a022.08.2023 ;\n"


WORDS = [row[1] for row in rows("deadlines.tsv") + rows("terms_more.tsv")]
PIECES = sorted({piece for text in WORDS for piece in text.split()} | set("-–—.,;:/()0123456789"))
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def sound(term: Term) -> None:
    assert term.kind in {"date", "span", "recurring", "schedule", "continuous", "event", "unknown"}
    assert set(term.doubts) <= DOUBTS
    if term.start and term.due:
        assert term.start <= term.due
    assert not term.rrule or (term.kind == "recurring" and "several-dates" not in term.doubts)
    assert term.kind != "recurring" or term.rrule or "several-dates" in term.doubts
    if term.kind in {"unknown", "continuous"}:
        assert (term.start, term.due) == (None, None)


@given(st.text(max_size=60))
def test_any_text_gives_a_sound_term(text: str) -> None:
    term = read(text)
    assert term.text == text
    sound(term)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.none() | DAYS, st.sampled_from([PERIOD, None]))
def test_any_row_of_known_pieces_gives_a_sound_term(
    pieces: list[str], signed: date | None, period: Period | None
) -> None:
    sound(read_term(" ".join(pieces), decree_date=signed, period=period))


@given(
    st.sampled_from(WORDS),
    st.sampled_from([str.upper, str.lower, str.capitalize]),
    st.sampled_from(" \u00a0\u2009\n"),
)
def test_case_and_spaces_change_nothing(text: str, case: Callable[[str], str], space: str) -> None:
    noisy = space + case(text).replace(" ", space + space) + space
    assert meaning(noisy.replace("\\N", "\\n").replace("\\n", "\n")) == meaning(text.replace("\\n", "\n"))


@given(DAYS)
def test_one_day_in_many_spellings(day: date) -> None:
    month = GENITIVE[day.month - 1]
    forms = [
        f"{day:%d.%m.%Y}",
        f"{day:%d.%m.%Y} г.",
        f"{day:%d/%m/%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%d. %m. %Y}",
        f"{day:%d.%m.%y}",
        f"{day.day} {month} {day.year} года",
        f"«{day:%d}» {month} {day.year}г.",
        f"до {day:%d.%m.%Y}",
        f"не позднее {day.day} {month} {day.year} г.",
        f"в срок до {day:%d.%m.%Y} включительно;",
        f"по {day.day}-го {month.upper()} {day.year}",
    ]
    for form in forms:
        term = read(form)
        assert (term.kind, term.start, term.due, term.rrule) == ("date", None, day, ""), form


@given(DAYS, DAYS)
def test_one_span_in_many_spellings(one: date, other: date) -> None:
    start, due = sorted((one, other))
    first, last = f"{start:%d.%m.%Y}", f"{due:%d.%m.%Y}"
    for form in (
        f"с {first} по {last}",
        f"{first}-{last}",
        f"{first} – {last} г.",
        f"в период с {first} г. по {last} г.",
    ):
        term = read(form)
        assert (term.kind, term.start, term.due) == ("span", start, due), form


@given(DAYS, DAYS)
def test_span_that_ends_before_it_begins_is_not_understood(one: date, other: date) -> None:
    start, due = sorted((one, other))
    if start != due:
        assert read(f"с {due:%d.%m.%Y} по {start:%d.%m.%Y}").kind == "unknown"
