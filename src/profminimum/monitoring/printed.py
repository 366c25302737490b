"""How does a form look on paper? Numbered rows with places to write, or with the answers; tables as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import NO, PARTS, YES, said, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from profminimum.monitoring.schema.model import Answers, Definition, Item

BLANK: Final = 3  # lines of a repeat on an empty form


@dataclass(slots=True)
class Row:
    """`options`: (label, chosen) to tick; `grid`: (headings, rows of (label, values)); `long`: room for a text."""

    number: str
    label: str
    hint: str
    unit: str
    value: str = ""
    options: list[tuple[str, bool]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    long: bool = False
    required: bool = False
    note: bool = False


@dataclass(slots=True)
class Part:
    title: str
    rows: list[Row]


def parts(definition: Definition, answers: Answers, visible: set[str] | None, language: str) -> list[Part]:
    """The sections with numbered rows; `visible` None: all questions, as on an empty form."""
    found: list[Part] = []
    writer = _Writer(answers, visible, language)
    for item in definition.items:
        if item.kind == Kind.GROUP:
            if visible is None or item.name in visible:
                found.append(Part(words(item.label, language), writer.rows(item.items)))
        else:
            if not found or found[-1].title:
                found.append(Part("", []))
            found[-1].rows += writer.rows([item])
    return [part for part in found if part.rows]


@dataclass(slots=True)
class _Writer:
    answers: Answers
    visible: set[str] | None
    language: str
    count: int = 0

    def rows(self, items: Sequence[Item]) -> list[Row]:
        found: list[Row] = []
        for item in items:
            if item.kind == Kind.GROUP:
                found += [Row("", self._say(item.label), "", "", note=True), *self.rows(item.items)]
            elif item.kind == Kind.NOTE:
                found.append(Row("", self._say(item.label), self._say(item.hint), "", note=True))
            elif self.visible is None or item.name in self.visible:
                found.append(self._row(item))
        return found

    def _say(self, said_by: Mapping[str, str]) -> str:
        return words(said_by, self.language)

    def _row(self, item: Item) -> Row:
        self.count += 1
        made = Row(
            f"{self.count}",
            self._say(item.label),
            self._say(item.hint),
            self._say(item.unit),
            required=item.required is True,
            long=item.kind == Kind.LONG,
        )
        value = self.answers.get(item.name)
        if item.kind == Kind.TABLE:
            made.columns = [self._say(child.label) for child in item.items if child.kind != Kind.NOTE]
            made.lines = [(self._say(row.label), self._cells(item, (value or {}).get(row.name))) for row in item.rows]
        elif item.kind == Kind.REPEAT:
            made.columns = [self._say(child.label) for child in item.items if child.kind != Kind.NOTE]
            entries = value or [{}] * max(item.at_least, BLANK)
            made.lines = [(str(at), self._cells(item, entry)) for at, entry in enumerate(entries, 1)]
        elif item.kind == Kind.PERSON:
            made.parts = [(self._say(PARTS[part]), (value or {}).get(part, "")) for part in PARTS]
        elif item.kind == Kind.YESNO:
            made.options = [(self._say(YES), value is True), (self._say(NO), value is False)]
        elif item.kind in {Kind.ONE, Kind.MANY}:
            taken = value if isinstance(value, list) else [value]
            made.options = [(self._say(choice.label), choice.name in taken) for choice in item.choices]
        else:
            made.value = said(item, value, self.language)
        return made

    def _cells(self, item: Item, entry: Mapping[str, Any] | None) -> list[str]:
        held = entry or {}
        return [said(child, held.get(child.name), self.language) for child in item.items if child.kind != Kind.NOTE]
