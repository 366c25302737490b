"""The workbook of an authority: a row per school of its municipality, a column per value of the form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from profminimum.monitoring.books.drawing import MARK, TITLE_HEIGHT, Book
from profminimum.monitoring.books.targets import columns, targets
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import words
from profminimum.monitoring.schema.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from profminimum.monitoring.books.identity import Identity
    from profminimum.monitoring.books.targets import Target
    from profminimum.monitoring.schema.model import Definition

CODE, NAME, STATE, NUMBER, FIRST = range(5)  # columns before those of the form
TITLE, ABOVE, HEADS, MARKS, TOP = range(5)  # rows before the schools
SCHOOL: Final = 36  # characters of the column of names
OF_CODE: Final = f"{MARK}code"
OF_NUMBER: Final = f"{MARK}number"


@dataclass(frozen=True, slots=True)
class Line:
    """A school: `number` is that of its draft, `closed` when it can no longer be filled."""

    code: str
    name: str
    state: str
    number: int
    closed: bool
    answers: Mapping[str, Any]


def asked(definition: Definition) -> tuple[Target, ...]:
    """The columns: all values that can be typed into cells."""
    return tuple(target for target in targets(definition) if not target.locked)


def without(definition: Definition) -> list[Mapping[str, str]]:
    """The questions that the workbook has no column for: repeats, files."""
    found = []
    for item, parents in walk(definition.items):
        inside = parents[-1].kind if parents else Kind.GROUP
        uncelled = item.kind in {Kind.REPEAT, Kind.FILE} and inside != Kind.REPEAT
        in_table = inside == Kind.TABLE and item not in columns(parents[-1]) and item.kind != Kind.CALCULATED
        if uncelled or in_table:
            found.append(item.label)
    return found


def workbook(
    definition: Definition, lines: Sequence[Line], identity: Identity, heading: Sequence[str], language: str
) -> bytes:
    """The workbook as XLSX: how to fill it, and the rows. `heading`: the wave, the municipality, the date."""
    book = Book(language)
    _how(book, definition, heading)
    page = book.sheet(_("Answers"), (14, SCHOOL, 20, 4))
    page.set_print_scale(70)  # a page wide it could not be read
    page.repeat_columns(CODE, NAME)
    page.set_row(TITLE, TITLE_HEIGHT)
    page.write_string(TITLE, CODE, " · ".join(heading), book.style("title"))
    held = asked(definition)
    _heads(book, page, held)
    for row, line in enumerate(lines, TOP):
        page.write_string(row, CODE, line.code, book.style("cell"))
        page.write_string(row, NAME, line.name, book.style("cell"))
        book.heighten(page, row, [(line.name, SCHOOL)])
        page.write_string(row, STATE, line.state, book.style("closed" if line.closed else "cell"))
        page.write_number(row, NUMBER, line.number)
        for column, target in enumerate(held, FIRST):
            book.answer(page, row, column, target.item, value_of(target, line.answers), locked=line.closed)
    if lines:
        for column, target in enumerate(held, FIRST):
            book.rule(page, TOP, column, TOP + len(lines) - 1, target.item)
    page.activate()
    return book.close(identity, lambda _page: True)


def value_of(target: Target, answers: Mapping[str, Any]) -> Any:
    """What an answer holds for a cell."""
    value = answers.get(target.name)
    if target.row:
        value = (value or {}).get(target.row)
    return (value or {}).get(target.part) if target.part else value


def _heads(book: Book, page: Any, held: Sequence[Target]) -> None:
    for column, text in ((CODE, _("Code")), (NAME, _("School")), (STATE, _("State")), (NUMBER, "")):
        page.merge_range(ABOVE, column, HEADS, column, text, book.style("head"))
    page.set_column(NUMBER, NUMBER, 4, None, {"hidden": True})
    page.set_row(ABOVE, 32)
    page.set_row(HEADS, 64)
    page.set_row(MARKS, None, None, {"hidden": True})
    page.write_string(MARKS, CODE, OF_CODE)
    page.write_string(MARKS, NUMBER, OF_NUMBER)
    column = FIRST
    for above, group in groupby(held, key=lambda target: words(target.above, book.language)):
        together = list(group)
        if len(together) > 1:
            page.merge_range(ABOVE, column, ABOVE, column + len(together) - 1, above, book.style("section"))
        else:
            page.write_string(ABOVE, column, above, book.style("section"))
        for target in together:
            unit = words(target.item.unit, book.language)
            must = target.item.required is not False and target.item.required is not None
            title = words(target.title, book.language) + (f", {unit}" if unit else "")
            star = " *" if must and target.part not in {"phone", "email"} else ""
            page.write_string(HEADS, column, title + star, book.style("head"))
            page.write_string(MARKS, column, target.place)
            page.set_column(column, column, 30 if target.item.kind in {Kind.LONG, Kind.PERSON, Kind.TEXT} else 18)
            column += 1
    page.freeze_panes(TOP, NUMBER)
    page.repeat_rows(ABOVE, HEADS)


def _how(book: Book, definition: Definition, heading: Iterable[str]) -> None:
    page = book.sheet(_("How to fill it"), (110,))
    page.set_portrait()
    lines = [
        _("1. A row is a school. Fill the yellow cells; a star marks what must be answered."),
        _("2. An empty cell changes nothing: what the school has typed already stays."),
        _("3. Grey rows have been sent: they can be changed only after they have been returned."),
        _("4. Upload the file on the page of the wave. First you see what would change and which cells are wrong."),
        _("5. The answers become drafts: each school looks at its own and sends it for checking itself."),
        _("6. Do not delete the columns and rows that are there, and do not add your own."),
    ]
    left = without(definition)
    page.set_row(0, TITLE_HEIGHT)
    for number, text in enumerate([*heading, "", *lines]):
        page.write_string(number, 0, text, book.style("title" if number == 0 else "text"))
    if left:
        top = len(lines) + len(list(heading)) + 2
        page.write_string(top, 0, _("Not in this workbook, only in the form on the site:"), book.style("text"))
        for number, label in enumerate(left, top + 1):
            page.write_string(number, 0, f"— {words(label, book.language)}", book.style("text"))
