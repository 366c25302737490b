"""What is drawn on a page of a PDF: words with their places, and the rules that may part the cells of tables?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTCurve, LTFigure, LTImage, LTPage, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfplumber.utils.text import extract_words

from profminimum.decree.sources.safety import TooComplexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdfminer.pdfpage import PDFPage

_THIN: Final = 3.0
_MAX_EDGES: Final = 6000
_MAX_CHARS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in points from the top left corner of the page; `turned` for text along the page's side."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    turned: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class PageContent:
    """The words of a page in reading order line by line, its rules, and whether it holds pictures."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    pictured: bool = False


class _Device(PDFPageAggregator):
    """Collects the layout and stops when the time is used up, also inside of drawings nested in drawings."""

    deadline: float = 0.0
    drawn: int = 0

    def _tick(self) -> None:
        self.drawn += 1
        if self.drawn % 64 == 0 and time.monotonic() > self.deadline:
            raise TooComplexError

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self._tick()
        return super().render_char(*args, **kwargs)

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self._tick()
        super().paint_path(*args, **kwargs)

    def begin_figure(self, *args: Any, **kwargs: Any) -> None:
        self._tick()
        super().begin_figure(*args, **kwargs)


def content(page: PDFPage, number: int, manager: PDFResourceManager, deadline: float) -> PageContent:
    """Interpret a page once; raises `TooComplexError` past the deadline (seconds of the monotonic clock)."""
    device = _Device(manager, pageno=number, laparams=None)
    device.deadline = deadline
    PDFPageInterpreter(manager, device).process_page(page)
    layout: LTPage = device.get_result()
    found = PageContent(number, layout.width, layout.height)
    chars: list[dict[str, Any]] = []
    seen: set[tuple[str, int, int]] = set()
    for item in _flat(layout):
        if isinstance(item, LTChar):
            if len(chars) < _MAX_CHARS:
                _add_char(item, layout.height, chars, seen)
        elif isinstance(item, LTImage):
            found.pictured = True
        elif isinstance(item, LTCurve) and len(found.edges) < _MAX_EDGES:
            found.edges += _edges(item, layout.height)
    found.words = list(_words(chars))
    return found


def _flat(container: Iterable[LTComponent]) -> Iterator[LTComponent]:
    for item in container:
        if isinstance(item, LTFigure):
            yield from _flat(item)
        else:
            yield item


def _add_char(char: LTChar, height: float, chars: list[dict[str, Any]], seen: set[tuple[str, int, int]]) -> None:
    """Add a character once: a bold face is often feigned by drawing the same text twice, a hair apart."""
    text = char.get_text()
    if text != " ":
        here = (text, round(char.x0), round(char.y0))
        near = (text, int(char.x0) + 100_000, int(char.y0) + 100_000)
        if here in seen or near in seen:
            return
        seen.update((here, near))
    chars.append(
        {
            "text": text,
            "x0": char.x0,
            "x1": char.x1,
            "top": height - char.y1,
            "bottom": height - char.y0,
            "doctop": height - char.y1,
            "width": char.width,
            "height": char.height,
            "size": char.size,
            "upright": char.upright,
            "up": char.matrix[1] > 0,
        }
    )


def _words(chars: list[dict[str, Any]]) -> Iterator[Word]:
    spaced = any(char["text"].isspace() for char in chars)
    upright = [char for char in chars if char["upright"]]
    for word in extract_words(upright, x_tolerance_ratio=None if spaced else 0.18):
        yield Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"])
    for up in (True, False):
        turned = [char for char in chars if not char["upright"] and char["up"] is up]
        if turned:
            for word in extract_words(
                turned, line_dir_rotated="ltr" if up else "rtl", char_dir_rotated="btt" if up else "ttb"
            ):
                yield Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"], turned=True)


def _edges(item: LTCurve, height: float) -> list[dict[str, Any]]:
    """The straight borders of a drawn line or box; a box filled without an outline is shade, unless it is thin."""
    x0, x1, top, bottom = item.x0, item.x1, height - item.y1, height - item.y0
    wide, tall = x1 - x0, bottom - top
    if tall <= _THIN and wide > _THIN:
        middle = (top + bottom) / 2
        return [edge("h", x0, x1, middle, middle)]
    if wide <= _THIN and tall > _THIN:
        middle = (x0 + x1) / 2
        return [edge("v", middle, middle, top, bottom)]
    if isinstance(item, LTRect) and item.stroke:
        return [
            edge("h", x0, x1, top, top),
            edge("h", x0, x1, bottom, bottom),
            edge("v", x0, x0, top, bottom),
            edge("v", x1, x1, top, bottom),
        ]
    return []


def edge(orientation: str, x0: float, x1: float, top: float, bottom: float) -> dict[str, Any]:
    """A rule in the shape that pdfplumber's table search takes."""
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "width": x1 - x0,
        "height": bottom - top,
    }
