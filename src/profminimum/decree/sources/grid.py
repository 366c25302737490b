"""How do rows of cells with spans become rows of equally many texts, merged cells once and empty beside and below?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from profminimum.decree.sources.builder import Builder

MAX_COLUMNS: Final = 400
_NEAR: Final = 0.012


@dataclass(slots=True)
class Cell:
    """A cell: its lines and nested tables in order, how many columns it covers, and whether it hangs from above.

    `void` tells a hanging place that no cell covers: the row begins later or ends earlier than others.
    """

    pieces: list[str | Grid] = field(default_factory=list)
    span: int = 1
    hanging: bool = False
    void: bool = False

    @property
    def grids(self) -> list[Grid]:
        return [piece for piece in self.pieces if not isinstance(piece, str)]

    def text(self) -> str:
        """The lines of the cell; a row of a table inside it is a line."""
        return "\n".join(piece if isinstance(piece, str) else piece.as_lines() for piece in self.pieces)


@dataclass(slots=True)
class Grid:
    """A table as a file describes it; `widths` of its columns in any one unit, empty where unknown."""

    rows: list[list[Cell]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    def as_lines(self) -> str:
        lines = (" ".join(filter(None, (cell.text() for cell in row))) for row in self.rows)
        return "\n".join(line for line in lines if line)

    @property
    def width(self) -> int:
        return max((sum(cell.span for cell in row) for row in self.rows), default=0)


def lay(grid: Grid, builder: Builder) -> None:
    """Add the table to the blocks: a merged cell's text stands in its first place, «» in the others it covers.

    A table inside a layout table (one column, or three columns and rows or more) is laid as a table of its own.
    """
    width = grid.width
    if width == 1 and any(cell.grids for row in grid.rows for cell in row):
        for row in grid.rows:
            for cell in row:
                flow(cell.pieces, builder)
        return
    columns = _columns(grid, width)
    above: dict[int, str] = {}
    for row in grid.rows:
        hanging: dict[int, str] = {}
        nested: list[Grid] = []
        texts = [""] * (max(columns, default=0) + 1)
        place = 0
        for cell in row:
            own = [inner for inner in cell.grids if inner.width >= 3 and len(inner.rows) >= 3]
            nested += own
            column = columns[min(place, len(columns) - 1)]
            if cell.hanging and not cell.void:
                hanging[column] = above.get(column, "")
            else:
                above.update(dict.fromkeys(columns[place : place + cell.span], ""))
            if not cell.hanging:
                pieces = [piece for piece in cell.pieces if isinstance(piece, str) or piece not in own]
                text = Cell(pieces).text()
                texts[column] = f"{texts[column]}\n{text}" if texts[column] else text
                above[column] = texts[column]
            place += cell.span
        builder.row(texts, merged=width > 1 and len(row) == 1 and not row[0].hanging, hanging=hanging.items())
        if nested:
            builder.end_table()
            for inner in nested:
                lay(inner, builder)
    builder.end_table()


def flow(pieces: Iterable[str | Grid], builder: Builder) -> None:
    """Add lines as paragraphs and tables as tables."""
    for piece in pieces:
        if isinstance(piece, str):
            builder.text(piece)
        else:
            lay(piece, builder)


def _columns(grid: Grid, width: int) -> list[int]:
    """Map grid places to columns: borders that lie next to each other are one, places where no cell begins go."""
    rows = [_starts(row) for row in grid.rows]
    begins = {0}.union(*rows)
    joined = _near_borders(grid, width, begins, rows)
    columns: list[int] = []
    for place in range(max(width, 1)):
        fresh = place in begins and place not in joined
        columns.append((columns[-1] if columns else -1) + (1 if fresh or not columns else 0))
    return columns


def _near_borders(grid: Grid, width: int, begins: set[int], rows: list[list[int]]) -> set[int]:
    """Places whose left border was drawn by hand almost on the one before it (within 1.2 % of the width).

    Where a row has cells that begin at both places, the narrow column is meant.
    """
    if len(grid.widths) < width or not sum(grid.widths):
        return set()
    edges = [0, *itertools.accumulate(grid.widths)]
    close = edges[-1] * _NEAR
    meant = {right for row in rows for left, right in itertools.pairwise(row) if edges[right] - edges[left] <= close}
    near: set[int] = set()
    last = 0
    for place in sorted(begins)[1:]:
        if edges[place] - edges[last] <= close and place not in meant:
            near.add(place)
        else:
            last = place
    return near


def _starts(row: Sequence[Cell]) -> list[int]:
    return [0, *itertools.accumulate(cell.span for cell in row)][:-1]
