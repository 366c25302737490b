"""What blocks does a PDF with a text layer hold: tables with or without rules, and the paragraphs about them?"""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import re
import time
import zlib
from typing import TYPE_CHECKING, Final

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1

from profminimum.decree.model import Place, Source
from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.lines import stamp
from profminimum.decree.sources.pdf_columns import Spans, aligned
from profminimum.decree.sources.pdf_page import PageContent, Word, content
from profminimum.decree.sources.pdf_tables import Box, Ruled, by_lines, ruled
from profminimum.decree.sources.safety import MAX_SECONDS, TooComplexError, bomb, refuse
from profminimum.decree.sources.wrapping import Printed, join, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PAGES: Final = 300
MAX_STREAM: Final = 64 * 2**20
MAX_STREAMS: Final = 200 * 2**20
MAX_PICTURES: Final = 600 * 2**20
MAX_PAGE_BYTES: Final = 4 * 2**20
_MIN_CHARS: Final = 10
_PADDING: Final = 30.0
_CID: Final = re.compile(r"\(cid:\d+\)")
_ZLIB: Final = {b"\x78", b"\x68", b"\x58", b"\x48", b"\x38", b"\x28", b"\x18", b"\x08"}
_TWICE: Final = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")
_PICTURE: Final = re.compile(rb"/Subtype\s*/Image\b(?![^>]*\bendobj)")
_STREAM: Final = re.compile(rb"stream\r?\n")

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what is wrong with a file is told by UnreadableError


def read(data: bytes, name: str) -> Source:
    """Read a PDF of at most 300 pages and 5 seconds; a scan without text is refused with advice."""
    _check_streams(data, name)
    pages = _pages(data, name)
    _check_text(pages, name)
    layouts: list[_Layout] = []
    for page in pages:
        layouts.append(_Layout(page, layouts[-1].spans if layouts else []))
    words = vocabulary([" ".join(word.text for word in line) for layout in layouts for line in layout.all_lines()])
    builder = Builder()
    for layout in layouts:
        alike = [other for other in layouts if abs(other.page.width - layout.page.width) < 1]
        left = min(other.left for other in alike)
        layout.emit(builder, words, left, max(other.right for other in alike))
    return builder.source(name, "pdf")


def _check_streams(data: bytes, name: str) -> None:
    """Inflate compressed streams without keeping them, so that none grows past the limits when it is read."""
    if _TWICE.search(data):
        bomb(name)
    text = pictures = 0
    for match in _STREAM.finditer(data):
        size = _inflated(data, match.end(), name)
        if _PICTURE.search(data, max(0, match.start() - 400), match.start()):
            pictures += size
        else:
            text += size
        if text > MAX_STREAMS:
            bomb(name)
        if pictures > MAX_PICTURES:
            refuse(
                name,
                "в нём слишком большие изображения (похоже на скан). Распознайте его и сохраните как DOCX.",
                "holds pictures that are too large (it looks like a scan). Recognise it and save it as DOCX.",
            )


def _inflated(data: bytes, start: int, name: str) -> int:
    """How large a stream becomes when it is inflated; 0 for one that is not compressed in this way."""
    if data[start : start + 1] not in _ZLIB:
        return 0
    size = 0
    inflater = zlib.decompressobj()
    position = start
    piece = b""
    with contextlib.suppress(zlib.error):
        while not inflater.eof and (piece := inflater.unconsumed_tail or data[position : position + 2**16]):
            if not inflater.unconsumed_tail:
                position += len(piece)
            size += len(inflater.decompress(piece, 2**20))
            if size > MAX_STREAM:
                bomb(name)
    return size


