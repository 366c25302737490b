"""Which rows stand in a table whose cells are parted by pipes without a frame, when cells run over several lines?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.sources.frames import SPLIT, is_rule, join_lines
from profminimum.decree.sources.lines import Line, continues, section, stamp

if TYPE_CHECKING:
    from profminimum.decree.sources.builder import Builder

_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?")
_MIN_PIPES: Final = 2
_MOST_LINES: Final = 12  # of one cell without a pipe
_WHOLE_LINES: Final = 200  # without a broken row: there is none


def take(lines: list[Line], start: int, builder: Builder) -> int:
    """Take a table whose rows are broken over lines that begins at `start`; the count of lines taken, else 0.

    The first line tells how many pipes a row has. A line goes on with the row above as long as that has fewer.
    """
    need = _pipes(lines[start])
    if need < _MIN_PIPES or SPLIT.match(lines[start].text.strip()):
        return 0
    rows, used, broken = _rows(lines, start, need)
    if not broken or len(rows) < 2:
        return 0
    width = need if lines[start].text.rstrip().endswith("|") else need + 1
    for first, pieces in rows:
        cells = [join_lines(piece) for piece in pieces[:width]]
        lone = len(pieces) == 1
        builder.row(cells + [""] * (width - len(cells)), page=first.page, line=first.number, merged=lone)
    builder.end_table()
    return used


def _pipes(line: Line) -> int:
    return len(SPLIT.findall(line.text))


def _rows(lines: list[Line], start: int, need: int) -> tuple[list[tuple[Line, list[list[str]]]], int, bool]:
    """Gather rows as cells of lines; gives them, the count of lines used, and whether some row is broken."""
    rows: list[tuple[Line, list[list[str]]]] = []
    index = start
    broken = False
    while index < len(lines) and (broken or index - start < _WHOLE_LINES):
        line = lines[index]
        if is_rule(line.text):
            return [], 0, False
        parts = [part.replace("\\|", "|") for part in SPLIT.split(line.text)]
        held = rows[-1][1] if rows else []
        missing = need + 1 - len(held) if len(held) > 1 else 0
        kind = _kind(lines, index, parts, missing)
        if kind == "end":
            break
        if kind == "row":
            rows.append((line, [[part] for part in parts]))
        elif kind == "more":
            held[-1].append(parts[0])
            held.extend([part] for part in parts[1:])
            broken = True
        index += 1
    return rows, index - start, broken


def _kind(lines: list[Line], index: int, parts: list[str], missing: int) -> str:
    """Tell what a line is for the row above that lacks so many pipes: «row», «more», «skip» or «end»."""
    text = lines[index].text
    pipes = len(parts) - 1
    if not text.strip():
        return "skip" if any(_pipes(line) for line in lines[index + 1 : index + 2]) else "end"
    if pipes:
        number = _NUMBER.fullmatch(parts[0].strip()) is not None
        return "more" if missing > 0 and pipes <= missing and not number else "row"
    follows = any(_pipes(line) for line in lines[index + 1 : index + _MOST_LINES] if line.text.strip())
    if stamp(text) or section(text):
        return "end" if stamp(text) or not follows else "row"
    if missing > 0:
        return "more" if follows else "end"
    return "more" if continues(text) else "end"
