"""Real public XLSForm workbooks: each becomes the form that pyxform reads, or what is in the way is named truly."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from pyxform.errors import PyXFormError

import public_xlsforms as public
from profminimum.monitoring.schema.answers import check, prefill
from profminimum.monitoring.schema.loading import dump, load
from profminimum.monitoring.schema.model import Context, Definition, Item, Kind
from profminimum.monitoring.schema.walking import walk
from profminimum.monitoring.xlsform.reading import Reading, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Question = tuple[str, str, str, frozenset[str], tuple[str, ...]]

EMPTY: Final = Context("2023-12-02", {}, {}, {})
OLD: Final = ("Файл «{}»: не книга Excel (XLSX). Сохраните его как XLSX.",)
NAMED_BY_US: Final = "bug_example_xls/group_name_test.xls"  # a group may lack its name here
FAMILIES: Final[Mapping[str, Iterable[str]]] = {  # our kinds → what pyxform calls the same
    "text": ("text", "string", "phone number"),
    "integer": ("integer", "int"),
    "decimal": ("decimal",),
    "date": ("date",),
    "note": ("note",),
    "calculated": ("calculate",),
    "yesno": ("acknowledge", "trigger"),
    "file": ("photo", "image", "file"),
    "one": ("select one",),
    "many": ("select all that apply",),
    "group": ("group",),
    "repeat": ("repeat",),
}
THEIRS: Final = {name: kind for kind, names in FAMILIES.items() for name in names}
DEVICE: Final = re.compile(
    r"(get |uri:)?(start|end|today|device ?id|sim ?(id|serial)|subscriber ?id|phone ?number|imei)( time)?"
)
MADE: Final = re.compile(r"generated_table_list_label_|reserved_name_for_")  # by pyxform itself, for looks
ASKED: Final = re.compile(
    r"(select(_one|_multiple| one| all that apply)|begin|end|text|string|int|integer|decimal|date|note|calculate"
    r"|image|trigger|acknowledge)( .*|_group|_repeat)?"
)
READ: Final = {  # sheet → the headings that mean something to us
    "survey": re.compile(
        r"type|name|(label|caption|hint|constraint_message)(:.*)?|required|relevant|relevance|constraint|calculation|default"
        r"|choice_filter|read_?only|repeat_count|appearance|bind::?\s*(relevant|constraint|jr:constraintmsg)"
    ),
    "choices": re.compile(r"list_name|name|value|(label|caption)(:.*)?"),
    "settings": re.compile(r"form_title|title|form_id|id_string|version|default_language"),
}


def reading(data: bytes, name: str) -> Reading:
    return read(data, name.rpartition("/")[2])


def faults(said: Iterable[str]) -> Iterator[tuple[str, str]]:
    """«survey!A3 A7: words» → (survey!A3, words), (survey!A7, words)."""
    for one in said:
        places, _colon, words = one.partition(": ")
        sheet, mark, cells = places.partition("!")
        yield from ((sheet + mark + cell, words) for cell in (cells.split() or [""]))


def ours(definition: Definition) -> Iterator[Question]:
    for item, parents in walk(definition.items):
        repeat = next((one.name for one in parents if one.kind == Kind.REPEAT), "")
        yield repeat, item.name, "text" if item.kind == Kind.LONG else item.kind.value, rules(item), choices(item)


def rules(item: Item) -> frozenset[str]:
    has = {
        "relevant": item.relevant is not None,
        "constraint": bool(item.checks),
        "calculation": item.calculation is not None,
        "required": bool(item.required),
        "choice_filter": item.choice_filter is not None,
    }
    return frozenset(name for name, there in has.items() if there)


def choices(item: Item) -> tuple[str, ...]:
    return tuple(one.name for one in item.choices)


def theirs(data: bytes) -> Iterator[Question]:
    """The same of pyxform; groups inside a repeat are left out: an entry is flat with us, and it is said so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl on what it does not keep of a workbook
        found = list(public.theirs(data))
    for repeat, one, lists in found:
        if DEVICE.fullmatch(one["type"]) and one["type"] != "phone number":
            continue
        bind = one.get("bind", {})
        counted = bind.get("readonly") and bind.get("calculate") and one["name"].endswith("_count")
        if (repeat and one["type"] == "group") or counted or MADE.match(one["name"]):
            continue
        has = {
            "relevant": bind.get("relevant"),
            "constraint": bind.get("constraint"),
            "calculation": bind.get("calculate"),
            "required": str(bind.get("required", "no")).lower() not in {"no", "false", "false()"},
            "choice_filter": one.get("choice_filter"),
        }
        listed = one.get("choices") or lists.get(one.get("itemset", ""), ())
        name = one["name"].replace("generated_note_name_", "note_")
        there = frozenset(rule for rule, said in has.items() if said)
        yield repeat, name, THEIRS[one["type"]], there, tuple(str(choice["name"]) for choice in listed)


def agree(data: bytes, definition: Definition) -> None:
    assert list(ours(definition)) == list(theirs(data))
    assert load(dump(definition)) == definition
    check(definition, prefill(definition, EMPTY), {}, EMPTY)


