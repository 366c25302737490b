"""In what order do the lines and table rows of a source follow, and which of them are stamps of the paper?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from profminimum.decree.model import Paragraph, Place, Source

STAMP: Final = re.compile(
    r"(?:(?:вх|исх|рег)\w*\.?\s*)?(?:№\s*)?(?P<number>\d[\d.]*(?:-\d+)+(?:/\d+)*(?:-[а-яё]{1,4})?|\d[\d.]*-[а-яё]{1,4})\s*"
    r"(?:\([^()]*\)\s*)*(?:от\s*\d\d\.\d\d\.\d{4}\s*)?",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(
    r"\s?(?P<number>\d[\d.]*-\d+-[а-яё]{1,4})\s*\([а-яё]\)(?:\s*\(\d[\d.]*\))?\s?", re.IGNORECASE
)
_NOISE: Final = re.compile(
    r"(?:[-–—]?\s*\d{1,4}\s*[-–—]?|стр(?:аница|\.)?\s*\d+.*|\d+\s*(?:из|/)\s*\d+|"
    r"(?:приложение\W*)?лист\s*№?\s*\d+|(?:дата\s+)?(?:печати|распечатано|отпечатано).*|"
    r"документ\s+(?:подписан|предоставлен|создан|зарегистрирован).*|"
    r"(?:сертификат|действителен|владелец|подлинник)\b.*|"
    r"(?:www\.)?(?:consultant|garant|консультантплюс|гарант)\S*.*|"
    r"надежная правовая поддержка|продолжение (?:таблицы|приложения).*|https?://\S+|[-_=*\s]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or one line of it where the format knows lines only."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with the number of its table in the source; `first` tells the row that opens its table."""

    cells: tuple[str, ...]
    place: Place
    merged: bool
    table: int
    first: bool
    hanging: tuple[tuple[int, str], ...] = ()

    @property
    def filled(self) -> list[int]:
        return [index for index, cell in enumerate(self.cells) if cell]


Piece = Line | TableRow


def pieces(source: Source) -> tuple[list[Piece], list[tuple[str, Place]]]:
    """Flatten a source: paragraphs as lines, tables as rows, in reading order; empty rows are left out.

    Stamps that fell into a cell beside other words are taken out of it and given apart, as (number, place).
    """
    found: list[Piece] = []
    inside: list[tuple[str, Place]] = []
    table = 0
    for block in source.blocks:
        if isinstance(block, Paragraph) and block.margin:
            inside.extend((number, block.place) for line in block.text.split("\n") if (number := stamp(line)))
            continue
        if isinstance(block, Paragraph):
            found.extend(
                Line(text.strip().lstrip("#").strip(), block.place)
                for text in block.text.split("\n")
                if text.strip().lstrip("#")
            )
            continue
        table += 1
        first = True
        for row in block.rows:
            cells = tuple(_without_stamps(cell.strip(), row.place, inside) for cell in row.cells)
            if any(cells):
                found.append(TableRow(cells, row.place, row.merged, table, first, row.hanging))
                first = False
    return found, inside


def _without_stamps(cell: str, place: Place, inside: list[tuple[str, Place]]) -> str:
    if "-" not in cell or STAMP.fullmatch(cell):
        return cell
    kept = []
    for line in cell.split("\n"):
        number = stamp(line) if "-" in line and re.search(r"-[а-яё]{1,4}\b", line) else ""
        if number:
            inside.append((number, place))
            continue
        inside.extend((found["number"], place) for found in _GLUED.finditer(line))
        kept.append(_GLUED.sub(" ", line).strip())
    return "\n".join(line for line in kept if line)


def stamp(text: str) -> str:
    """Give the number that a registration stamp alone on its line carries («3.12-1327-р (п)(2.0)»), else «»."""
    found = STAMP.fullmatch(text.strip())
    return found["number"] if found and not re.fullmatch(r"[\d.\-]*20\d\d[\d.\-]*", found["number"]) else ""


def noise(text: str) -> bool:
    """Tell what the paper adds to the act: stamps, page numbers, dates of print, marks of legal databases."""
    return bool(stamp(text)) or _NOISE.fullmatch(text.strip()) is not None


def as_line(row: TableRow) -> Line:
    """Read a row outside the plan as a line of text, its cells parted by tabs."""
    seen: list[str] = []
    for cell in row.cells:
        if cell and (not seen or cell != seen[-1]):
            seen.append(" ".join(cell.split()))
    return Line("\t".join(seen), row.place)
