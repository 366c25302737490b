"""How terms, days and proposals are said."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from profminimum.plan import spoken


@pytest.fixture(autouse=True)
def _russian() -> Any:
    with translation.override("ru"):
        yield


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=MONTHLY;INTERVAL=6", "раз в полгода"),
        ("FREQ=MONTHLY;INTERVAL=3", "раз в квартал"),
        ("FREQ=MONTHLY", "ежемесячно"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", "еженедельно"),
        ("FREQ=MONTHLY;INTERVAL=2", "раз в 2 месяца"),
        ("FREQ=WEEKLY;INTERVAL=5", "раз в 5 недель"),
        ("FREQ=YEARLY", "ежегодно"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
    ],
)
def test_repetition(rule: str, said: str) -> None:
    assert spoken.repeats(rule) == said


def test_a_day_off_knows_the_working_days_around_it() -> None:
    found = spoken.day(date(2023, 12, 2))
    assert (found.weekday, found.off, found.before, found.after) == (
        "суббота",
        True,
        date(2023, 12, 1),
        date(2023, 12, 4),
    )
    assert not spoken.day(date(2023, 12, 1)).off


@pytest.mark.parametrize(
    ("proposal", "texts"),
    [
        (None, []),
        ({"due": "2024-03-29"}, ["срок 29.03.2023 → 29.03.2024, пятница"]),
        (
            {"date": "2023-12-02", "before": "2023-12-01", "after": "2023-12-04"},
            ["срок 02.12.2023 → 01.12.2023, пятница", "срок 02.12.2023 → 04.12.2023, понедельник"],
        ),
        ({"written": "ГАУ ДПО", "name": "ГАОУ ДПО"}, ["«ГАУ ДПО» — это «ГАОУ ДПО»"]),
        ({"executor": "ОО"}, ["«ОО» станет исполнителем пункта"]),
        ({"start": "2023-09-01", "end": "2024-08-31"}, ["начало 01.09.2023; окончание 31.08.2024"]),
        ({"something": "else"}, []),
    ],
)
def test_what_accepting_does_is_said(proposal: dict[str, str] | None, texts: list[str]) -> None:
    due = date(2023, 3, 29) if proposal and "due" in proposal else None
    assert [offer.text for offer in spoken.offers(proposal, due=due, start=None)] == texts


@pytest.mark.parametrize(
    ("field", "raw", "said"),
    [
        ("due", None, "—"),
        ("due", "2024-03-29", "29.03.2024"),
        ("occurrences", ["2023-12-01", "2024-06-01"], "01.12.2023, 01.06.2024"),
        ("term_kind", "recurring", "повторяется"),
        ("rrule", "FREQ=MONTHLY;INTERVAL=6", "раз в полгода"),
        ("results", [{"text": "Приказ", "owner": "ОО"}], "Приказ"),
        ("executors", ["МОСО", "ОО"], "МОСО, ОО"),
        ("title", "Отчёт", "Отчёт"),
    ],
)
def test_values_of_the_journal_are_readable(field: str, raw: Any, said: str) -> None:
    assert spoken.value(field, raw) == said


def test_moving_a_day_moves_the_term_of_a_single_date_only() -> None:
    single = SimpleNamespace(due=date(2023, 9, 30), rrule="", occurrences=["2023-09-30"])
    assert spoken.moved(single, "2023-09-30", "2023-09-29") == {"due": date(2023, 9, 29)}  # type: ignore[arg-type]  # as far as it is read
    wave = SimpleNamespace(
        due=date(2023, 12, 2), rrule="FREQ=MONTHLY;INTERVAL=6", occurrences=["2023-12-02", "2024-06-02"]
    )
    assert spoken.moved(wave, "2024-06-02", "2024-05-31") == {"occurrences": ["2023-12-02", "2024-05-31"]}  # type: ignore[arg-type]  # as above
