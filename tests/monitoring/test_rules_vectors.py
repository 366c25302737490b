"""The vectors of the rules, which both evaluators pass: here the one of the server (the browser's: tests/e2e)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from profminimum.monitoring import schema
from profminimum.monitoring.schema.evaluate import Scope, truth, value
from profminimum.monitoring.schema.model import Context
from profminimum.monitoring.schema.rules import FUNCTIONS, Names, RuleError, broken, compile_rule

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "rule_vectors.json").read_text(encoding="utf-8"))
GIVEN = VECTORS["names"]
NAMES = Names(set(GIVEN["items"]), {name: (set(rows), set(cols)) for name, (rows, cols) in GIVEN["tables"].items()})


def scope(name: str) -> Scope:
    given = VECTORS["scopes"][name]
    return Scope(
        given["answers"],
        Context(**given["context"]),
        GIVEN["inside"],
        given.get("entry"),
        given.get("of", ""),
        given.get("itself"),
        given.get("position", 0),
    )


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: f"{case['scope']}: {case['rule']}")
def test_a_rule_gives_what_the_vector_says(case: dict[str, Any]) -> None:
    tree = compile_rule(case["rule"], NAMES)
    assert broken(tree) is None
    assert json.loads(json.dumps(tree)) == tree
    given = value(tree, scope(case["scope"]))
    assert given == case["gives"]
    assert isinstance(given, bool) == isinstance(case["gives"], bool)
    assert truth(tree, scope(case["scope"])) is (given not in (None, False, 0, "", []))


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["rule"])
def test_a_broken_rule_is_refused_in_both_languages(case: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        compile_rule(case["rule"], NAMES)
    assert case["en"] in refused.value.message["en"]
    assert case["ru"] in refused.value.message["ru"]
    assert f"character {refused.value.position + 1}" in refused.value.message["en"]


def test_no_vector_stands_twice_and_each_function_has_some() -> None:
    said = [(case["rule"], case["scope"]) for case in VECTORS["cases"]]
    assert len(said) == len(set(said)) > 300
    for name in FUNCTIONS:
        assert any(f"{name}(" in rule for rule, _scope in said), name


def test_the_evaluator_of_the_browser_needs_nothing_that_a_strict_policy_forbids() -> None:
    source = (Path(schema.__file__).parent.parent / "static" / "monitoring" / "js" / "rules.js").read_text("utf-8")
    assert not re.search(
        r"\beval\b|\bFunction\s*\(|^\s*import\b|setTimeout|innerHTML|document\.", source, re.MULTILINE
    )
    written = set(
        re.findall(r"^  (?:\"([a-z-]+)\"|([a-z]+))(?::|,$)", source[source.index("const WORK") :], re.MULTILINE)
    )
    known = {one or other for one, other in written}
    special = {"if", "today", "now", "position", "once", "not"}  # these look at the scope or at one branch
    assert set(FUNCTIONS) - special <= known
