"""What is a form made of? The published definition as typed data; the JSON beside it is the same and never changes.

An answer is a flat mapping «name of the item → value»: names are unique in the whole form, groups do not nest.
Values: whole number → int; decimal, amount → float; text, long, date (ISO), one → str; many → list of str in the
order of the choices; yes/no → bool; file → {"file": id, "name": str, "size": int}; person → {"name", "post", "phone",
"email"}; repeat → list of mappings; table → {row: {column: value}}. What is not answered is absent, never "" or None.
A **place** names one value: «name», «repeat[0].child», «table.row.column», «person.phone».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Answers = Mapping[str, Any]
Tree = list[Any] | str | float | int | bool | None  # a compiled rule: see schema.rules
Words = Mapping[str, str]  # language → text; «ru» is always there


class Kind(StrEnum):
    """What an item asks for."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    AMOUNT = "amount"  # a decimal with a unit: hours, kilometres
    TEXT = "text"
    LONG = "long"
    DATE = "date"
    ONE = "one"
    MANY = "many"
    YESNO = "yesno"
    FILE = "file"
    PERSON = "person"
    NOTE = "note"
    CALCULATED = "calculated"
    GROUP = "group"
    REPEAT = "repeat"
    TABLE = "table"


class Severity(StrEnum):
    ERROR = "error"  # the form cannot be sent
    WARNING = "warning"  # it can, with an explanation that is kept beside the answer


class Summary(StrEnum):
    """How the values of many organisations become one («свод»)."""

    NONE = "none"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    SHARE = "share"  # of «yes», or of each choice, among those who answered


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose, or a row of a table; `extra` are further columns that choice filters compare."""

    name: str
    label: Words
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold: `tree` is true for a good answer."""

    tree: Tree
    message: Words
    severity: Severity


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from before anyone types it: «registry:pupils», «register:level.hours», «last:covered»."""

    kind: str  # registry | register | last
    field: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question, a note, or a group of them. `items`: children of a group and of a repeat, columns of a table."""

    kind: Kind
    name: str
    label: Words
    hint: Words
    required: Tree  # true, false or a rule
    relevant: Tree  # None: always shown
    checks: tuple[Check, ...]
    calculation: Tree  # of CALCULATED; None elsewhere
    default: Any
    choices: tuple[Choice, ...]
    choice_filter: Tree
    unit: Words
    least: float | None
    most: float | None
    decimals: int
    longest: int  # characters of a text; 0: the kind's own limit
    source: Source | None
    register: str  # «level.hours»: what an accepted answer writes there; empty: nothing
    summary: Summary
    items: tuple[Item, ...]
    rows: tuple[Choice, ...]  # of a table
    at_least: int  # entries of a repeat
    at_most: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A form: `items` in order; groups at the top are its sections. `checks` look at the whole answer."""

    name: str
    title: Words
    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    note: Words  # what the form says above its first question


@dataclass(frozen=True, slots=True)
class Context:
    """What rules may look at besides the answer itself: values known before anyone types.

    `last` is the answer to the previous wave; `registry` the facts of the organisation (name, pupils, school_type,
    oktmo, municipality, code); `registers` «kind → field → value» in force; `today` the region's date (ISO).
    """

    today: str
    last: Answers
    registry: Mapping[str, Any]
    registers: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place («» for the whole form): `code` is stable, `message` is said to the person."""

    place: str
    code: str
    severity: Severity
    message: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """`answers` as they are to be kept: normalised, calculated, without what is not shown."""

    answers: dict[str, Any]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == Severity.WARNING)
