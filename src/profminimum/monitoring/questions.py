"""What is drawn for one question? Its inputs with names, values and choices, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.answers import offered
from profminimum.monitoring.schema.evaluate import Scope, number, text, true, truth
from profminimum.monitoring.schema.model import Kind, Summary
from profminimum.monitoring.schema.saying import PARTS, measured, said, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from profminimum.monitoring.schema.model import Answers, Context, Item, Outcome
    from profminimum.monitoring.schema.preparing import Field, Prepared

RADIOS: Final = 7  # more choices than this are a list to pull down
NUMBERS: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT}
_INPUTS: Final = {
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.AMOUNT: "number",
    Kind.TEXT: "text",
    Kind.LONG: "long",
    Kind.DATE: "date",
    Kind.FILE: "file",
    Kind.CALCULATED: "calculated",
}
_ODD: Final = re.compile(r"[.\[\]]+")
MODES: Final = {"name": "text", "post": "text", "phone": "tel", "email": "email"}
FILLS: Final = {"name": "name", "post": "organization-title", "phone": "tel", "email": "email"}


def id_of(place: str) -> str:
    """The id of the input at a place: «table.row.column» → «f-table-row-column»."""
    return f"f-{_ODD.sub('-', place)}"


@dataclass(slots=True)
class Option:
    """A choice; one that does not fit the other answers is not offered."""

    name: str
    label: str
    chosen: bool
    offered: bool


@dataclass(slots=True)
class Control:
    """One input. `was`: the last wave's value beside it."""

    place: str
    id: str
    input: str  # number, text, long, date, radios, boxes, list, file, calculated, tel, email
    label: str
    value: str = ""
    options: list[Option] = field(default_factory=list)
    unit: str = ""
    whole: bool = False
    longest: int = 0
    required: bool = False
    hidden: bool = False
    fixed: bool = False  # shown, not typed
    invalid: bool = False
    was: str = ""
    file: Any = None
    fills: str = ""


@dataclass(slots=True)
class Line:
    """A row of a table or an entry of a repeat."""

    name: str
    label: str
    cells: list[Control]


@dataclass(slots=True)
class Column:
    label: str
    hint: str
    unit: str
    number: bool
    total: str = ""
    summed: bool = False
    name: str = ""
    required: bool = False


@dataclass(slots=True)
class Question:
    """`inputs`: one, or the parts of a person; `lines` with `columns` of a table or a repeat."""

    kind: str
    name: str
    id: str
    label: str
    hint: str = ""
    required: bool = False
    hidden: bool = False
    fixed: bool = False
    inputs: list[Control] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    blank: Line | None = None  # of a repeat: what a new entry looks like
    more: bool = False  # may one add an entry?
    totals: bool = False
    was: str = ""  # in the last wave
    source: str = ""  # registry, register or last
    register: str = ""
    given: str = ""  # the value of the source, where the answer differs from it
    notes: list[Any] = field(default_factory=list)
    remarks: list[Any] = field(default_factory=list)

    @property
    def only(self) -> Control:
        return self.inputs[0]

    def say(self, note: Any) -> None:
        """Add what is said at one of its places, and mark the input there."""
        self.notes.append(note)
        wrong = {note.place, *note.also} if note.errors else set()
        for control in (*self.inputs, *(cell for line in self.lines for cell in line.cells)):
            control.invalid = control.invalid or control.place in wrong


