"""The template of one organisation: questions in rows, tables as grids, repeats as lists, prefilled and protected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from profminimum.monitoring.books.drawing import MARK, ROOM, TITLE_HEIGHT, Book
from profminimum.monitoring.books.targets import columns, of_item
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import said, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from profminimum.monitoring.books.identity import Identity
    from profminimum.monitoring.books.targets import Target
    from profminimum.monitoring.schema.model import Definition, Item

FORM, ANSWER, TABLE, REPEAT = f"{MARK}form", f"{MARK}answer", f"{MARK}table:", f"{MARK}repeat:"
MARKS: Final = 3  # the hidden row of a sheet, from 0
ENTRIES: Final = 200  # of a repeat that a sheet has room for
QUESTION, UNIT, HINT, LAST, VALUE, KEY = range(6)
WIDTHS: Final = (58, 10, 42, 22, 40, 4)
ROW, CELL, PART = 40, 18, 28  # widths: the rows and columns of a table, the columns of a list


@dataclass(frozen=True, slots=True)
class Known:
    """What is written into the template: the answer so far with calculated values, and the last wave's."""

    answers: Mapping[str, Any]
    last: Mapping[str, Any]
    lines: Sequence[str]  # below the title: whose answer, to which wave, until when


def template(definition: Definition, known: Known, identity: Identity, language: str) -> bytes:
    """The workbook as XLSX. Files are attached on the page of the form: the book says so where they are asked for."""
    book = Book(language)
    _Writer(book, known).form(definition)
    return book.close(identity, lambda _page: True)


