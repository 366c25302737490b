"""How is a value or a place of a form said to a person?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import text
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.walking import walk
from profminimum.monitoring.schema.wanted import figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.schema.model import Definition, Item, Words

PARTS: Final[Mapping[str, Words]] = {
    "name": {"ru": "ФИО", "en": "name"},
    "post": {"ru": "должность", "en": "post"},
    "phone": {"ru": "телефон", "en": "phone"},
    "email": {"ru": "электронная почта", "en": "e-mail"},
}
YES: Final[Words] = {"ru": "да", "en": "yes"}
NO: Final[Words] = {"ru": "нет", "en": "no"}
_PLACE: Final = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?(?:\.(\w+))?")


def words(said_by: Words, language: str) -> str:
    """In that language, else in Russian."""
    return said_by.get(language) or said_by.get("ru", "")


def find(definition: Definition, name: str) -> Item | None:
    """The item of that name."""
    return next((item for item, _parents in walk(definition.items) if item.name == name), None)


def label(definition: Definition, place: str, language: str = "ru") -> str:
    """What a place is called: «Классы — 6 класс — охвачено»; the place itself when it is unknown, "" for the form."""
    match = _PLACE.fullmatch(place)
    item = find(definition, match[1]) if match else None
    if match is None or item is None:
        return place
    parts = [words(item.label, language)]
    _name, index, second, third = match.groups()
    if index is not None:
        parts.append(f"№ {int(index) + 1}")
    if item.kind == Kind.TABLE:
        parts += [words(row.label, language) for row in item.rows if row.name == second]
        second = third
    elif item.kind == Kind.PERSON and second in PARTS:
        parts.append(words(PARTS[second], language))
    child = next((each for each in item.items if each.name == second), None)
    if child is not None:
        parts.append(words(child.label, language))
        if third in PARTS and child.kind == Kind.PERSON:
            parts.append(words(PARTS[third], language))
    return " — ".join(parts)


def said(item: Item, value: Any, language: str = "ru") -> str:
    """A value as a person reads it: choices by their labels, numbers with spaces and a comma, dates as 25.08.2023.

    What a calculation leaves beyond the sixth decimal is not said.
    """
    if value is None or value == "":
        return ""
    if item.kind == Kind.YESNO or isinstance(value, bool):
        return words(YES if value else NO, language)
    if item.kind in {Kind.ONE, Kind.MANY}:
        taken = value if isinstance(value, list) else [value]
        labels = {choice.name: words(choice.label, language) for choice in item.choices}
        return ", ".join(labels.get(str(each), str(each)) for each in taken)
    if item.kind == Kind.DATE and isinstance(value, str) and len(value) == 10:
        return f"{value[8:]}.{value[5:7]}.{value[:4]}"
    if isinstance(value, (int, float)):
        return figures(round(value, max(6, item.decimals)), language)
    return _composed(item, value, language)


def measured(item: Item, value: Any, language: str = "ru") -> str:
    """The same with its unit: «78,2 %», «34 ч»; a number without a unit stands alone."""
    text_of, unit = said(item, value, language), words(item.unit, language)
    gap = "" if unit == "%" and language == "en" else "\u00a0"
    return f"{text_of}{gap}{unit}" if text_of and unit else text_of


def _composed(item: Item, value: Any, language: str) -> str:
    if item.kind == Kind.PERSON:
        return ", ".join(value[part] for part in PARTS if value.get(part))
    if item.kind == Kind.FILE:
        return str(value.get("name", ""))
    if item.kind == Kind.REPEAT:
        return "; ".join(_entry(item, entry, language) for entry in value)
    if item.kind == Kind.TABLE:
        labels = {row.name: words(row.label, language) for row in item.rows}
        return "; ".join(f"{labels.get(row, row)}: {_entry(item, held, language)}" for row, held in value.items())
    return text(value)


def _entry(item: Item, entry: Mapping[str, Any], language: str) -> str:
    parts = [
        f"{words(child.label, language)}: {said(child, entry[child.name], language)}"
        for child in item.items
        if entry.get(child.name) is not None
    ]
    return ", ".join(parts)
