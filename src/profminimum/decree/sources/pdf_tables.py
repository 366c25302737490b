"""Which cells do the rules of a PDF page part, and which columns stand without rules?"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from profminimum.decree.sources.pdf_page import PageContent, Word, edge

if TYPE_CHECKING:
    from collections.abc import Sequence

_SNAP: Final = 3.0
_MAX_CROSSINGS: Final = 3000
_MIN_COLUMNS: Final = 3
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?")
_GAP: Final = 0.9


@dataclass(slots=True)
class Box:
    """A cell: its place on the page and the words in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    words: list[Word] = field(default_factory=list)

    def holds(self, word: Word) -> bool:
        x, y = word.middle
        return self.x0 <= x < self.x1 and self.top <= y < self.bottom


@dataclass(slots=True)
class Ruled:
    """A table on a page: rows of cells, None where a merged cell covers the place."""

    top: float
    rows: list[list[Box | None]]
    merged: list[bool]

    @property
    def left(self) -> float:
        return min(box.x0 for row in self.rows for box in row if box is not None)

    @property
    def right(self) -> float:
        return max(box.x1 for row in self.rows for box in row if box is not None)


def ruled(page: PageContent) -> list[Ruled]:
    """Find tables drawn with rules and put the words of the page into their cells (others stay in `page.words`)."""
    edges = merge_edges(_closed(page.edges), _SNAP, _SNAP, _SNAP, _SNAP)
    crossings = edges_to_intersections(edges, _SNAP, _SNAP)
    if len(crossings) > _MAX_CROSSINGS:
        return []
    tables: list[Ruled] = []
    for cells in cells_to_tables(intersections_to_cells(crossings)):
        boxes = [Box(*cell) for cell in cells]
        if len({box.x0 for box in boxes}) < 2:
            continue
        page.words = _fill(boxes, page.words)
        if any(box.words for box in boxes):
            tables.append(_laid(boxes))
    return sorted(tables, key=lambda table: table.top)


def _closed(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Close tables that are open at the sides, or at the top and bottom where a page ends."""
    across = [rule for rule in edges if rule["orientation"] == "h"]
    down = [rule for rule in edges if rule["orientation"] == "v"]
    extra: list[dict[str, Any]] = []
    for side in ("x0", "x1"):
        for place, rules in _alike(across, side).items():
            if len(rules) >= 3 and down:
                extra.append(edge("v", place, place, min(r["top"] for r in rules), max(r["top"] for r in rules)))
    for end in ("top", "bottom"):
        for place, rules in _alike(down, end).items():
            if len(rules) >= _MIN_COLUMNS and across:
                extra.append(edge("h", min(r["x0"] for r in rules), max(r["x0"] for r in rules), place, place))
    return [*edges, *extra]


def _alike(edges: Sequence[dict[str, Any]], side: str) -> dict[float, list[dict[str, Any]]]:
    """Rules that begin (or end) at the same place, within the tolerance."""
    groups: dict[float, list[dict[str, Any]]] = {}
    last: float | None = None
    for rule in sorted(edges, key=lambda rule: float(rule[side])):
        place = float(rule[side])
        if last is None or place - last > _SNAP:
            last = place
            groups[last] = []
        groups[last].append(rule)
    return groups


def _fill(boxes: list[Box], words: list[Word]) -> list[Word]:
    """Put words into cells by their middles; the words of no cell come back."""
    left = min(box.x0 for box in boxes)
    right = max(box.x1 for box in boxes)
    top = min(box.top for box in boxes)
    bottom = max(box.bottom for box in boxes)
    rest: list[Word] = []
    for word in words:
        x, y = word.middle
        if left <= x <= right and top <= y <= bottom:
            box = next((box for box in boxes if box.holds(word)), None)
            if box is not None:
                box.words.append(word)
                continue
        rest.append(word)
    return rest


def _laid(boxes: list[Box]) -> Ruled:
    columns = sorted({box.x0 for box in boxes})
    right = max(box.x1 for box in boxes)
    rows: list[list[Box | None]] = []
    merged: list[bool] = []
    for top in sorted({box.top for box in boxes}):
        own = {box.x0: box for box in boxes if box.top == top}
        rows.append([own.get(column) for column in columns])
        first = own.get(columns[0])
        merged.append(len(own) == 1 and first is not None and right - first.x1 <= _SNAP)
    return Ruled(min(box.top for box in boxes), rows, merged)


def by_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Group words into lines from the top down, in each line from the left; words in reading order of their lines."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle[1], word.x0)):
        if lines and _same_line(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.x0)
    return lines


def _same_line(line: list[Word], word: Word) -> bool:
    first = max(line, key=lambda other: other.bottom - other.top)
    height = min(first.bottom - first.top, word.bottom - word.top)
    overlap = min(first.bottom, word.bottom) - max(first.top, word.top)
    return overlap > 0.5 * height


def aligned(lines: list[list[Word]]) -> tuple[Ruled, int, int] | None:
    """Find a table set without rules among lines: the table and the first and last+1 of its lines, or None.

    It must be clear: three columns or more kept by every line that has gaps, two rows or more that begin with a
    number.
    """
    parts = [_segments(line) for line in lines]
    wide = [position for position, segments in enumerate(parts) if len(segments) >= _MIN_COLUMNS]
    if len(wide) < 2:
        return None
    first, last = wide[0], wide[-1] + 1
    while last < len(lines) and len(parts[last]) > 1:
        last += 1
    spans = _columns([segments for segments in parts[first:last] if len(segments) > 1])
    if len(spans) < _MIN_COLUMNS:
        return None
    last = _extend(lines, spans, last)
    rows = _rows(lines[first:last], spans)
    numbered = sum(1 for row in rows if row[0] is not None and _NUMBER.fullmatch(_plain(row[0])))
    if numbered < 2:
        return None
    merged = [sum(1 for box in row if box is not None) == 1 and _crosses(row, spans) for row in rows]
    return Ruled(lines[first][0].top, rows, merged), first, last


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


def _columns(lines: list[list[list[Word]]]) -> list[tuple[float, float]]:
    """Columns as the parts of the width that some line fills, joined where they overlap."""
    extents = sorted((segment[0].x0, segment[-1].x1) for segments in lines for segment in segments)
    spans: list[tuple[float, float]] = []
    for x0, x1 in extents:
        if spans and x0 < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def _extend(lines: list[list[Word]], spans: list[tuple[float, float]], last: int) -> int:
    """Take in lines below that go on with one column only, set as closely as the lines above."""
    while last < len(lines):
        above, line = lines[last - 1], lines[last]
        column = _column(line[0], spans)
        close = line[0].top - above[0].bottom < 0.6 * (line[0].bottom - line[0].top)
        if not close or column == 0 or _column(line[-1], spans) != column:
            break
        last += 1
    return last


def _column(word: Word, spans: list[tuple[float, float]]) -> int:
    return max((position for position, span in enumerate(spans) if word.x0 >= span[0] - 1), default=0)


def _rows(lines: list[list[Word]], spans: list[tuple[float, float]]) -> list[list[Box | None]]:
    """A row begins where the first column has a number, where a line goes over the columns and after a wide gap."""
    rows: list[list[Box | None]] = []
    alone = False
    for position, line in enumerate(lines):
        over = len(_segments(line)) == 1 and _column(line[0], spans) != _column(line[-1], spans)
        number = _NUMBER.fullmatch(line[0].text) is not None and not over and _column(line[0], spans) == 0
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


def _crosses(row: list[Box | None], spans: list[tuple[float, float]]) -> bool:
    return row[0] is not None and row[0].x1 == spans[-1][1] and len(spans) > 1