class _Writer:
    def __init__(self, book: Book, known: Known) -> None:
        self.book, self.known, self.language = book, known, book.language
        self.nested: list[tuple[Item, str]] = []
        self.row = 0

    def form(self, definition: Definition) -> None:
        page = self.page = self.book.sheet(_("Form"), WIDTHS)
        self._top(page, words(definition.title, self.language), self.known.lines)
        page.set_column(KEY, KEY, 4, None, {"hidden": True})
        page.write_string(MARKS, VALUE, ANSWER)
        page.write_string(MARKS, KEY, FORM)
        self.row = MARKS + 1
        heads = (_("Question (* must be answered)"), _("Unit"), _("Hint"), _("Last wave"), _("Answer"))
        for column, head in enumerate(heads):
            page.write_string(self.row, column, head, self.book.style("head"))
        page.freeze_panes(self.row + 1, 1)
        page.repeat_rows(self.row)
        self.row += 1
        self._items(definition.items)
        for item, title in self.nested:
            self._grid(item, title) if item.kind == Kind.TABLE else self._list(item, title)

    def _top(self, page: Any, title: str, lines: Iterable[str], *, column: int = 0) -> None:
        """`column`: the first that is seen."""
        page.write_string(0, column, title, self.book.style("title"))
        page.set_row(0, TITLE_HEIGHT)
        for row, line in enumerate(list(lines)[: MARKS - 1], 1):
            page.write_string(row, column, line, self.book.style("plain"))
        page.set_row(MARKS, None, None, {"hidden": True})

    def _items(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.kind == Kind.GROUP:
                for column in range(VALUE + 1):
                    text = words(item.label, self.language) if not column else ""
                    self.page.write_string(self.row, column, text, self.book.style("section"))
                self.row += 1
                self._items(item.items)
            elif item.kind in {Kind.TABLE, Kind.REPEAT}:
                title = f"{len(self.nested) + 1}. {words(item.label, self.language)}"
                self.nested.append((item, title))
                self._line(item, _("see the sheet with the number %(number)d") % {"number": len(self.nested)})
            elif item.kind == Kind.FILE:
                self._line(item, _("is attached on the page of the form"))
            elif item.kind == Kind.NOTE:
                self._line(item, "")
            elif item.kind == Kind.CALCULATED:
                self._line(item, said(item, self.known.answers.get(item.name), self.language) or _("is calculated"))
            else:
                for target in of_item(item, item.label):
                    self._question(target)

    def _line(self, item: Item, answer: str) -> None:
        """A row without a cell to type into."""
        cells = (
            words(item.label, self.language),
            words(item.unit, self.language),
            words(item.hint, self.language),
            said(item, self.known.last.get(item.name), self.language) if item.kind == Kind.CALCULATED else "",
            answer,
        )
        for column, text in enumerate(cells):
            style = "closed" if column == VALUE else "note" if column == HINT else "cell"
            self.page.write_string(self.row, column, text, self.book.style(style))
        self.book.heighten(self.page, self.row, zip(cells, WIDTHS, strict=False))
        self.row += 1

    def _question(self, target: Target) -> None:
        item, page = target.item, self.page
        title = words(item.label, self.language)
        if target.part:
            title = f"{title} — {words(target.title, self.language)}"
        must = item.required is not False and item.required is not None
        if must and target.part not in {"phone", "email"}:
            title += " *"
        hint = words(item.hint, self.language)
        if item.kind == Kind.MANY:
            choices = "; ".join(words(choice.label, self.language) for choice in item.choices)
            hint = f"{hint}." if hint[-1:].isalnum() else hint
            hint = _("%(hint)s Several through a semicolon: %(choices)s") % {"hint": hint, "choices": choices}
        for column, text in ((QUESTION, title), (UNIT, words(item.unit, self.language)), (HINT, hint.strip())):
            page.write_string(self.row, column, text, self.book.style("note" if column == HINT else "cell"))
        last, now = self.known.last.get(target.name), self.known.answers.get(target.name)
        if target.part:
            last, now = (last or {}).get(target.part), (now or {}).get(target.part)
        before = str(last or "") if target.part else said(item, last, self.language)
        page.write_string(self.row, LAST, before, self.book.style("note"))
        self.book.answer(page, self.row, VALUE, item, now, locked=target.locked)
        if not target.locked:
            self.book.rule(page, self.row, VALUE, self.row, item)
            page.write_string(self.row, KEY, target.place)
        typed = "" if now is None else str(now) if target.part else said(item, now, self.language)
        texts = (title, "", hint.strip(), before, typed)
        least = ROOM if item.kind == Kind.LONG else 1
        self.book.heighten(page, self.row, zip(texts, WIDTHS, strict=False), least=least)
        self.row += 1

    def _grid(self, item: Item, title: str) -> None:
        """A table: rows of the form down, its columns across; what the last wave said below."""
        asked = columns(item)
        page = self.book.sheet(title, (4, ROW, *(CELL for _column in item.items)))
        page.set_column(0, 0, 4, None, {"hidden": True})
        self._heads(page, item, title, f"{TABLE}{item.name}", item.items, words(item.label, self.language))
        page.freeze_panes(MARKS + 2, 2)
        now, last = self.known.answers.get(item.name) or {}, self.known.last.get(item.name) or {}
        for number, row in enumerate(item.rows, MARKS + 2):
            page.write_string(number, 0, row.name)
            page.write_string(number, 1, words(row.label, self.language), self.book.style("cell"))
            self.book.heighten(page, number, [(words(row.label, self.language), ROW)])
            for place, column in enumerate(item.items, 2):
                value = (now.get(row.name) or {}).get(column.name)
                if column in asked:
                    self.book.answer(page, number, place, column, value, locked=column.read_only)
                else:
                    text = said(column, value, self.language)
                    page.write_string(number, place, text, self.book.style("closed"))
        for place, column in enumerate(item.items, 2):
            if column in asked and not column.read_only:
                self.book.rule(page, MARKS + 2, place, MARKS + 1 + len(item.rows), column)
        if last:
            self._before(page, item, last, MARKS + 3 + len(item.rows))

    def _before(self, page: Any, item: Item, last: Mapping[str, Any], top: int) -> None:
        page.write_string(top, 1, _("In the last wave"), self.book.style("section"))
        for number, row in enumerate(item.rows, top + 1):
            page.write_string(number, 1, words(row.label, self.language), self.book.style("note"))
            self.book.heighten(page, number, [(words(row.label, self.language), ROW)])
            for place, column in enumerate(item.items, 2):
                text = said(column, (last.get(row.name) or {}).get(column.name), self.language)
                page.write_string(number, place, text, self.book.style("note"))

    def _heads(self, page: Any, item: Item, title: str, mark: str, items: Sequence[Item], corner: str) -> None:
        self._top(page, title, [words(item.hint, self.language)] if item.hint else [], column=1)
        page.write_string(MARKS, 0, mark)
        page.write_string(MARKS + 1, 1, corner, self.book.style("head"))
        texts = [(corner, ROW)]
        for place, column in enumerate(items, 2):
            unit = words(column.unit, self.language)
            text = words(column.label, self.language) + (f", {unit}" if unit else "")
            page.write_string(MARKS + 1, place, text, self.book.style("head"))
            texts.append((text, CELL - 2))
            if column in columns(item) and not column.read_only:
                page.write_string(MARKS, place, column.name)
        self.book.heighten(page, MARKS + 1, texts)
        page.repeat_rows(MARKS + 1)

    def _list(self, item: Item, title: str) -> None:
        """A repeat: an entry in each row."""
        entries = self.known.answers.get(item.name) or []
        room = min(max(item.at_most, len(entries)), max(ENTRIES, len(entries)))
        cells = [target for child in columns(item) for target in of_item(child, child.label)]
        page = self.book.sheet(title, (4, 6, *(PART for _cell in cells)))
        page.set_column(0, 0, 4, None, {"hidden": True})
        self._top(page, title, [words(item.hint, self.language)] if item.hint else [], column=1)
        page.write_string(MARKS, 0, f"{REPEAT}{item.name}")
        texts = []
        page.write_string(MARKS + 1, 1, pgettext("number", "No."), self.book.style("head"))
        page.freeze_panes(MARKS + 2, 2)
        for place, cell in enumerate(cells, 2):
            text = words(cell.item.label, self.language)
            text += f" — {words(cell.title, self.language)}" if cell.part else ""
            text += " *" if cell.item.required and cell.part not in {"phone", "email"} else ""
            page.write_string(MARKS, place, cell.place)
            page.write_string(MARKS + 1, place, text, self.book.style("head"))
            texts.append((text, PART - 2))
            self.book.rule(page, MARKS + 2, place, MARKS + 1 + room, cell.item)
        self.book.heighten(page, MARKS + 1, texts)
        page.repeat_rows(MARKS + 1)
        for index in range(room):
            page.write_number(MARKS + 2 + index, 1, index + 1, self.book.style("cell"))
            entry = entries[index] if index < len(entries) else {}
            for place, cell in enumerate(cells, 2):
                value = entry.get(cell.name)
                value = (value or {}).get(cell.part) if cell.part else value
                self.book.answer(page, MARKS + 2 + index, place, cell.item, value)
