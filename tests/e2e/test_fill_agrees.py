"""Does the page say of an answer what the server will say? The forms of the pack, with random answers."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_waves import definition
from processes import ROOT
from profminimum.monitoring.queries.filling import script_of
from profminimum.monitoring.schema.answers import check, normalise
from profminimum.monitoring.schema.model import Context, Definition, Item, Kind
from profminimum.monitoring.xlsform.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]

FORMS = sorted((ROOT / "packs" / "profminimum_2023" / "forms").glob("*.xlsx"))
ANSWERS, SEED = 150, 20_231_201
LOAD = """async (form) => {
  const checking = await import("/static/monitoring/js/checking.js");
  window.prepared = checking.prepare(JSON.parse(form));
  window.checking = checking;
}"""
RUN = """([given, context]) => JSON.stringify(JSON.parse(given).map((answers) => {
  const words = new Proxy({}, { get: () => "%(n)s" });
  const found = checking.check(prepared, answers, {}, JSON.parse(context), words, "ru");
  return [found.answers, found.problems.map((one) => [one.place, one.code, one.severity]).sort()];
}))"""


def person(chance: random.Random) -> dict[str, str]:
    parts = {"name": "Иванова Анна", "post": "завуч", "phone": "+7 4242 12", "email": chance.choice(["a@b.ru", "a"])}
    return {name: said for name, said in parts.items() if chance.random() < 0.8}


def value(item: Item, chance: random.Random) -> Any:
    number = chance.choice([0, 1, 5, 17, 40, 60, 250, 900, 12_000, -3])
    text = chance.choice(["12-ОД", "Приказ", "а" * 120])
    made: dict[Kind, Any] = {
        **dict.fromkeys((Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT), number),
        **dict.fromkeys((Kind.TEXT, Kind.LONG), text),
        Kind.YESNO: chance.random() < 0.6,
        Kind.ONE: chance.choice([choice.name for choice in item.choices] or [""]),
        Kind.MANY: [choice.name for choice in item.choices if chance.random() < 0.5],
        Kind.DATE: chance.choice(["2023-09-01", "2023-12-31", "2022-02-28"]),
        Kind.PERSON: person(chance),
        Kind.FILE: {"file": 1, "name": "a.pdf", "size": 5},
    }
    return made[item.kind]


def answer(items: tuple[Item, ...], chance: random.Random) -> dict[str, Any]:
    """Some of the questions answered somehow."""
    found: dict[str, Any] = {}
    for item in items:
        if item.kind == Kind.GROUP:
            found |= answer(item.items, chance)
        elif chance.random() < 0.25 or item.kind in {Kind.NOTE, Kind.CALCULATED}:
            continue
        elif item.kind == Kind.TABLE:
            found[item.name] = {row.name: answer(item.items, chance) for row in item.rows}
        elif item.kind == Kind.REPEAT:
            found[item.name] = [answer(item.items, chance) for _entry in range(chance.randint(0, 3))]
        else:
            found[item.name] = value(item, chance)
    return found


def form_of(name: str) -> Definition:
    if name == "tests":
        return definition()
    path = next(path for path in FORMS if path.stem == name)
    found = read(path.read_bytes(), path.name).definition
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["tests", *(path.stem for path in FORMS)])
def test_the_page_and_the_server_say_the_same(visit: Visit, name: str) -> None:
    form, chance = form_of(name), random.Random(SEED)  # noqa: S311 - the same answers each time, nothing secret
    page = visit()
    page.evaluate(LOAD, script_of(form).split(">", 1)[1].rsplit("<", 1)[0])
    context = Context("2023-12-02", answer(form.items, chance), {"pupils": 120}, {"level": {"hours": 40}})
    given = [normalise(form, answer(form.items, chance))[0] for _one in range(ANSWERS)]
    as_json = {name: getattr(context, name) for name in ("today", "last", "registry", "registers")}
    theirs = json.loads(page.evaluate(RUN, [json.dumps(given), json.dumps(as_json)]))
    said = 0
    for answers, (settled, problems) in zip(given, theirs, strict=True):
        ours = check(form, answers, {}, context)
        mine = sorted([one.place, one.code, one.severity.value] for one in ours.problems)
        assert problems == mine, answers
        assert settled == ours.answers, answers
        said += len(mine)
    assert said > ANSWERS  # the answers were bad enough to be worth comparing
