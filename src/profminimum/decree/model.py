"""What a decree is made of: the text as blocks (what a reader sees) and the plan as understood.

Everything here is plain data. Readers (`sources/`) give a `Source`; `structure.py` turns it into a `Reading`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

TermKind = Literal["date", "span", "recurring", "schedule", "continuous", "event", "unknown"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file: 1-based numbers, None where the format has no such thing."""

    page: int | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph outside tables, its text as written (inner line breaks kept).

    `margin` tells a header or footer of pages, which belongs neither to the act nor to the plan but may hold a stamp.
    """

    text: str
    place: Place
    margin: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as found: one string a cell, lines of a cell joined by line breaks.

    `merged` tells a row whose cells are one cell over the whole width (a section heading, usually). `hanging` names
    the columns (from 0) that a cell merged over rows covers from above, with its text; in `cells` they are «».
    """

    cells: tuple[str, ...]
    place: Place
    merged: bool = False
    hanging: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that the format itself keeps together; a plan may be spread over several tables."""

    rows: tuple[Row, ...]
    place: Place


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Source:
    """A file as blocks in reading order. `format` is one of docx, pdf, xlsx, html, text."""

    name: str
    format: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as written and as understood. Conventions: docs/terms.md.

    `further` is no part of the JSON form: the other days that the wording states. With the doubt `several-dates` they
    are the rest of the dates; of a recurring term without it, the day after which it no longer recurs.
    """

    text: str
    kind: TermKind
    start: date | None = None
    due: date | None = None
    rrule: str = ""
    doubts: tuple[str, ...] = ()
    further: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to the period."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Person:
    """A post and a name in the nominative; `text` is what the act says, word for word."""

    position: str = ""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """The decree itself: kind («распоряжение»), number, date, place, issuer, title, clauses, people."""

    kind: str = ""
    number: str = ""
    date: date | None = None
    place: str = ""
    issuer: str = ""
    title: str = ""
    clauses: tuple[str, ...] = ()
    signatory: Person = field(default_factory=Person)
    controller: Person = field(default_factory=Person)


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation defined in the text by «(далее – …)»."""

    abbr: str
    full: str


@dataclass(frozen=True, slots=True)
class Executor:
    """`text` as written in the row; `name` the abbreviation where the glossary has one, else the text."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Result:
    """An expected document or state of things and, where it is said, whose it is."""

    text: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the plan."""

    number: str
    title: str
    items: tuple[str, ...]
    term: Term
    occurrences: tuple[date, ...]
    executors: tuple[Executor, ...]
    results: tuple[Result, ...]
    source: Place
    verbatim: tuple[tuple[str, str], ...] = ()  # (column heading, cell text) as they stand in the table


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    title: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class PlanText:
    """The plan approved by the act."""

    title: str
    school_year: str
    period: Period | None
    glossary: tuple[Definition, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt about the text. `proposal` maps a field of the measure to a proposed value; None where there is none.

    `message` is Russian, `message_en` English; both name the place and what to do.
    """

    code: str
    severity: Severity
    measure: str
    message: str
    message_en: str
    proposal: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one file."""

    decree: Act
    plan: PlanText
    findings: tuple[Finding, ...]


class UnreadableError(Exception):
    """A file that cannot be read as a decree: `message` (Russian) and `message_en` say why and what to do."""

    def __init__(self, message: str, message_en: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en
