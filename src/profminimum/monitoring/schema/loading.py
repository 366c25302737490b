"""How is a form kept as JSON, and is it one that can be asked? Reading, writing and the rules about a definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

from profminimum.monitoring.schema.bounds import beyond
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
from profminimum.monitoring.schema.ordering import circles
from profminimum.monitoring.schema.rules import broken
from profminimum.monitoring.schema.walking import references, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profminimum.monitoring.schema.model import Words

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
RESERVED: Final = {  # what the page of a form needs to be what it is in the browser
    "__proto__", "csrfmiddlewaretoken", "addEventListener", "appendChild", "dispatchEvent", "elements",
    "getAttribute", "matches", "querySelector", "querySelectorAll", "requestSubmit",
}  # fmt: skip
MOST_ENTRIES: Final = 500
MOST_DECIMALS: Final = 9
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

_Enum = TypeVar("_Enum", Kind, Severity, Summary)


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
    """The definition that `dump` wrote; FormError when it is not one, naming the item and what of it is wrong."""
    if not isinstance(data, Mapping):
        raise _broken("", "", "object")
    return Definition(
        name=_of(data, "", "name", str),
        title=_of(data, "", "title", Mapping),
        items=tuple(_item(one) for one in _of(data, "", "items", list)),
        checks=_checks(data, ""),
        note=data.get("note", {}),
    )


def _broken(item: str, attribute: str, wanted: str) -> FormError:
    where = attribute or "form"
    return FormError(
        item,
        attribute,
        {
            "ru": f"Определение формы повреждено: «{where}» должно быть: {wanted}.",
            "en": f"The definition is broken: «{where}» should be: {wanted}.",
        },
    )


def _of(data: Mapping[str, Any], item: str, attribute: str, kind: type[Any]) -> Any:
    found = data.get(attribute)
    if not isinstance(found, kind):
        raise _broken(item, attribute, {Mapping: "object"}.get(kind, kind.__name__))
    return found


def _item(data: Any) -> Item:
    if not isinstance(data, Mapping):
        raise _broken("", "items", "object")
    name = _of(data, "", "name", str)
    strange = data.keys() - EMPTY.keys() - {"kind", "name", "label"}
    if strange:
        raise _broken(name, min(strange), "nothing")
    more = {attribute: data.get(attribute, usual) for attribute, usual in EMPTY.items()}
    return Item(
        **{
            **more,
            "kind": _one_of(Kind, data.get("kind"), name, "kind"),
            "name": name,
            "label": _of(data, name, "label", Mapping),
            "checks": _checks(data, name),
            "choices": _choices(data, name, "choices"),
            "rows": _choices(data, name, "rows"),
            "items": tuple(_item(one) for one in more["items"]),
            "summary": _one_of(Summary, more["summary"], name, "summary"),
            "source": _source(more["source"], name),
        }
    )


def _one_of(kind: type[_Enum], value: Any, item: str, attribute: str) -> _Enum:
    try:
        return kind(value)
    except ValueError:
        raise _broken(item, attribute, ", ".join(kind)) from None


def _source(data: Any, item: str) -> Source | None:
    if data is None:
        return None
    if not isinstance(data, Mapping) or not all(isinstance(data.get(part), str) for part in ("kind", "field")):
        raise _broken(item, "source", "kind, field")
    return Source(data["kind"], data["field"])


def _checks(data: Mapping[str, Any], item: str) -> tuple[Check, ...]:
    try:
        return tuple(Check(one["tree"], one["message"], Severity(one["severity"])) for one in data.get("checks", ()))
    except (KeyError, TypeError, ValueError):
        raise _broken(item, "checks", "tree, message, severity") from None


def _choices(data: Mapping[str, Any], item: str, attribute: str) -> tuple[Choice, ...]:
    try:
        return tuple(Choice(one["name"], one["label"], one.get("extra", {})) for one in data.get(attribute, ()))
    except (AttributeError, KeyError, TypeError):
        raise _broken(item, attribute, "name, label") from None


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
    """All that is wrong with a form: names, choices, limits, rules and what they refer to, circles."""
    return [
        *_names(definition),
        *(
            error
            for one, parents in walk(definition.items)
            for error in (*_shape(one), *_nesting(one, parents), *_listed(one, "choices"), *_listed(one, "rows"))
        ),
        *_rules(definition),
        *_circles(definition),
        *(FormError(*found) for found in beyond(definition, rules(definition))),
    ]


def _names(definition: Definition) -> Iterator[FormError]:
    seen: set[str] = set()
    for one, _parents in walk(definition.items):
        if not NAME.fullmatch(one.name) or one.name in RESERVED:
            words = {
                "ru": f"Имя «{one.name}» не годится: латинские буквы, цифры и «_», не длиннее 60.",
                "en": f"The name «{one.name}» will not do: Latin letters, digits and «_», at most 60.",
            }
            yield FormError(one.name, "name", words)
        if one.name in seen:
            words = {"ru": f"Имя «{one.name}» уже занято.", "en": f"The name «{one.name}» is taken already."}
            yield FormError(one.name, "name", words)
        seen.add(one.name)


def _shape(one: Item) -> Iterator[FormError]:
    if one.kind in CHOOSING and not one.choices:
        words = {"ru": "Нет ни одного варианта ответа.", "en": "There is no choice to choose from."}
        yield FormError(one.name, "choices", words)
    if one.kind == Kind.TABLE and not (one.rows and one.items):
        words = {"ru": "У таблицы нет строк или столбцов.", "en": "The table has no rows or no columns."}
        yield FormError(one.name, "rows", words)
    if one.kind in {Kind.GROUP, Kind.REPEAT} and not one.items:
        words = {"ru": "Здесь нет ни одного вопроса.", "en": "There is no question in it."}
        yield FormError(one.name, "items", words)
    if one.kind == Kind.CALCULATED and one.calculation is None:
        words = {"ru": "Не указано, как вычислять.", "en": "It is not said how to calculate it."}
        yield FormError(one.name, "calculation", words)
    if one.least is not None and one.most is not None and one.least > one.most:
        words = {"ru": "Наименьшее больше наибольшего.", "en": "The least is more than the most."}
        yield FormError(one.name, "least", words)
    if one.kind == Kind.REPEAT and not 0 <= one.at_least <= one.at_most <= MOST_ENTRIES:
        words = {
            "ru": f"Записей может быть от 0 до {MOST_ENTRIES}, и наименьшее число не больше наибольшего.",
            "en": f"There may be from 0 to {MOST_ENTRIES} entries, the least not above the most.",
        }
        yield FormError(one.name, "at_most", words)
    if not 0 <= one.decimals <= MOST_DECIMALS:
        words = {
            "ru": f"Знаков после запятой может быть от 0 до {MOST_DECIMALS}.",
            "en": f"There may be from 0 to {MOST_DECIMALS} digits after the point.",
        }
        yield FormError(one.name, "decimals", words)


def _nesting(one: Item, parents: tuple[Item, ...]) -> Iterator[FormError]:
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


def _listed(one: Item, attribute: str) -> Iterator[FormError]:
    """Choices and rows: each once; a row is also a part of a place, so its name is like an item's."""
    seen: set[str] = set()
    for choice in one.rows if attribute == "rows" else one.choices:
        fits = NAME.fullmatch(choice.name) and choice.name not in RESERVED
        if not choice.name or (attribute == "rows" and not fits) or (one.kind == Kind.MANY and " " in choice.name):
            words = {"ru": f"Имя «{choice.name}» не годится.", "en": f"The name «{choice.name}» will not do."}
            yield FormError(one.name, attribute, words)
        if choice.name in seen:
            words = {"ru": f"«{choice.name}» названо дважды.", "en": f"«{choice.name}» is there twice."}
            yield FormError(one.name, attribute, words)
        seen.add(choice.name)


def _rules(definition: Definition) -> Iterator[FormError]:
    items = {one.name: one for one, _parents in walk(definition.items)}
    for name, attribute, tree in rules(definition):
        if wrong := broken(tree):
            yield FormError(name, attribute, wrong)
            continue
        known = set(items)
        if attribute == "choice_filter":
            known.update(column for choice in items[name].choices for column in choice.extra)
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
    kinds = {one.name: one.kind for one, _parents in walk(definition.items)}
    for name in circles(definition):
        calculated = kinds[name] == Kind.CALCULATED
        words = {
            "ru": f"«{name}» {'вычисляется' if calculated else 'показывается'} по кругу: через само себя.",
            "en": f"«{name}» is {'calculated' if calculated else 'shown'} in a circle: by itself.",
        }
        yield FormError(name, "calculation" if calculated else "relevant", words)
