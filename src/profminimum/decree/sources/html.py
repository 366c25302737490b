"""What blocks does a page of HTML hold (also one saved by Word or in MHT): paragraphs and tables in order?"""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml import html as lxml_html

from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.encoding import guess
from profminimum.decree.sources.grid import MAX_COLUMNS, Cell, Grid, flow
from profminimum.decree.sources.safety import MAX_TEXT_BYTES, TooComplexError, damaged, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profminimum.decree.model import Source

_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
_MAIL: Final = re.compile(rb"\s*[\w-]+:[^\n]*\n(?:[^\n]+\n)*?mime-version:|\s*mime-version:", re.IGNORECASE)
_KNOWN: Final = re.compile(r"utf-?8|windows-\d+|cp\d+|ibm\d+|koi8-[ru]|iso-8859-\d+|us-ascii", re.IGNORECASE)
_DECLARED: Final = re.compile(r"""^\s*<\?xml[^>]*\?>""")
_ENTITY: Final = re.compile(r"<!ENTITY", re.IGNORECASE)
_DROPPED: Final = {
    "script", "style", "head", "template", "noscript", "select", "option", "button", "svg", "object", "iframe",
    "textarea", "title", "xml", "del",
}  # fmt: skip
_BLOCKS: Final = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd", "blockquote", "section", "article",
    "header", "footer", "main", "body", "html", "pre", "address", "center", "figure", "form", "fieldset", "caption",
    "nav", "aside", "hr", "tr", "td", "th",
}  # fmt: skip
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_BREAK: Final = "\x00"
_BEFORE: Final = {**dict.fromkeys(_BLOCKS | {"br"}, _BREAK), "li": f"{_BREAK}- "}
_MAX_CELLS: Final = 200_000
_MAX_DEPTH: Final = 200


def read(data: bytes, name: str) -> Source:
    """Read HTML of any known encoding, or the first page of an MHT file. Raises `UnreadableError`."""
    text = _decoded(data, name)
    if _ENTITY.search(text[:8192]):
        refuse(
            name,
            "содержит объявления сущностей (DTD), это небезопасно. Сохраните страницу заново.",
            "declares entities (DTD), which is unsafe. Save the page anew.",
        )
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(_DECLARED.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        damaged(name)
    builder = Builder()
    flow(_pieces(root, 0), builder)
    return builder.source(name, "html")


def _decoded(data: bytes, name: str) -> str:
    charset = ""
    if _MAIL.match(data[:4096]):
        data, charset = _from_mht(data, name)
    if len(data) > MAX_TEXT_BYTES:
        limit = MAX_TEXT_BYTES >> 20
        refuse(
            name,
            f"больше {limit} МБ, для страницы с распоряжением это слишком много. Сохраните её без изображений.",
            f"is larger than {limit} MB, too much for a page with a decree. Save it without pictures.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", errors="replace")
    found = _CHARSET.search(data[:8192])
    for encoding in (charset, found[1].decode("ascii") if found else "", "utf-8"):
        if _KNOWN.fullmatch(encoding):
            try:
                return data.decode(encoding)
            except (LookupError, UnicodeDecodeError):
                continue
    return data.decode(guess(data), errors="replace")


def _from_mht(data: bytes, name: str) -> tuple[bytes, str]:
    """The first HTML part of an MHT file and the charset that it declares."""
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        damaged(name)
    return payload, str(part.get_content_charset() or "")


def _pieces(element: etree._Element, depth: int) -> Iterator[str | Grid]:
    """Lines and tables under an element, in order."""
    line: list[str] = []
    for token in _tokens(element, depth):
        if isinstance(token, Grid):
            yield "".join(line).strip()
            line = []
            yield token
        elif token.startswith(_BREAK):
            yield "".join(line).strip()
            line = [token[1:]]
        else:
            line.append(token)
    yield "".join(line).strip()


def _tokens(element: etree._Element, depth: int) -> Iterator[str | Grid]:
    """Texts with blanks folded, breaks between lines, and tables."""
    if depth > _MAX_DEPTH:
        raise TooComplexError
    name = element.tag if isinstance(element.tag, str) else ""
    if name in _DROPPED or _HIDDEN.search(element.get("style", "")):
        return
    if name == "table":
        yield _grid(element, depth + 1)
        return
    yield _BEFORE.get(name, "")
    yield _folded(element.text, keep=name == "pre")
    for child in element:
        yield from _tokens(child, depth + 1)
        yield _folded(child.tail, keep=name == "pre")
    yield _BREAK if name in _BEFORE else ""


def _folded(text: str | None, *, keep: bool) -> str:
    """Fold blanks as a browser does; a zero character, which no text has, could be taken for a break."""
    text = (text or "").replace(_BREAK, "")
    return text if keep else re.sub(r"[ \t\r\n\f]+", " ", text)


def _grid(table: etree._Element, depth: int) -> Grid:
    """Rows of the table with the places that cells from rows above cover marked as hanging."""
    grid = Grid()
    covered: dict[int, int] = {}
    count = 0
    for row in _rows(table):
        cells: list[Cell] = []
        place = 0
        for element in (child for child in row if child.tag in {"td", "th"}):
            place = _hang(cells, covered, place)
            span = _size(element.get("colspan"))
            down = _size(element.get("rowspan"), MAX_COLUMNS * 10)
            cells.append(Cell(_cell_pieces(element, depth), span))
            if down > 1:
                covered.update(dict.fromkeys(range(place, place + span), down))
            place += span
        _hang(cells, covered, place, to_end=True)
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        if cells:
            grid.rows.append(cells)
        count += len(cells)
        if count > _MAX_CELLS:
            raise TooComplexError
    return grid


def _cell_pieces(element: etree._Element, depth: int) -> list[str | Grid]:
    return [piece for piece in _pieces(element, depth) if piece]


def _hang(cells: list[Cell], covered: dict[int, int], place: int, *, to_end: bool = False) -> int:
    """Add hanging cells at covered places; with `to_end` also those behind the last cell of the row."""
    last = max(covered, default=0) if to_end else 0
    while place in covered or place < last:
        cells.append(Cell([], 1, hanging=place in covered))
        place += 1
    return place


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"tbody", "thead", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")


def _size(text: str | None, most: int = MAX_COLUMNS) -> int:
    match = re.match(r"\s*(\d{1,6})", text or "")
    return min(max(int(match[1]), 1), most) if match else 1
