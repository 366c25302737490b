"""A definition as JSON and back, and every fault of a form with the item and the attribute where it is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from monitoring_waves import definition
from profminimum.monitoring.schema.loading import FormError, dump, item, load, validate
from profminimum.monitoring.schema.model import (
    Check,
    Choice,
    Definition,
    Item,
    Kind,
    Severity,
    Source,
    Summary,
)
from profminimum.monitoring.schema.ordering import circles, order
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.rules import DEEPEST

LABEL = {"ru": "Вопрос", "en": "Question"}
ONE = (Choice("a", LABEL, {"region": "south"}), Choice("b", LABEL, {}))
REF = ["ref", "a"]


def question(name: str, kind: Kind = Kind.INTEGER, **more: Any) -> Item:
    return item(kind, name, LABEL, **more)


def form(*items: Item, checks: tuple[Check, ...] = ()) -> Definition:
    return Definition("form", LABEL, items, checks, {"ru": "Пояснение"})


FULL = form(
    question(
        "a",
        Kind.AMOUNT,
        hint=LABEL,
        required=["=", ["self"], ["lit", 1]],
        relevant=["ref", "b"],
        checks=(Check(["<", ["self"], ["lit", 5]], LABEL, Severity.WARNING),),
        default=1.5,
        unit={"ru": "ч"},
        least=0,
        most=10.5,
        decimals=1,
        source=Source("last", "a"),
        register="level.hours",
        summary=Summary.MEDIAN,
        read_only=True,
    ),
    question("b", Kind.ONE, choices=ONE, choice_filter=["=", ["ref", "region"], ["lit", "south"]]),
    question(
        "g", Kind.GROUP, items=(question("c", Kind.CALCULATED, calculation=REF), question("d", Kind.TEXT, longest=9))
    ),
    question("t", Kind.TABLE, rows=ONE, items=(question("e"),)),
    question("r", Kind.REPEAT, items=(question("f"),), at_least=1, at_most=3),
    checks=(Check(["ref", "b"], LABEL, Severity.ERROR),),
)


@pytest.mark.parametrize("made", [FULL, form(), definition()], ids=["full", "empty", "readiness"])
def test_a_definition_comes_back_as_it_was_written(made: Definition) -> None:
    data = dump(made)
    again = load(json.loads(json.dumps(data)))
    assert again == made
    assert dump(again) == data
    assert json.dumps(dump(again), sort_keys=True) == json.dumps(data, sort_keys=True)


def test_what_is_usual_is_not_written() -> None:
    assert dump(form(question("a")))["items"] == [{"kind": "integer", "name": "a", "label": LABEL}]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": None}, ("", "name")),
        ({"title": "Форма"}, ("", "title")),
        ({"items": {}}, ("", "items")),
        ({"items": ["a"]}, ("", "items")),
        ({"items": [{"kind": "integer", "label": {}}]}, ("", "name")),
        ({"items": [{"kind": "money", "name": "a", "label": {}}]}, ("a", "kind")),
        ({"items": [{"name": "a", "label": {}}]}, ("a", "kind")),
        ({"items": [{"kind": "integer", "name": "a", "label": "Вопрос"}]}, ("a", "label")),
        ({"items": [{"kind": "integer", "name": "a", "label": {}, "colour": "red"}]}, ("a", "colour")),
        ({"items": [{"kind": "integer", "name": "a", "label": {}, "summary": "mode"}]}, ("a", "summary")),
        ({"items": [{"kind": "integer", "name": "a", "label": {}, "source": "last:a"}]}, ("a", "source")),
        ({"items": [{"kind": "integer", "name": "a", "label": {}, "checks": [{"tree": 1}]}]}, ("a", "checks")),
        ({"items": [{"kind": "one", "name": "a", "label": {}, "choices": ["x"]}]}, ("a", "choices")),
        ({"items": [{"kind": "table", "name": "a", "label": {}, "rows": [{}]}]}, ("a", "rows")),
        ({"checks": [{"tree": 1, "message": {}, "severity": "fatal"}]}, ("", "checks")),
    ],
)
def test_a_broken_definition_is_refused_with_its_place(change: dict[str, Any], where: tuple[str, str]) -> None:
    with pytest.raises(FormError) as refused:
        load({**dump(form()), **change})
    assert (refused.value.item, refused.value.attribute) == where
    assert "повреждено" in refused.value.message["ru"]
    assert where[1] in str(refused.value)


@pytest.mark.parametrize("data", [None, [], "form", 5])
def test_what_is_no_object_is_no_definition(data: Any) -> None:
    with pytest.raises(FormError):
        load(data)


DEEP: Any = ["lit", 1]
for _level in range(DEEPEST):
    DEEP = ["neg", DEEP]
INSIDE = question("x")


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        (FULL, []),
        (form(question("1a")), [("1a", "name")]),
        (form(question("имя")), [("имя", "name")]),
        (form(question("a" * 61)), [("a" * 61, "name")]),
        (form(question("__proto__")), [("__proto__", "name")]),
        (form(question("a"), question("g", Kind.GROUP, items=(question("a"),))), [("a", "name")]),
        (form(question("a", Kind.ONE)), [("a", "choices")]),
        (form(question("a", Kind.MANY)), [("a", "choices")]),
        (form(question("a", Kind.ONE, choices=(ONE[0], ONE[0]))), [("a", "choices")]),
        (form(question("a", Kind.MANY, choices=(Choice("x y", LABEL, {}),))), [("a", "choices")]),
        (form(question("a", Kind.ONE, choices=(Choice("", LABEL, {}),))), [("a", "choices")]),
        (form(question("t", Kind.TABLE, items=(INSIDE,))), [("t", "rows")]),
        (form(question("t", Kind.TABLE, rows=ONE)), [("t", "rows")]),
        (form(question("t", Kind.TABLE, rows=(Choice("6", LABEL, {}),), items=(INSIDE,))), [("t", "rows")]),
        (form(question("t", Kind.TABLE, rows=(ONE[0], ONE[0]), items=(INSIDE,))), [("t", "rows")]),
        (form(question("g", Kind.GROUP)), [("g", "items")]),
        (form(question("r", Kind.REPEAT)), [("r", "items")]),
        (form(question("r", Kind.REPEAT, items=(INSIDE,), at_least=5, at_most=2)), [("r", "at_most")]),
        (form(question("r", Kind.REPEAT, items=(INSIDE,), at_most=501)), [("r", "at_most")]),
        (form(question("a", least=5, most=2)), [("a", "least")]),
        (form(question("a", decimals=10)), [("a", "decimals")]),
        (form(question("a", Kind.CALCULATED)), [("a", "calculation")]),
        (
            form(question("r", Kind.REPEAT, items=(question("t", Kind.TABLE, rows=ONE, items=(INSIDE,)),))),
            [("t", "kind")],
        ),
        (form(question("t", Kind.TABLE, rows=ONE, items=(question("x", Kind.FILE),))), [("x", "kind")]),
        (form(question("a", relevant=["ref", "z"])), [("a", "relevant")]),
        (form(question("a", required=["ref", "z"])), [("a", "required")]),
        (form(question("a", checks=(Check(["cell", "t", "r", "c"], LABEL, Severity.ERROR),))), [("a", "checks")] * 2),
        (form(question("a"), checks=(Check(["ref", "z"], LABEL, Severity.ERROR),)), [("", "checks")]),
        (form(question("a", Kind.ONE, choices=ONE, choice_filter=["ref", "z"])), [("a", "choice_filter")]),
        (form(question("a", relevant=DEEP)), [("a", "relevant")]),
        (form(question("a", relevant=["eval", "1"])), [("a", "relevant")]),
        (form(question("a", Kind.CALCULATED, calculation=REF)), [("a", "calculation")]),
        (
            form(question("a", relevant=["ref", "b"]), question("b", relevant=["ref", "a"])),
            [("a", "relevant"), ("b", "relevant")],
        ),
        (
            form(question("g", Kind.GROUP, relevant=["ref", "a"], items=(question("a"),))),
            [("g", "relevant"), ("a", "relevant")],
        ),
    ],
)
def test_each_fault_of_a_form_is_named_where_it_is(made: Definition, faults: list[tuple[str, str]]) -> None:
    found = validate(made)
    assert [(error.item, error.attribute) for error in found] == faults
    for error in found:
        assert error.message["ru"] != error.message["en"]


def calculated(name: str, *needs: str) -> Item:
    tree: Any = ["lit", 1]
    for each in needs:
        tree = ["+", tree, ["ref", each]]
    return question(name, Kind.CALCULATED, calculation=tree)


def test_only_what_turns_in_the_circle_is_called_one() -> None:
    made = form(
        calculated("before"),
        calculated("a", "b", "before"),
        calculated("b", "c"),
        calculated("c", "a"),
        calculated("after", "a"),
    )
    assert circles(made) == ("a", "b", "c")
    assert order(made) == ("before", "a", "b", "c", "after")


def test_a_column_may_look_at_another_and_at_its_sum_outside() -> None:
    table = question("t", Kind.TABLE, rows=ONE, items=(question("x"), calculated("y", "x", "all")))
    assert circles(form(table, calculated("all", "x"))) == ()
    assert circles(form(table, calculated("all", "y"))) == ("y", "all")


def test_long_and_tangled_calculations_are_put_in_order_at_once() -> None:
    chain = form(*[calculated(f"c{at}", *([f"c{at + 1}"] if at < 1999 else [])) for at in range(2000)])
    tangled = form(*[calculated(f"c{at}", *[f"c{each}" for each in range(max(0, at - 2), at)]) for at in range(300)])
    begun = time.perf_counter()
    assert order(chain)[0] == "c1999"
    assert order(chain)[-1] == "c0"
    assert circles(tangled) == ()
    assert validate(chain) == validate(tangled) == []
    assert time.perf_counter() - begun < 2


def test_a_form_is_prepared_once() -> None:
    made = definition()
    assert prepare(made) is prepare(made)
    assert prepare(made) is not prepare(definition())
