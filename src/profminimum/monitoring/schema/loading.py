"""How is a form kept as JSON, and is it one that can be asked? Reading, writing and the rules about a definition."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, Final

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
from profminimum.monitoring.schema.walking import references, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.schema.model import Words

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
CHOOSING: Final = {Kind.ONE, Kind.MANY}
EMPTY: Final[dict[str, Any]] = {
    "hint": {},
    "required": False,
    "relevant": None,
    "checks": (),
    "calculation": None,
    "default": None,
    "choices": (),
    "choice_filter": None,
    "unit": {},
    "least": None,
    "most": None,
    "decimals": 2,
    "longest": 0,
    "source": None,
    "register": "",
    "summary": Summary.NONE,
    "items": (),
    "rows": (),
    "at_least": 0,
    "at_most": 50,
    "read_only": False,
}


class FormError(Exception):
    """What is wrong with a definition: the item's name, the attribute, and words for people."""

    def __init__(self, item: str, attribute: str, message: Words) -> None:
        super().__init__(f"{item}.{attribute}: {message.get('en', message['ru'])}")
        self.item = item
        self.attribute = attribute
        self.message = message


def item(kind: Kind, name: str, label: Words, **more: Any) -> Item:
    """An item with what is usual in all that is not said."""
    return Item(**{**EMPTY, "kind": kind, "name": name, "label": label, **more})


