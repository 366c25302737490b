"""How does an answer lie flat? One column for each single value, for exports, workbooks, summaries and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.preparing import SILENT
from profminimum.monitoring.schema.saying import PARTS, said
from profminimum.monitoring.schema.values import PERSON_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from profminimum.monitoring.schema.model import Answers, Definition, Item, Words

    Getter = Callable[[Answers], Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A single value of a form: where it lies, what it is called, how to take it out of an answer."""

    place: str
    kind: Kind
    title: Words
    unit: Words
    item: Item
    section: Words
    get: Getter


def cells(definition: Definition) -> tuple[Cell, ...]:
    """The columns in the order of the form; a repeat is one column with its entries joined."""
    found: list[Cell] = []
    _collect(definition.items, definition.title, found)
    return tuple(found)


def _collect(items: Sequence[Item], section: Words, found: list[Cell]) -> None:
    for item in items:
        if item.kind == Kind.GROUP:
            _collect(item.items, item.label, found)
        elif item.kind == Kind.TABLE:
            found += _of_table(item, section)
        elif item.kind == Kind.PERSON:
            found += [
                Cell(
                    f"{item.name}.{part}",
                    Kind.TEXT,
                    _joined(item.label, PARTS[part]),
                    {},
                    item,
                    section,
                    _inside(item.name, part),
                )
                for part in PERSON_PARTS
            ]
        elif item.kind not in SILENT:
            found.append(Cell(item.name, item.kind, item.label, item.unit, item, section, _plain(item)))


def _of_table(item: Item, section: Words) -> list[Cell]:
    return [
        Cell(
            f"{item.name}.{row.name}.{column.name}",
            column.kind,
            _joined(row.label, column.label),
            column.unit,
            column,
            section,
            _deep(item.name, row.name, column.name),
        )
        for row in item.rows
        for column in item.items
        if column.kind not in SILENT
    ]


def _joined(first: Words, second: Words) -> Words:
    return {
        language: f"{first.get(language) or first['ru']} — {second.get(language) or second['ru']}"
        for language in {*first, *second}
    }


def _inside(name: str, part: str) -> Getter:
    def get(answers: Answers) -> Any:
        held = answers.get(name)
        return held.get(part) if held else None

    return get


def _deep(table: str, row: str, column: str) -> Getter:
    def get(answers: Answers) -> Any:
        held = answers.get(table)
        cells_ = held.get(row) if held else None
        return cells_.get(column) if cells_ else None

    return get


def _plain(item: Item) -> Getter:
    name = item.name
    if item.kind == Kind.REPEAT:
        return lambda answers: said(item, answers.get(name), "ru") or None
    if item.kind == Kind.FILE:
        return _inside(name, "name")
    if item.kind == Kind.MANY:
        return lambda answers: " ".join(answers.get(name) or ()) or None
    return lambda answers: answers.get(name)


def row(columns: Sequence[Cell], answers: Answers) -> list[Any]:
    """The values of an answer in these columns; None where nothing was answered."""
    return [cell.get(answers) for cell in columns]


def repeats(definition: Definition) -> tuple[Item, ...]:
    """The repeats of a form: each is a sheet of its own in a workbook, a row an entry."""
    found: list[Item] = []

    def collect(items: Sequence[Item]) -> None:
        for item in items:
            if item.kind == Kind.REPEAT:
                found.append(item)
            elif item.kind == Kind.GROUP:
                collect(item.items)

    collect(definition.items)
    return tuple(found)