@dataclass(slots=True)
class Writer:
    """Draws the questions of one form with one person's answers."""

    ready: Prepared
    answers: Answers
    outcome: Outcome
    context: Context
    given: Mapping[str, Any]
    visible: set[str]
    language: str
    raw: Mapping[str, Any]
    extra: Mapping[str, int]

    def collect(self, items: Sequence[Item]) -> list[Question]:
        """Questions one after another; a group within a section is a heading and what is in it."""
        found: list[Question] = []
        for item in items:
            if item.kind in {Kind.GROUP, Kind.NOTE}:
                kind = "heading" if item.kind == Kind.GROUP else "note"
                hidden = item.name not in self.visible if item.kind == Kind.GROUP else self._note_hidden(item)
                found.append(
                    Question(
                        kind, item.name, id_of(item.name), self._say(item.label), self._say(item.hint), hidden=hidden
                    )
                )
                found += self.collect(item.items)
            else:
                found.append(self._question(self.ready.by_name[item.name]))
        return found

    def _say(self, said_by: Mapping[str, str]) -> str:
        return words(said_by, self.language)

    def _note_hidden(self, item: Item) -> bool:
        return item.relevant is not None and not truth(item.relevant, self._scope())

    def _scope(self, entry: Any = None, of: str = "", itself: Any = None, position: int = 0) -> Scope:
        return Scope(self.outcome.answers, self.context, self.ready.inside, entry, of, itself, position)

    def _question(self, field_: Field) -> Question:
        item = field_.item
        made = Question(
            item.kind.value,
            item.name,
            id_of(item.name),
            self._say(item.label),
            self._say(item.hint),
            required=self._required(field_, self._scope()),
            hidden=item.name not in self.visible,
            fixed=item.read_only,
        )
        value = self.outcome.answers.get(item.name) if item.kind == Kind.CALCULATED else self.answers.get(item.name)
        last = self.context.last.get(item.name)
        if item.kind == Kind.TABLE:
            self._table(made, field_, value or {}, last or {})
        elif item.kind == Kind.REPEAT:
            self._entries(made, field_, value or [])
            made.was = said(item, last, self.language) if last else ""
        elif item.kind == Kind.PERSON:
            made.inputs = self._person(item, item.name, value or {})
            made.was = said(item, last, self.language) if last else ""
        else:
            made.inputs = [self._control(field_, item.name, value, self._scope())]
            made.was = measured(item, last, self.language)
        if item.source is not None:
            self._sourced(made, item, value)
        return made

    def _required(self, field_: Field, scope: Scope) -> bool:
        return field_.required if isinstance(field_.required, bool) else true(field_.required(scope))

    def _sourced(self, made: Question, item: Item, value: Any) -> None:
        given = self.given.get(item.name)
        if item.source is None or given is None:
            return
        made.source = item.source.kind
        made.register = item.source.field.partition(".")[0] if item.source.kind == "register" else ""
        if given != value:
            made.given = measured(item, given, self.language)

    def _control(
        self, field_: Field, place: str, value: Any, scope: Scope, *, name: str = "", was: Any = None
    ) -> Control:
        item = field_.item
        inside = bool(name)
        made = Control(
            place,
            id_of(place),
            self._input(item, inside=inside),
            name or self._say(item.label),
            unit=self._say(item.unit),
            whole=item.kind == Kind.INTEGER,
            longest=item.longest,
            required=self._required(field_, scope),
            fixed=item.read_only,
            was=said(item, was, self.language),
        )
        if inside and field_.relevant is not None:
            made.hidden = not true(field_.relevant(scope))
        if made.input in {"radios", "boxes", "list"}:
            made.options = self._options(field_, place, value, scope)
        elif made.input == "file":
            made.file = value
        else:
            typed = self.raw.get(place)
            made.value = typed if isinstance(typed, str) else self._typed(item, value)
        return made

    def _input(self, item: Item, *, inside: bool) -> str:
        if item.kind == Kind.YESNO:
            return "list" if inside else "radios"
        if item.kind == Kind.ONE:
            return "list" if inside or len(item.choices) > RADIOS else "radios"
        return "boxes" if item.kind == Kind.MANY else _INPUTS[item.kind]

    def _options(self, field_: Field, place: str, value: Any, scope: Scope) -> list[Option]:
        item = field_.item
        if item.kind == Kind.YESNO:
            yes, no = said(item, value=True, language=self.language), said(item, value=False, language=self.language)
            return [
                Option("yes", yes, value is True, offered=True),
                Option("no", no, value is False, offered=True),
            ]
        taken = self.raw.get(place, value)
        chosen = set(taken) if isinstance(taken, list) else {taken}
        fit = {choice.name for choice in offered(field_, scope)}
        return [
            Option(choice.name, self._say(choice.label), choice.name in chosen, choice.name in fit)
            for choice in item.choices
        ]

    def _typed(self, item: Item, value: Any) -> str:
        """A value as it is typed: numbers without spaces, dates as the browser wants them."""
        if value is None:
            return ""
        if item.kind == Kind.CALCULATED:
            return said(item, value, self.language)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return text(value).replace(".", "," if self.language == "ru" else ".")
        return str(value)

    def _person(self, item: Item, place: str, value: Mapping[str, str], *, fixed: bool = False) -> list[Control]:
        return [
            Control(
                f"{place}.{part}",
                id_of(f"{place}.{part}"),
                MODES[part],
                self._say(PARTS[part]),
                value=str(self.raw.get(f"{place}.{part}", value.get(part, ""))),
                longest=200,
                required=bool(item.required) and part in {"name", "post"},
                fixed=fixed or item.read_only,
                fills=FILLS[part],
            )
            for part in PARTS
        ]

    def _cells(
        self, field_: Field, place: str, entry: Mapping[str, Any], row: str, was: Mapping[str, Any], at: int
    ) -> list[Control]:
        scope = self._scope(entry, field_.item.name, None, at)
        found: list[Control] = []
        for child in field_.children:
            here, value = f"{place}.{child.item.name}", entry.get(child.item.name)
            if child.item.kind == Kind.PERSON:
                found += self._person(child.item, here, value or {})
            elif child.item.kind != Kind.NOTE:
                called = f"{row}, {self._say(child.item.label)}" if row else self._say(child.item.label)
                found.append(self._control(child, here, value, scope, name=called, was=was.get(child.item.name)))
        return found

    def _calculated(self, field_: Field) -> Mapping[str, Any] | Sequence[Any]:
        """The rows with their calculated columns."""
        held: Mapping[str, Any] | Sequence[Any] = self.outcome.answers.get(field_.item.name) or {}
        return held

    def _table(self, made: Question, field_: Field, value: Mapping[str, Any], last: Mapping[str, Any]) -> None:
        item, counted = field_.item, self._calculated(field_)
        for at, row in enumerate(item.rows, 1):
            entry = {**(counted.get(row.name) or {} if isinstance(counted, dict) else {}), **value.get(row.name, {})}
            name = self._say(row.label)
            cells = self._cells(field_, f"{item.name}.{row.name}", entry, name, last.get(row.name) or {}, at)
            made.lines.append(Line(row.name, name, cells))
        for child in item.items:
            if child.kind == Kind.NOTE:
                continue
            column = self._column(child)
            column.summed = child.summary == Summary.SUM and len(item.rows) > 1 and column.number
            if column.summed:
                held = [number(entry.get(child.name)) for entry in value.values()]
                column.total = said(child, round(sum(each or 0 for each in held), 9), self.language)
            made.columns.append(column)
        made.totals = any(column.summed for column in made.columns)

    def _column(self, child: Item) -> Column:
        return Column(
            self._say(child.label),
            self._say(child.hint),
            self._say(child.unit),
            child.kind in NUMBERS | {Kind.CALCULATED},
            name=child.name,
            required=child.required is True,
        )

    def _entries(self, made: Question, field_: Field, value: Sequence[Mapping[str, Any]]) -> None:
        item, counted = field_.item, self._calculated(field_)
        shown = max(len(value), item.at_least, 1, self.extra.get(item.name, 0))
        for at in range(min(shown, max(item.at_most, len(value)))):
            here = counted[at] if isinstance(counted, list) and at < len(counted) else {}
            entry = {**here, **(value[at] if at < len(value) else {})}
            made.lines.append(
                Line(str(at), str(at + 1), self._cells(field_, f"{item.name}[{at}]", entry, "", {}, at + 1))
            )
        made.columns = [self._column(child) for child in item.items if child.kind != Kind.NOTE]
        made.blank = Line("", "", self._cells(field_, f"{item.name}[N]", {}, "", {}, 0))
        made.more = len(made.lines) < item.at_most and not item.read_only
