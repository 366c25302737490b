"""How do the rows of a plan's tables become sections and measures: rows cut by pages joined, repeats dropped?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.stream import TableRow, noise
from profminimum.decree.structure.table import Columns, counting, month_of, same_header
from profminimum.decree.structure.wording import goes_on, join, one_line, starts_item, unfinished, unwrap, widest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from profminimum.decree.model import Place

NUMBER: Final = re.compile(r"(?:№\s*)?(?:[IVX]+\.)?\d{1,3}(?:[.\-]\d{1,3})*(?:[а-я])?[.)]?", re.IGNORECASE)
_LEADING: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})*[.)])\s+(?=\S)|(\d{1,3}(?:\.\d{1,3})+)\s+(?=\S)")
_ROMAN: Final = re.compile(r"[IVXІХ]{1,6}[.)]?")
_ROMAN_HEADING: Final = re.compile(r"[IVXІХ]{1,5}\.\s+\S")
_SECTION_WORD: Final = re.compile(
    r"(?:раздел|модуль|направление|блок|этап|глава|подраздел|часть|цель|задача)\b", re.IGNORECASE
)
_SECTION_NUMBER: Final = re.compile(
    r"(?:(?:раздел|модуль|направление|блок|этап|глава|подраздел|часть|цель|задача)\s*)?(?:№\s*)?"
    r"(?P<number>[IVXІХ]{1,6}|\d{1,2}(?:\.\d{1,2})*)(?:\s*[.):]\s*|\s+[–—-]\s+|\s+(?=[А-ЯЁ«]))(?P<title>.+)",
    re.IGNORECASE | re.DOTALL,
)
_PART_OF_YEAR: Final = re.compile(
    r"(?:[IVX]+|\d|перв\w+|втор\w+|трет\w+|четв[её]рт\w+)\s*(?:-?[еяй]\S?\s+)?(?:полугоди|кварт|четверт|триместр|недел)\w*.*",
    re.IGNORECASE,
)
_MONTH_YEAR: Final = re.compile(r"(?P<month>[А-Яа-яё]{3,8})\.?\s*(?P<year>20\d\d)?\s*(?:г\.?|года?)?", re.IGNORECASE)
TERM_LIKE: Final = re.compile(
    r"\d{1,2}\.\d{2}|20\d\d|январ|феврал|март|апрел|\bма[йя]\b|июн|июл|август|сентябр|октябр|ноябр|декабр|кварта|"
    r"ежегодн|ежемес|еженед|постоян|в течение|по мере|по отдельн|\bраз[а]?\s+в\b|до\s+\d",
    re.IGNORECASE,
)
_BLANK: Final = frozenset({"", "-", "–", "—", "--", "---", "…", "...", "_"})


@dataclass(slots=True)
class RawMeasure:
    """Cells by column as text of the whole measure; `number` as written without its dot, «» when the row has none."""

    number: str
    cells: list[str]
    place: Place
    columns: Columns
    parent: str = ""  # the number of the measure above, for a row that has no number of its own


@dataclass(slots=True)
class RawSection:
    """A section; `term` is the month or part of the year that its heading names."""

    number: str
    title: str
    place: Place | None
    measures: list[RawMeasure] = field(default_factory=list)
    term: str = ""


class Assembly:
    """Takes the rows of a plan one after another.

    `wraps` is for a format whose lines are broken by the paper: which part of the widest line of a column surely fits
    into it (letters of a printed font differ in width); 0 for other formats.
    """

    def __init__(self, *, wraps: float, readable: Callable[[str], bool]) -> None:
        self.wraps = wraps
        self._readable = readable
        self.sections: list[RawSection] = []
        self._rows: list[tuple[TableRow, Columns]] = []
        self._widths: dict[int, int] = {}

    def add(self, row: TableRow, columns: Columns) -> None:
        missing = len(columns.headings) - len(row.cells)
        if missing > 0:
            row = replace(row, cells=(*row.cells, *[""] * missing))
        if counting(row.cells) or (any(columns.headings) and same_header(row.cells, columns)):
            return
        if columns.title is not None and columns.title < len(row.cells):
            above, _, below = row.cells[columns.title].partition("\n")
            if (_SECTION_WORD.match(above) or _ROMAN_HEADING.match(above)) and _LEADING.match(below):
                self.add_heading(above, row.place, columns)
                cells = (*row.cells[: columns.title], below, *row.cells[columns.title + 1 :])
                row = replace(row, cells=cells)
        self._rows.append((row, columns))

    def add_heading(self, text: str, place: Place, columns: Columns) -> None:
        """Take a heading that stands outside the table's own rows."""
        cells = (text, *[""] * (len(columns.headings) - 1))
        self._rows.append((TableRow(cells, place, merged=True, table=0, first=False), columns))

    def last_number(self) -> str:
        """Give the number of the last row that has one."""
        numbers = (self._number(row, columns)[0] for row, columns in reversed(self._rows))
        return next((number for number in numbers if number), "")

    def finish(self) -> list[RawSection]:
        """Read all rows added; sections without a measure are kept only when others have none either."""
        numbered = self._numbered()
        for index, (row, columns) in enumerate(self._rows):
            self._take(index, row, columns, numbered=numbered)
        for section in self.sections:
            section.measures = [one for one in section.measures if _has_words(one)]
        return [section for section in self.sections if section.measures]

    def _numbered(self) -> bool:
        """Tell whether the plan numbers its rows at all, so that a row without a number is unusual."""
        rows = [(row, columns) for row, columns in self._rows if len(row.filled) > 1]
        with_number = sum(bool(self._number(row, columns)[0]) for row, columns in rows)
        return with_number >= 0.4 * max(1, len(rows))

    def _number(self, row: TableRow, columns: Columns) -> tuple[str, list[str]]:
        """Give the number of a row and its cells, the number taken off the title where it stands there."""
        cells = list(row.cells)
        if columns.number is not None:
            text = cells[columns.number] if columns.number < len(cells) else ""
            if NUMBER.fullmatch(text) or _ROMAN.fullmatch(text):
                return _bare(text), cells
            leading = _LEADING.match(text)
            if leading and columns.title is not None and not cells[columns.title]:
                cells[columns.title] = text[leading.end() :]
                return _bare(leading[0]), cells
            if text:
                return "", cells
        if columns.title is not None and columns.title < len(cells):
            title = cells[columns.title]
            leading = _LEADING.match(title)
            if leading:
                cells[columns.title] = title[leading.end() :]
                return _bare(leading[0]), cells
        return "", cells

    def _take(self, index: int, row: TableRow, columns: Columns, *, numbered: bool) -> None:
        if all(noise(row.cells[i]) for i in row.filled) and not (
            columns.number in row.filled and NUMBER.fullmatch(row.cells[columns.number or 0])
        ):
            return
        heading = self._heading(index, row, columns)
        if heading:
            self._open(heading, row.place)
            return
        number, cells = self._number(row, columns)
        cells = [self._unwrapped(cell, position) for position, cell in enumerate(cells)]
        cells += [""] * (len(columns.headings) - len(cells))
        if columns.section is not None and cells[columns.section] not in _BLANK:
            self._vertical(one_line(cells[columns.section]), row.place)
        last = self._last()
        if columns.title is None or cells[columns.title]:
            _inherit(cells, row, columns)
        if last is not None:
            _fill_down(cells, last, columns)
        if not number and last is not None and self._continues(row, cells, columns, last, numbered=numbered):
            _append(last, cells, columns)
            return
        if not self.sections:
            self.sections.append(RawSection("", "", None))
        if columns.number is not None:
            cells[columns.number] = row.cells[columns.number]
        parent = last.number or last.parent if last is not None and numbered and not number else ""
        self.sections[-1].measures.append(RawMeasure(number, cells, row.place, columns, parent))

    def _unwrapped(self, cell: str, column: int) -> str:
        if "\n" not in cell:
            return cell
        width = self.wraps * self._width(column) or None
        return unwrap(cell, width)

    def _width(self, column: int) -> int:
        if column not in self._widths:
            self._widths[column] = widest([r.cells[column] for r, _ in self._rows if column < len(r.cells)])
        return self._widths[column]

    def _last(self) -> RawMeasure | None:
        return self.sections[-1].measures[-1] if self.sections and self.sections[-1].measures else None

    def _heading(self, index: int, row: TableRow, columns: Columns) -> str:
        """Give the heading that a row holds instead of a measure, else «»."""
        texts = {one_line(row.cells[i]) for i in row.filled}
        only = one_line(row.cells[row.filled[0]])
        if any(text and column in _shared(columns) for column, text in row.hanging):
            return ""
        if len(texts) > 1:
            return self._numbered_heading(index, row, columns, texts)
        if NUMBER.fullmatch(only) or (_ROMAN.fullmatch(only) and columns.number in row.filled):
            return ""
        if row.merged or len(row.filled) > 1:
            return only
        return only if self._single(index, row, only, columns) else ""

    def _single(self, index: int, row: TableRow, text: str, columns: Columns) -> bool:
        """Tell whether the only cell of a row that is not merged holds a heading."""
        column = row.filled[0]
        if column == columns.number:
            leading = _LEADING.match(text)
            return not leading or columns.title is None or self._section_number(index, leading[0])
        if column == columns.title:
            return self._lone_title(row, text, columns)
        return column == 0 and len(text) > 12 and not goes_on(text) and not self._readable(text)

    def _section_number(self, index: int, number: str) -> bool:
        """Tell «1. …» alone in a row from a measure: the rows below are deeper («1.1») or have cells of their own."""
        below = next((r for r, _ in self._rows[index + 1 :]), None)
        return below is not None and len(below.filled) > 1 and number.count(".") <= 1

    def _lone_title(self, row: TableRow, text: str, columns: Columns) -> bool:
        if _SECTION_WORD.match(text) or _time_of(text) or re.match(r"[IVX]{1,5}\.\s", text):
            return True
        if goes_on(text) or (starts_item(text) and not re.match(r"\d", text)):
            return False
        last = self._last()
        if last is None:
            return True
        before = last.cells[columns.title] if columns.title is not None else ""
        if unfinished(before):
            return False
        if row.first and not re.match(r"\d+\.\s", text) and text.upper() != text:
            return bool(re.search(r"[.;»)]$", before)) and bool(self.sections[-1].title)
        return True

    def _numbered_heading(self, index: int, row: TableRow, columns: Columns, texts: set[str]) -> str:
        """Read «I. | Организационное обеспечение | | |», a section whose number has a cell of its own."""
        if columns.number is None or len(texts) != 2 or row.filled[0] != columns.number:
            return ""
        number, title = row.cells[columns.number], one_line(row.cells[row.filled[1]])
        if not (NUMBER.fullmatch(number) or _ROMAN.fullmatch(number)) or columns.title not in row.filled:
            return ""
        spread = len(row.filled) > 2
        below = next((r.cells[columns.number] for r, _ in self._rows[index + 1 :] if r.cells[columns.number :]), "")
        bare = _bare(number)
        deeper = below.startswith(bare + ".") and len(below) > len(bare) + 1
        if spread or _ROMAN.fullmatch(number) or deeper or _SECTION_WORD.match(title):
            return f"{bare}. {title}"
        capitals = title.upper() == title and len(title) > 8
        return f"{bare}. {title}" if capitals else ""

    def _open(self, heading: str, place: Place) -> None:
        last = self.sections[-1] if self.sections else None
        if last is not None and not last.measures and last.place is not None and goes_on(heading):
            last.title = join(last.title, heading, broken=True)
            return
        number, title = section_heading(heading)
        if last is not None and (last.number, last.title) == (number, title):
            return
        self.sections.append(RawSection(number, title, place, term=_time_of(title)))

    def _vertical(self, heading: str, place: Place) -> None:
        """Open a section named by a column («Направление») when its text changes."""
        number, title = section_heading(heading)
        if not self.sections or self.sections[-1].title != title:
            self.sections.append(RawSection(number, title, place, term=_time_of(title)))

    def _continues(
        self, row: TableRow, cells: Sequence[str], columns: Columns, last: RawMeasure, *, numbered: bool
    ) -> bool:
        """Tell a row without a number that goes on with the row above from a measure that has no number."""
        title = cells[columns.title] if columns.title is not None else ""
        before = last.cells[columns.title] if columns.title is not None else ""
        if not _has_words(last) or not title:
            return True
        if goes_on(title) or (starts_item(title) and bool(before)) or unfinished(before):
            return True
        term = " ".join(cells[i] for i in _term_cells(columns))
        above = " ".join(last.cells[i] for i in _term_cells(last.columns) if i < len(last.cells))
        if not numbered:
            return not term and not any(cells[i] for i in columns.executors) and row.first
        if term.strip() and TERM_LIKE.search(term) and (not above.strip() or self._readable(above)):
            return not (self._readable(term) and not unfinished(above))
        if columns.has_term or not columns.executors:
            return row.first or not any(cells[i] for i in columns.executors)
        return not any(cells[i] for i in columns.executors)