def _pages(data: bytes, name: str) -> list[PageContent]:
    deadline = time.monotonic() + MAX_SECONDS
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
    except (PDFPasswordIncorrect, PDFEncryptionError):
        refuse(
            name,
            "защищён паролем. Снимите пароль и сохраните файл заново.",
            "is protected by a password. Take the password off and save the file anew.",
        )
    manager = PDFResourceManager()
    pages: list[PageContent] = []
    for number, page in enumerate(itertools.islice(PDFPage.create_pages(document), MAX_PAGES + 1), start=1):
        if number > MAX_PAGES:
            refuse(
                name,
                f"больше {MAX_PAGES} страниц. Оставьте в нём только распоряжение и план.",
                f"has more than {MAX_PAGES} pages. Leave only the decree and the plan in it.",
            )
        _check_page(page, number, name)
        try:
            pages.append(content(page, number, manager, deadline))
        except TooComplexError:
            _too_slow(number, name)
        if time.monotonic() > deadline:
            _too_slow(number, name)
    return pages


def _check_page(page: PDFPage, number: int, name: str) -> None:
    size = 0
    for reference in page.contents:
        stream = resolve1(reference)
        if isinstance(stream, PDFStream):
            raw = stream.rawdata or b""
            size += len(raw) if len(raw) > MAX_PAGE_BYTES else len(stream.get_data())
    if size > MAX_PAGE_BYTES:
        _too_slow(number, name)


def _too_slow(number: int, name: str) -> None:
    refuse(
        name,
        f"страница {number} или весь файл слишком сложны: чтение остановлено. Оставьте в файле только распоряжение и "
        "план или загрузите их в формате DOCX.",
        f"page {number} or the whole file is too complex: reading was stopped. Leave only the decree and the plan in "
        "the file or load them as DOCX.",
    )


def _check_text(pages: list[PageContent], name: str) -> None:
    """Refuse scans: no text, text on fewer than half of the pages, or text whose letters cannot be told."""
    if not pages:
        refuse(name, "в нём нет ни одной страницы. Сохраните его заново.", "has no pages. Save it anew.")
    texts = ["".join(word.text for word in page.words) for page in pages]
    full = [text for text in texts if len(text) >= _MIN_CHARS]
    scans = sum(1 for text, page in zip(texts, pages, strict=True) if page.pictured and len(text) < _MIN_CHARS)
    if not any(texts) or scans > len(full):
        refuse(
            name,
            "в нём нет текстового слоя (это скан). Распознайте его в программе распознавания текста и сохраните как "
            "DOCX или PDF с текстом.",
            "has no text layer (it is a scan). Recognise it with an OCR program and save as DOCX or PDF with text.",
        )
    text = "".join(texts)
    if sum(len(match) for match in _CID.findall(text)) > 0.3 * len(text):
        refuse(
            name,
            "буквы в нём не распознаются (шрифты сохранены без кодировки). Загрузите документ в формате DOCX.",
            "has letters that cannot be told (its fonts are saved without an encoding). Load the document as DOCX.",
        )


