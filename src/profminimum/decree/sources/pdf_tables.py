"""Which cells do the rules of a PDF page part, and which columns stand without rules?"""

from __future__ import annotations

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
    edges = merge_edges(page.edges, _SNAP, _SNAP, _SNAP, _SNAP)
    edges = merge_edges(_closed(edges), _SNAP, _SNAP, _SNAP, _SNAP)
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
    for same in _alike(across, "x0", "x1"):
        top, bottom = min(r["top"] for r in same), max(r["top"] for r in same)
        open_sides = (
            place
            for place in (same[0]["x0"], same[0]["x1"])
            if len(same) >= 3 and down and not _meets(down, "x0", place, ("top", "bottom"), (top, bottom))
        )
        extra += [edge("v", place, place, top, bottom) for place in open_sides]
    for end in ("top", "bottom"):
        for same in _alike(down, end, end):
            left, right = min(r["x0"] for r in same), max(r["x0"] for r in same)
            place = same[0][end]
            if len(same) >= _MIN_COLUMNS and across and not _meets(across, "top", place, ("x0", "x1"), (left, right)):
                extra.append(edge("h", left, right, place, place))
    return [*edges, *extra]


def _meets(
    rules: list[dict[str, Any]], side: str, place: float, ends: tuple[str, str], span: tuple[float, float]
) -> bool:
    """Tell whether a rule already stands at that place within the span."""
    return any(
        abs(rule[side] - place) <= _SNAP and rule[ends[1]] > span[0] and rule[ends[0]] < span[1] for rule in rules
    )


def _alike(edges: list[dict[str, Any]], begin: str, end: str) -> list[list[dict[str, Any]]]:
    """Group rules that begin and end at the same places, within the tolerance."""
    groups: list[list[dict[str, Any]]] = []
    for rule in sorted(edges, key=lambda rule: (round(rule[begin] / _SNAP), rule[end])):
        last = groups[-1][0] if groups else None
        if last and abs(last[begin] - rule[begin]) <= _SNAP and abs(last[end] - rule[end]) <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
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