@pytest.mark.parametrize("name", public.BOOKS)
def test_each_fault_is_named_at_its_cell_and_nothing_else_is(name: str) -> None:
    expected = public.BOOKS[name]
    assert len(public.books()[name]) == expected["bytes"]
    found = reading(public.xlsx(name), name)
    assert (found.definition is None) == ("items" not in expected)
    for severity, said in (("error", expected.get("errors", ())), ("notice", expected.get("notices", ()))):
        here = [fault for fault in found.faults if fault.severity == severity]
        assert Counter(fault.place for fault in here) == Counter(place for place, _words in faults(said))
        for place, words in faults(said):
            there = [fault.message["ru"] for fault in here if fault.place == place]
            assert any(words in text for text in there), (place, words, there)
    assert all(fault.message["en"] not in {"", fault.message["ru"]} for fault in found.faults)


@pytest.mark.parametrize("name", public.FORMS)
def test_a_form_is_what_pyxform_reads(name: str) -> None:
    data = public.xlsx(name)
    found = reading(data, name).definition
    assert found is not None
    assert len(list(walk(found.items))) == public.BOOKS[name]["items"]
    agree(data, found)


@pytest.mark.parametrize("name", public.MENDED)
def test_who_follows_the_messages_has_the_form_that_pyxform_reads(name: str) -> None:
    data = public.mended(name)
    found = reading(data, name)
    assert found.definition is not None, [(fault.place, fault.message["ru"]) for fault in found.errors]
    assert len(list(walk(found.definition.items))) == public.BOOKS[name]["mended"]["items"]
    agree(data, found.definition)


def test_a_workbook_in_the_old_format_is_refused_with_what_to_do() -> None:
    old = [name for name in public.books() if name.endswith(".xls")]
    assert len(old) > 30
    for name in old:
        found = reading(public.books()[name], name)
        assert found.definition is None
        assert tuple(fault.message["ru"] for fault in found.faults) == tuple(
            text.format(name.rpartition("/")[2]) for text in OLD
        )


def test_no_heading_no_type_and_no_sheet_of_any_workbook_is_passed_over() -> None:
    for name in public.books():
        data = public.xlsx(name)
        told = {fault.place for fault in reading(data, name).faults}
        sheets = {title.lower(): rows for title, rows in public.cells(data).items()}
        if "survey" not in sheets:
            assert told == {""}, name
            continue
        assert told >= set(_unread(sheets)), name


def _unread(sheets: Mapping[str, list[list[Any]]]) -> Iterator[str]:
    """The places that a reader has to name: unknown headings, cells without one, unknown types, further sheets."""
    survey = sheets["survey"]
    named = {_tidy(one): column for column, one in enumerate(survey[0])}
    filters = {word for row in survey for word in re.findall(r"\w+", str(row[named.get("choice_filter", 0)]))}
    for title, rows in sheets.items():
        if title in READ:
            yield from _unread_columns(title, rows, filters if title == "choices" else set())
        elif any(value != "" for row in rows for value in row):
            yield title
    for at, row in enumerate(survey[1:], 1):
        said = " ".join(str(row[named["type"]]).lower().split())
        refused = said.startswith(("begin loop", "end loop")) or "_external" in said or said.endswith(" other")
        if said and (refused or not ASKED.fullmatch(said)):
            yield f"survey!{public.address(at, named['type'])}"


def _unread_columns(title: str, rows: list[list[Any]], filters: set[str]) -> Iterator[str]:
    for column in range(max(map(len, rows), default=0)):
        filled = [at for at, row in enumerate(rows[1:], 1) if column < len(row) and str(row[column]).strip()]
        said = _tidy(rows[0][column])
        if filled and not READ[title].fullmatch(said) and said not in filters:
            yield f"{title}!{public.address(0 if said else filled[0], column)}"


def _tidy(heading: Any) -> str:
    return re.sub(r"\s+", "_", str(heading).strip().lower())


def test_what_is_a_form_for_us_is_one_for_pyxform() -> None:
    forms = 0
    for name in public.books():
        data = public.xlsx(name)
        found = reading(data, name).definition
        if found is None:
            continue
        forms += 1
        if name == NAMED_BY_US:
            with pytest.raises(PyXFormError, match="no name"):
                list(theirs(data))
        else:
            agree(data, found)
    assert forms >= 20


def test_the_roster_of_the_tutorial_skips_and_limits_as_it_says() -> None:
    form = reading(public.xlsx("example_xls/tutorial.xls"), "tutorial.xls").definition
    assert form is not None
    child = {"name": "A", "older_than_five": "no", "age_in_months": 80, "age_in_years": 30, "literate": "yes"}
    found = check(form, {"member": [child]}, {}, EMPTY)
    assert [one.place for one in found.problems if one.code == "rule"] == ["member[0].age_in_months"]
    (kept,) = found.answers["member"]
    assert "age_in_years" not in kept
    assert "literate" not in kept


def test_the_older_cascade_calculates_where_one_is() -> None:
    form = reading(public.xlsx("example_xls/cascading_select_test_equivalent.xls"), "cascade.xls").definition
    assert form is not None
    answers = {"mylga_zone": "zone_2", "mylga_state_in_zone_2": "state_4", "mylga_state_in_zone_1": "state_1"}
    found = check(form, {**answers, "mylga_lga_in_state_4": "lga_2"}, {}, EMPTY)
    assert not found.errors
    assert "mylga_state_in_zone_1" not in found.answers
    assert (found.answers["mylga_state"], found.answers["mylga"]) == ("state_4", "lga_2")


def test_a_missing_archive_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(public, "FOLDER", tmp_path)
    public.books.cache_clear()
    with pytest.raises(pytest.fail.Exception, match="run `make test`"):
        public.books()
    (tmp_path / "another.whl").write_bytes(b"PK")
    with pytest.raises(pytest.fail.Exception, match=r"requirements/samples\.txt"):
        public.books()
    public.books.cache_clear()
