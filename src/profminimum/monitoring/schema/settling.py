"""What of an answer is shown, and what do its calculated items hold? Worked out in one pass, in the form's own order.

What is not shown is dropped, with its group when that is not shown; nothing that is dropped is seen by a later rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import Scope, text, true
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.values import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.schema.model import Context, Problem
    from profminimum.monitoring.schema.preparing import Field, Prepared, Step

ROUNDS: Final = 5  # of dropping rows that have become empty: a bound; the second round changes nothing as a rule


@dataclass(slots=True)
class Work:
    """One answer while it is being checked: `hidden` are the names and the places that are not shown."""

    ready: Prepared
    answers: dict[str, Any]
    context: Context
    explanations: Mapping[str, str]
    found: list[Problem]
    hidden: set[str] = field(default_factory=set)

    def scope(self, itself: Any = None) -> Scope:
        return Scope(self.answers, self.context, self.ready.inside, itself=itself)

    def within(self, holder: Field, entry: Mapping[str, Any], position: int, itself: Any = None) -> Scope:
        """The scope of a rule in a row of a table or an entry of a repeat."""
        return Scope(self.answers, self.context, self.ready.inside, entry, holder.item.name, itself, position)


def settle(work: Work) -> None:
    """Calculate, and drop what is not shown."""
    for _round in range(ROUNDS):
        work.hidden.clear()
        scope = work.scope()
        for step in work.ready.steps:
            if step.holder is not None:
                _settle_rows(work, step, step.holder)
            elif step.field.item.name not in work.hidden:
                _settle(work, step, scope)
        if not _thinned(work):
            return


def _settle(work: Work, step: Step, scope: Scope) -> None:
    name, rules = step.field.item.name, step.field
    if rules.relevant is not None and not true(rules.relevant(scope)):
        work.hidden.update((name, *step.members))
        for gone in (name, *step.members):
            work.answers.pop(gone, None)
    elif rules.calculation is not None:
        _put(work.answers, name, rules.calculation(scope))


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if isinstance(value, (list, dict)):
        value = text(value)
    if value is None or value == "":
        values.pop(name, None)
    else:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < LARGEST
        values[name] = int(value) if whole else value


def rows(holder: Field, held: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, values) of each row of a table in the order of the form, or of each entry of a repeat."""
    if holder.item.kind == Kind.TABLE:
        for row in holder.item.rows:
            yield f"{holder.item.name}.{row.name}", (held or {}).get(row.name) or {}
    else:
        for index, entry in enumerate(held or ()):
            yield f"{holder.item.name}[{index}]", entry


def _settle_rows(work: Work, step: Step, holder: Field) -> None:
    if holder.item.name in work.hidden:
        return
    child, name = step.field, step.field.item.name
    held = work.answers.get(holder.item.name)
    for position, (place, entry) in enumerate(rows(holder, held), 1):
        scope = work.within(holder, entry, position)
        if child.relevant is not None and not true(child.relevant(scope)):
            work.hidden.add(f"{place}.{name}")
            entry.pop(name, None)
        elif child.calculation is not None and (not holder.typed or holder.typed.intersection(entry)):
            _put(entry, name, child.calculation(scope))
            if entry and holder.item.kind == Kind.TABLE:
                work.answers.setdefault(holder.item.name, {})[holder.item.rows[position - 1].name] = entry


def _thinned(work: Work) -> bool:
    """Take away rows and last entries in which nothing is answered any more; were there any?"""
    again = False
    for holder in work.ready.thinning:
        held = work.answers.get(holder.item.name)
        if not held:
            continue
        if isinstance(held, dict):
            blank = [row for row, entry in held.items() if holder.typed and not holder.typed.intersection(entry)]
            for row in blank:
                del held[row]
        else:
            blank = []
            while held and not holder.typed.intersection(held[-1]):
                blank.append(held.pop())
        if not held:
            del work.answers[holder.item.name]
        again = again or bool(blank)
    return again
