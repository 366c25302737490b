"""Which rows stand in a table whose cells are parted by tabs, also when a cell runs over several lines?"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from typing import Final

from profminimum.decree.sources.builder import Builder, heads_section
from profminimum.decree.sources.lines import Line, continues, section, stamp

_MIN_TABS: Final = 2
_NUMBER: Final = re.compile(r"\s*\d{1,3}(?:\.\d{1,3})*\.?\s*")
_MAX_QUOTED_LINES: Final = 40


def take(lines: list[Line], start: int, builder: Builder) -> int:
    """Take a tab-separated table that begins at `start`; the count of lines taken, 0 where none begins."""
    if not _begins(lines, start, first=not builder.has_tables):
        return 0
    width = _width(lines, start)
    row: list[str] = []
    at = lines[start]
    index = start

    def flush() -> None:
        if row:
            cells = row + [""] * (width - len(row))
            builder.row(_unquoted(cells), page=at.page, line=at.number, merged=heads_section(cells))
            row.clear()

    while index < len(lines):
        line = lines[index]
        if line.blank and "\t" not in line.text:
            if not _goes_on(lines, index, width):
                break
            index += 1
            continue
        cells, used = _cells(lines, index)
        if len(cells) == 1 and _is_paragraph(lines, index, unfinished=len(row) < width):
            break
        if row and _joins(row, cells, width):
            row[-1] = f"{row[-1]}\n{cells[0]}"
            row.extend(cells[1:])
        else:
            flush()
            row.extend(cells)
            at = line
        index += used
    flush()
    builder.end_table()
    return index - start


def _begins(lines: list[Line], start: int, *, first: bool) -> bool:
    """Tell a row of a table from a signature or an indented line: three texts, or a full row of that width near.

    Before the `first` table of a file a lone text is its title, not a row.
    """
    line = lines[start]
    if line.tabs < _MIN_TABS or line.blank or (first and line.filled == 1):
        return False
    near = lines[max(0, start - 20) : start + 20]
    if not first and line.filled == 2 and _NUMBER.fullmatch(line.text.split("\t", 1)[0]):
        near += [replace(other, tabs=line.tabs) for other in lines[start + 1 : start + 4] if other.tabs > line.tabs]
    return line.filled >= 3 or any(other.tabs == line.tabs and other.filled >= 3 for other in near)


def _joins(row: list[str], cells: list[str], width: int) -> bool:
    """Tell whether the cells go on with the unfinished row above."""
    if len(row) + len(cells) - 1 > width or (len(row) == 1 and len(cells) == width and section(row[0])):
        return False
    if len(cells) == 1:
        return len(row) < width or continues(cells[0]) or not section(cells[0])
    return len(row) < width and not _NUMBER.fullmatch(cells[0])


def _is_paragraph(lines: list[Line], index: int, *, unfinished: bool) -> bool:
    """Tell a line without tabs that stands outside the table: a stamp, or text after the last row."""
    text = lines[index].text
    if stamp(text):
        return True
    if unfinished or continues(text):
        return False
    for line in lines[index + 1 : index + 8]:
        if line.blank:
            return True
        if line.tabs >= _MIN_TABS:
            return False
    return True


def _goes_on(lines: list[Line], index: int, width: int) -> bool:
    """Tell whether the table goes on with a row of the same width after the blank lines at `index`."""
    for line in lines[index : index + 4]:
        if line.text.strip():
            return line.tabs + 1 == width
    return False


def _width(lines: list[Line], start: int) -> int:
    """The number of cells that most rows of the run have; a header of more cells does not count by itself."""
    counts: Counter[int] = Counter()
    blanks = 0
    for line in lines[start : start + 80]:
        blanks = blanks + 1 if line.blank else 0
        if blanks > 2:
            break
        if (tabs := line.tabs) >= _MIN_TABS:
            counts[tabs + 1] += 1
    most = counts.most_common(1)[0][1]
    return max(count for count, times in counts.items() if times == most)


def _cells(lines: list[Line], index: int) -> tuple[list[str], int]:
    """Split a line at its tabs; a quoted cell may hold tabs and run over the lines below (as Excel writes it)."""
    text = lines[index].text
    if '"' in text and re.search(r'(?:^|\t)"', text):
        for used in range(1, _MAX_QUOTED_LINES):
            if index + used > len(lines):
                break
            if text.count('"') % 2 == 0 and (cells := _quoted(text)) is not None:
                return cells, used
            if index + used < len(lines):
                text += "\n" + lines[index + used].text
    return lines[index].text.split("\t"), 1


def _quoted(text: str) -> list[str] | None:
    """Split where quotes are balanced as Excel writes them; None where a quoted cell is not closed yet."""
    cells: list[str] = []
    position = 0
    while True:
        if text.startswith('"', position):
            match = re.compile(r'"(?:[^"]|"")*"(?=\t|\n|$)').match(text, position)
            if match is None:
                if '"' in text[position + 1 :].split("\t", 1)[0]:
                    match = re.compile(r"[^\t\n]*").match(text, position)
                else:
                    return None
        else:
            match = re.compile(r"[^\t\n]*").match(text, position)
        if match is None or (match.end() < len(text) and text[match.end()] == "\n"):
            return None
        cells.append(match[0])
        if match.end() == len(text):
            return cells
        position = match.end() + 1


def _unquoted(cells: list[str]) -> list[str]:
    """Take off quotes that only a program needed: round a cell with a line break, a tab or doubled quotes."""
    return [
        cell[1:-1].replace('""', '"')
        if re.fullmatch(r'"(?:[^"]|"")*"', cell, re.DOTALL) and len(cell) > 1 and re.search(r'\n|\t|""', cell[1:-1])
        else cell
        for cell in cells
    ]


def from_separated(text: str) -> str:
    """Rewrite a file with cells parted by «;» or «,» (CSV) so that tabs part them; other texts stay as they are."""
    head = text[:4096]
    if "\t" in head:
        return text
    delimiter = max(";,", key=head.count)
    if head.count(delimiter) < _MIN_TABS:
        return text
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    try:
        writer.writerows(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return text
    return out.getvalue()
