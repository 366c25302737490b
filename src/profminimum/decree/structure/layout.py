"""Where in a source does the plan stand: its head, its tables, its section headings between them, its stamps?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.approval import plan_words
from profminimum.decree.structure.guess import guess_columns
from profminimum.decree.structure.prose import COLUMNS, read_prose
from profminimum.decree.structure.rows import Assembly, RawSection
from profminimum.decree.structure.stream import Line, Piece, TableRow, as_line, noise, pieces, stamp
from profminimum.decree.structure.table import Columns, header_at, same_header
from profminimum.decree.structure.wording import one_line, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from profminimum.decree.model import Place, Source

_ANNEX: Final = re.compile(r"(?:приложение|утвержд[её]н)\b", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"(?:(?:раздел|модуль|направление|блок|этап)\b|[IVX]{1,5}\.?\s+[А-ЯЁ«]|\d{1,2}\.\s*[А-ЯЁ«])", re.IGNORECASE
)


_FITS: Final = {"pdf": 0.8, "text": 1.0}


@dataclass(slots=True)
class Layout:
    """The parts of a source: `head` and `tail` are lines around the plan, `stamps` numbers with their places."""

    head: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    sections: list[RawSection] = field(default_factory=list)
    columns: list[Columns] = field(default_factory=list)
    stamps: list[tuple[str, Place]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def whole_texts(self) -> list[str]:
        """List the texts in which definitions are sought: sentences of the head, joined cells, the tail."""
        head = one_line("\n".join(line.text for line in self.head if not noise(line.text)))
        cells = [cell for section in self.sections for raw in section.measures for cell in raw.cells if cell]
        return [*sentences(head), *cells, *(line.text for line in self.tail)]


def lay_out(source: Source, *, readable: Callable[[str], bool]) -> Layout | None:
    """Part a source into act, plan and the rest; None when no table in it reads as a plan.

    `readable` tells a wording that is a whole term, which helps to tell a row cut by a page from a new one.
    """
    found, inside = pieces(source)
    layout = Layout(texts=_texts(found), stamps=[*_stamps(found), *inside])
    walk = _Walk(layout, Assembly(wraps=_FITS.get(source.format, 0), readable=readable))
    index = 0
    rows = [piece for piece in found if isinstance(piece, TableRow)]
    position = {id(row): number for number, row in enumerate(rows)}
    while index < len(found):
        piece = found[index]
        index += walk.row(rows, position[id(piece)]) if isinstance(piece, TableRow) else walk.line(piece)
    if not layout.columns:
        guessed = _headless(layout, rows, readable=readable, wraps=walk.assembly.wraps)
        return guessed or _without_table(layout)
    layout.tail.extend(walk.between)
    layout.sections = walk.assembly.finish()
    return layout if layout.sections else None


def _headless(
    layout: Layout, rows: Sequence[TableRow], *, readable: Callable[[str], bool], wraps: float
) -> Layout | None:
    """Read the widest table without a header when a line above it names a plan; None when there is no such table."""
    if not any(plan_words(line.text) for line in layout.head):
        return None
    tables = [[row for row in rows if row.table == table] for table in dict.fromkeys(row.table for row in rows)]
    guessed = [(columns, table) for table in tables if (columns := guess_columns(table)) is not None]
    if not guessed:
        return None
    columns, table = max(guessed, key=lambda pair: len(pair[1]))
    assembly = Assembly(wraps=wraps, readable=readable)
    for row in table:
        assembly.add(row, columns)
    places = {row.place for row in rows}
    layout.head = [line for line in layout.head if line.place not in places]
    layout.columns.append(columns)
    layout.sections = assembly.finish()
    return layout if layout.sections else None


def _without_table(layout: Layout) -> Layout | None:
    """Read a plan in numbered paragraphs with labels; None when there is no clear one.

    Where no plan is named above them they are clauses of the act itself, which stay in its head.
    """
    prose = read_prose(layout.head)
    if prose is None:
        return None
    if any(plan_words(line.text) or _ANNEX.match(line.text) for line in layout.head[: prose.start]):
        layout.tail = layout.head[prose.end :]
        layout.head = layout.head[: prose.start]
    layout.sections = prose.sections
    layout.columns.append(COLUMNS)
    return layout


class _Walk:
    """Goes through the pieces of a source and hands rows of the plan to the assembly."""

    def __init__(self, layout: Layout, assembly: Assembly) -> None:
        self._layout = layout
        self.assembly = assembly
        self.between: list[Line] = []
        self._columns: Columns | None = None
        self._table = 0
        self._in_plan = False
        self._annex = False

    def line(self, line: Line) -> int:
        if not self._layout.columns:
            self._layout.head.append(line)
        elif not noise(line.text):
            self.between.append(line)
            self._annex = self._annex or _ANNEX.match(line.text) is not None
        return 1

    def row(self, rows: Sequence[TableRow], index: int) -> int:
        """Take a row and give how many rows it used up."""
        row = rows[index]
        header = self._header(rows, index)
        if header is not None:
            columns, height = header
            self._enter(columns, row)
            return height
        if row.first and row.table != self._table:
            self._in_plan = self._goes_on(row)
            if self._in_plan and self._columns is not None:
                self._annex = False
                self._headings(self._columns, continues=True)
                self._table = row.table
        if not self._in_plan or self._columns is None:
            self._outside(row)
            return 1
        self.assembly.add(row, self._columns)
        return 1

    def _header(self, rows: Sequence[TableRow], index: int) -> tuple[Columns, int] | None:
        row = rows[index]
        inside = self._columns is not None and self._in_plan and row.table == self._table and not row.first
        if inside and not re.match(r"(?:№|п/п|N\b)", row.cells[0]) and not self._repeats(row):
            return None
        return header_at(rows, index)

    def _repeats(self, row: TableRow) -> bool:
        return self._columns is not None and same_header(row.cells, self._columns)

    def _enter(self, columns: Columns, row: TableRow) -> None:
        if self._columns is not None and self._columns.headings == columns.headings:
            columns = self._columns
        first = not self._layout.columns
        self._columns, self._table, self._in_plan, self._annex = columns, row.table, True, False
        if columns not in self._layout.columns:
            self._layout.columns.append(columns)
        if first:
            self._first_heading(columns)
        else:
            self._headings(columns, continues=False)

    def _first_heading(self, columns: Columns) -> None:
        """Take the last line above the first table as a section's heading when it reads as one."""
        head = [line for line in self._layout.head if not noise(line.text)]
        if len(head) < 2 or not _HEADING.match(head[-1].text) or len(head[-1].text) > 200:
            return
        if any(plan_words(line.text) for line in head[:-1]) and not re.search(r"[;.]$", head[-1].text):
            self.assembly.add_heading(head[-1].text, head[-1].place, columns)
            self._layout.head.remove(head[-1])

    def _headings(self, columns: Columns, *, continues: bool) -> None:
        """Read the lines between two tables of the plan: headings of sections, or nothing of the plan."""
        lines, self.between = self.between, []
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            if len(line.text) > 200 or _ANNEX.match(line.text) or plan_words(line.text):
                self._layout.tail.append(line)
            elif _HEADING.match(line.text) or (
                last and not continues and re.match(r"[А-ЯЁ«]", line.text) and len(lines) == 1
            ):
                self.assembly.add_heading(line.text, line.place, columns)
            else:
                self._layout.tail.append(line)

    def _goes_on(self, row: TableRow) -> bool:
        """Tell a table without a header that goes on with the plan above: as wide, no annex begun in between."""
        if self._columns is None:
            return False
        width = len(self._columns.headings)
        if self._annex and not (len(row.cells) == width and self._next_number(row)):
            return False
        return (
            len(row.cells) == width
            or (row.merged and len(row.cells) <= width)
            or same_header(row.cells, self._columns)
        )

    def _next_number(self, row: TableRow) -> bool:
        """Tell a row that must follow the last one: it begins with nothing, or with the number after its number."""
        first, last = row.cells[0].strip(" ."), self.assembly.last_number()
        if not first:
            return True
        head, _, tail = last.rpartition(".")
        return tail.isdigit() and first == (f"{head}." if head else "") + str(int(tail) + 1)

    def _outside(self, row: TableRow) -> None:
        line = as_line(row)
        if not self._layout.columns:
            self._layout.head.append(line)
        else:
            self.between.append(line)


def _texts(found: Sequence[Piece]) -> list[str]:
    texts: list[str] = []
    for piece in found:
        if isinstance(piece, Line):
            texts.append(piece.text)
        else:
            texts.extend(cell for cell in piece.cells if cell)
    return texts


def _stamps(found: Sequence[Piece]) -> list[tuple[str, Place]]:
    """List the numbers of stamps that stand alone on a line or in a row."""
    stamps: list[tuple[str, Place]] = []
    for piece in found:
        if isinstance(piece, Line):
            number = stamp(piece.text)
        else:
            only = {piece.cells[i] for i in piece.filled}
            number = stamp(only.pop()) if len(only) == 1 else ""
        if number:
            stamps.append((number, piece.place))
    return stamps
