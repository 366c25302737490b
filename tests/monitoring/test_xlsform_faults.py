"""What is wrong with a form's workbook is named at its cell, and nothing in a workbook makes the reader fall over."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from form_books import book, form
from profminimum.monitoring.schema.loading import dump, load
from profminimum.monitoring.schema.model import Definition, Kind, Severity, Summary
from profminimum.monitoring.xlsform import columns
from profminimum.monitoring.xlsform.guide import CHECKS, SURVEY
from profminimum.monitoring.xlsform.reading import Reading, read

LEVELS = (("levels", "base", "базовый"), ("levels", "main", "основной"))


def reading(heads: str, *rows: tuple[Any, ...], **more: Any) -> Reading:
    return read(form(*rows, heads=tuple(heads.split("|")), **more), "форма.xlsx")


def made(heads: str, *rows: tuple[Any, ...], **more: Any) -> Definition:
    found = reading(heads, *rows, **more)
    assert found.definition is not None, [(fault.place, fault.message["ru"]) for fault in found.errors]
    return found.definition


@pytest.mark.parametrize(
    ("heads", "row", "place", "words"),
    [
        ("type|name|label", ("geopoint", "a", "А"), "survey!A2", "geopoint"),
        ("type|name|label", ("intege", "a", "А"), "survey!A2", "«integer»"),
        ("type|name|label", ("select_one", "a", "А"), "survey!A2", "список"),
        ("type|name|label", ("select_one levels or_other", "a", "А"), "survey!A2", "or_other"),
        ("type|name|label", (None, "a", "А"), "survey!A2", "нет типа"),
        ("type|name|label", ("text", "ответ", "А"), "survey!B2", "латинские"),
        ("type|name|label", ("text", "__proto__", "А"), "survey!B2", "занято"),
        ("type|name|label", ("text", "querySelector", "А"), "survey!B2", "занято"),
        ("type|name|label|relevant", ("text", "a", "А", "=1+1"), "survey!D2", "без «=»"),
        ("type|name|label", ("text", "a", None), "survey!C2", "подписи"),
        ("type|name|label|constraint", ("text", "a", "А", "${b} > 1"), "survey!D2", "знак 3"),
        ("type|name|label|constraint", ("text", "a", "А", ". > ("), "survey!D2", "обрывается"),
        ("type|name|label|constraint", ("text", "a", "А", "pulldata('x')"), "survey!D2", "pulldata"),
        ("type|name|label|constraint", ("note", "a", "А", "1 = 1"), "survey!D2", "нет ответа"),
        ("type|name|label|relevant", ("text", "a", "А", "${registry.puplis} > 1"), "survey!D2", "puplis"),
        ("type|name|label|calculation", ("text", "a", "А", "1"), "survey!D2", "calculate"),
        ("type|name|label|read_only", ("text", "a", "А", "${a} = 1"), "survey!D2", "yes или no"),
        ("type|name|label|default", ("integer", "a", "А", "много"), "survey!D2", "целое число"),
        ("type|name|label|default", ("date", "a", "А", "today()"), "survey!D2", "умолчанию"),
        ("type|name|label|choice_filter", ("select_one levels", "a", "А", "x = 1"), "survey!D2", "знак 1"),
        ("type|name|label|pm:kind", ("integer", "a", "А", "long"), "survey!D2", "long"),
        ("type|name|label|pm:kind", ("select_one levels", "a", "А", "yesno"), "survey!A2", "yes и no"),
        ("type|name|label|pm:source", ("text", "a", "А", "somewhere"), "survey!D2", "registry:pupils"),
        ("type|name|label|pm:source", ("text", "a", "А", "registry:age"), "survey!D2", "есть"),
        ("type|name|label|pm:register", ("text", "a", "А", "level"), "survey!D2", "реестр.поле"),
        ("type|name|label|pm:summary", ("text", "a", "А", "sum"), "survey!D2", "none"),
        ("type|name|label|pm:least|pm:most", ("integer", "a", "А", 5, 1), "survey!E2", "меньше"),
        ("type|name|label|pm:most", ("integer", "a", "А", "сто"), "survey!D2", "не число"),
        ("type|name|label|pm:decimals", ("decimal", "a", "А", 9), "survey!D2", "От 0 до 6"),
        ("type|name|label|constraint|pm:severity", ("text", "a", "А", "1=1", "mild"), "survey!E2", "warning"),
        ("type|name|label|label", ("text", "a", "А", "Б"), "survey!D1", "повторяется"),
    ],
)
def test_an_error_names_its_cell(heads: str, row: tuple[Any, ...], place: str, words: str) -> None:
    found = reading(heads, row, choices=LEVELS)
    assert found.definition is None
    here = [fault for fault in found.errors if fault.place == place]
    assert here, [(fault.place, fault.message["ru"]) for fault in found.errors]
    assert any(words in fault.message["ru"] for fault in here), [fault.message["ru"] for fault in here]


@pytest.mark.parametrize(
    ("heads", "row", "place"),
    [
        ("type|name|label|required_message", ("text", "a", "А", "Надо"), "survey!D1"),
        ("type|name|label|media::image", ("text", "a", "А", "x.png"), "survey!D1"),
        ("type|name|label|bind::odk:length", ("text", "a", "А", 3), "survey!D1"),
        ("type|name|label|pm:kindness", ("text", "a", "А", 3), "survey!D1"),
        ("type|name|label|appearance", ("text", "a", "А", "numbers"), "survey!D2"),
        ("type|name|label|appearance", ("text", "a", "А", "minimal"), "survey!D2"),
        ("type|name|label|label::Français (fr)", ("text", "a", "А", "Q"), "survey!D1"),
        ("type|name|label|relevant", ("text", "a", "А", "now() > '2023-01-01'"), "survey!D2"),
        ("type|name|label|calculation", ("calculate", "z", "З", "once(today())"), "survey!D2"),
        ("type|name|label|calculation", ("calculate", "z", None, "1 + 1"), "survey!C2"),
        ("type|name|label|required", ("note", "z", "З", "yes"), "survey!D2"),
        ("type|name|label|pm:least", ("text", "a", "А", 3), "survey!D2"),
        ("type|name|label|hint", ("text", "a", "А", "см. ${a}"), "survey!D2"),
        ("type|name|label|constraint|constraint_message", ("text", "a", "А", ". != ''"), "survey!E2"),
        ("type|name|label|constraint|constraint_message", ("integer", "a", "А", "${last.b} > .", "М"), "survey!D2"),
    ],
)
def test_what_is_not_read_is_named_and_the_form_works(heads: str, row: tuple[Any, ...], place: str) -> None:
    found = reading(heads, row, ("text", "more", "Ещё"))
    assert found.definition is not None
    assert [fault.place for fault in found.faults] == [place]


def test_a_rule_that_asks_a_section_for_its_answer_is_told_that_there_is_none() -> None:
    rows = [("begin group", "g", "Г"), ("text", "a", "А"), ("end group",), ("text", "b", "Б", "${g} = 1")]
    found = reading("type|name|label|relevant", *rows)
    assert [fault.place for fault in found.faults] == ["survey!D5"]


def test_a_form_whose_id_is_not_latin_keeps_a_name_of_its_own() -> None:
    names = set()
    for said in ("Охват", "Готовность", "Форма № 1"):
        found = read(form(("text", "a", "А"), settings=[("form_title", "form_id"), ("Т", said)]), "f.xlsx")
        assert found.definition is not None
        assert [fault.place for fault in found.faults] == ["settings!B2"]
        names.add(found.name)
    assert names == {"okhvat", "gotovnost", "forma-1"}
    assert read(form(("text", "a", "А")), "Щучья ёлка.xlsx").name == "shchuchya-elka"


@pytest.mark.parametrize(("count", "places"), [(2, []), (100, ["survey!D6"])])
def test_a_rule_that_looks_at_everything_from_everywhere_is_refused(count: int, places: list[str]) -> None:
    rows = [
        *[("begin repeat", "r", "Р", None, 500), ("integer", "x", "Икс"), ("end repeat",)],
        *[("begin repeat", "q", "К", None, 500), ("integer", "y", "Игрек", _sums(count) + " > 0"), ("end repeat",)],
    ]
    found = reading("type|name|label|constraint|pm:at_most", *rows)
    assert [fault.place for fault in found.errors] == places


def _sums(count: int) -> str:
    """So many sums put together without going deep."""
    return "sum(${x})" if count == 1 else f"({_sums(count // 2)} + {_sums(count - count // 2)})"


def test_a_table_of_too_many_cells_is_refused() -> None:
    rows = [
        ("begin group", "t", "Т", "table", "rows"),
        *[("integer", f"c{n}", "К") for n in range(11)],
        ("end group",),
    ]
    few = [("rows", f"r{n}", "Р") for n in range(454)]
    found = reading("type|name|label|pm:kind|pm:rows", *rows, choices=few)
    assert [fault.place for fault in found.errors] == []
    found = reading("type|name|label|pm:kind|pm:rows", *rows, choices=[*few, ("rows", "more", "Р")])
    assert [fault.place for fault in found.errors] == ["survey!E2"]


def test_names_are_unique_in_the_whole_form_and_the_second_is_the_wrong_one() -> None:
    rows = [("begin group", "g", "Г"), ("text", "a", "А"), ("end group",), ("text", "a", "А")]
    assert [fault.place for fault in reading("type|name|label", *rows).errors] == ["survey!B5"]


def test_a_circle_of_calculations_is_refused() -> None:
    rows = [("calculate", "a", None, "${b} + 1"), ("calculate", "b", None, "${a} + 1"), ("text", "c", "В")]
    found = reading("type|name|label|calculation", *rows)
    assert {fault.place for fault in found.errors} == {"survey!D2", "survey!D3"}


def test_tables_people_and_amounts_of_ours() -> None:
    heads = (
        "type|name|label::ru|label::en|required|pm:kind|pm:unit::ru|pm:rows|pm:source|pm:register|pm:summary|pm:least"
    )
    rows = [
        ("begin group", "levels_of", "Уровни", "Levels", None, "table", None, "levels"),
        ("decimal", "hours", "часы", "hours", "yes", "amount", "ч", None, None, None, "median", 1.5),
        ("end group",),
        ("text", "who", "Кто", "Who", "${hours} != ''", "person", None, None, "register:responsible.person",
         "responsible.person"),
        ("text", "why", "Почему", "Why", None, "long"),
    ]  # fmt: skip
    table, who, why = made(heads, *rows, choices=LEVELS).items
    (hours,) = table.items
    assert (table.kind, who.kind, why.kind, hours.kind) == (Kind.TABLE, Kind.PERSON, Kind.LONG, Kind.AMOUNT)
    assert [row.name for row in table.rows] == ["base", "main"]
    assert (hours.unit["ru"], hours.summary, hours.least, hours.required) == ("ч", Summary.MEDIAN, 1.5, True)
    assert who.source is not None
    assert (who.source.kind, who.source.field, who.register) == (
        "register",
        "responsible.person",
        "responsible.person",
    )
    assert isinstance(who.required, list)
    assert hours.label == {"ru": "часы", "en": "hours"}


def test_checks_stand_at_a_question_or_at_the_whole_form() -> None:
    checks = [
        ("name", "rule", "severity", "message::ru", "message::en"),
        ("a", "${last.a} = '' or . <= ${last.a}", "warning", "Больше прошлого.", "More than last."),
        (None, "${a} + ${b} < 10", None, "Слишком много.", "Too much."),
    ]
    form_ = made("type|name|label", ("integer", "a", "А"), ("integer", "b", "Б"), checks=checks)
    assert [check.severity for check in form_.items[0].checks] == [Severity.WARNING]
    assert [check.message["en"] for check in form_.checks] == ["Too much."]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("z", "1 = 1", "error", "М"), "checks!A2"),
        (("n", "1 = 1", "error", "М"), "checks!A2"),
        ((None, "${z} = 1", "error", "М"), "checks!B2"),
        ((None, None, "error", "М"), "checks!B2"),
        ((None, "1 = 1", "bad", "М"), "checks!C2"),
        ((None, "1 = 1", "error", None), "checks!D2"),
    ],
)
def test_a_wrong_check_names_its_cell(row: tuple[Any, ...], place: str) -> None:
    rows = [("integer", "a", "А"), ("note", "n", "Н")]
    found = reading("type|name|label", *rows, checks=[("name", "rule", "severity", "message"), row])
    assert [fault.place for fault in found.errors] == [place]


def test_registers_are_checked_when_they_are_known() -> None:
    data = form(("integer", "a", "А", "level.hour"), heads=("type", "name", "label", "pm:register"))
    assert read(data, "f.xlsx").definition is not None
    (fault,) = read(data, "f.xlsx", {"level": {"hours"}}).errors
    assert (fault.place, "level.hours" in fault.message["ru"]) == ("survey!D2", True)


def test_hidden_empty_and_merged_cells_do_no_harm() -> None:
    opened = openpyxl.load_workbook(
        io.BytesIO(form(("begin group", "g", "Раздел"), (), ("integer", "a", "А"), (None, " "), ("end group",)))
    )
    sheet = opened["survey"]
    sheet.insert_rows(1, 2)
    sheet.merge_cells("C4:F4")
    sheet.row_dimensions[6].hidden = True
    stream = io.BytesIO()
    opened.save(stream)
    found = read(stream.getvalue(), "f.xlsx").definition
    assert found is not None
    assert [item.name for item in found.items[0].items] == ["a"]


def test_coloured_empty_rows_do_no_harm() -> None:
    opened = openpyxl.load_workbook(io.BytesIO(form(("integer", "a", "А"))))
    for row in range(3, 11_000):
        opened["survey"].cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")
    stream = io.BytesIO()
    opened.save(stream)
    assert read(stream.getvalue(), "f.xlsx").definition is not None


def test_quotes_that_a_spreadsheet_curls_are_quotes() -> None:
    rows = [("text", "a", "А", None), ("text", "b", "Б", "${a} = ‘да’ or ${a} = “yes”")]
    assert made("type|name|label|relevant", *rows).items[1].relevant is not None


def test_metadata_that_a_rule_needs_is_explained() -> None:
    rows = [("today", "today", None, None), ("date", "d", "Дата", ". <= ${today}")]
    (fault,) = reading("type|name|label|constraint", *rows).errors
    assert (fault.place, "today()" in fault.message["ru"]) == ("survey!D3", True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "XLSX"),
        (b"type,name,label\ninteger,a,A\n", "XLSX"),
        (b"PK\x03\x04 no archive", "поврежд"),
        (book(лист=[("a", "b")]), "survey"),
    ],
)
def test_a_file_that_is_no_form_is_refused_as_a_whole(data: bytes, words: str) -> None:
    found = read(data, "форма.xlsx")
    assert found.name == ""
    (fault,) = found.faults
    assert fault.place == ""
    assert words in fault.message["ru"]
    assert "форма.xlsx" in fault.message["ru"]


def test_the_guide_knows_every_column_that_is_read() -> None:
    told = {columns.heading(column.name)[0] for column in SURVEY}
    assert told == columns.SURVEY
    assert {columns.heading(column.name)[0] for column in CHECKS} == columns.CHECKS


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "integer",
            "text",
            "begin group",
            "end group",
            "begin repeat",
            "end repeat",
            "select_one levels",
            "calculate",
        ]
    ),
    st.sampled_from(
        ["a", "b", "c", "${a}", ". > 1", "sum(${b})", "yes", "table", "levels", "registry:pupils", "1,5"]
    ),
    st.text(max_size=12),
    st.integers(-5, 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=8))
def test_no_sheet_makes_the_reader_fall_over(rows: list[list[Any]]) -> None:
    heads = ("type", "name", "label", "relevant", "constraint", "calculation", "pm:kind", "pm:rows")
    clean = [[_printable(value) for value in row] for row in rows]
    found = read(form(*clean, heads=heads, choices=LEVELS), "f.xlsx")
    assert (found.definition is None) == bool(found.errors)
    if found.definition is not None:
        assert load(dump(found.definition)) == found.definition


def _printable(value: Any) -> Any:
    """What a workbook can hold at all."""
    if not isinstance(value, str):
        return value
    text = "".join(letter for letter in value if letter.isprintable())
    return text if not text.startswith("=") else f"x{text}"
