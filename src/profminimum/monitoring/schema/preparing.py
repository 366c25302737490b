"""What of a form can be worked out once for all its answers? Compiled rules, names, the order of calculations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import compiled
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.normal import normal
from profminimum.monitoring.schema.ordering import order
from profminimum.monitoring.schema.values import READERS
from profminimum.monitoring.schema.walking import walk
from profminimum.monitoring.schema.wanted import wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from profminimum.monitoring.schema.evaluate import Scope
    from profminimum.monitoring.schema.model import Check, Definition, Item, Words

    Rule = Callable[[Scope], Any]

KEPT: Final = 128
SILENT: Final = {Kind.GROUP, Kind.NOTE}
NESTED: Final = {Kind.TABLE, Kind.REPEAT}


@dataclass(frozen=True, slots=True)
class Field:
    """An item with its compiled rules. `children` of tables and repeats; None where there is no rule."""

    item: Item
    read: Callable[[Item, Any], Any] | None
    normal: Callable[[Any], Any]  # a value that is typed already; None of another
    required: Rule | bool
    relevant: Rule | None
    checks: tuple[tuple[Rule, Check], ...]
    calculation: Rule | None
    choice_filter: Rule | None
    children: tuple[Field, ...]
    groups: tuple[str, ...]  # the groups in which it lies
    limited: bool  # to a least or most number
    plain: bool  # no rule, no limit: a typed value is right as it is
    wanted: Words  # what is said when it is required and not answered
    typed: frozenset[str]  # the children that a person answers


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be worked out: whether a field is shown, what is calculated. `holder`: its table or repeat."""

    field: Field
    holder: Field | None
    members: tuple[str, ...]  # what lies in the group and goes with it


@dataclass(frozen=True, slots=True)
class Prepared:
    """`fields` are what holds a value, in the order of the form; `inside`: child → its table or repeat."""

    definition: Definition
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field]
    groups: tuple[Field, ...]
    inside: Mapping[str, str]
    place: Mapping[str, int]  # name → how far down the form it stands
    checks: tuple[tuple[Rule, Check], ...]
    steps: tuple[Step, ...]  # each after those whose results it looks at
    thinning: tuple[Field, ...]  # tables and repeats that lose values because these are not shown
    fixed: tuple[Field, ...]  # what is only shown, tables with such columns
    filed: tuple[Field, ...]  # what takes files, repeats that do


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
    inside: dict[str, str] = {}
    for item, parents in walk(definition.items):
        holder = next((each for each in parents if each.kind in NESTED), None)
        if holder is not None:
            inside[item.name] = holder.name
            continue
        field = _field(item, tuple(each.name for each in parents))
        if item.kind == Kind.GROUP:
            groups.append(field)
        else:
            fields.append(field)
    asked = tuple(field for field in fields if field.item.kind not in SILENT)
    return Prepared(
        definition=definition,
        fields=asked,
        by_name={field.item.name: field for field in (*asked, *groups)},
        groups=tuple(groups),
        inside=inside,
        place={item.name: at for at, (item, _parents) in enumerate(walk(definition.items))},
        checks=tuple((compiled(check.tree), check) for check in definition.checks),
        steps=_steps(definition, (*groups, *fields)),
        thinning=tuple(field for field in asked if any(child.relevant for child in field.children)),
        fixed=tuple(field for field in asked if _fixed(field)),
        filed=tuple(
            field for field in asked if any(each.item.kind == Kind.FILE for each in (field, *field.children))
        ),
    )


def _fixed(field: Field) -> bool:
    columns = field.children if field.item.kind == Kind.TABLE else ()
    return field.item.read_only or any(child.item.read_only for child in columns)


def _steps(definition: Definition, fields: tuple[Field, ...]) -> tuple[Step, ...]:
    members: dict[str, list[str]] = {}
    found: dict[str, Step] = {}
    for field in fields:
        for group in field.groups:
            members.setdefault(group, []).append(field.item.name)
        for child in field.children:
            if child.relevant or child.calculation:
                found[child.item.name] = Step(child, field, ())
    for field in fields:
        if field.relevant or field.calculation:
            found[field.item.name] = Step(field, None, tuple(members.get(field.item.name, ())))
    return tuple(found[name] for name in order(definition) if name in found)


def _rule(tree: Any) -> Rule | None:
    return compiled(tree) if isinstance(tree, list) else None


def _field(item: Item, groups: tuple[str, ...]) -> Field:
    required: Rule | bool = compiled(item.required) if isinstance(item.required, list) else bool(item.required)
    checks = tuple((compiled(check.tree), check) for check in item.checks)
    limited = item.least is not None or item.most is not None
    children = tuple(_field(child, ()) for child in item.items) if item.kind in NESTED else ()
    return Field(
        item=item,
        read=READERS.get(item.kind),
        normal=normal(item),
        required=required,
        relevant=_rule(item.relevant),
        checks=checks,
        calculation=_rule(item.calculation),
        choice_filter=_rule(item.choice_filter),
        children=children,
        groups=groups,
        limited=limited,
        plain=not (checks or limited or children or item.choice_filter or item.kind == Kind.PERSON),
        wanted=wanted(item),
        typed=frozenset(child.item.name for child in children if child.read is not None),
    )
