"""What public XLSForm workbooks do that a reader easily takes wrong: each case stands in one of them."""

from __future__ import annotations

from typing import Any

import pytest

from form_books import book
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.xlsform.reading import Reading, read

LISTED = (("list_name", "name", "label"), ("ab", "a", "А"), ("ab", "b", "Б"))


def reading(heads: str, *rows: tuple[Any, ...], **sheets: Any) -> Reading:
    more = {"choices": LISTED, **sheets}
    return read(book(survey=[tuple(heads.split("|")), *rows], **more), "f.xlsx")


def places(found: Reading) -> list[str]:
    return sorted(fault.place for fault in found.faults)


@pytest.mark.parametrize("written", ["bind:{}", "bind::{}", "Bind: {}", "bind::{}::Russian (ru)"])
def test_the_older_columns_of_bind_are_the_same_rules(written: str) -> None:
    names = ("relevant", "constraint", "jr:constraintMsg", "required")
    heads = ["type", "name", "label", *(written.format(name) for name in names)]
    row = ("integer", "age", "Возраст", "${first} = 'x'", ". < 72", "Меньше 72", "yes")
    found = reading("|".join(heads), ("text", "first", "Первый"), row)
    assert found.definition is not None
    assert not found.faults
    age = found.definition.items[1]
    assert age.relevant == ["=", ["ref", "first"], ["lit", "x"]]
    assert age.required is True
    (check,) = age.checks
    assert check.message == {"ru": "Меньше 72"}


def test_columns_for_other_tools_are_told_apart_by_their_whole_name() -> None:
    heads = "type|name|label|body::attribute1|body::attribute2|instance::my_x|instance::my_y"
    found = reading(heads, ("text", "a", "А", 1, 2, 3, 4))
    assert found.definition is not None
    assert places(found) == ["survey!D1", "survey!E1", "survey!F1", "survey!G1"]


def test_two_spellings_of_one_column_are_named_both() -> None:
    found = reading("type|name|label|bind:relevant|relevance", ("text", "a", "А", None, "1 = 1"))
    (fault,) = found.errors
    assert fault.place == "survey!E1"
    assert "bind:relevant" in fault.message["ru"]


def test_older_names_of_settings_are_read() -> None:
    found = reading("type|name|label", ("text", "a", "А"), settings=[("id_string", "title"), ("covering", "Охват")])
    assert (found.name, found.title, found.faults) == ("covering", "Охват", ())


def test_a_column_of_the_choices_may_have_any_name_and_capitals() -> None:
    choices = [("list_name", "name", "label", "Count"), ("ab", "a", "А", "x"), ("ab", "b", "Б", "y")]
    found = reading("type|name|label|choice_filter", ("select_one ab", "q", "К", "Count = 'x'"), choices=choices)
    assert found.definition is not None
    assert not found.faults
    assert [one.extra["choice.count"] for one in found.definition.items[0].choices] == ["x", "y"]


@pytest.mark.parametrize(
    "said", ["get start time", "get today", "get phone number", "uri:deviceid", "sim id", "imei"]
)
def test_metadata_under_its_older_names_is_named_as_not_collected(said: str) -> None:
    found = reading("type|name|label", (said, "m", None), ("text", "a", "А"))
    assert found.definition is not None
    assert places(found) == ["survey!A2"]
    assert "не собирается" in found.faults[0].message["ru"]


def test_a_phone_number_is_a_question() -> None:
    found = reading("type|name|label", ("phone number", "p", "Телефон отца"))
    assert found.definition is not None
    assert [item.kind for item in found.definition.items] == [Kind.TEXT]
    assert places(found) == ["survey!A2"]


@pytest.mark.parametrize("said", ["number of days in last six months", "q geopoint", "add location prompt"])
def test_a_known_type_that_is_not_supported_is_not_called_unknown(said: str) -> None:
    (fault,) = reading("type|name|label", (said, "d", "Д"), ("text", "a", "А")).errors
    assert fault.place == "survey!A2"
    assert "не поддерживается" in fault.message["ru"]


def test_a_mistake_is_told_once_and_its_consequences_are_not() -> None:
    rows = [("begin group", "g", "Г"), ("geopoint", "p", "Место"), ("end group",)]
    assert [fault.place for fault in reading("type|name|label", *rows).faults] == ["survey!A3"]
    found = reading("type|name|label", ("calculate", "c", "Итог"), ("text", "a", "А"))
    assert [fault.place for fault in found.faults] == ["survey!A2"]


