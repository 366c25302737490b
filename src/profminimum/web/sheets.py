"""How do rows leave as a spreadsheet? XLSX and CSV that stream, with real dates and numbers, and no formulas.

The guard: whatever a person typed is written as text, never as a formula. In XLSX the cell is typed as a string, so
the text stays as it was. CSV has no types: a text that begins with = + - @ tab or return (spaces before it do
not count) gets an apostrophe before it, the spreadsheets' own sign for «this is text».
"""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import rustpy_xlsxwriter
import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Cell = str | int | float | Decimal | bool | date | datetime | None
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
LONGEST: Final = 32_767  # characters that a cell of XLSX can hold
NARROW, WIDE = 8, 60


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; 0 means «by the heading»."""

    title: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns` are headings in the reader's language, `rows` any iterable: it is read once."""

    title: str
    columns: Sequence[Column | str]
    rows: Iterable[Sequence[Cell]]
    note: str = ""


def stream_xlsx(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """A download of that file name (with .xlsx); rows go to the disk as they come, not to memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def write_xlsx(file: Any, sheets: Iterable[Sheet]) -> None:
    """The workbook into an open binary file. Titles of sheets are made such as a spreadsheet accepts, and unique."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "dd.mm.yyyy",
    }
    book = xlsxwriter.Workbook(file, options)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EDEEEA"})
    formats = {
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
        "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm", "valign": "top", "align": "left"}),
        "number": book.add_format({"valign": "top"}),
    }
    used: set[str] = set()
    for sheet in sheets:
        _write_sheet(book.add_worksheet(_title(sheet.title, used)), sheet, head, formats)
    book.close()


def _write_sheet(page: Any, sheet: Sheet, head: Any, formats: dict[str, Any]) -> None:
    columns = [Column(item) if isinstance(item, str) else item for item in sheet.columns]
    for number, column in enumerate(columns):
        width = column.width or len(column.title) + 4
        page.set_column(number, number, max(NARROW, min(WIDE, width)))
    top = 0
    if sheet.note:
        page.write_string(0, 0, sheet.note)
        top = 1
    for number, column in enumerate(columns):
        page.write_string(top, number, column.title, head)
    page.freeze_panes(top + 1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    last = top
    for last, row in enumerate(sheet.rows, top + 1):
        for number, value in enumerate(row):
            _write_cell(page, last, number, value, formats)
    if last > top and columns:
        page.autofilter(top, 0, last, len(columns) - 1)


def _write_cell(page: Any, row: int, column: int, value: Cell, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, formats["number"])
    elif isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        page.write_datetime(row, column, local, formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value, formats["number"])
    else:
        page.write_string(row, column, str(value)[:LONGEST], formats["text"])


def _title(wanted: str, used: set[str]) -> str:
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in wanted).strip("' ")[:31] or "1"
    title, number = clean, 2
    while title.casefold() in used:
        tail = f" {number}"
        title, number = clean[: 31 - len(tail)] + tail, number + 1
    used.add(title.casefold())
    return title


@dataclass(frozen=True, slots=True)
class Bulk:
    """A sheet of any length and plain look: unique headings, widths in characters, rows of typed cells, read once."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def stream_bulk(name: str, sheet: Bulk) -> FileResponse:
    """As `stream_xlsx`, four times as fast, for long exports."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_bulk(file.name, sheet)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def write_bulk(path: str, sheet: Bulk) -> None:
    """The workbook into a file by its name, row by row: an open file would get it from memory, whole.

    Texts stay texts whatever they begin with.
    """
    names = [heading[:LONGEST] for heading in sheet.headings]
    head = rustpy_xlsxwriter.Format().set_bold().set_text_wrap().set_background_color("#EDEEEA")
    head = head.set_border_bottom("thin").set_align("top")
    rustpy_xlsxwriter.write_worksheet(
        _records(names, sheet.rows),
        path,
        sheet_name=_title(sheet.title, set()),
        freeze_row=1,
        datetime_format="dd.mm.yyyy",
        column_widths=[float(max(NARROW, min(WIDE, width))) for width in sheet.widths],
        header_format=head,
        autofilter=True,
        page_setup={"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": 0},
    )


def _records(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[dict[str, Cell]]:
    empty = True
    for row in rows:
        empty = False
        yield dict(zip(names, row, strict=True))
    if empty:  # the headings come from the first row
        yield dict.fromkeys(names)


def stream_lines(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """As `stream_csv`, for cells that are whole numbers or have been `guarded` already."""
    return _download(name, _lines(columns, rows, lambda row: row))


def stream_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """A download in UTF-8 with a byte order mark and semicolons, as Russian spreadsheets expect; line by line."""
    return _download(name, _lines(columns, rows, lambda row: [guarded(cell) for cell in row]))


def _download(name: str, lines: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name)}"
    return response


def _lines(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    prepare: Callable[[Sequence[Any]], Sequence[Any]],
) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow([guarded(title) for title in columns])
    for row in rows:
        writer.writerow(prepare(row))
        if buffer.tell() > 16_384:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def guarded(value: Cell) -> str:
    """A cell of CSV: dates as 25.08.2023, numbers with a decimal comma, dangerous beginnings made text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        return f"{local:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(DANGEROUS) else text
