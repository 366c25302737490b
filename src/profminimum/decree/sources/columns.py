"""Which rows stand in a table whose columns are parted only by blanks, two or more in every line?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.sources.frames import join_lines
from profminimum.decree.sources.lines import Line, stamp

if TYPE_CHECKING:
    from profminimum.decree.sources.builder import Builder

_GAP: Final = re.compile(r"\S {2,}(?=\S)")
_MIN_LINES: Final = 3
_MIN_COLUMNS: Final = 3
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?")


def take(lines: list[Line], start: int, builder: Builder) -> int:
    """Take a table set with blanks that begins at `start`; the count of lines taken, 0 where it is not clear."""
    if len(_GAP.findall(lines[start].text)) < _MIN_COLUMNS - 1 or "\t" in lines[start].text:
        return 0
    block = _block(lines, start)
    starts = _column_starts([line.text for line in block if _GAP.search(line.text)])
    if len(starts) < _MIN_COLUMNS or sum(1 for line in block if _GAP.search(line.text)) < _MIN_LINES:
        return 0
    rows = [(line, _cut(line.text, starts)) for line in block]
    if sum(1 for _, cells in rows if _NUMBER.fullmatch(cells[0])) < 2:
        return 0
    groups: list[list[tuple[Line, list[str]]]] = []
    parted = True
    for line, cells in rows:
        if line.blank:
            parted = True
            continue
        alone = len(cells) == 1
        begins = bool(cells[0]) and (alone or parted or _NUMBER.fullmatch(cells[0]) is not None)
        if begins or not groups or alone != (len(groups[-1][0][1]) == 1):
            groups.append([])
        groups[-1].append((line, cells))
        parted = False
    for group in groups:
        _row(group, len(starts), builder)
    builder.end_table()
    return len(block)


def _row(group: list[tuple[Line, list[str]]], width: int, builder: Builder) -> None:
    first, texts = group[0]
    merged = len(texts) == 1
    cells = [join_lines([cells[column] for _, cells in group]) for column in range(len(texts))]
    builder.row(cells + [""] * (width - len(cells)), page=first.page, line=first.number, merged=merged)


def _block(lines: list[Line], start: int) -> list[Line]:
    """Lines that may belong to the table: up to two blank lines running, or a stamp, or prose of two lines."""
    end = start
    last = start
    prose = 0
    blanks = 0
    while end < len(lines):
        line = lines[end]
        blanks = blanks + 1 if line.blank else 0
        if blanks > 1 or "\t" in line.text or (stamp(line.text) and not line.text.startswith((" ", "1"))):
            break
        if _GAP.search(line.text) or re.match(r" {6,}\S", line.text):
            last = end
            prose = 0
        elif not line.blank:
            prose += 1
            if prose > 1:
                break
        end += 1
    return lines[start : last + 1]


def _column_starts(texts: list[str]) -> list[int]:
    """Where columns begin: after runs of two or more places that are blank in every line with gaps."""
    width = max((len(text) for text in texts), default=0)
    blank = [all(place >= len(text) or text[place] == " " for text in texts) for place in range(width)]
    starts: list[int] = []
    for place in range(width):
        if not blank[place] and (place == 0 or (blank[place - 1] and (place == 1 or blank[place - 2] or not starts))):
            starts.append(place)
    return starts


def _cut(text: str, starts: list[int]) -> list[str]:
    """Cut at the column starts; a line whose words cross the borders of columns is one cell."""
    if not _GAP.search(text) and any(
        place < len(text) and text[place - 1 : place + 1].strip() for place in starts[1:]
    ):
        crossing = sum(1 for place in starts[1:] if place < len(text) and text[place - 1] != " ")
        if crossing:
            return [text.strip()]
    ends = [*starts[1:], max(len(text), starts[-1])]
    return [text[begin:end].strip() for begin, end in zip(starts, ends, strict=True)]
