"""Does the page find the same in an answer as the server? Random forms and answers, checked by both."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from profminimum.monitoring import schema
from profminimum.monitoring.queries.filling import script_of
from profminimum.monitoring.schema.answers import check, normalise, shown
from profminimum.monitoring.schema.loading import item, validate
from profminimum.monitoring.schema.model import Check, Choice, Context, Definition, Item, Kind, Severity
from profminimum.monitoring.schema.ordering import circles
from profminimum.monitoring.schema.values import READERS
from rule_forms import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page, Route

    from profminimum.monitoring.schema.rules import Names

SCRIPTS = Path(schema.__file__).parent.parent / "static" / "monitoring" / "js"
FORMS, BATCH, SEED = 1_000, 250, 20_231_202
LABEL = {"ru": "Вопрос", "en": "Question"}
CHOICES = (Choice("base", LABEL, {"kind": "a"}), Choice("main", LABEL, {"kind": "b"}), Choice("a", LABEL, {}))
RUN = """
async (cases) => {
  const { check, prepare } = await import("/checking.js");
  const words = new Proxy({}, { get: () => "" });
  return JSON.stringify(JSON.parse(cases).map(([form, answers, explanations, context]) => {
    const found = check(prepare(form), answers, explanations, context, words, "ru");
    return [found.answers, found.problems.map((one) => [one.place, one.code, one.severity]), [...found.hidden]];
  }));
}
"""


class FormMaker(Maker):
    """Whole forms with rules at every place that can have one."""

    def definition(self) -> tuple[Definition, dict[str, Any]]:
        names = self.begin()
        kinds = [*READERS, Kind.CALCULATED, Kind.CALCULATED]
        plain = [self.item(name, kinds, names) for name in self.plain]
        if len(plain) > 2:
            group = item(Kind.GROUP, "group", LABEL, relevant=self.maybe(names), items=tuple(plain[-2:]))
            plain = [*plain[:-2], group]
        cells = [kind for kind in kinds if kind not in {Kind.FILE, Kind.PERSON, Kind.MANY}]
        rows = tuple(Choice(row, LABEL, {}) for row in self.rows)
        columns = tuple(self.item(name, cells, names) for name in self.columns)
        children = tuple(self.item(name, kinds, names) for name in self.children)
        table = item(Kind.TABLE, "table", LABEL, rows=rows, items=columns, **self.rules(names))
        repeat = item(
            Kind.REPEAT, "repeat", LABEL, items=children, at_least=self.chance.randint(0, 2), **self.rules(names)
        )
        made = Definition("form", LABEL, (*plain, table, repeat), self.checks(names), {})
        while turning := set(circles(made)):
            made = Definition("form", LABEL, _straight(made.items, turning), made.checks, {})
        return made, self.sent(made.items)

    def maybe(self, names: Names) -> Any:
        return self.rule(names, 3)[1] if self.chance.random() < 0.3 else None

    def checks(self, names: Names) -> tuple[Check, ...]:
        count = self.chance.choice([0, 0, 1, 2])
        return tuple(
            Check(self.rule(names, 3)[1], LABEL, self.chance.choice(list(Severity))) for _check in range(count)
        )

    def rules(self, names: Names) -> dict[str, Any]:
        required = self.chance.choice([True, False, self.maybe(names) or False])
        return {"required": required, "relevant": self.maybe(names), "checks": self.checks(names)}

    def item(self, name: str, kinds: Sequence[Kind], names: Names) -> Item:
        kind = self.chance.choice(kinds)
        more = self.rules(names)
        if kind in {Kind.ONE, Kind.MANY}:
            more |= {
                "choices": CHOICES,
                "choice_filter": self.chance.choice([None, ["=", ["ref", "kind"], ["lit", "a"]]]),
            }
        if kind == Kind.CALCULATED:
            more["calculation"] = self.rule(names, 4)[1]
        if kind in {Kind.INTEGER, Kind.DECIMAL, Kind.CALCULATED}:
            more |= {"least": self.chance.choice([None, 0, 2.5]), "most": self.chance.choice([None, 3, 1000])}
        return item(kind, name, LABEL, **more)

    def sent(self, items: tuple[Item, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in items:
            if one.kind == Kind.GROUP:
                found |= self.sent(one.items)
            elif self.chance.random() < 0.2:
                continue
            elif one.kind == Kind.TABLE:
                found[one.name] = {row: self.sent(one.items) for row in self.rows}
            elif one.kind == Kind.REPEAT:
                found[one.name] = [self.sent(one.items) for _entry in range(self.chance.randint(0, 3))]
            else:
                found[one.name] = self.value(one.kind)
        return found

    def value(self, kind: Kind) -> Any:
        chance = self.chance
        known: dict[Kind, Any] = {
            Kind.ONE: chance.choice(["base", "main", "a"]),
            Kind.MANY: chance.sample(["base", "main", "a"], chance.randint(0, 3)),
            Kind.YESNO: chance.random() < 0.5,
            Kind.DATE: chance.choice(["2023-12-01", "2024-02-29"]),
            Kind.INTEGER: chance.randint(-2, 5),
            Kind.FILE: {"file": 1, "name": "a.pdf", "size": 5},
            Kind.PERSON: chance.choice(
                [
                    {"name": "Иванова", "post": "завуч"},
                    {"name": "Иванова", "phone": "12"},
                    {"post": "завуч", "email": "a@b"},
                ]
            ),
        }
        return known[kind] if kind in known else self.answer()


def _straight(items: tuple[Item, ...], turning: set[str]) -> tuple[Item, ...]:
    """The same items, without the rules by which some of them go in a circle."""
    found = []
    for one in items:
        usual = {name: getattr(one, name) for name in one.__slots__} | {"items": _straight(one.items, turning)}
        if one.name in turning:
            usual["relevant"] = None
            usual["calculation"] = ["lit", 1] if one.kind == Kind.CALCULATED else None
        found.append(Item(**usual))
    return tuple(found)


@pytest.fixture
def scripts(chromium: Browser) -> Iterator[Page]:
    """A page that has the scripts of the form and nothing else."""
    page = chromium.new_page()

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        if name.endswith(".js"):
            route.fulfill(body=(SCRIPTS / name).read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("**/*", answer)
    page.goto("http://forms.test/")
    yield page
    page.close()


def test_the_page_and_the_server_find_the_same_in_an_answer(scripts: Page) -> None:
    maker = FormMaker(random.Random(SEED))  # noqa: S311 - the same forms each time, nothing secret
    codes: Counter[str] = Counter()
    hidden = 0
    for _batch in range(FORMS // BATCH):
        made = [_case(maker) for _form in range(BATCH)]
        sent = [(_script(form), answers, explained, _plain(context)) for form, answers, explained, context in made]
        theirs = json.loads(scripts.evaluate(RUN, json.dumps(sent)), parse_int=float)
        for (form, answers, explained, context), (kept, problems, gone) in zip(made, theirs, strict=True):
            outcome = check(form, answers, explained, context)
            ours = sorted([one.place, one.code, one.severity.value] for one in outcome.problems)
            names = _names(form)
            assert (kept, sorted(problems)) == (outcome.answers, ours), (form, answers)
            assert set(gone) & names == names - shown(form, answers, context)
            hidden += len(set(gone) & names)
            codes.update(code for _place, code, _severity in ours)
    assert set(codes) == {"required", "limit", "choice", "rule", "explanation-missing", "entries", "email", "phone"}
    assert min(codes.values()) > 20
    assert hidden > 100


def _case(maker: FormMaker) -> tuple[Definition, dict[str, Any], dict[str, str], Context]:
    form, sent = maker.definition()
    assert [one for one in validate(form) if one.attribute != "choice_filter"] == []
    answers, _problems = normalise(form, sent)
    explained = {name: "потому что так" for name in _names(form) if maker.chance.random() < 0.5}
    return form, answers, explained, Context(**maker.scope()["context"])


def _names(form: Definition) -> set[str]:
    within = {one.name for each in form.items if each.kind == Kind.GROUP for one in each.items}
    return {one.name for one in form.items} | within


def _plain(context: Context) -> dict[str, Any]:
    return {name: getattr(context, name) for name in ("today", "last", "registry", "registers")}


def _script(form: Definition) -> Any:
    """The form as the page holds it."""
    match = re.search(r">(.*)</script>", script_of(form), re.DOTALL)
    assert match is not None
    return json.loads(match[1])
