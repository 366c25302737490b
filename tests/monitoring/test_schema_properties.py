"""What holds for any form and whatever is sent: nothing breaks, and what is kept is kept the second time too."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from profminimum.monitoring.schema.answers import check, normalise, progress, shown
from profminimum.monitoring.schema.cells import cells, row
from profminimum.monitoring.schema.changes import changes
from profminimum.monitoring.schema.loading import dump, item, load, validate
from profminimum.monitoring.schema.model import Check, Choice, Context, Definition, Item, Kind, Severity
from profminimum.monitoring.schema.reading import exists
from profminimum.monitoring.schema.saying import label, said
from profminimum.monitoring.schema.values import READERS

CONTEXT = Context("2023-12-01", {"q0": 5, "q1": "да"}, {"pupils": 120}, {"level": {"hours": 40}})
LABEL = {"ru": "Вопрос", "en": "Question"}
CHOICES = (Choice("a", LABEL, {"region": "s"}), Choice("b", {"ru": "Бэ"}, {"region": "n"}))
ROWS = (Choice("r1", LABEL, {}), Choice("r2", LABEL, {}))
PLAIN = sorted(READERS)
IN_TABLE = sorted(set(READERS) - {Kind.FILE, Kind.PERSON, Kind.MANY})


def calls(inner: st.SearchStrategy[Any], name: str, count: int) -> st.SearchStrategy[Any]:
    return st.tuples(*[inner] * count).map(lambda given: ["call", name, *given])


LEAVES = st.one_of(
    st.integers(0, 20).map(lambda at: ["ref", at]),
    st.sampled_from([["self"], ["last", "q0"], ["registry", "pupils"], ["register", "level", "hours"]]),
    st.sampled_from(
        [["call", "today"], ["call", "true"], ["call", "position"], ["lit", 1], ["lit", ""], ["lit", "a"]]
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["=", "!=", "<", ">=", "+", "*", "/", "and", "or"]), inner, inner).map(list),
        *[calls(inner, name, 1) for name in ("sum", "count", "string", "boolean", "round", "count-selected", "once")],
        *[calls(inner, name, 2) for name in ("concat", "coalesce", "selected", "max")],
        calls(inner, "if", 3),
        inner.map(lambda one: ["not", one]),
    ),
    max_leaves=6,
)


def named(tree: Any, names: list[str]) -> Any:
    """The tree with names in the place of their numbers."""
    if not isinstance(tree, list) or tree[0] == "lit":
        return tree
    if tree[0] == "ref":
        return ["ref", names[tree[1] % len(names)]]
    return [tree[0], *(named(part, names) for part in tree[1:])]


@st.composite
def forms(draw: st.DrawFn) -> Definition:
    """A form without circles: rules look at what stands above, and at columns and children from anywhere."""
    above: list[str] = ["base"]
    rows: list[str] = []

    def rule(of: list[str]) -> Any:
        return named(draw(TREES), of)

    def one(kinds: list[Kind], seen: list[str]) -> Item:
        kind = draw(st.sampled_from([*kinds, Kind.CALCULATED]))
        checks = [
            Check(rule(seen), LABEL, draw(st.sampled_from(Severity))) for _one in range(draw(st.integers(0, 1)))
        ]
        filtered = kind == Kind.ONE and draw(st.booleans())
        return item(
            kind,
            f"q{len(above) + len(rows)}",
            LABEL,
            required=named(draw(st.booleans() | TREES), seen),
            relevant=rule(seen) if draw(st.booleans()) else None,
            calculation=rule(seen) if kind == Kind.CALCULATED else None,
            checks=tuple(checks),
            choices=CHOICES if kind in {Kind.ONE, Kind.MANY} else (),
            choice_filter=["=", ["ref", "region"], rule(seen)] if filtered else None,
            least=draw(st.sampled_from([None, 0, 5])),
        )

    items: list[Item] = [item(Kind.INTEGER, "base", LABEL)]
    for at in range(draw(st.integers(1, 5))):
        shape = draw(st.sampled_from(["plain", "plain", "group", "table", "repeat"]))
        seen = [*above, *rows]
        if shape == "plain":
            items.append(one(PLAIN, seen))
            above.append(items[-1].name)
            continue
        inside: list[Item] = []
        for _child in range(draw(st.integers(1, 3))):
            inside.append(one(PLAIN if shape != "table" else IN_TABLE, [*seen, *(each.name for each in inside)]))
            (above if shape == "group" else rows).append(inside[-1].name)
        kind = Kind(shape)
        more: dict[str, Any] = {"rows": ROWS} if shape == "table" else {"at_least": 1} if shape == "repeat" else {}
        items.append(
            item(
                kind,
                f"{shape}{at}",
                LABEL,
                relevant=rule(seen) if draw(st.booleans()) else None,
                items=tuple(inside),
                **more,
            )
        )
        if shape != "group":
            above.append(f"{shape}{at}")
    whole = tuple(
        Check(named(draw(TREES), above), LABEL, Severity.WARNING) for _one in range(draw(st.integers(0, 1)))
    )
    return Definition("f", LABEL, tuple(items), whole, {})


SENSIBLE: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INTEGER: st.integers(-10, 10),
    Kind.DECIMAL: st.sampled_from([0.5, 2, "1,25", -3.0]),
    Kind.AMOUNT: st.sampled_from([40, 60.5]),
    Kind.TEXT: st.sampled_from(["да", "a", " x  y "]),
    Kind.LONG: st.sampled_from(["раз\r\nдва", "a"]),
    Kind.DATE: st.sampled_from(["2023-12-01", "25.08.2023"]),
    Kind.ONE: st.sampled_from(["a", "b", "Бэ"]),
    Kind.MANY: st.lists(st.sampled_from(["a", "b"])),
    Kind.YESNO: st.booleans(),
    Kind.FILE: st.just({"file": 1, "name": "a.pdf", "size": 5}),
    Kind.PERSON: st.just({"name": "Иванова", "post": "завуч"}),
    Kind.CALCULATED: st.integers(),
}
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "\x00", "1e999", "x" * 600]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Definition, dict[str, Any]]:
    """A form and what somebody sent to it: mostly sense, now and then anything at all."""
    made = draw(forms())
    sent: dict[str, Any] = {}

    def values(items: tuple[Item, ...]) -> dict[str, Any]:
        return {
            one.name: draw(JUNK if draw(st.integers(0, 9)) == 0 else SENSIBLE[one.kind])
            for one in items
            if draw(st.integers(0, 4))
        }

    for one in made.items:
        if one.kind == Kind.GROUP:
            sent |= values(one.items)
        elif one.kind == Kind.TABLE:
            sent[one.name] = {each.name: values(one.items) for each in ROWS if draw(st.booleans())}
        elif one.kind == Kind.REPEAT:
            sent[one.name] = [values(one.items) for _entry in range(draw(st.integers(0, 3)))]
        else:
            sent |= values((one,))
    return made, sent


@given(asked())
@settings(deadline=None, max_examples=200)
def test_what_is_kept_of_an_answer_stays_when_it_is_checked_again(given: tuple[Definition, dict[str, Any]]) -> None:
    made, sent = given
    assert validate(made) == []
    first = check(made, sent, {}, CONTEXT)
    again = check(made, first.answers, {}, CONTEXT)
    assert again.answers == first.answers
    unread = {"whole", "large", "number", "decimals", "text", "long", "date", "year", "yesno", "choice", "file"}
    left = [one for one in again.problems if one.code not in {"required", "entries"}]
    assert {(one.place, one.code) for one in left} <= {(one.place, one.code) for one in first.problems}
    assert not {one.code for one in again.problems} & (unread - {"choice"})
    assert json.loads(json.dumps(first.answers)) == first.answers
    json.dumps(first.answers, ensure_ascii=False).encode()  # a database can keep it
    assert "\\u0000" not in json.dumps(first.answers)


@given(asked())
@settings(deadline=None, max_examples=80)
def test_what_is_read_reads_the_same_again(given: tuple[Definition, dict[str, Any]]) -> None:
    made, sent = given
    answers, _problems = normalise(made, sent)
    assert normalise(made, answers) == (answers, [])
    assert normalise(made, json.loads(json.dumps(answers))) == (answers, [])


@given(asked())
@settings(deadline=None, max_examples=80)
def test_all_that_looks_at_an_answer_stands_anything(given: tuple[Definition, dict[str, Any]]) -> None:
    made, sent = given
    assert load(json.loads(json.dumps(dump(made)))) == made
    outcome = check(made, sent, {}, CONTEXT)
    visible = shown(made, sent, CONTEXT)
    sections = progress(made, outcome.answers, outcome, visible)
    assert all(0 <= one.filled <= one.asked for one in sections)
    assert set(outcome.answers) <= visible
    for problem in outcome.problems:
        assert not problem.place or problem.code in {"unknown", "shape"} or exists(made, problem.place)
        assert label(made, problem.place) or not problem.place
        assert problem.message["ru"]
    columns = cells(made)
    assert len(row(columns, outcome.answers)) == len(columns)
    for cell in columns:
        assert isinstance(said(cell.item, outcome.answers.get(cell.item.name)), str)
    assert changes(made, outcome.answers, outcome.answers) == ()
    gone = {one.place.partition(".")[0].partition("[")[0] for one in changes(made, outcome.answers, {})}
    assert gone <= set(outcome.answers)
