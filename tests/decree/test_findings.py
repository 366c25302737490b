"""Each doubt is found where it must be, says what to do, and stays silent where there is nothing to doubt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from profminimum.decree.model import Paragraph, Place, Row, Source, Table
from profminimum.decree.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.model import Finding, Reading

SEED = Path(__file__).parents[1] / "data" / "seed"
HEADER = ("№ п/п", "Мероприятие", "Срок", "Ответственный исполнитель", "Результат")
ACT = (
    "РАСПОРЯЖЕНИЕ", "08.09.2023 № 12-р", "г. Пермь", "Об утверждении плана на 2023/2024 учебный год",
    "1. Утвердить план.", "Министр А.А. Иванов", "План мероприятий на 2023/2024 учебный год",
)  # fmt: skip


def plan(*rows: Sequence[str], lines: Sequence[str] = ACT, after: Sequence[str] = ()) -> Reading:
    """Read a plan of rows (number, title, term, executors, results) below the lines of an act."""
    cells = [Row(tuple(row), Place(table=1, row=number)) for number, row in enumerate((HEADER, *rows), start=1)]
    blocks: tuple[Paragraph | Table, ...] = (
        *(Paragraph(text, Place(line=number)) for number, text in enumerate(lines, start=1)),
        Table(tuple(cells), Place(table=1)),
        *(Paragraph(text, Place(line=100 + number)) for number, text in enumerate(after)),
    )
    return read(Source("sample.docx", "docx", blocks))


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(one.code, one.measure) for one in reading.findings]


def only(reading: Reading, code: str) -> Finding:
    found = [one for one in reading.findings if one.code == code]
    assert len(found) == 1, codes(reading)
    return found[0]


GOOD = ("1", "Приказ о координаторе", "до 15.09.2023", "Министерство", "приказ")


def test_a_clean_plan_raises_nothing() -> None:
    assert plan(GOOD, ("2", "Отчет", "до 15.05.2024", "Министерство", "отчет")).findings == ()


def test_findings_of_the_first_decree() -> None:
    reading = read(SEED / "decree.txt")
    assert codes(reading) == [
        ("stray-number", ""),
        ("due-before-decree", "1"),
        ("due-before-decree", "2"),
        ("due-before-decree", "3"),
        ("due-before-decree", "4"),
        ("non-working-day", "5"),
        ("due-before-decree", "7"),
        ("due-outside-plan", "7"),
        ("due-before-decree", "8"),
        ("no-control-date", "8"),
        ("alias-mismatch", "8"),
        ("result-owner-not-executor", "8"),
        ("non-working-day", "9"),
        ("due-before-decree", "10"),
        ("non-working-day", "11"),
        ("non-working-day", "12"),
        ("non-working-day", "12"),
    ]
    assert only(reading, "due-outside-plan").proposal == {"due": "2024-03-29"}
    assert only(reading, "due-outside-plan").severity == "error"
    assert only(reading, "alias-mismatch").proposal == {"written": "ГАУ ДПО ИРОСО", "name": "ГАОУ ДПО ИРОСО"}
    assert only(reading, "result-owner-not-executor").proposal == {"executor": "ГАОУ ДПО ИРОСО"}
    assert only(reading, "no-control-date").proposal == {"due": "2024-08-31"}
    assert "3.12-1327-р" in only(reading, "stray-number").message
    days_off = [one.proposal for one in reading.findings if one.code == "non-working-day"]
    assert {"date": "2023-09-30", "before": "2023-09-29", "after": "2023-10-02"} in days_off
    assert [day["date"] for day in days_off if day] == [
        "2023-09-30", "2024-08-31", "2024-06-01", "2023-12-02", "2024-06-02",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["docx", "pdf", "txt"])
def test_messages_are_in_both_languages(ending: str) -> None:
    for one in read(SEED / f"decree.{ending}").findings:
        assert one.message != one.message_en
        assert any("а" <= char <= "я" for char in one.message.lower())
        assert one.measure in one.message
        assert one.measure in one.message_en


CASES = [
    # code, measure, severity, proposal, rows
    ("due-before-decree", "1", "warning", None, [("1", "Приказ", "до 30.08.2023", "Министерство", "приказ")]),
    ("due-outside-plan", "1", "error", {"due": "2024-02-15"},
     [("1", "Приказ", "до 15.02.2032", "Министерство", "приказ")]),
    ("due-outside-plan", "1", "error", {"due": "2023-11-15"},
     [("1", "Приказ", "до 15.11.2025", "Министерство", "приказ")]),
    ("non-working-day", "1", "warning", {"date": "2024-05-01", "before": "2024-04-27", "after": "2024-05-02"},
     [("1", "Приказ", "до 01.05.2024", "Министерство", "приказ")]),
    ("unreadable-term", "1", "error", None, [("1", "Приказ", "когда получится", "Министерство", "приказ")]),
    ("no-term", "1", "error", None, [("1", "Приказ", "", "Министерство", "приказ")]),
    ("no-term", "2", "error", {"term": "до 15.09.2023"}, [GOOD, ("2", "Сбор", "-", "Министерство", "приказ")]),
    ("no-executor", "1", "error", None, [("1", "Приказ", "до 15.09.2023", "—", "приказ")]),
    ("no-executor", "2", "error", {"executors": "Министерство"}, [GOOD, ("2", "Сбор", "май", "", "приказ")]),
    ("no-result", "1", "warning", None, [("1", "Приказ", "до 15.09.2023", "Министерство", "-")]),
    ("no-control-date", "1", "info", {"due": "2024-08-31"}, [("1", "Учет", "постоянно", "Министерство", "журнал")]),
    ("unknown-executor", "1", "warning", None, [("1", "Приказ", "до 15.09.2023", "ЦОПП", "приказ")]),
    ("alias-mismatch", "2", "warning", {"written": "ГБУ ДПО ИРПО", "name": "ГБУ ДПО ИРОПО"},
     [("1", "Приказ", "до 15.09.2023", "Институт развития образования (далее – ГБУ ДПО ИРОПО)", "приказ"),
      ("2", "Сбор", "до 16.10.2023", "ГБУ ДПО ИРПО", "приказ")]),
    ("result-owner-not-executor", "1", "warning", {"executor": "ОО"},
     [("1", "Приказ", "до 15.09.2023", "МОУО", "приказы ОО")]),
    ("duplicate-measure", "2", "warning", None, [GOOD, ("2", *GOOD[1:])]),
    ("duplicate-measure", "2", "info", None,
     [GOOD, ("2", "приказ о  координаторе", "до 15.12.2023", "Министерство", "приказ")]),
    ("numbering", "3", "warning", None, [GOOD, ("3", "Сбор", "до 15.12.2023", "Министерство", "отчет")]),
    ("numbering", "1", "warning", None, [GOOD, ("1", "Сбор", "до 15.12.2023", "Министерство", "отчет")]),
    ("numbering", "2", "warning", {"number": "2"}, [GOOD, ("", "Сбор", "до 15.12.2023", "Министерство", "отчет")]),
    ("glossary-unused", "", "info", None,
     [("1", "Приказ по единой модели (далее – ЕМП)", "до 15.09.2023", "Министерство", "приказ")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "measure", "severity", "proposal", "rows"), CASES)
def test_case(
    code: str, measure: str, severity: str, proposal: dict[str, str] | None, rows: list[tuple[str, ...]]
) -> None:
    found = only(plan(*rows), code)
    assert (found.measure, found.severity, found.proposal) == (measure, severity, proposal)


QUIET = [
    ("due-outside-plan", ("1", "Приказ", "до 15.08.2023", "Министерство", "приказ")),  # preparation in the summer
    ("due-outside-plan", ("1", "Отчет", "до 15.10.2024", "Министерство", "отчет")),  # a report of the year gone by
    ("non-working-day", ("1", "Планерка", "каждый понедельник", "Министерство", "протокол")),
    ("non-working-day", ("1", "Приказ", "до 27.04.2024", "Министерство", "приказ")),  # a Saturday made a working day
    ("unknown-executor", ("1", "Приказ", "до 15.09.2023", "МОУО, ОО", "приказ")),
    ("result-owner-not-executor", ("1", "Отчет о готовности ОО", "до 15.09.2023", "МОУО", "отчет о готовности ОО")),
    ("no-control-date", ("1", "Приказ", "в течение учебного года", "Министерство", "приказ")),
]


@pytest.mark.parametrize(("code", "row"), QUIET)
def test_no_noise(code: str, row: tuple[str, ...]) -> None:
    assert code not in [one.code for one in plan(row).findings]


def test_numbers_that_begin_anew_in_a_section_are_one_remark() -> None:
    section = ("2. Контроль", "", "", "", "")
    found = only(
        plan(("1. Начало", "", "", "", ""), GOOD, section, ("1", "Отчет", "май", "Министерство", "отчет")),
        "numbering",
    )
    assert (found.measure, found.severity) == ("", "info")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("План мероприятий на 2023/2024 учебный год",), "no-act"),
        (("ПРИКАЗ", "от 08.09.2023", *ACT[3:]), "no-number"),
        (("ПРИКАЗ", "№ 12", *ACT[3:]), "no-date"),
        ((*ACT[:3], "Об утверждении плана", *ACT[4:6], "План мероприятий"), "no-period"),
        ((*ACT[:3], "Об утверждении плана на 2024/2025 учебный год", *ACT[4:]), "school-year-mismatch"),
        ((*ACT[:6], "УТВЕРЖДЕН", "распоряжением от 08.09.2023 № 13-р", ACT[6]), "stray-number"),
    ],
)
def test_doubts_about_the_act(lines: Sequence[str], code: str) -> None:
    assert only(plan(GOOD, lines=lines), code).measure == ""


def test_a_stamp_of_another_act_after_the_table_is_reported_once() -> None:
    found = only(plan(GOOD, after=("3.12-1327-р (п)(2.0)", "3.12-1327-р (п)(2.0)")), "stray-number")
    assert "3.12-1327-р" in found.message
    assert "12-р" in found.message


def test_the_acts_own_stamp_is_no_doubt() -> None:
    assert plan(GOOD, after=("12-р (п)(2.0)",)).findings == ()
