"""How does an answer stand beside the last wave's and the revision before it? Section by section, for those who read.

Pure: a definition and answers in, lines of texts with their marks out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.answers import shown, sourced
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import measured, said, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from profminimum.monitoring.schema.model import Answers, Context, Definition, Item, Problem, Words

ADDED: Final = "added"
CHANGED: Final = "changed"
REMOVED: Final = "removed"
NUMBERS: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT, Kind.CALCULATED}
POINTS: Final[Words] = {"ru": "п. п.", "en": "pp"}
_OWN: Final = re.compile(r"[.\[]")


def change(before: Any, after: Any) -> str:
    """What happened to a value: added, changed, removed, or nothing («»)."""
    if before == after or (before in (None, "", [], {}) and after in (None, "", [], {})):
        return ""
    if before in (None, "", [], {}):
        return ADDED
    return REMOVED if after in (None, "", [], {}) else CHANGED


def moved(item: Item, before: Any, after: Any, language: str = "ru") -> str:
    """By how much a number has changed: «+12, +13 %», a share «+4,7 п. п.»; nothing for what is no number."""
    known = [value for value in (before, after) if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if item.kind not in NUMBERS or len(known) < 2 or before == after:
        return ""
    by = after - before
    text = ("+" if by > 0 else "−") + said(item, round(abs(by), item.decimals), language)
    if "%" in item.unit.values():
        return f"{text}\u00a0{words(POINTS, language)}"
    if not before:
        return text
    share = round(by * 100 / abs(before))
    sign = "+" if share > 0 else "−" if share < 0 else ""
    gap = "" if language == "en" else "\u00a0"
    return f"{text}, {sign}{abs(share)}{gap}%" if abs(share) < 1000 else text


def _rounded(item: Item, value: Any) -> Any:
    """As many decimals as the field has: what a calculation leaves beyond them is no difference."""
    return round(value, item.decimals) if item.kind in NUMBERS and isinstance(value, float) else value


@dataclass(slots=True)
class Note:
    """A warning of the form, with what the author explained."""

    message: str
    explanation: str


@dataclass(slots=True)
class Cell:
    """A single value: `last` is the last wave's, `before` the revision's before; texts, empty when not answered.

    `change` is against the revision before, where there is one to compare with, else against the last wave.
    """

    place: str
    value: str
    last: str = ""
    before: str = ""
    change: str = ""
    moved: str = ""
    file: int | None = None
    wide: bool = False  # words, no number
    warnings: list[Note] = field(default_factory=list)
    doubts: list[Any] = field(default_factory=list)
    remarks: list[Any] = field(default_factory=list)

    @property
    def was(self) -> str:
        return self.before or self.last

    @property
    def noted(self) -> bool:
        return bool(self.warnings or self.doubts or self.remarks)


@dataclass(slots=True)
class Grid:
    """A table or the entries of a repeat: `rows` are (what the row is called, its cells)."""

    columns: list[tuple[str, bool]]  # (title, is it text?)
    rows: list[tuple[str, list[Cell]]]

    def cells(self) -> Iterator[Cell]:
        for _label, row in self.rows:
            yield from row


@dataclass(slots=True)
class Line:
    """A question with its answer. `source`: what the region has, said only where the answer differs from it."""

    label: str
    hint: str
    unit: str
    cell: Cell
    kind: str
    grid: Grid | None = None
    source: str = ""
    source_kind: str = ""
    note: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.cell.change) or bool(self.grid and any(cell.change for cell in self.grid.cells()))

    @property
    def cells(self) -> list[Cell]:
        return [self.cell, *(self.grid.cells() if self.grid else ())]


@dataclass(slots=True)
class Part:
    """A section of the form."""

    name: str
    title: str
    lines: list[Line]

    @property
    def differences(self) -> int:
        return sum(line.differs for line in self.lines)

    @property
    def notes(self) -> int:
        return sum(cell.noted for line in self.lines for cell in line.cells)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the answer is compared with: the answers of the last wave and of the revision before; None: nothing."""

    last: Answers | None = None
    before: Answers | None = None

    @property
    def base(self) -> Answers | None:
        return self.last if self.before is None else self.before


def parts(
    definition: Definition,
    answers: Answers,
    beside: Beside,
    context: Context,
    *,
    language: str = "ru",
    marks: Iterable[str] = (),
) -> list[Part]:
    """The sections with their lines; what is neither asked nor answered in any of the answers is left out."""
    visible = shown(definition, answers, context)
    writer = _Writer(
        answers, beside, language, sourced(definition, context), {_OWN.split(place)[0] for place in marks}
    )
    found: list[Part] = []
    loose = Part("", words(definition.title, language), [])
    for item in definition.items:
        if item.kind == Kind.GROUP:
            part = Part(item.name, words(item.label, language), [])
            writer.collect(item.items, visible, part.lines)
            if part.lines:
                found.append(part)
        else:
            if not loose.lines:
                found.append(loose)
            writer.collect([item], visible, loose.lines)
    return [part for part in found if part.lines]


