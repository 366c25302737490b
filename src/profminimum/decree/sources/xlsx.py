"""What blocks do the sheets of a workbook hold: lines about the table as paragraphs, its rows as a table?"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from typing import Final, NoReturn

import python_calamine as calamine
from lxml import etree

from profminimum.decree.model import Place, Source
from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.safety import (
    MAX_INFLATED,
    damaged,
    open_zip,
    read_part,
    refuse,
    refuse_document_type,
)

MAX_CELLS: Final = 400_000
_MIN_COLUMNS: Final = 3
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
Value = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes, name: str) -> Source:
    """Read XLSX or XLS; every visible sheet in order. Raises `UnreadableError`."""
    if data.startswith(b"PK"):
        check_parts(data, name)
    try:
        return _read(data, name)
    except Exception:
        raise
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the library's Rust code fails: no Exception
            damaged(name)
        raise


def _read(data: bytes, name: str) -> Source:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        refuse(
            name,
            "защищён паролем. Снимите пароль в Excel и сохраните файл заново.",
            "is protected by a password. Take the password off in Excel and save the file anew.",
        )
    except calamine.CalamineError:
        damaged(name)
    builder = Builder()
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible:
            _sheet(book, sheet.name, builder, name)
    return builder.source(name, "xlsx")


def check_parts(data: bytes, name: str, most: int = MAX_CELLS) -> None:
    """Inflate every part within the limits; refuse document types and cells so far apart that memory would not do.

    The library that reads cells keeps the whole rectangle between the first and the last of them: at most `most`.
    """
    archive = open_zip(data, name)
    total = 0
    for part in archive.namelist():
        content = read_part(archive, part, name, limit=MAX_INFLATED - total)
        total += len(content)
        if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content[:4096]:
            refuse_document_type(name)
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            _check_extent(content, name, most)


def _check_extent(content: bytes, name: str, most: int) -> None:
    rows: set[int] = set()
    columns: set[int] = set()
    try:
        for _, cell in etree.iterparse(
            io.BytesIO(content), tag="{*}c", resolve_entities=False, no_network=True, load_dtd=False
        ):
            if len(cell) and (place := _PLACE.match(cell.get("r", ""))):
                rows.add(int(place[2]))
                columns.add(_column(place[1]))
            cell.clear()
    except etree.XMLSyntaxError:
        damaged(name)
    if rows and (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > most:
        _too_wide(name)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _too_wide(name: str) -> NoReturn:
    refuse(
        name,
        "на листе слишком много ячеек. Оставьте только план и удалите лишние строки и столбцы.",
        "has too many cells on a sheet. Leave only the plan and delete rows and columns that are not needed.",
    )


def _sheet(book: calamine.CalamineWorkbook, title: str, builder: Builder, name: str) -> None:
    try:
        sheet = book.get_sheet_by_name(title)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            _too_wide(name)
        rows = [[written(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        merges = sheet.merged_cell_ranges or []
    except calamine.CalamineError:
        damaged(name)
    spans = {(top, left): right - left + 1 for (top, left), (_, right) in merges}
    down = {
        (row, left): rows[top][left]
        for (top, left), (bottom, _) in merges
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1)
        if left < len(rows[top])
    }
    lay(rows, spans, builder, title, down)


def lay(
    rows: list[list[str]],
    spans: dict[tuple[int, int], int],
    builder: Builder,
    sheet: str | None,
    down: dict[tuple[int, int], str],
) -> None:
    """Part the rows of a sheet into tables and paragraphs; `down` are the texts that cells merged over rows hang.

    A table begins at a row of three texts or more and goes on to an empty row after which no such row of the same
    columns comes; a row with one text that is merged over the table, or stands in it, belongs to it.
    """
    index = 0
    while index < len(rows):
        if len(_filled(rows[index])) < _MIN_COLUMNS:
            text = " ".join(text for text in rows[index] if text.strip())
            builder.paragraph(text, Place(sheet=sheet, row=index + 1))
            index += 1
            continue
        end = _end(rows, index)
        columns = sorted({column for row in rows[index:end] for column in _filled(row)})
        left, right = columns[0], columns[-1] + 1
        width = len([column for column in range(left, right) if column in columns])
        for number in range(index, end):
            row = rows[number]
            cells = [row[column] if column < len(row) else "" for column in columns]
            filled = _filled(row)
            wide = len(filled) == 1 and width > 1 and spans.get((number, filled[0]), 1) >= right - left
            above = [(place, down.get((number, column), "")) for place, column in enumerate(columns)]
            if filled:
                builder.row(cells, sheet=sheet, number=number + 1, merged=wide, hanging=above)
        builder.end_table()
        index = end
    builder.end_table()


def _filled(row: list[str]) -> list[int]:
    return [column for column, text in enumerate(row) if text.strip()]


def _end(rows: list[list[str]], start: int) -> int:
    """The row after the last of the table that begins at `start`."""
    first = _filled(rows[start])
    last = start
    empty = 0
    for number in range(start + 1, len(rows)):
        filled = _filled(rows[number])
        empty = 0 if filled else empty + 1
        if empty > 2:
            break
        if len(filled) >= 2 and filled[0] <= first[-1] and filled[-1] >= first[0]:
            last = number
    while last + 1 < len(rows) and len(filled := _filled(rows[last + 1])) == 1 and filled[0] > first[0]:
        last += 1
    return last + 1


def written(value: Value) -> str:
    """Write a value as a Russian reader would see it: «22.08.2023», «9:00», «да», whole numbers without «.0»."""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        clock = "" if value.time() == time() else f" {value:%H:%M}"
        return f"{value:%d.%m.%Y}{clock}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}".replace(".", ",")
    return str(value)
