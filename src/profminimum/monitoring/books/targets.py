"""Which cell of a workbook holds which value of a form, and what do filled cells say together?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from profminimum.decree.sources.xlsx import written as in_words
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import NO, PARTS, YES, words
from profminimum.monitoring.schema.values import BadValueError, many, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from profminimum.monitoring.schema.model import Choice, Definition, Item, Words

UNCELLED: Final = {Kind.FILE, Kind.NOTE, Kind.GROUP, Kind.REPEAT, Kind.TABLE, Kind.CALCULATED}  # hold no typed value
NUMBERS: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT}
_ASIS: Final = {Kind.DATE, Kind.YESNO, *NUMBERS}


@dataclass(frozen=True, slots=True)
class Target:
    """A cell for one value: of the field `name`, in the `row` of a table, its column or the `part` of a person."""

    place: str
    name: str
    row: str
    part: str
    item: Item  # what is asked in the cell
    above: Words  # the heading over it: the table, the person, the section
    title: Words

    @property
    def locked(self) -> bool:
        return self.item.read_only


def targets(definition: Definition) -> tuple[Target, ...]:
    """The cells in the order of the form; entries of repeats, files and calculated values have none."""
    found: list[Target] = []
    _collect(definition.items, definition.title, found)
    return tuple(found)


def _collect(items: Iterable[Item], section: Words, found: list[Target]) -> None:
    for item in items:
        if item.kind == Kind.GROUP:
            _collect(item.items, item.label, found)
        elif item.kind == Kind.TABLE:
            for row in item.rows:
                found += [_of_row(item, row, column) for column in columns(item)]
        else:
            found += of_item(item, section)


def columns(table: Item) -> tuple[Item, ...]:
    """The columns of a table, or children of a repeat, that can be typed into cells."""
    no = UNCELLED | {Kind.PERSON} if table.kind == Kind.TABLE else UNCELLED
    return tuple(column for column in table.items if column.kind not in no)


def _of_row(table: Item, row: Choice, column: Item) -> Target:
    title = {
        language: f"{words(row.label, language)} — {words(column.label, language)}"
        for language in {*row.label, *column.label}
    }
    return Target(
        f"{table.name}.{row.name}.{column.name}", table.name, row.name, column.name, column, table.label, title
    )


def of_item(item: Item, above: Words) -> list[Target]:
    """A cell for a plain question, four for a person, none for what holds no typed value."""
    if item.kind == Kind.PERSON:
        return [
            Target(f"{item.name}.{part}", item.name, "", part, item, item.label, title)
            for part, title in PARTS.items()
        ]
    return [] if item.kind in UNCELLED else [Target(item.name, item.name, "", "", item, above, item.label)]


def raw(given: Iterable[tuple[Target, Any]], held: Mapping[str, Any]) -> dict[str, Any]:
    """What the cells say, as the schema reads it; the rest of a table or a person stays as the answer holds it."""
    found: dict[str, Any] = {}
    for target, value in given:
        if not target.part:
            found[target.name] = value
        elif target.row:
            table = found.get(target.name)
            if table is None:
                table = found[target.name] = {
                    row: dict(cells) for row, cells in (held.get(target.name) or {}).items()
                }
            table.setdefault(target.row, {})[target.part] = value
        else:
            found.setdefault(target.name, dict(held.get(target.name) or {}))[target.part] = value
    return found


def read(item: Item, value: Any) -> Any:
    """A cell as the schema takes it: dates and numbers as they are where they are asked for, else as a text."""
    if isinstance(value, str) or item.kind in _ASIS:
        return value
    return in_words(value)


def write(item: Item, value: Any, language: str) -> str | float | date | None:
    """A value as it stands in a cell, so that reading the cell gives the value again."""
    if value is None:
        return None
    if item.kind == Kind.YESNO:
        return words(YES if value else NO, language)
    if item.kind in {Kind.ONE, Kind.MANY}:
        taken = value if isinstance(value, list) else [value]
        return "; ".join(said_by(item, str(name), language) for name in taken)
    if item.kind == Kind.DATE:
        return datetime.strptime(value, "%Y-%m-%d").date() if value > "1900-03" else str(value)  # noqa: DTZ007 - a day
    if item.kind in NUMBERS:
        return float(value)
    return str(value)


def said_by(item: Item, name: str, language: str) -> str:
    """A choice by its label when the label alone tells it, else by its name."""
    label = next((words(choice.label, language) for choice in item.choices if choice.name == name), name)
    try:
        clear = (many(item, label) == [name]) if item.kind == Kind.MANY else (one(item, label) == name)
    except BadValueError:
        clear = False
    return label if clear else name


def offered(item: Item, language: str) -> Sequence[str]:
    """What a drop-down offers; nothing where anything may be typed."""
    if item.kind == Kind.YESNO:
        return (words(YES, language), words(NO, language))
    if item.kind == Kind.ONE:
        return tuple(said_by(item, choice.name, language) for choice in item.choices)
    return ()
