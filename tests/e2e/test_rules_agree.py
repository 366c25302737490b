"""Do both evaluators say the same? The vectors, and ten thousand random forms with random answers, in a browser."""

from __future__ import annotations

import base64
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from profminimum.monitoring import schema
from profminimum.monitoring.schema.evaluate import Scope, truth, value
from profminimum.monitoring.schema.model import Context
from profminimum.monitoring.schema.rules import FUNCTIONS, Names, compile_rule
from rule_forms import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

VECTORS = Path(__file__).parent.parent / "monitoring" / "rule_vectors.json"
SOURCE = Path(schema.__file__).parent.parent / "static" / "monitoring" / "js" / "rules.js"
FORMS, BATCH, SEED = 10_000, 1_000, 20_231_201
RUN = """
([cases]) => JSON.stringify(JSON.parse(cases).map(([tree, scope]) => {
  try {
    const found = rules.value(tree, scope);
    const strange = found === undefined || (typeof found === "number" && !Number.isFinite(found));
    return [strange ? `strange: ${found}` : found, rules.truth(tree, scope)];
  } catch (error) { return [`failed: ${error}`, null]; }
}))
"""


@pytest.fixture
def evaluator(chromium: Browser) -> Iterator[Page]:
    """An empty page that has the evaluator of the browser as `rules`."""
    page = chromium.new_page()
    page.goto("about:blank")
    module = base64.b64encode(SOURCE.read_bytes()).decode()
    page.evaluate(
        "async (source) => { window.rules = await import(source) }", f"data:text/javascript;base64,{module}"
    )
    yield page
    page.close()


def browser(page: Page, cases: list[tuple[Any, dict[str, Any]]]) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(page.evaluate(RUN, [json.dumps(cases)]), parse_int=float)
    return found


def server(tree: Any, given: dict[str, Any]) -> list[Any]:
    scope = Scope(
        given["answers"],
        Context(**given["context"]),
        given["inside"],
        given["entry"],
        given["of"],
        given["itself"],
        given["position"],
    )
    return [value(tree, scope), truth(tree, scope)]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def test_the_browser_passes_the_vectors(evaluator: Page) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    given = vectors["names"]
    names = Names(
        set(given["items"]), {name: (set(row), set(column)) for name, (row, column) in given["tables"].items()}
    )
    cases = [
        (compile_rule(case["rule"], names), {"inside": given["inside"], **vectors["scopes"][case["scope"]]})
        for case in vectors["cases"]
    ]
    for case, (found, _truth) in zip(vectors["cases"], browser(evaluator, cases), strict=True):
        assert same(found, case["gives"]), (case, found)


def test_both_evaluators_agree_on_random_forms_and_answers(evaluator: Page) -> None:
    maker = Maker(random.Random(SEED))  # noqa: S311 - the same forms each time, nothing secret
    used: dict[str, int] = {}
    for _batch in range(FORMS // BATCH):
        made = [one for _form in range(BATCH) for one in maker.form()]
        for rule, _tree, _scope in made:
            for name in re.findall(r"([a-z-]+)\(", rule):
                used[name] = used.get(name, 0) + 1
        answers = browser(evaluator, [(tree, scope) for _rule, tree, scope in made])
        for (rule, tree, scope), theirs in zip(made, answers, strict=True):
            ours = server(tree, scope)
            assert same(ours, theirs), f"{rule}\nserver: {ours!r}\nbrowser: {theirs!r}\n{scope}"
    assert set(FUNCTIONS) <= set(used)
    assert min(used[name] for name in FUNCTIONS) > 100
