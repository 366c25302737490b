"""What do the cells of an uploaded template say, each with its address, and which of them cannot be read?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from profminimum.monitoring.books import scanning
from profminimum.monitoring.books.school import ANSWER, FORM, REPEAT, TABLE
from profminimum.monitoring.books.targets import columns, of_item, read, targets
from profminimum.monitoring.schema.cells import repeats
from profminimum.monitoring.workbook import address, words
from profminimum.monitoring.workbook import read as sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from profminimum.monitoring.books.targets import Target
    from profminimum.monitoring.schema.model import Definition, Item

    Rows = list[list[Any]]

HIGH: Final = 12  # rows from the top in which the hidden row of a sheet is looked for


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: «Form!E14» and what to do. Nothing of such a cell is taken."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An uploaded workbook: its sheets by title, and the cells that show nothing although something is in them."""

    sheets: Mapping[str, Rows]
    blind: Mapping[str, frozenset[str]]

    def is_blind(self, title: str, row: int, column: int) -> bool:
        return title in self.blind and address(row, column) in self.blind[title]


@dataclass(slots=True)
class Reading:
    """`given`: the cells of the form and of its tables; `entries`: the repeats; `where`: the cell of a place."""

    given: list[tuple[Target, Any]] = field(default_factory=list)
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    foreign: list[Fault] = field(default_factory=list)  # columns that are not of the form: passed over, and named


def opened(data: bytes, name: str) -> Opened:
    """The workbook within limits; `UnreadableError` says what is wrong with the file as a whole."""
    blind = scanning.scan(data, name)
    return Opened(sheets_of(data, name), blind)


def no_value() -> str:
    return _("A formula without a value, or an error: put the value itself into the cell.")


def blank(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def read_school(book: Opened, definition: Definition) -> Reading:
    """All that the template of an organisation holds; a cell that was emptied takes its value away."""
    found = Reading()
    by_place = {target.place: target for target in targets(definition) if not target.locked}
    lists = {item.name: item for item in repeats(definition)}
    for title, rows in book.sheets.items():
        for number, row in enumerate(rows[:HIGH]):
            marks = [words(value) for value in row]
            if FORM in marks and ANSWER in marks:
                _form(book, title, rows, (number, marks.index(ANSWER), marks.index(FORM)), by_place, found)
            elif marks and marks[0].startswith(TABLE):
                _table(book, title, rows, number, by_place, found)
            elif marks and marks[0].startswith(REPEAT) and (item := lists.get(marks[0].removeprefix(REPEAT))):
                _repeat(book, title, rows, number, item, found)
    return found


def _form(
    book: Opened,
    title: str,
    rows: Rows,
    marks: tuple[int, int, int],
    by_place: Mapping[str, Target],
    found: Reading,
) -> None:
    top, answer, key = marks
    for number in range(top + 1, len(rows)):
        target = by_place.get(words(rows[number][key])) if key < len(rows[number]) else None
        if target is not None:
            _take(book, title, (number, answer), rows[number], target, found)


def _take(
    book: Opened, title: str, place: tuple[int, int], row: Sequence[Any], target: Target, found: Reading
) -> None:
    number, column = place
    where = f"{title}!{address(number, column)}"
    found.where[target.place] = where
    value = row[column] if column < len(row) else None
    if blank(value):
        if book.is_blind(title, number, column):
            found.faults.append(Fault(where, no_value()))
            return
        value = None
    found.given.append((target, None if value is None else read(target.item, value)))


def _table(book: Opened, title: str, rows: Rows, top: int, by_place: Mapping[str, Target], found: Reading) -> None:
    name = words(rows[top][0]).removeprefix(TABLE)
    heads = {column: words(value) for column, value in enumerate(rows[top]) if column > 1 and not blank(value)}
    for number in range(top + 2, len(rows)):
        row = words(rows[number][0])
        for column, head in heads.items() if row else ():
            target = by_place.get(f"{name}.{row}.{head}")
            if target is not None:
                _take(book, title, (number, column), rows[number], target, found)


def _repeat(book: Opened, title: str, rows: Rows, top: int, item: Item, found: Reading) -> None:
    """Rows with at least one answer are entries; the rest of the sheet is empty."""
    cells = {target.place: target for child in columns(item) for target in of_item(child, child.label)}
    heads = {
        column: cells[words(value)] for column, value in enumerate(rows[top]) if column > 1 and words(value) in cells
    }
    found.foreign.extend(strangers(title, rows, top + 1, top + 1, {0, 1, *heads}))
    entries = found.entries.setdefault(item.name, [])
    for number in range(top + 2, len(rows)):
        entry: dict[str, Any] = {}
        here = f"{item.name}[{len(entries)}]"
        for column, target in heads.items():
            value = rows[number][column] if column < len(rows[number]) else None
            where = f"{title}!{address(number, column)}"
            if blank(value):
                if book.is_blind(title, number, column):
                    found.faults.append(Fault(where, no_value()))
                continue
            found.where[f"{here}.{target.place}"] = where
            kept = read(target.item, value)
            if target.part:
                entry.setdefault(target.name, {})[target.part] = kept
            else:
                entry[target.name] = kept
        if entry:
            found.where[here] = f"{title}!{address(number, 2)}"
            entries.append(entry)


def strangers(title: str, rows: Rows, top: int, heads: int, known: set[int]) -> Iterator[Fault]:
    """Columns in which somebody wrote below row `top` although the form has no such question; `heads`: that row."""
    wide = max((len(row) for row in rows[top:]), default=0)
    for column in range(wide):
        if column in known:
            continue
        written = next(
            (at for at in range(top + 1, len(rows)) if column < len(rows[at]) and not blank(rows[at][column])), None
        )
        if written is None:
            continue
        head = words(rows[heads][column]) if heads < len(rows) and column < len(rows[heads]) else ""
        yield Fault(
            f"{title}!{address(written, column)}",
            _("The column «%(head)s» is not of the form: it is not loaded.") % {"head": head}
            if head
            else _("A column that is not of the form: it is not loaded."),
        )