def _shared(columns: Columns) -> set[int]:
    """The columns whose cells several measures may share: all but number, title and section."""
    return {*_term_cells(columns), *columns.executors, *columns.results}


def _inherit(cells: list[str], row: TableRow, columns: Columns) -> None:
    """Give the row the text of cells that are merged over it and rows above."""
    for column, text in row.hanging:
        if column < len(cells) and not cells[column] and column in _shared(columns):
            cells[column] = text


def _fill_down(cells: list[str], last: RawMeasure, columns: Columns) -> None:
    """Carry a term down to rows that leave it empty where terms stand before titles, as in a calendar."""
    for index in columns.terms[:1]:
        grouped = columns.title is not None and index < columns.title and last.columns is columns
        if grouped and not cells[index] and columns.title is not None and cells[columns.title]:
            title = cells[columns.title]
            if not goes_on(title) and not starts_item(title) and not unfinished(last.cells[columns.title]):
                cells[index] = last.cells[index]


def section_heading(text: str) -> tuple[str, str]:
    """Part the number of a section from its title: «Раздел II. Кадры» → («II», «Кадры»)."""
    text = one_line(text).strip()
    if _time_of(text) or _PART_OF_YEAR.fullmatch(text):
        return "", text
    found = _SECTION_NUMBER.fullmatch(text)
    if not found or (re.fullmatch(r"[а-яё]", found["number"])):
        return "", text.rstrip(" .:") if text.endswith(":") else text
    number = found["number"].upper().replace("І", "I").replace("Х", "X")
    return number, found["title"].strip()


