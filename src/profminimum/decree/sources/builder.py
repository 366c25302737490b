"""How do the rows and lines that a reader finds become numbered blocks in reading order?"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from profminimum.decree.model import Block, Paragraph, Place, Row, Source, Table
from profminimum.decree.sources import tidy
from profminimum.decree.sources.safety import MAX_SECONDS, TooComplexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LETTERS = re.compile(r"[^\W\d_]{3,}")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:стр|лист)\w*\W*)?\d*\W*(?:из\W*\d+)?\W*", re.IGNORECASE)


class Builder:
    """Collects blocks; rows added one after another make one table until a paragraph or `end_table` comes.

    Raises `TooComplexError` when it has been at work for too long.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._rows: list[Row] = []
        self._margins: set[str] = set()
        self._tables = 1
        self._deadline = time.monotonic() + MAX_SECONDS

    def _check_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise TooComplexError

    @property
    def has_tables(self) -> bool:
        return self._tables > 1 or bool(self._rows)

    def paragraph(self, text: str, place: Place) -> None:
        self._check_time()
        text = tidy.clean(text)
        if text:
            self.end_table()
            self._blocks.append(Paragraph(text, place))

    def margin(self, text: str) -> None:
        """Add the text of a header or footer, once, however many pages bear it; page numbers alone are left out."""
        self._check_time()
        text = tidy.clean(text)
        if not _PAGE_NUMBER.fullmatch(text) and text not in self._margins:
            self.end_table()
            self._margins.add(text)
            self._blocks.append(Paragraph(text, Place(), margin=True))

    def text(self, text: str) -> None:
        """Add a paragraph of a format that has neither pages nor lines."""
        self.paragraph(text, Place())

    def row(
        self,
        cells: Sequence[str],
        *,
        page: int | None = None,
        line: int | None = None,
        sheet: str | None = None,
        number: int | None = None,
        merged: bool = False,
        hanging: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Add a row; `number` where the file numbers its rows itself (a sheet), else rows count from 1.

        `hanging` are the texts of cells that cover places of this row from above, by column.
        """
        self._check_time()
        texts = tuple(tidy.cell(text) for text in cells)
        row = number if number is not None else len(self._rows) + 1
        place = Place(page=page, line=line, table=self._tables, row=row, sheet=sheet)
        above = tuple((column, kept) for column, text in hanging if (kept := tidy.cell(text)) and not texts[column])
        self._rows.append(Row(texts, place, merged, above))

    def end_table(self) -> None:
        """Close the table in hand, dropping one that holds no text at all."""
        if any(any(row.cells) for row in self._rows):
            first = self._rows[0].place
            place = Place(page=first.page, line=first.line, table=self._tables, sheet=first.sheet)
            self._blocks.append(Table(tuple(self._rows), place))
            self._tables += 1
        self._rows = []

    def source(self, name: str, kind: str) -> Source:
        self.end_table()
        return Source(name, kind, tuple(self._blocks))


def heads_section(cells: Sequence[str]) -> bool:
    """Tell a row whose only text is a wording in its first cell: in plain text, a cell over the whole width."""
    return len(cells) > 1 and not any(cell.strip() for cell in cells[1:]) and _LETTERS.search(cells[0]) is not None