def load(data: Mapping[str, Any]) -> Definition:
    """The definition that `dump` wrote; FormError when it is not one."""
    try:
        return Definition(
            name=data["name"],
            title=data["title"],
            items=tuple(_item(one) for one in data["items"]),
            checks=tuple(_check(one) for one in data.get("checks", ())),
            note=data.get("note", {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        words = {"ru": f"Определение формы повреждено: {error}", "en": f"The definition is broken: {error}"}
        raise FormError("", "", words) from error


def _item(data: Mapping[str, Any]) -> Item:
    more = {name: data.get(name, usual) for name, usual in EMPTY.items()}
    source = more["source"]
    return Item(
        **{
            **more,
            "kind": Kind(data["kind"]),
            "name": data["name"],
            "label": data["label"],
            "checks": tuple(_check(one) for one in more["checks"]),
            "choices": tuple(_choice(one) for one in more["choices"]),
            "rows": tuple(_choice(one) for one in more["rows"]),
            "items": tuple(_item(one) for one in more["items"]),
            "summary": Summary(more["summary"]),
            "source": Source(**source) if source else None,
        }
    )


def _check(data: Mapping[str, Any]) -> Check:
    return Check(data["tree"], data["message"], Severity(data["severity"]))


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(data["name"], data["label"], data.get("extra", {}))


def dump(definition: Definition) -> dict[str, Any]:
    """As plain JSON, without what is usual; `load` gives the same definition back."""
    return {
        "name": definition.name,
        "title": dict(definition.title),
        "note": dict(definition.note),
        "items": [_plain(one) for one in definition.items],
        "checks": [_plain(one) for one in definition.checks],
    }


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(value):
        given = getattr(value, field.name)
        if isinstance(value, Item) and given == EMPTY.get(field.name, MISSING):
            continue
        if isinstance(given, tuple):
            found[field.name] = [_plain(one) for one in given]
        elif isinstance(given, Source):
            found[field.name] = {"kind": given.kind, "field": given.field}
        else:
            found[field.name] = given
    return found


def validate(definition: Definition) -> list[FormError]:
    """All that is wrong with a form, in its order: names, choices, references, circles of calculations."""
    return [*_names(definition), *_shapes(definition), *_references(definition), *_circles(definition)]


def _names(definition: Definition) -> Iterator[FormError]:
    seen: set[str] = set()
    for one, _parents in walk(definition.items):
        if not NAME.fullmatch(one.name):
            words = {
                "ru": f"Имя «{one.name}» не годится: латинские буквы, цифры и «_», не длиннее 60.",
                "en": f"The name «{one.name}» will not do: Latin letters, digits and «_», at most 60.",
            }
            yield FormError(one.name, "name", words)
        if one.name in seen:
            words = {"ru": f"Имя «{one.name}» уже занято.", "en": f"The name «{one.name}» is taken already."}
            yield FormError(one.name, "name", words)
        seen.add(one.name)


def _shapes(definition: Definition) -> Iterator[FormError]:
    for one, parents in walk(definition.items):
        if one.kind in CHOOSING and not one.choices:
            words = {"ru": "Нет ни одного варианта ответа.", "en": "There is no choice to choose from."}
            yield FormError(one.name, "choices", words)
        if one.kind == Kind.TABLE and not (one.rows and one.items):
            words = {"ru": "У таблицы нет строк или столбцов.", "en": "The table has no rows or no columns."}
            yield FormError(one.name, "rows", words)
        inside = next((each for each in parents if each.kind in {Kind.TABLE, Kind.REPEAT}), None)
        if inside and one.kind in {Kind.TABLE, Kind.REPEAT, Kind.GROUP}:
            words = {
                "ru": f"Внутри «{inside.name}» нельзя поместить группу, таблицу или повтор.",
                "en": f"A group, a table or a repeat cannot stand inside «{inside.name}».",
            }
            yield FormError(one.name, "kind", words)
        if inside and inside.kind == Kind.TABLE and one.kind in {Kind.FILE, Kind.PERSON, Kind.MANY, Kind.NOTE}:
            words = {
                "ru": "Столбец таблицы не может быть файлом, лицом, примечанием или выбором нескольких.",
                "en": "A column of a table cannot be a file, a person, a note or several of.",
            }
            yield FormError(one.name, "kind", words)
        if one.kind == Kind.CALCULATED and one.calculation is None:
            words = {"ru": "Не указано, как вычислять.", "en": "It is not said how to calculate it."}
            yield FormError(one.name, "calculation", words)


def _references(definition: Definition) -> Iterator[FormError]:
    known = {one.name for one, _parents in walk(definition.items)}
    for name, attribute, tree in rules(definition):
        for missing in sorted(references(tree) - known):
            words = {
                "ru": f"Правило ссылается на «{missing}», но такого вопроса в форме нет.",
                "en": f"The rule refers to «{missing}», but the form has no such question.",
            }
            yield FormError(name, attribute, words)


def rules(definition: Definition) -> Iterator[tuple[str, str, Any]]:
    """All trees of a form: (name of the item or «», attribute, tree)."""
    for one, _parents in walk(definition.items):
        for attribute in ("required", "relevant", "calculation", "choice_filter"):
            tree = getattr(one, attribute)
            if isinstance(tree, list):
                yield one.name, attribute, tree
        for check in one.checks:
            yield one.name, "checks", check.tree
    for check in definition.checks:
        yield "", "checks", check.tree


def _circles(definition: Definition) -> Iterator[FormError]:
    needs = {
        one.name: references(one.calculation)
        for one, _parents in walk(definition.items)
        if one.kind == Kind.CALCULATED
    }
    done: set[str] = set()
    for name in needs:
        if _in_circle(name, needs, done, ()):
            words = {
                "ru": f"«{name}» вычисляется по кругу: через само себя.",
                "en": f"«{name}» is calculated in a circle: by itself.",
            }
            yield FormError(name, "calculation", words)


def _in_circle(name: str, needs: Mapping[str, frozenset[str]], done: set[str], path: tuple[str, ...]) -> bool:
    if name in path:
        return name == path[0]
    if name in done:
        return False
    found = any(_in_circle(each, needs, done, (*path, name)) for each in needs[name] if each in needs)
    if not found and not path:
        done.add(name)
    return found


def order(definition: Definition) -> tuple[str, ...]:
    """The names of the calculated items, each after those that it needs."""
    needs = {
        one.name: references(one.calculation)
        for one, _parents in walk(definition.items)
        if one.kind == Kind.CALCULATED
    }
    placed: dict[str, None] = {}

    def place(name: str, path: frozenset[str]) -> None:
        if name in placed or name in path:
            return
        for each in sorted(needs[name] & set(needs)):
            place(each, path | {name})
        placed[name] = None

    for name in needs:
        place(name, frozenset())
    return tuple(placed)