class _Layout:
    """The tables of a page and the lines outside them."""

    def __init__(self, page: PageContent, before: Spans) -> None:
        self.page = page
        self.tables = ruled(page)
        self.turned = [word for word in page.words if word.turned]
        self.lines = by_lines([word for word in page.words if not word.turned])
        self.spans: Spans = []
        if not self.tables and (found := aligned(self.lines, before)) is not None:
            table, first, last, self.spans = found
            self.tables = [table]
            self.lines = self.lines[:first] + self.lines[last:]
        texts = [line for line in self.lines if not stamp(_text(line))]
        self.left = min([*(line[0].x0 for line in texts), *(table.left for table in self.tables)], default=page.width)
        self.right = max([*(line[-1].x1 for line in texts), *(table.right for table in self.tables)], default=0.0)

    def all_lines(self) -> Iterator[list[Word]]:
        """Every printed line of the page."""
        yield from self.lines
        for table in self.tables:
            for row in table.rows:
                for box in row:
                    if box is not None:
                        yield from by_lines(box.words)

    def emit(self, builder: Builder, words: frozenset[str], left: float, right: float) -> None:
        """Add the blocks of the page from the top down; text turned along the side of the page comes last.

        `left` and `right` are the edges of the text on pages of this width.
        """
        rest = list(self.lines)
        for table in self.tables:
            above = [line for line in rest if line[0].middle[1] < table.top]
            rest = rest[len(above) :]
            self._paragraphs(above, left, right, builder, words)
            self._table(table, builder, words)
        self._paragraphs(rest, left, right, builder, words)
        for line in _turned_lines(self.turned):
            builder.paragraph(" ".join(word.text for word in line), Place(page=self.page.number))

    def _paragraphs(
        self, lines: list[list[Word]], left: float, right: float, builder: Builder, words: frozenset[str]
    ) -> None:
        group: list[list[Word]] = []
        for line in lines:
            if group and not _runs_on(group[-1], line, left, right):
                self._paragraph(group, builder, words)
                group = []
            group.append(line)
        self._paragraph(group, builder, words)

    def _paragraph(self, group: list[list[Word]], builder: Builder, words: frozenset[str]) -> None:
        text = join([Printed(_text(line)) for line in group], words).replace("\n", " ")
        builder.paragraph(text, Place(page=self.page.number))

    def _table(self, table: Ruled, builder: Builder, words: frozenset[str]) -> None:
        limits = [_limit([row[column] for row in table.rows]) for column in range(len(table.rows[0]))]
        above: dict[int, tuple[float, str]] = {}
        for row, merged in zip(table.rows, table.merged, strict=True):
            cells = [_cell(box, limit, words) for box, limit in zip(row, limits, strict=True)]
            top = min((box.top for box in row if box is not None), default=0.0)
            hanging = [(column, text) for column, (bottom, text) in above.items() if top < bottom - 1]
            builder.row(cells, page=self.page.number, merged=merged, hanging=hanging)
            for column, (box, text) in enumerate(zip(row, cells, strict=True)):
                if box is not None:
                    above[column] = box.bottom, text
        builder.end_table()


def _limit(boxes: list[Box | None]) -> float:
    """How far right text may go in a column: as far as some line goes, or up to padding as wide as at the left."""
    filled = [box for box in boxes if box is not None and box.words]
    if not filled:
        return 0.0
    border = min(box.x1 for box in filled)
    words = [(word, box) for box in filled if box.x1 == border for word in box.words]
    padding = min(word.x0 - box.x0 for word, box in words)
    return max(border - padding, max(word.x1 for word, _ in words))  # noqa: PLW3301 - one of the two is a sequence


def _cell(box: Box | None, limit: float, words: frozenset[str]) -> str:
    if box is None:
        return ""
    upright = [word for word in box.words if not word.turned]
    lines = [Printed(_text(line), line[-1].x1, line[0].x1 - line[0].x0) for line in by_lines(upright)]
    turned = [Printed(" ".join(word.text for word in line)) for line in _turned_lines(box.words)]
    return join([*lines, *turned], words, limit if limit <= box.x1 < limit + _PADDING else 0.0)


def _text(line: list[Word]) -> str:
    return " ".join(word.text for word in line)


def _turned_lines(words: list[Word]) -> Iterator[list[Word]]:
    """Lines of text along the side of the page, in the order in which the words were drawn."""
    turned = [word for word in words if word.turned]
    for _, line in itertools.groupby(turned, key=lambda word: round(word.x0)):
        yield list(line)


def _runs_on(above: list[Word], line: list[Word], left: float, right: float) -> bool:
    """Tell a line that goes on with the paragraph above: set close, not indented, and the line above was full."""
    if stamp(_text(line)) or stamp(_text(above)):
        return False
    height = above[0].bottom - above[0].top
    close = (
        line[0].top - above[0].bottom < 0.6 * height and abs((line[0].bottom - line[0].top) - height) < 0.3 * height
    )
    start, end = above[0].x0, above[-1].x1
    centred = start - left > 2 and abs((start - left) - (right - end)) < 4
    indented = not centred and not -8 * height < line[0].x0 - start < 1.5 * height
    wanted = (0 if centred else start - left) + end - start + 0.25 * height + line[0].x1 - line[0].x0
    return close and wanted > right - left - 1 and not indented
