"""Which cells of a workbook hold a formula without a value or an error, and is it of a size that may be opened?

The library that reads cells takes the whole rectangle of a sheet and shows such cells as empty: asked before it.
"""

from __future__ import annotations

import io
import posixpath
import re
from typing import TYPE_CHECKING, Final, NoReturn

from lxml import etree

from profminimum.decree.sources.safety import MAX_INFLATED, damaged, open_zip, parse_xml, read_part, refuse

if TYPE_CHECKING:
    import zipfile

LARGEST: Final = 10 * 2**20  # bytes
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 2_000
MOST_CELLS: Final = 2_000_000  # of the rectangle of a sheet
_PLACED: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_FORMULA: Final = re.compile(rb"""<(?:\w+:)?f[\s>/]|\bt\s*=\s*["']e["']""")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def scan(data: bytes, name: str, *, bounded: bool = True) -> dict[str, frozenset[str]]:
    """Sheet → addresses of cells that show no value although something stands in them. Raises `UnreadableError`.

    `bounded`: also refuse sheets of too many rows or columns, coloured empty ones among them.
    """
    if len(data) > LARGEST:
        limit = LARGEST // 2**20
        refuse(
            name,
            f"больше {limit} МБ. Оставьте в нём только ответы.",
            f"is larger than {limit} MB. Leave only the answers in it.",
        )
    if not data.startswith(b"PK"):
        _other(name)
    archive = open_zip(data, name)
    left, blind = MAX_INFLATED, {}
    for title, part in _sheets(archive, name).items():
        content = read_part(archive, part, name, limit=left)
        left -= len(content)
        if bounded:
            _check_size(content, name, title)
        if _FORMULA.search(content):
            blind[title] = _blind(content, name)
    return blind


def _other(name: str) -> NoReturn:
    refuse(name, "не книга Excel (XLSX). Сохраните его как XLSX.", "is no Excel workbook (XLSX). Save it as XLSX.")


def _sheets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Title → part of the archive."""
    parts = set(archive.namelist())
    if "xl/workbook.xml" not in parts:  # ODS, XLSB, DOCX
        _other(name)
    if "xl/_rels/workbook.xml.rels" not in parts:
        damaged(name)
    book = parse_xml(read_part(archive, "xl/workbook.xml", name), name)
    relations = parse_xml(read_part(archive, "xl/_rels/workbook.xml.rels", name), name)
    targets = {str(one.get("Id")): str(one.get("Target")) for one in relations.iter("{*}Relationship")}
    found = {}
    for sheet in book.iter("{*}sheet"):
        target = targets.get(str(sheet.get(_RELATION)), "")
        part = posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target else ""
        if part in parts:
            found[str(sheet.get("name"))] = part
    return found


def _check_size(content: bytes, name: str, title: str) -> None:
    places = _PLACED.findall(content)
    height = max((int(digits[:9]) for digits in {digits for _letters, digits in places}), default=0)
    width = max((_column(letters) for letters in {letters for letters, _digits in places}), default=0)
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        refuse(
            name,
            f"лист «{title}» слишком велик: до {MOST_ROWS} строк. Удалите пустые строки и столбцы за таблицей.",
            f"the sheet “{title}” is too large: up to {MOST_ROWS} rows. Delete the empty rows and columns beyond.",
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _blind(content: bytes, name: str) -> frozenset[str]:
    found = set()
    try:
        for _event, cell in etree.iterparse(
            io.BytesIO(content), tag="{*}c", resolve_entities=False, no_network=True, load_dtd=False
        ):
            formula, value = cell.find("{*}f"), cell.find("{*}v")
            empty = value is None or not value.text
            if (formula is not None and empty and cell.find("{*}is") is None) or cell.get("t") == "e":
                found.add(str(cell.get("r", "")))
            cell.clear()
    except etree.XMLSyntaxError:
        damaged(name)
    return frozenset(found)
