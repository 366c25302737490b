"""What differs between two answers, and between an answer and what was known before anyone typed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profminimum.monitoring.schema.answers import sourced
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.saying import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profminimum.monitoring.schema.model import Answers, Context, Definition, Item
    from profminimum.monitoring.schema.preparing import Field


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs: None where there was or is nothing."""

    place: str
    item: Item
    before: Any
    after: Any


def changes(definition: Definition, before: Answers, after: Answers) -> tuple[Change, ...]:
    """All single values that differ, in the order of the form."""
    found: list[Change] = []
    for field in prepare(definition).fields:
        old, new = before.get(field.item.name), after.get(field.item.name)
        if old != new:
            found.extend(_changes(field, old, new))
    return tuple(found)


def _changes(field: Field, old: Any, new: Any) -> Iterator[Change]:
    item = field.item
    if item.kind == Kind.TABLE:
        for row in item.rows:
            yield from _inside(field, f"{item.name}.{row.name}", (old or {}).get(row.name), (new or {}).get(row.name))
    elif item.kind == Kind.REPEAT:
        first, second = old or [], new or []
        for index in range(max(len(first), len(second))):
            yield from _inside(field, f"{item.name}[{index}]", _at(first, index), _at(second, index))
    elif item.kind == Kind.PERSON:
        for part in PARTS:
            one, other = (old or {}).get(part), (new or {}).get(part)
            if one != other:
                yield Change(f"{item.name}.{part}", item, one, other)
    else:
        yield Change(item.name, item, old, new)


def _at(entries: list[Any], index: int) -> Any:
    return entries[index] if index < len(entries) else None


def _inside(field: Field, place: str, old: Any, new: Any) -> Iterator[Change]:
    for child in field.children:
        name = child.item.name
        one, other = (old or {}).get(name), (new or {}).get(name)
        if one != other:
            yield Change(f"{place}.{name}", child.item, one, other)


def against(definition: Definition, answers: Answers, context: Context) -> list[str]:
    """The places whose value differs from its source: marked for the checker."""
    ready = prepare(definition)
    if not any(field.item.source for field in ready.fields):
        return []
    given = sourced(definition, context)
    kept = {name: answers.get(name) for name in given if name in ready.by_name}
    return [change.place for change in changes(definition, given, kept)]
