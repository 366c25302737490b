"""What stands in the rows of a sheet under which heading, and at which cell is something wrong?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from string import digits
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring import workbook
from profminimum.monitoring.xlsform import columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from profminimum.monitoring.schema.model import Words

MOST_FAULTS: Final = 200
MOST_LINES: Final = 5000
ERROR, NOTICE = "error", "notice"
ORDER: Final = ("survey", "choices", "settings", "checks")
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})  # what Excel makes of plain ones


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a cell («» for the sheet or the file): an error keeps the form from being published."""

    sheet: str
    cell: str
    severity: str  # error | notice
    message: Words

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(slots=True)
class Faults:
    """Faults are gathered while the workbook is read, one a cell and message, never raised."""

    found: dict[tuple[str, str, str], Fault] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)  # by severity, so that no notice keeps an error out
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, sheet: str, cell: str, ru: str, en: str, *, severity: str = ERROR) -> None:
        if (sheet, cell, ru) in self.found:
            return
        if self.kept[severity] == MOST_FAULTS:
            self.dropped[severity] += 1
            return
        self.kept[severity] += 1
        self.found[sheet, cell, ru] = Fault(sheet, cell, severity, {"ru": ru, "en": en})

    def notice(self, sheet: str, cell: str, ru: str, en: str) -> None:
        self.add(sheet, cell, ru, en, severity=NOTICE)

    def listed(self) -> tuple[Fault, ...]:
        """The errors, then the notices, each in the order of the sheets, rows and columns; last what is not shown."""
        found = sorted(self.found.values(), key=lambda fault: (fault.severity != ERROR, *_where(fault)))
        for severity, ru, en in ((ERROR, "ошибок", "errors"), (NOTICE, "замечаний", "notices")):
            if number := self.dropped[severity]:
                words = {
                    "ru": f"Не показано {ru}: {number}. Исправьте названные и загрузите книгу снова.",
                    "en": f"Not shown: {number} {en}. Mend those that are named and upload the workbook again.",
                }
                found.append(Fault("", "", severity, words))
        return tuple(found)

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.found.values() if fault.severity == ERROR)


def _where(fault: Fault) -> tuple[int, str, int, int, str]:
    sheet = ORDER.index(fault.sheet) if fault.sheet in ORDER else len(ORDER)
    column = fault.cell.rstrip(digits)
    return sheet, fault.sheet, int(fault.cell.removeprefix(column) or 0), len(column), column


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: «label::Russian (ru)» is the column «label» in «ru»."""

    name: str
    language: str  # code; empty when the heading names none
    said: str
    index: int


@dataclass(slots=True)
class Line:
    """A row with anything in it; `row` counts from 0."""

    sheet: Sheet
    row: int
    values: dict[int, str]  # index of the column → text

    def get(self, name: str) -> str:
        """The text under a heading; of several languages the first that is not empty."""
        return next((self.values[head.index] for head in self.sheet.of(name) if head.index in self.values), "")

    def rule(self, name: str) -> str:
        """As `get`, with the quotes that rules know."""
        return self.get(name).translate(_QUOTES)

    def cell(self, *names: str) -> str:
        """The address under the first of these headings that is filled here, else that there is."""
        heads = [head for name in names for head in self.sheet.of(name)]
        filled = [head for head in heads if head.index in self.values]
        index = filled[0].index if filled else heads[0].index if heads else min(self.values, default=0)
        return workbook.address(self.row, index)

    def words(self, name: str) -> dict[str, str]:
        """Language → text, «ru» is there when anything is."""
        found = self.said(name)
        if found and "ru" not in found:
            found["ru"] = next(iter(found.values()))
        return found

    def said(self, name: str) -> dict[str, str]:
        """Language → text, as far as the columns go; what has no language is in the default one."""
        return {
            head.language or self.sheet.default: self.values[head.index]
            for head in self.sheet.of(name)
            if head.index in self.values
        }

    def name_substitution(self, column: str) -> None:
        if any("${" in text for text in self.said(column).values()):
            self.notice(
                column,
                "Подстановка ${…} в тексте не поддерживается: показано как написано.",
                "${…} in a text is not supported: it is shown as written.",
            )

    def fault(self, column: str, ru: str, en: str) -> None:
        self.sheet.faults.add(self.sheet.name, self.cell(column), ru, en)

    def notice(self, column: str, ru: str, en: str) -> None:
        self.sheet.faults.notice(self.sheet.name, self.cell(column), ru, en)


class Sheet:
    """A sheet as headings and the rows below them that hold anything."""

    def __init__(self, name: str, rows: Sequence[Sequence[Any]], faults: Faults, default: str = "ru") -> None:
        self.name, self.faults, self.default = name, faults, default
        self.heads: list[Head] = []
        self.head_row = 0
        self.lines: list[Line] = []
        self._by_name: dict[str, list[Head]] = {}
        self._headed: set[int] = set()  # columns of which no more need be said
        for number, row in enumerate(rows):
            values = {index: said for index, value in enumerate(row) if (said := words(value))}
            if not values:
                continue
            if not self.heads:
                self.head_row = number
                self._head(values)
                self._headed = set(values)
                continue
            self._nameless(number, values)
            if any(head.index in values for head in self.heads):
                if len(self.lines) == MOST_LINES:
                    faults.add(
                        name,
                        workbook.address(number, 0),
                        f"Больше {MOST_LINES} строк не читается.",
                        f"No more than {MOST_LINES} rows are read.",
                    )
                    break
                self.lines.append(Line(self, number, values))

    def _head(self, values: dict[int, str]) -> None:
        for index, said in values.items():
            name, language = columns.heading(said, self.name)
            head = Head(name, columns.language(language, "") if language else "", said, index)
            same = next((o for o in self.heads if (o.name, o.language) == (head.name, head.language)), None)
            if same is not None:
                as_said = same.said.lower() == said.lower()
                self.faults.add(
                    self.name,
                    workbook.address(self.head_row, index),
                    f"Столбец «{said}» "
                    + ("повторяется." if as_said else f"— то же, что «{same.said}»: оставьте один."),
                    f"The column «{said}» "
                    + ("stands here twice." if as_said else f"is the same as «{same.said}»: keep one of them."),
                )
                continue
            self.heads.append(head)
            self._by_name.setdefault(name, []).append(head)

    def _nameless(self, row: int, values: Collection[int]) -> None:
        """Name the first cell of a column without a heading, where an author may believe it to be read."""
        for index in sorted(set(values) - self._headed):
            self._headed.add(index)
            self.faults.notice(
                self.name,
                workbook.address(row, index),
                "У столбца нет заголовка: он не читается.",
                "The column has no heading: it is not read.",
            )

    def of(self, name: str) -> list[Head]:
        return self._by_name.get(name, [])

    def unseen(self) -> Iterator[Head]:
        """The headings in a language that no page is shown in, beside others of the same column that are."""
        for head in self.heads:
            others = {other.language or self.default for other in self.of(head.name)}
            if (head.language or self.default) not in columns.LANGUAGES and others & columns.LANGUAGES:
                yield head

    def unknown(self, known: Collection[str]) -> Iterator[Head]:
        """The headings that are none of these."""
        return (head for head in self.heads if head.name not in known)

    def cell(self, head: Head) -> str:
        return workbook.address(self.head_row, head.index)

    def used(self, head: Head) -> Line | None:
        """The first row that has something under this heading."""
        return next((line for line in self.lines if head.index in line.values), None)


def words(value: Any) -> str:
    """A cell as a text: dates in ISO, numbers without needless zeros, TRUE and FALSE as Excel shows them."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return workbook.words(value)
