"""Which columns of a PDF page stand without rules, and which lines are the rows of their table?"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.sources.pdf_tables import Box, Ruled

if TYPE_CHECKING:
    from profminimum.decree.sources.pdf_page import Word

_MIN_COLUMNS: Final = 3
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?")
_GAP: Final = 0.9
Spans = list[tuple[float, float]]


def aligned(lines: list[list[Word]], before: Spans) -> tuple[Ruled, int, int, Spans] | None:
    """Find a table set without rules: itself, its first and last+1 lines and its columns; None where it is not clear.

    Clear are three columns or more that every line with gaps keeps, and two rows or more that begin with a number;
    or the columns that the table of the page `before` had.
    """
    parts = [_segments(line) for line in lines]
    wide = [position for position, segments in enumerate(parts) if len(segments) >= _MIN_COLUMNS]
    if len(wide) < (1 if before else 2):
        return None
    first, last = wide[0], wide[-1] + 1
    while last < len(lines) and len(parts[last]) > 1:
        last += 1
    gapped = [segments for segments in parts[first:last] if len(segments) > 1]
    own = [(segment[0].x0, segment[-1].x1) for segments in gapped for segment in segments]
    spans = _joined([*own, *before])
    goes_on = bool(before) and len(spans) == len(before)
    if not goes_on:
        spans = _joined(own)
    if len(spans) < _MIN_COLUMNS:
        return None
    last = _extend(lines, spans, last)
    while goes_on and first > 0 and _belongs(lines[first - 1], lines[first], spans):
        first -= 1
    rows = _rows(lines[first:last], spans)
    numbered = sum(1 for row in rows if row[0] is not None and _NUMBER.fullmatch(_plain(row[0])))
    if numbered < 2 and not goes_on:
        return None
    merged = [sum(1 for box in row if box is not None) == 1 and _crosses(row, spans) for row in rows]
    return Ruled(lines[first][0].top, rows, merged), first, last, spans


def _plain(box: Box) -> str:
    return " ".join(word.text for word in box.words)


def _segments(line: list[Word]) -> list[list[Word]]:
    """Part a line where the gap between words is wider than a blank could be."""
    segments: list[list[Word]] = [[line[0]]]
    for left, right in itertools.pairwise(line):
        if right.x0 - left.x1 > _GAP * (left.bottom - left.top):
            segments.append([])
        segments[-1].append(right)
    return segments


def _joined(extents: Spans) -> Spans:
    """Columns as the parts of the width that some line fills, joined where they overlap."""
    spans: Spans = []
    for x0, x1 in sorted(extents):
        if spans and x0 < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def _extend(lines: list[list[Word]], spans: Spans, last: int) -> int:
    """Take in lines below that go on with one column only."""
    while last < len(lines) and _belongs(lines[last], lines[last - 1], spans):
        last += 1
    return last


def _belongs(line: list[Word], beside: list[Word], spans: Spans) -> bool:
    """Tell a line in one column, not the first, set as closely as lines of a cell to the line beside it."""
    upper, lower = sorted((line[0], beside[0]), key=lambda word: word.top)
    close = lower.top - upper.bottom < 0.6 * (lower.bottom - lower.top)
    column = _column(line[0], spans)
    return close and column > 0 and _column(line[-1], spans) == column


def _column(word: Word, spans: Spans) -> int:
    return max((position for position, span in enumerate(spans) if word.x0 >= span[0] - 1), default=0)


def _rows(lines: list[list[Word]], spans: Spans) -> list[list[Box | None]]:
    """A row begins where the first column has a number, where a line goes over the columns and after a wide gap."""
    rows: list[list[Box | None]] = []
    alone = False
    for position, line in enumerate(lines):
        over = len(_segments(line)) == 1 and _column(line[0], spans) != _column(line[-1], spans)
        number = (
            (_NUMBER.fullmatch(line[0].text) is not None or line[0].text.startswith("№"))
            and not over
            and _column(line[0], spans) == 0
        )
        gap = position > 0 and line[0].top - lines[position - 1][0].bottom > 0.8 * (line[0].bottom - line[0].top)
        if not rows or number or over != alone or gap:
            rows.append([None] * len(spans))
        alone = over
        for word in line:
            column = 0 if over else _column(word, spans)
            box = rows[-1][column]
            if box is None:
                right = spans[-1][1] if over else spans[column][1]
                box = rows[-1][column] = Box(spans[column][0], word.top, right, word.bottom)
            box.words.append(word)
            box.bottom = max(box.bottom, word.bottom)
    return rows


def _crosses(row: list[Box | None], spans: Spans) -> bool:
    return row[0] is not None and row[0].x1 == spans[-1][1] and len(spans) > 1
