"""What of a form can be worked out once for all its answers? Compiled rules, names, the order of calculations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import compiled
from profminimum.monitoring.schema.loading import order
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.values import READERS
from profminimum.monitoring.schema.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from profminimum.monitoring.schema.evaluate import Scope
    from profminimum.monitoring.schema.model import Check, Definition, Item

    Rule = Callable[[Scope], Any]

KEPT: Final = 128
SILENT: Final = {Kind.GROUP, Kind.NOTE}


@dataclass(frozen=True, slots=True)
class Field:
    """An item with its compiled rules. `children` of tables and repeats; None where there is no rule."""

    item: Item
    read: Callable[[Item, Any], Any] | None
    required: Rule | bool
    relevant: Rule | None
    checks: tuple[tuple[Rule, Check], ...]
    calculation: Rule | None
    choice_filter: Rule | None
    children: tuple[Field, ...]
    groups: tuple[str, ...]  # the groups in which it lies
    plain: bool  # no rule, no limit: a typed value is right as it is


@dataclass(frozen=True, slots=True)
class Prepared:
    """`fields` are what holds a value, in the order of the form; `inside`: child → its table or repeat."""

    definition: Definition
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field]
    groups: tuple[Field, ...]
    inside: Mapping[str, str]
    order: tuple[str, ...]
    checks: tuple[tuple[Rule, Check], ...]
    conditional: tuple[Field, ...]  # groups and fields that are not always shown, in the order of the form


_prepared: dict[int, Prepared] = {}


def prepare(definition: Definition) -> Prepared:
    """The form with its rules compiled; made once for each definition that is held in memory."""
    known = _prepared.get(id(definition))
    if known is not None and known.definition is definition:
        return known
    if len(_prepared) >= KEPT:
        _prepared.clear()
    made = _prepared[id(definition)] = _prepare(definition)
    return made


def _prepare(definition: Definition) -> Prepared:
    fields: list[Field] = []
    groups: list[Field] = []
    conditional: list[Field] = []
    inside: dict[str, str] = {}
    for item, parents in walk(definition.items):
        holder = next((each for each in parents if each.kind in {Kind.TABLE, Kind.REPEAT}), None)
        if holder is not None:
            inside[item.name] = holder.name
            continue
        field = _field(item, tuple(each.name for each in parents))
        if field.relevant is not None:
            conditional.append(field)
        if item.kind == Kind.GROUP:
            groups.append(field)
        elif item.kind not in SILENT:
            fields.append(field)
    return Prepared(
        definition=definition,
        fields=tuple(fields),
        by_name={field.item.name: field for field in (*fields, *groups)},
        groups=tuple(groups),
        inside=inside,
        order=order(definition),
        checks=tuple((compiled(check.tree), check) for check in definition.checks),
        conditional=tuple(conditional),
    )


def _rule(tree: Any) -> Rule | None:
    return compiled(tree) if isinstance(tree, list) else None


def _field(item: Item, groups: tuple[str, ...]) -> Field:
    required: Rule | bool = compiled(item.required) if isinstance(item.required, list) else bool(item.required)
    checks = tuple((compiled(check.tree), check) for check in item.checks)
    limited = item.least is not None or item.most is not None
    nested = item.kind in {Kind.TABLE, Kind.REPEAT}
    return Field(
        item=item,
        read=READERS.get(item.kind),
        required=required,
        relevant=_rule(item.relevant),
        checks=checks,
        calculation=_rule(item.calculation),
        choice_filter=_rule(item.choice_filter),
        children=tuple(_field(child, ()) for child in item.items) if nested else (),
        groups=groups,
        plain=not (checks or limited or nested or item.choice_filter or item.kind == Kind.PERSON),
    )