def test_a_list_whose_choices_are_refused_is_not_called_missing() -> None:
    choices = [("list_name", "name", "label"), ("pumps", "hand pump", "Ручной")]
    rows = [("select_one pumps", "pump", "Насос"), ("select_one none", "n", "Н")]
    assert places(reading("type|name|label", *rows, choices=choices)) == ["choices!B2", "survey!A3"]


def test_a_group_and_a_form_without_questions_are_still_refused() -> None:
    rows = [("begin group", "g", "Г"), ("end group",)]
    assert places(reading("type|name|label", *rows)) == ["survey", "survey!A2"]


def test_cells_without_a_heading_are_named_once_a_column() -> None:
    rows = [("text", "a", "А", "relevant"), ("text", "b", "Б", "${a} = 1", "x"), (None, None, None, None, None, "y")]
    found = reading("type|name|label", *rows)
    assert found.definition is not None
    assert places(found) == ["survey!D2", "survey!E3", "survey!F4"]


def test_columns_of_the_choices_that_no_filter_compares_are_named() -> None:
    choices = [("list_name", "name", "label", "area", "remarks"), ("ab", "a", "А", "x", "да"), ("ab", "b", "Б", "y")]
    found = reading("type|name|label|choice_filter", ("select_one ab", "q", "К", "area = 'x'"), choices=choices)
    assert found.definition is not None
    assert places(found) == ["choices!E1"]


def test_a_row_that_has_only_a_rule_lacks_its_type() -> None:
    found = reading("type|name|label|relevant", ("text", "a", "А"), (None, None, None, "${a} = 1"))
    assert [fault.place for fault in found.errors] == ["survey!A3"]


def test_further_rows_of_settings_are_named() -> None:
    found = reading(
        "type|name|label", ("text", "a", "А"), settings=[("form_title", "form_id"), ("А", "a"), ("Б", "b")]
    )
    assert places(found) == ["settings!A3"]


@pytest.mark.parametrize("said", [True, "TRUE", "true()"])
def test_a_cell_that_is_true_is_a_rule(said: object) -> None:
    found = reading("type|name|label|relevant", ("text", "a", "А", said))
    assert found.definition is not None, found.faults
    assert found.definition.items[0].relevant == ["call", "true"]


def test_choices_that_another_file_would_give_are_not_shown_as_they_stand() -> None:
    found = reading("type|name|label|appearance", ("select_one ab", "q", "Плод", "minimal search('fruits')"))
    assert [fault.place for fault in found.errors] == ["survey!D2"]


def test_a_substitution_is_named_wherever_a_text_has_one() -> None:
    choices = [("list_name", "name", "label"), ("ab", "a", "${first}"), ("ab", "b", "Б")]
    rows = [("text", "first", "А", "о ${first}", ". != ''", "Не ${first}"), ("select_one ab", "q", "К ${first}")]
    found = reading("type|name|label|hint|constraint|constraint_message", *rows, choices=choices)
    assert found.definition is not None
    assert places(found) == ["choices!C2", "survey!C3", "survey!D2", "survey!F2"]


def test_a_cell_that_is_true_has_the_name_that_excel_shows() -> None:
    choices = [("list_name", "name", "label", "open"), ("ab", "a", "А", True), ("ab", "b", "Б", False)]
    rows = [("text", False, "А"), ("select_one ab", "q", "К", "open = 'TRUE'")]
    form = reading("type|name|label|choice_filter", *rows, choices=choices).definition
    assert form is not None
    assert [item.name for item in form.items] == ["FALSE", "q"]
    assert [one.extra["choice.open"] for one in form.items[1].choices] == ["TRUE", "FALSE"]


def test_many_notices_keep_no_error_out_and_what_is_not_shown_is_counted() -> None:
    choices = [("list_name", "name", "label"), *(("ab", f"n{number}", None) for number in range(300))]
    found = reading("type|name|label", ("geopoint", "g", "Г"), ("text", "a", "А"), choices=choices)
    assert found.definition is None
    assert [fault.place for fault in found.errors] == ["survey!A2"]
    assert len(found.faults) == 202
    assert "Не показано замечаний: 100" in found.faults[-1].message["ru"]


def test_faults_stand_in_the_order_of_the_workbook() -> None:
    choices = [("list_name", "name", "label"), ("ab", "a", None)]
    rows = [("today", "t", None, None), ("select_one ab", "q", "${x}", "label"), ("geopoint", "g", "Г", None)]
    found = reading("type|name|label|appearance", *rows, choices=choices, other=[("x",)])
    assert [fault.place for fault in found.faults] == [
        "survey!A4",
        "survey!A2",
        "survey!C3",
        "survey!D3",
        "choices!C2",
        "other",
    ]
