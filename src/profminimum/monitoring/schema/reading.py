"""What was answered, of what came? From JSON, a plain post or a workbook to typed values, place by place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.model import Kind, Problem, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.values import PERSON_PARTS, BadValueError, blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.schema.model import Definition, Item
    from profminimum.monitoring.schema.preparing import Field

PLACE: Final = re.compile(r"(\w+)(?:\[(\d{1,4})\])?(?:\.(\w+))?(?:\.(\w+))?", re.ASCII)


def normalise(definition: Definition, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Typed values of what came, and what could not be read; blanks are left out, calculated values too."""
    ready, found = prepare(definition), list[Problem]()
    answers: dict[str, Any] = {}
    by_name = ready.by_name
    for name, value in raw.items():
        field = by_name.get(name)
        if field is not None and (kept := field.normal(value)) is not None:
            answers[name] = kept
        elif field is None or field.item.kind == Kind.GROUP:
            words = {"ru": f"В форме нет вопроса «{name}».", "en": f"The form has no question «{name}»."}
            found.append(Problem(name, "unknown", Severity.ERROR, words))
        elif field.item.kind != Kind.CALCULATED and value is not None:
            read_field(field, value, answers, found)
    return answers, found


def read_field(field: Field, value: Any, answers: dict[str, Any], found: list[Problem]) -> None:
    """Put the typed value of one field into `answers`, or what is wrong with it into `found`."""
    if blank(value):
        return
    item = field.item
    try:
        typed = _typed(field, value, found)
    except BadValueError as error:
        found.append(Problem(item.name, error.code, Severity.ERROR, error.message))
    else:
        if not blank(typed):
            answers[item.name] = typed


def _typed(field: Field, value: Any, found: list[Problem]) -> Any:
    if field.item.kind == Kind.TABLE:
        return _table(field, value, found)
    if field.item.kind == Kind.REPEAT:
        return _entries(field, value, found)
    return field.read(field.item, value) if field.read else None


def _shape(item: Item) -> Problem:
    words = {"ru": "Таблица прочитана не полностью: загрузите её заново.", "en": "The table could not be read."}
    return Problem(item.name, "shape", Severity.ERROR, words)


def _table(field: Field, value: Any, found: list[Problem]) -> dict[str, dict[str, Any]]:
    rows = {row.name for row in field.item.rows}
    if not isinstance(value, dict) or not all(isinstance(each, dict) or each is None for each in value.values()):
        found.append(_shape(field.item))
        return {}
    typed = {}
    for row, cells in value.items():
        if row not in rows:
            found.append(_shape(field.item))
        elif kept := _cells(field, cells or {}, f"{field.item.name}.{row}", found):
            typed[row] = kept
    return {row.name: typed[row.name] for row in field.item.rows if row.name in typed}  # as lists of rules see them


def _entries(field: Field, value: Any, found: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        found.append(_shape(field.item))
        return []
    typed = [_cells(field, entry, f"{field.item.name}[{at}]", found) for at, entry in enumerate(value[:1000])]
    while typed and not typed[-1]:
        typed.pop()
    return typed


def _cells(field: Field, given: Mapping[str, Any], place: str, found: list[Problem]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    known = {child.item.name for child in field.children}
    if not known.issuperset(given):
        found.append(_shape(field.item))
    for child in field.children:
        value = given.get(child.item.name)
        if value is None or child.read is None:
            continue
        if (kept := child.normal(value)) is not None:
            typed[child.item.name] = kept
            continue
        here: list[Problem] = []
        read_field(child, value, typed, here)
        found.extend(Problem(f"{place}.{one.place}", one.code, one.severity, one.message) for one in here)
    return typed


def nested(definition: Definition, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Raw answers from «place → value» of a plain post: «table.row.column», «repeat[0].child», «person.phone»."""
    ready, raw = prepare(definition), dict[str, Any]()
    entries: dict[str, dict[int, dict[str, Any]]] = {}
    for place, value in flat.items():
        match = PLACE.fullmatch(place)
        field = ready.by_name.get(match[1]) if match else None
        if match is None or field is None:
            continue
        name, index, second, third = match.groups()
        if field.item.kind == Kind.TABLE and second and third:
            raw.setdefault(name, {}).setdefault(second, {})[third] = value
        elif field.item.kind == Kind.REPEAT and index and second:
            entry = entries.setdefault(name, {}).setdefault(int(index), {})
            if third:
                entry.setdefault(second, {})[third] = value
            else:
                entry[second] = value
        elif field.item.kind in {Kind.PERSON, Kind.FILE} and second:
            raw.setdefault(name, {})[second] = value
        elif not (index or second):
            raw[name] = value
    for name, by_index in entries.items():
        raw[name] = [by_index[index] for index in sorted(by_index)]
    return raw


def exists(definition: Definition, place: str) -> bool:
    """Is it a place of the form: of a question, of a cell of a table, of a child in an entry, of a person's part?"""
    match = PLACE.fullmatch(place)
    field = prepare(definition).by_name.get(match[1]) if match else None
    if match is None or field is None:
        return False
    _name, index, second, third = match.groups()
    item = field.item
    if item.kind == Kind.TABLE:
        row = second is None or any(each.name == second for each in item.rows)
        cell = third is None or any(child.item.name == third for child in field.children)
        return index is None and row and cell and (second is None) == (third is None)
    if item.kind == Kind.REPEAT and index is not None and second is not None:
        child = next((each.item for each in field.children if each.item.name == second), None)
        return child is not None and (third is None or (child.kind == Kind.PERSON and third in PERSON_PARTS))
    return (index, third) == (None, None) and (
        second is None or (item.kind == Kind.PERSON and second in PERSON_PARTS)
    )
