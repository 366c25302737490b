"""How do the answers of many become one («свод»)? Sums, means, medians and shares by the form's own rules; pure.

Each field says how it is summed up. A figure always has its base: how many answers gave the field a value.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.cells import cells
from profminimum.monitoring.schema.model import Kind, Summary
from profminimum.monitoring.schema.saying import NO, YES, words
from profminimum.monitoring.schema.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from profminimum.monitoring.schema.model import Answers, Definition, Item

    Getter = Callable[[Answers], tuple[Any, ...]]

NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT, Kind.CALCULATED})
CHOICES: Final = frozenset({Kind.ONE, Kind.MANY, Kind.YESNO})
COUNTED: Final = frozenset({Summary.SUM, Summary.MEAN, Summary.MEDIAN})
SMALL: Final = 3  # a count of pupils below it could point at a child
DELICATE: Final = ("овз", "инвалид", "disab", "ovz")
YES_NO: Final = (("yes", YES), ("no", NO))


@dataclass(frozen=True, slots=True)
class Column:
    """A field that is summed up. `get` gives its values in one answer: none, one, or many (entries, choices)."""

    place: str
    title: str
    unit: str
    section: str
    rule: Summary
    decimals: int
    choices: tuple[tuple[str, str], ...]
    get: Getter
    delicate: bool


def columns(definition: Definition, language: str = "ru") -> tuple[Column, ...]:
    """The fields that have a rule which fits their kind, in the order of the form; figures of entries after them."""
    found = [
        _column(
            cell.place,
            words(cell.title, language),
            words(cell.section, language),
            cell.item,
            _single(cell.get, cell.item.kind),
            language,
        )
        for cell in cells(definition)
        if _fits(cell.item) and cell.item.kind == cell.kind
    ]
    for child, parents in walk(definition.items):
        repeat = next((each for each in parents if each.kind == Kind.REPEAT), None)
        if repeat is not None and _fits(child):
            title = f"{words(repeat.label, language)} — {words(child.label, language)}"
            section = next((each.label for each in parents if each.kind == Kind.GROUP), definition.title)
            get = _entries(repeat.name, child)
            place = f"{repeat.name}.{child.name}"
            found.append(_column(place, title, words(section, language), child, get, language))
    return tuple(found)


def _fits(item: Item) -> bool:
    if item.summary in COUNTED:
        return item.kind in NUMBERS
    return item.summary == Summary.SHARE and item.kind in CHOICES


def _column(place: str, title: str, section: str, item: Item, get: Getter, language: str) -> Column:
    choices = [(each.name, each.label) for each in item.choices]
    said = f"{item.name} {title}".casefold()
    return Column(
        place=place,
        title=title,
        unit=words(item.unit, language),
        section=section,
        rule=item.summary,
        decimals=0 if item.kind == Kind.INTEGER and item.summary == Summary.SUM else max(item.decimals, 1),
        choices=tuple(
            (name, words(label, language)) for name, label in (YES_NO if item.kind == Kind.YESNO else choices)
        ),
        get=get,
        delicate=any(word in said for word in DELICATE),
    )


def _values(kind: Kind, value: Any) -> tuple[Any, ...]:
    if value is None or value == "":
        return ()
    if kind == Kind.YESNO:
        return ("yes" if value else "no",)
    if kind == Kind.MANY:
        return tuple(value.split()) if isinstance(value, str) else tuple(value)
    if kind == Kind.ONE:
        return (str(value),)
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) else ()


def _single(get: Callable[[Answers], Any], kind: Kind) -> Getter:
    return lambda answers: _values(kind, get(answers))


def _entries(repeat: str, child: Item) -> Getter:
    def get(answers: Answers) -> tuple[Any, ...]:
        found: list[Any] = []
        for entry in answers.get(repeat) or ():
            found.extend(_values(child.kind, entry.get(child.name)))
        return (sum(found),) if found and child.summary == Summary.SUM else tuple(found)

    return get


@dataclass(slots=True)
class Fold:
    """What has been gathered of one field: `answered` answers gave it a value."""

    answered: int = 0
    total: float = 0
    values: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, rule: Summary, values: tuple[Any, ...]) -> None:
        if not values:
            return
        self.answered += 1
        if rule == Summary.SHARE:
            self.counts.update(values)
            return
        self.total += sum(values)
        if rule != Summary.SUM:
            self.values.extend(values)

    def join(self, other: Fold) -> None:
        self.answered += other.answered
        self.total += other.total
        self.values.extend(other.values)
        self.counts.update(other.counts)


@dataclass(frozen=True, slots=True)
class Part:
    """A choice with how many chose it."""

    name: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` by the rule, of `base` answers; None when none has a value, or when it is `hidden`: too small to tell.

    For shares `parts` has every choice and `value` is None.
    """

    rule: Summary
    base: int
    value: float | None = None
    parts: tuple[Part, ...] = ()
    hidden: bool = False


def figure(column: Column, fold: Fold, *, guarded: bool = False) -> Figure:
    """What the field comes to; `guarded` hides what could point at a child with a disability."""
    if column.rule == Summary.SHARE:
        parts = tuple(Part(name, label, fold.counts[name]) for name, label in column.choices)
        return Figure(column.rule, fold.answered, parts=parts)
    if not fold.answered:
        return Figure(column.rule, 0)
    if column.rule == Summary.SUM:
        value = fold.total
    elif column.rule == Summary.MEAN:
        value = fold.total / len(fold.values)
    else:
        value = statistics.median(fold.values)
    value = round(value, column.decimals)
    if guarded and column.delicate and 0 < value < SMALL:
        return Figure(column.rule, fold.answered, hidden=True)
    return Figure(column.rule, fold.answered, value)


@dataclass(slots=True)
class Summed:
    """The figures of a wave: unit → field by field; `answers` counts the answers of each unit."""

    columns: tuple[Column, ...]
    folds: dict[int, list[Fold]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)

    def unit(self, unit: int, *, guarded: bool = False) -> list[Figure]:
        folds = self.folds.get(unit) or [Fold() for _ in self.columns]
        return [figure(column, fold, guarded=guarded) for column, fold in zip(self.columns, folds, strict=True)]

    def whole(self, *, guarded: bool = False) -> list[Figure]:
        """All units together."""
        joined = [Fold() for _ in self.columns]
        for folds in self.folds.values():
            for whole, fold in zip(joined, folds, strict=True):
                whole.join(fold)
        return [figure(column, fold, guarded=guarded) for column, fold in zip(self.columns, joined, strict=True)]


def summed(fields: tuple[Column, ...], answers: Iterable[tuple[int, Mapping[str, Any]]]) -> Summed:
    """Gather (unit, answer) pairs one by one; only what medians need is kept."""
    found = Summed(fields)
    for unit, answer in answers:
        folds = found.folds.get(unit)
        if folds is None:
            folds = found.folds[unit] = [Fold() for _ in fields]
        found.answers[unit] += 1
        for column, fold in zip(fields, folds, strict=True):
            fold.add(column.rule, column.get(answer))
    return found