def _time_of(text: str) -> str:
    """Give the term that a heading sets for the rows below it («Сентябрь 2023 г.», «I полугодие»), else «»."""
    text = text.strip(" .:")
    found = _MONTH_YEAR.fullmatch(text)
    if found and month_of(found["month"]):
        return text.capitalize() if text.isupper() else text
    return text if _PART_OF_YEAR.fullmatch(text) and len(text) < 60 else ""


def _bare(number: str) -> str:
    return re.sub(r"^№\s*", "", number.strip()).rstrip(".) ")


def _term_cells(columns: Columns) -> list[int]:
    edges = [index for index in (columns.start, columns.end) if index is not None]
    return [*columns.terms, *edges, *(mark.column for mark in columns.marks)]


def _has_words(measure: RawMeasure) -> bool:
    columns = measure.columns
    return any(
        cell.strip() not in _BLANK
        for index, cell in enumerate(measure.cells)
        if index not in {columns.number, columns.section}
    )


def _append(measure: RawMeasure, cells: Sequence[str], columns: Columns) -> None:
    """Join a continuation cell by cell; columns are matched by place, or by role when their order changed."""
    for index, cell in enumerate(cells):
        if not cell or index in {columns.number, columns.section}:
            continue
        if index >= len(measure.cells):
            measure.cells.extend([""] * (index + 1 - len(measure.cells)))
        before = measure.cells[index]
        if before == cell and index != columns.title:
            continue
        if before and starts_item(cell) and not re.search(r"\w-$", before):
            measure.cells[index] = f"{before}\n{cell}"
        else:
            head, _, rest = cell.partition("\n")
            *lines, tail = before.split("\n")
            joined = join(tail, head, broken=True)
            measure.cells[index] = "\n".join([*lines, joined, *([rest] if rest else [])])
