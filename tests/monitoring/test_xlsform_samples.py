"""Workbooks as other XLSForm tools take them: each becomes a form, or what is not supported is named at its cell."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from form_books import form
from profminimum.monitoring import pack
from profminimum.monitoring.queries.audience import registry
from profminimum.monitoring.schema.answers import check, offered, prefill
from profminimum.monitoring.schema.evaluate import Scope
from profminimum.monitoring.schema.loading import dump, load
from profminimum.monitoring.schema.model import Context, Definition, Kind, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.xlsform import columns, template
from profminimum.monitoring.xlsform.reading import read
from profminimum.orgs.models import OrganisationState

SAMPLES = Path(__file__).parents[1] / "data" / "xlsforms"
PACK = Path(__file__).parents[2] / "packs" / "profminimum_2023"
EMPTY = Context("2023-12-02", {}, {}, {})
WORKING = {  # sample → what is named beside the form
    "basics": ["survey!A2", "survey!A3", "survey!A4"],
    "skip_logic": [],
    "constraints": ["survey!G1"],
    "calculations": ["survey!C3", "survey!C4", "survey!C6"],
    "groups_repeats": ["survey!A13", "survey!C21", "survey!C22"],
    "cascading": [],
    "languages": ["choices!D1", "survey!D1", "survey!F1", "survey!G1"],
}
REFUSED = {
    "device": {
        "survey!A3": "geopoint",
        "survey!A4": "barcode",
        "survey!A5": "audio",
        "survey!A6": "video",
        "survey!A7": "range",
        "survey!A8": "rank",
        "survey!A9": "select_one_from_file",
        "survey!A10": "time",
        "survey!A11": "dateTime",
        "survey!A12": "geotrace",
        "survey!A14": "xml-external",
    },
    "external": {
        "external_choices": "внешние списки",
        "survey!F3": "Число записей",
        "survey!A6": "or_other",
        "survey!E7": "умолчанию",
        "survey!D8": "pulldata()",
        "survey!A9": "select_one_external",
    },
}


def data(name: str) -> bytes:
    return (SAMPLES / f"{name}.xlsx").read_bytes()


def sample(name: str) -> Definition:
    found = read(data(name), f"{name}.xlsx")
    assert found.definition is not None, found.errors
    return found.definition


def test_the_lists_name_every_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("*.xlsx")} == {*WORKING, *REFUSED}
    assert all(path.stat().st_size < 60_000 for path in SAMPLES.glob("*.xlsx"))


@pytest.mark.parametrize("name", WORKING)
def test_a_sample_becomes_a_form_and_what_is_left_out_is_named(name: str) -> None:
    found = read(data(name), f"{name}.xlsx")
    assert found.definition is not None
    assert sorted(fault.place for fault in found.faults) == WORKING[name]
    assert load(dump(found.definition)) == found.definition
    check(found.definition, prefill(found.definition, EMPTY), {}, EMPTY)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_is_named_at_its_cell(name: str) -> None:
    found = read(data(name), f"{name}.xlsx")
    assert found.definition is None
    assert {fault.place for fault in found.errors} == set(REFUSED[name])
    for fault in found.errors:
        assert REFUSED[name][fault.place].casefold() in fault.message["ru"].casefold()
        assert fault.message["en"] != fault.message["ru"]


@pytest.mark.parametrize("name", [*WORKING, *REFUSED])
def test_samples_are_what_other_tools_take(name: str) -> None:
    convert(io.BytesIO(data(name)), file_type=".xlsx", validate=False)


@pytest.mark.parametrize("path", pack.forms(PACK), ids=lambda path: path.stem)
def test_a_form_of_the_pack_is_right_for_us_and_for_other_tools(path: Path) -> None:
    registers = {
        "responsible": {"person", "act_number", "act_date", "act_file"},
        "group": {"person", "role", "organisation", "act_number", "act_date", "act_file"},
        "level": {"level", "hours", "act_number", "act_date", "act_file"},
    }
    found = read(path.read_bytes(), path.name, registers)
    assert found.definition is not None, found.errors
    assert not found.faults
    assert found.name == path.stem
    assert set(found.definition.title) == {"ru", "en"}
    assert set(found.definition.note) == {"ru", "en"}
    made = convert(io.BytesIO(path.read_bytes()), file_type=".xlsx", validate=False)
    assert made.warnings == []
    assert "pm:" not in made.xform


def test_every_word_of_the_pack_is_in_both_languages() -> None:
    waiting = [item for path in pack.forms(PACK) for item in _definition(path).items]
    while waiting:
        item = waiting.pop()
        waiting.extend(item.items)
        for words in (item.label, item.hint, item.unit, *(one.message for one in item.checks)):
            assert set(words) in ({"ru", "en"}, set()), item.name


def _definition(path: Path) -> Definition:
    found = read(path.read_bytes(), path.name).definition
    assert found is not None
    return found


def test_the_campaigns_of_the_pack_ask_with_its_forms() -> None:
    names = {path.stem for path in pack.forms(PACK)}
    proposed = pack.proposals(PACK)
    assert {one.form for one in proposed} == names
    assert {number for one in proposed for number in one.measures} == {"1", "2", "3", "4", "5", "10", "11", "12"}


def test_a_cascade_offers_what_fits_although_columns_and_questions_have_the_same_names() -> None:
    made = sample("cascading")
    ready = prepare(made)
    answers = {"region": "north", "district": "coast"}
    scope = Scope(answers, EMPTY, ready.inside)
    assert [one.name for one in offered(ready.by_name["district"], scope)] == ["coast", "hills"]
    assert [one.name for one in offered(ready.by_name["town"], scope)] == ["port", "bay"]
    wrong = check(made, {**answers, "town": "orchard"}, {}, EMPTY)
    assert [problem.place for problem in wrong.errors] == ["town"]


def test_questions_of_yes_and_no_mean_the_same_as_in_other_tools() -> None:
    heads = ("type", "name", "label", "relevant", "pm:kind")
    choices = [("yn", "yes", "да"), ("yn", "no", "нет")]
    rows = [
        ("select_one yn", "order", "Приказ", None, "yesno"),
        ("text", "number", "Номер", "${order} = 'yes'"),
        ("text", "why", "Почему", "selected(${order}, 'no')"),
    ]
    made = read(form(*rows, heads=heads, choices=choices), "f.xlsx").definition
    assert made is not None
    assert made.items[0].kind == Kind.YESNO
    answers = {"order": True, "number": "1", "why": "…"}
    assert set(check(made, answers, {}, EMPTY).answers) == {"order", "number"}
    assert set(check(made, {**answers, "order": False}, {}, EMPTY).answers) == {"order", "why"}


def test_the_half_year_form_warns_and_refuses_where_numbers_disagree() -> None:
    path = PACK / "forms" / "effectiveness.xlsx"
    made = _definition(path)
    grades = {f"g{number}": {"all": 20, "covered": 15, "ovz": 1} for number in range(6, 12)}
    grades["g7"]["covered"] = 21
    context = Context("2023-12-02", {"excursions": 1, "all_covered": 300}, {"pupils": 100}, {})
    found = check(made, {"grades": grades, "excursions": 9}, {}, context).problems
    said = {(one.place, one.severity) for one in found if one.code == "rule"}
    assert ("grades.g7.covered", Severity.ERROR) in said
    assert ("grades", Severity.WARNING) in said  # more pupils than the registry knows
    assert ("excursions", Severity.WARNING) in said  # a jump against the last wave
    ours = [one.message["ru"] for one in found if one.place == "grades"]
    assert any("по реестру школ" in text for text in ours)


def test_the_facts_of_the_registry_are_those_that_rules_may_name() -> None:
    fields = ("name", "short_name", "oktmo", "school_type", "pupils", "address", "email", "phone")
    state = OrganisationState(**dict.fromkeys(fields, 1))
    assert set(registry(state, "school", "Округ", "1")) == columns.FACTS


def test_a_workbook_shows_the_whole_of_its_texts() -> None:
    long = "Сколько обучающихся приняло участие в профессиональных пробах и экскурсиях за первое полугодие"
    rows = [{"type": "integer", "name": "a", "label::Русский (ru)": long}, {"type": "integer", "name": "b"}]
    made = openpyxl.load_workbook(io.BytesIO(template.book(rows, (), {"form_title": "Т", "form_id": "t"}, ())))
    heights = [made["survey"].row_dimensions[row].height for row in (2, 3)]
    assert heights == [pytest.approx(28, abs=0.5), None]


def test_the_empty_workbook_asks_nothing_and_has_no_other_fault() -> None:
    found = read(template.empty(), "form.xlsx")
    assert [fault.message["ru"] for fault in found.faults] == ["В форме нет ни одного вопроса."]


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([("integr", "a", "А")], "survey!A2"),
        ([("integer", "a b", "А")], "survey!B2"),
        ([("begin group", "g", "Г"), ("integer", "a", "А")], "survey!A2"),
        ([("integer", "a", "А"), ("end group",)], "survey!A3"),
        ([("select_one none", "a", "А")], "survey!A2"),
        ([("integer", None, "А")], "survey!B2"),
        ([("calculate", "a", "А")], "survey!D2"),
        ([("text", "a", "А", None, "${b} = 1")], "survey!E2"),
        ([("integer", "a", "А"), ("text", "a", "Б")], "survey!B3"),
    ],
)
def test_where_pyxform_refuses_we_refuse_at_the_cell(rows: list[tuple[str | None, ...]], cell: str) -> None:
    heads = ("type", "name", "label", "calculation", "constraint")
    book = form(*rows, heads=heads, choices=[("one", "x", "Икс")])
    with pytest.raises(PyXFormError):
        convert(io.BytesIO(book), file_type=".xlsx", validate=False)
    found = read(book, "f.xlsx")
    assert cell in {fault.place for fault in found.errors}
