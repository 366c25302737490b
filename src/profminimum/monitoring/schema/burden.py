"""How much does a form ask of a person? Fields to type, and minutes by a plain estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.preparing import SILENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from profminimum.monitoring.schema.model import Definition, Item

SECONDS: Final[Mapping[Kind, int]] = {  # that a value takes: an estimate of ours, not a norm
    Kind.INTEGER: 20,
    Kind.DECIMAL: 20,
    Kind.AMOUNT: 20,
    Kind.TEXT: 30,
    Kind.LONG: 120,
    Kind.DATE: 15,
    Kind.ONE: 10,
    Kind.MANY: 20,
    Kind.YESNO: 6,
    Kind.FILE: 60,
    Kind.PERSON: 60,
}
CHECKED: Final = 4  # seconds that a look at a prefilled value takes
ENTRIES: Final = 3  # of a repeat, as far as nobody knows better


@dataclass(frozen=True, slots=True)
class Burden:
    fields: int
    minutes: int
    given: int  # values that are there already


def burden(definition: Definition, given: Collection[str] = ()) -> Burden:
    """Fields to type and minutes; `given` are the names of items that come filled."""
    fields, seconds, ready = _count(definition.items, frozenset(given))
    return Burden(fields, max(1, math.ceil(seconds / 60)) if fields or ready else 0, ready)


def _count(items: Iterable[Item], given: frozenset[str]) -> tuple[int, int, int]:
    fields = seconds = ready = 0
    for item in items:
        if item.kind in SILENT - {Kind.GROUP} or item.kind == Kind.CALCULATED or item.read_only:
            continue
        if item.kind in {Kind.GROUP, Kind.TABLE, Kind.REPEAT}:
            times = {Kind.GROUP: 1, Kind.TABLE: len(item.rows), Kind.REPEAT: max(item.at_least, ENTRIES)}[item.kind]
            inside, took, had = _count(item.items, given)
            if item.name in given:
                ready, seconds = ready + inside * times, seconds + CHECKED * inside * times
            else:
                fields, seconds, ready = fields + inside * times, seconds + took * times, ready + had
        elif item.name in given or item.source is not None:
            ready, seconds = ready + 1, seconds + CHECKED
        else:
            fields, seconds = fields + 1, seconds + SECONDS.get(item.kind, 20)
    return fields, seconds, ready
