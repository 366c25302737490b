"""How do workbooks for answers look, and what may be typed into their cells? Formats, drop-downs, limits, lists."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from profminimum.monitoring.books.identity import SHEET
from profminimum.monitoring.books.targets import NUMBERS, offered, write
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from profminimum.monitoring.books.identity import Identity
    from profminimum.monitoring.schema.model import Item

MARK: Final = "@"  # begins what the hidden row and column of a sheet hold
LARGEST: Final = 999_999_999_999
TITLE, MESSAGE = 32, 255  # characters that a spreadsheet shows beside a cell
_BASE: Final[Mapping[str, Any]] = {"valign": "top", "text_wrap": True, "font_name": "Arial", "font_size": 10}
_LINE: Final[Mapping[str, Any]] = {"border": 1, "border_color": "#C8CDD3"}
_ANSWER: Final[Mapping[str, Any]] = {**_BASE, **_LINE, "locked": False, "bg_color": "#FFFBEA"}
STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {**_BASE, "bold": True, "font_size": 14, "text_wrap": False},
    "plain": {**_BASE, "text_wrap": False},
    "text": {**_BASE},
    "note": {**_BASE, **_LINE, "font_color": "#5A6470"},
    "head": {**_BASE, **_LINE, "bold": True, "bg_color": "#E8EDF4"},
    "section": {**_BASE, **_LINE, "bold": True, "bg_color": "#D5DEEA"},
    "cell": {**_BASE, **_LINE},
    "link": {**_BASE, **_LINE, "font_color": "#1F5FA8", "underline": 1},
    "closed": {**_BASE, **_LINE, "bg_color": "#EDEEEA", "font_color": "#5A6470"},
    "closed date": {**_BASE, **_LINE, "bg_color": "#EDEEEA", "num_format": "dd.mm.yyyy", "align": "left"},
    "answer": {**_ANSWER, "num_format": "@"},
    "answer number": {**_ANSWER, "align": "right"},
    "answer date": {**_ANSWER, "num_format": "dd.mm.yyyy", "align": "left"},
}
LINE_HEIGHT, TITLE_HEIGHT = 13, 20  # points
TALLEST: Final = 12  # lines of a row
ROOM: Final = 4  # lines for a long text
_MAY: Final = {"format_columns": True, "format_rows": True, "select_locked_cells": True}


def height_of(cells: Iterable[tuple[str, int]], *, least: int = 1) -> int:
    """Points that a row wants for these texts in columns of these widths; 0 for a row of one line.

    Said in the file, as not every program works it out by itself.
    """
    lines = max((_lines(text, width + width // 10) for text, width in cells), default=1)  # letters are narrower
    return min(max(lines, least), TALLEST) * LINE_HEIGHT + 2 if max(lines, least) > 1 else 0


def _lines(text: str, width: int) -> int:
    """Into how many lines a text breaks at spaces in a column so many characters wide."""
    found = 0
    for part in text.split("\n"):
        left = 0
        for word in part.split(" "):
            taken = min(len(word), width)
            if left < taken + 1:
                found, left = found + 1 + (len(word) - 1) // width, width
            left -= taken + 1
    return max(found, 1)


class Book:
    """A workbook while it is being written: everything is typed, so that no answer can become a formula."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True, "strings_to_formulas": False})
        self._formats: dict[str, Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self._offered: dict[int, tuple[Item, str]] = {}
        self._titles: set[str] = set()
        self._list_sheet: Any = None

    def style(self, name: str) -> Any:
        if name not in self._formats:
            self._formats[name] = self._book.add_format(dict(STYLES[name]))
        return self._formats[name]

    def sheet(self, wanted: str, widths: tuple[int, ...]) -> Any:
        """A new sheet with a title that a spreadsheet accepts, and its columns so many characters wide."""
        clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in wanted).strip("' ")[:31] or "1"
        title, number = clean, 2
        while title.casefold() in self._titles or title.casefold() in {SHEET, "history"}:
            title, number = f"{clean[:27]} {number}", number + 1
        self._titles.add(title.casefold())
        page = self._book.add_worksheet(title)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        page.set_footer("&L&8&A&R&8&P / &N")
        return page

    def heighten(self, page: Any, row: int, cells: Iterable[tuple[str, int]], *, least: int = 1) -> None:
        """Make a row as high as its texts want in columns of these widths."""
        height = height_of(cells, least=least)
        if height:
            page.set_row(row, height)

    def answer(self, page: Any, row: int, column: int, item: Item, value: Any, *, locked: bool = False) -> None:
        """A cell for an answer with what is known already."""
        cell = write(item, value, self.language)
        if locked:
            kind = "closed date" if isinstance(cell, date) else "closed"
        else:
            kind = {Kind.DATE: "answer date"}.get(item.kind, "answer number" if item.kind in NUMBERS else "answer")
        style = self.style(kind)
        if cell is None:
            page.write_blank(row, column, None, style)
        elif isinstance(cell, date):
            page.write_datetime(row, column, cell, style)
        elif isinstance(cell, float):
            page.write_number(row, column, cell, style)
        else:
            page.write_string(row, column, cell, style)

    def rule(self, page: Any, first: int, column: int, last: int, item: Item) -> None:
        """What may be typed into these cells of a column."""
        said = {"input_title": words(item.label, self.language)[:TITLE]} if item.hint else {}
        rule = {**self._rule(item), **said}
        if item.hint:
            rule["input_message"] = words(item.hint, self.language)[:MESSAGE]
        if rule["validate"] != "any" or item.hint:
            page.data_validation(first, column, last, column, rule)

    def _rule(self, item: Item) -> dict[str, Any]:
        if item.kind in {Kind.YESNO, Kind.ONE}:
            return {"validate": "list", "source": self._list(item), "error_message": _("Choose from the list.")}
        if item.kind in NUMBERS:
            low = -LARGEST if item.least is None else item.least
            high = LARGEST if item.most is None else item.most
            whole = item.kind == Kind.INTEGER
            return {
                "validate": "integer" if whole else "decimal",
                "criteria": "between",
                "minimum": low,
                "maximum": high,
                "error_message": _("Give a whole number in figures.") if whole else _("Give a number in figures."),
            }
        if item.kind == Kind.DATE:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1900, 3, 1),
                "maximum": date(2199, 12, 31),
                "error_message": _("Give a date like 25.08.2023."),
            }
        return {"validate": "any"}

    def _list(self, item: Item) -> str:
        """Where the choices stand; the same ones are written once."""
        known = self._offered.get(id(item))
        if known is None:
            choices = tuple(offered(item, self.language))
            if choices not in self._lists:
                self._lists[choices] = self._write_list(choices)
            known = self._offered[id(item)] = (item, self._lists[choices])
        return known[1]

    def _write_list(self, choices: tuple[str, ...]) -> str:
        if self._list_sheet is None:
            self._list_sheet = self._book.add_worksheet(_LISTS)
            self._list_sheet.hide()
        column = len(self._lists)
        for row, choice in enumerate(choices):
            self._list_sheet.write_string(row, column, choice)
        letters = xlsxwriter.utility.xl_col_to_name(column)
        return f"={_LISTS}!${letters}$1:${letters}${len(choices)}"

    def close(self, identity: Identity, protect: Callable[[Any], bool]) -> bytes:
        """The file, its sheets protected where `protect` says so, with the hidden sheet that tells for whom it is."""
        for page in self._book.worksheets():
            if protect(page):
                page.protect("", dict(_MAY))
        hidden = self._book.add_worksheet(SHEET)
        for number, (key, value) in enumerate(identity.rows()):
            hidden.write_string(number, 0, key)
            hidden.write_string(number, 1, value)
        hidden.very_hidden()
        self._book.close()
        return self._stream.getvalue()


_LISTS: Final = "Списки"
