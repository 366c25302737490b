"""What does an authority's uploaded workbook say of each school? Row by row, each cell with its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from profminimum.monitoring.books.identity import ForeignError
from profminimum.monitoring.books.reading import HIGH, Fault, no_value, strangers
from profminimum.monitoring.books.targets import read
from profminimum.monitoring.books.wave import CODE, NAME, OF_CODE, OF_NUMBER, STATE, asked
from profminimum.monitoring.workbook import address, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.books.reading import Opened
    from profminimum.monitoring.books.targets import Target
    from profminimum.monitoring.schema.model import Definition


@dataclass(frozen=True, slots=True)
class Row:
    """A school of the workbook: its filled cells, and those that show no value."""

    line: int  # in the sheet, from 1
    code: str
    name: str
    number: int  # of the draft when the workbook was made
    given: list[tuple[Target, Any]] = field(repr=False)
    faults: list[Fault] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """`places`: where the column of a value stands; `lacking`: headings of the form that the file has no more."""

    title: str
    rows: list[Row]
    places: Mapping[str, int]
    foreign: list[Fault]
    lacking: list[Target]

    def where(self, row: Row, place: str) -> str:
        """The cell of a place in the row of a school; of a table as a whole its first cell, else the code."""
        column = self.places.get(place)
        if column is None:
            column = next((at for each, at in self.places.items() if place and each.startswith(f"{place}.")), CODE)
        return f"{self.title}!{address(row.line - 1, column)}"

    def holds(self, place: str) -> bool:
        """Has the workbook a cell for it?"""
        return place in self.places or any(place and each.startswith(f"{place}.") for each in self.places)


def read_wave(book: Opened, definition: Definition) -> Table:
    """The rows below the headings; ForeignError when the sheet with the hidden row is not there."""
    for title, rows in book.sheets.items():
        for top, row in enumerate(rows[:HIGH]):
            if row and words(row[CODE]) == OF_CODE:
                return _table(book, title, rows, top, definition)
    raise ForeignError(
        _("The sheet with the answers is not as it was: its hidden row is missing. Download the workbook anew.")
    )


def _table(book: Opened, title: str, rows: list[list[Any]], top: int, definition: Definition) -> Table:
    held = {target.place: target for target in asked(definition)}
    marks = {column: words(value) for column, value in enumerate(rows[top])}
    heads = [(column, held[mark]) for column, mark in marks.items() if mark in held]
    number = next((column for column, mark in marks.items() if mark == OF_NUMBER), -1)
    known = {CODE, NAME, STATE, number, *(column for column, _target in heads)}
    blind = book.blind.get(title, frozenset())
    found: list[Row] = []
    for at in range(top + 1, len(rows)):
        row = rows[at]
        code = words(row[CODE])
        given: list[tuple[Target, Any]] = []
        faults: list[Fault] = []
        for column, target in heads:
            value = row[column]
            if value == "" or value is None or (type(value) is str and value.isspace()):
                if blind and address(at, column) in blind:
                    faults.append(Fault(f"{title}!{address(at, column)}", no_value()))
            else:
                given.append((target, value if type(value) is str else read(target.item, value)))
        if code or given or faults:
            version = row[number] if number >= 0 else 0
            draft = int(version) if isinstance(version, float) else 0
            found.append(Row(at + 1, code, words(row[NAME]) if len(row) > NAME else "", draft, given, faults))
    here = {target.place for _column, target in heads}
    return Table(
        title=title,
        rows=found,
        places={target.place: column for column, target in heads},
        foreign=list(strangers(title, rows, top, top - 1, known)),
        lacking=[target for place, target in held.items() if place not in here],
    )
