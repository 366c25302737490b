"""What blocks does an OpenDocument text (ODT) hold: paragraphs and tables in the order of the body?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.grid import MAX_COLUMNS, Cell, Grid, flow
from profminimum.decree.sources.safety import damaged, open_zip, parse_xml, read_part, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from profminimum.decree.model import Source

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DROPPED: Final = {
    "note",
    "tracked-changes",
    "annotation",
    "bookmark-ref",
    "sequence-decls",
    "hidden-text",
    "ruby-text",
}
_MAX_BLANKS: Final = 200


def read(data: bytes, name: str) -> Source:
    """Read an ODT without deleted text, notes and comments; list items become «- ». Raises `UnreadableError`."""
    archive = open_zip(data, name)
    if b"encryption-data" in read_part(archive, "META-INF/manifest.xml", name):
        refuse(
            name,
            "защищён паролем. Снимите пароль и сохраните файл заново.",
            "is protected by a password. Take the password off and save the file anew.",
        )
    body = parse_xml(read_part(archive, "content.xml", name), name).find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        damaged(name)
    builder = Builder()
    flow(_pieces(body, ""), builder)
    return builder.source(name, "odt")


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _pieces(parent: etree._Element, bullet: str) -> Iterator[str | Grid]:
    for element in parent:
        name = _local(element)
        if name in {"p", "h"}:
            yield bullet + _inline(element).strip()
            bullet = ""
        elif name == "table":
            yield _grid(element)
        elif name == "list-item":
            yield from _pieces(element, "- ")
        elif name in {"list", "section", "list-header", "index-body"}:
            yield from _pieces(element, "")


def _inline(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = _local(child)
        if name == "s":
            parts.append(" " * min(_count(child.get(f"{_TEXT}c")), _MAX_BLANKS))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in _DROPPED:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _grid(table: etree._Element) -> Grid:
    grid = Grid()
    for row in _rows(table):
        cells: list[Cell] = []
        for element in row:
            name = _local(element)
            if name not in {"table-cell", "covered-table-cell"}:
                continue
            for _ in range(min(_count(element.get(f"{_TABLE}number-columns-repeated")), MAX_COLUMNS)):
                cells += _cell(element, covered=name == "covered-table-cell")
        if cells:
            grid.rows.append(_spanned(cells))
    return grid


def _cell(element: etree._Element, *, covered: bool) -> list[Cell]:
    if covered:
        return [Cell([], 0, hanging=True)]
    return [Cell(list(_pieces(element, "")), _count(element.get(f"{_TABLE}number-columns-spanned")))]


def _spanned(cells: list[Cell]) -> list[Cell]:
    """Take out the places that a cell to the left covers; those covered from above stay as hanging cells."""
    row: list[Cell] = []
    covered = 0
    for cell in cells:
        if not cell.hanging:
            row.append(cell)
            covered = cell.span - 1
        elif covered:
            covered -= 1
        else:
            row.append(Cell([], 1, hanging=True))
    return row


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        name = _local(child)
        if name == "table-row":
            yield child
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _count(text: str | None) -> int:
    return min(max(int(text), 1), MAX_COLUMNS) if text and text.isascii() and text.isdigit() else 1