@dataclass(slots=True)
class _Writer:
    answers: Answers
    beside: Beside
    language: str
    given: Mapping[str, Any]
    marked: set[str]

    def collect(self, items: Sequence[Item], visible: set[str], lines: list[Line]) -> None:
        for item in items:
            if item.kind == Kind.GROUP:
                self.collect(item.items, visible, lines)
            elif item.kind != Kind.NOTE and (item.name in visible or self._answered(item.name)):
                lines.append(self._line(item))

    def _answered(self, name: str) -> bool:
        return any(held and held.get(name) is not None for held in (self.answers, self.beside.base))

    def _line(self, item: Item) -> Line:
        now, last, before = self._three(item.name)
        line = Line(
            label=words(item.label, self.language),
            hint=words(item.hint, self.language),
            unit=words(item.unit, self.language),
            cell=Cell(item.name, ""),
            kind=item.kind.value,
        )
        if item.kind == Kind.TABLE:
            line.grid = self._table(item, now or {}, last or {}, before or {})
        elif item.kind == Kind.REPEAT:
            line.grid = self._entries(item, now or [], last or [], before or [])
        else:
            line.cell = self._cell(item, item.name, now, last, before)
        if item.name in self.marked and item.source is not None and item.source.kind != "last":
            line.source_kind = item.source.kind
            line.source = measured(item, self.given.get(item.name), self.language)
        return line

    def _three(self, name: str) -> tuple[Any, Any, Any]:
        return self.answers.get(name), (self.beside.last or {}).get(name), (self.beside.before or {}).get(name)

    def _cell(self, item: Item, place: str, now: Any, last: Any, before: Any) -> Cell:
        now, last, before = (_rounded(item, value) for value in (now, last, before))
        compared = self.beside.base is not None
        base = last if self.beside.before is None else before
        return Cell(
            place,
            said(item, now, self.language),
            said(item, last, self.language),
            said(item, before, self.language),
            change(base, now) if compared else "",
            moved(item, base, now, self.language) if compared else "",
            now.get("file") if item.kind == Kind.FILE and isinstance(now, dict) else None,
            item.kind not in NUMBERS,
        )

    def _row(self, item: Item, place: str, now: Any, last: Any, before: Any) -> list[Cell]:
        return [
            self._cell(
                child, f"{place}.{child.name}", *((held or {}).get(child.name) for held in (now, last, before))
            )
            for child in item.items
            if child.kind != Kind.NOTE
        ]

    def _columns(self, item: Item) -> list[tuple[str, bool]]:
        kept = [child for child in item.items if child.kind != Kind.NOTE]
        return [(words(child.label, self.language), child.kind not in NUMBERS) for child in kept]

    def _table(self, item: Item, now: Answers, last: Answers, before: Answers) -> Grid:
        rows = [
            (
                words(row.label, self.language),
                self._row(
                    item, f"{item.name}.{row.name}", now.get(row.name), last.get(row.name), before.get(row.name)
                ),
            )
            for row in item.rows
        ]
        return Grid(self._columns(item), rows)

    def _entries(self, item: Item, now: Sequence[Any], last: Sequence[Any], before: Sequence[Any]) -> Grid:
        longest = max(len(now), len(last if self.beside.before is None else before))

        def at(held: Sequence[Any], index: int) -> Any:
            return held[index] if index < len(held) else None

        rows = [
            (
                str(index + 1),
                self._row(item, f"{item.name}[{index}]", at(now, index), at(last, index), at(before, index)),
            )
            for index in range(longest)
        ]
        return Grid(self._columns(item), rows)


def annotate(
    found: Sequence[Part],
    *,
    problems: Iterable[Problem] = (),
    explanations: Mapping[str, str] | None = None,
    doubts: Iterable[Any] = (),
    remarks: Iterable[Any] = (),
    language: str = "ru",
) -> list[tuple[str, Any]]:
    """Put warnings, doubts and remarks to their fields; what has no place on the page is returned as (kind, it)."""
    places = {cell.place: cell for part in found for line in part.lines for cell in line.cells}
    loose: list[tuple[str, Any]] = []

    def cell_of(place: str) -> Cell | None:
        return places.get(place) or places.get(_OWN.split(place)[0])

    for problem in problems:
        note = Note(words(problem.message, language), (explanations or {}).get(problem.place, ""))
        cell = cell_of(problem.place)
        if cell is None:
            loose.append(("warning", note))
        else:
            cell.warnings.append(note)
    for kind, given in (("doubt", doubts), ("remark", remarks)):
        for one in given:
            cell = cell_of(one.place)
            if cell is None:
                loose.append((kind, one))
            elif kind == "doubt":
                cell.doubts.append(one)
            else:
                cell.remarks.append(one)
    return loose
