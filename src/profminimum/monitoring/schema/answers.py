"""Is an answer right? Typed, calculated, without what is not shown, and all that is wrong named at its place.

The server's word is final; the page says the same beforehand with the same rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import PLAIN, Scope, number, true
from profminimum.monitoring.schema.model import Kind, Outcome, Problem, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.reading import PLACE, nested, normalise
from profminimum.monitoring.schema.settling import Work, rows, settle
from profminimum.monitoring.schema.values import blank
from profminimum.monitoring.schema.wanted import beyond

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.schema.model import Answers, Check, Choice, Context, Definition, Item, Words
    from profminimum.monitoring.schema.preparing import Field

__all__ = ["PLACE", "check", "nested", "normalise", "offered", "prefill", "progress", "shown", "sourced"]

LEAST_WORDS: Final = 5  # characters of an explanation
UNEXPLAINED: Final[Words] = {"ru": "Поясните, почему это верно.", "en": "Explain why this is right."}
PARTS_WANTED: Final[Mapping[str, Words]] = {
    "name": {"ru": "Укажите фамилию, имя, отчество.", "en": "Give the full name."},
    "post": {"ru": "Укажите должность.", "en": "Give the post."},
}
PARTS_LIKE: Final[Mapping[str, tuple[re.Pattern[str], Words]]] = {
    "email": (
        re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"),
        {"ru": "Адрес почты записан неверно: нужно имя@узел.ru.", "en": "The e-mail address is not right."},
    ),
    "phone": (
        re.compile(r"[+0-9(][0-9()\-\s,доб.]{4,}"),
        {"ru": "Телефон записан неверно: цифры, например +7 4242 12-34-56.", "en": "The phone is not right."},
    ),
}


def _settled(definition: Definition, answers: Answers, explanations: Mapping[str, str], context: Context) -> Work:
    typed, found = normalise(definition, answers)
    work = Work(prepare(definition), typed, context, explanations, found)
    if work.ready.steps:
        settle(work)
    return work


def check(definition: Definition, answers: Answers, explanations: Mapping[str, str], context: Context) -> Outcome:
    """The answer as it is to be kept, and all that is wrong with it, in the order of the form.

    `explanations`: place → why a warning does not matter; a warning without one is an error «explanation-missing».
    """
    work = _settled(definition, answers, explanations, context)
    unread = {problem.place for problem in work.found}
    passed, held, scope = work.hidden | unread, work.answers, work.scope()
    for field in work.ready.fields:
        name = field.item.name
        if name in passed:
            continue
        value = held.get(name)
        if value is None:
            _missing(work, field, unread)
        elif field.children:
            _nested(work, field, value, unread)
        elif not field.plain:
            scope.itself = value
            _value(work, field, value, name, scope)
    scope.itself = None
    for rule, one in work.ready.checks:
        if not true(rule(scope)):
            _broken(work, "", one)
    return Outcome(work.answers, _sorted(work))


def _sorted(work: Work) -> tuple[Problem, ...]:
    """In the order of the form, without what is wrong at places that nobody sees."""
    if not work.found:
        return ()
    last = len(work.ready.place)

    def root(problem: Problem) -> str:
        return problem.place.partition(".")[0].partition("[")[0]

    seen = [one for one in work.found if one.place not in work.hidden and root(one) not in work.hidden]
    return tuple(sorted(seen, key=lambda one: work.ready.place.get(root(one), last)))


def _missing(work: Work, field: Field, unread: set[str]) -> None:
    """What is wrong when nothing was answered: also a column may ask for a value in each row."""
    name, item = field.item.name, field.item
    if field.required and (field.required is True or true(field.required(work.scope()))):
        work.found.append(Problem(name, "required", Severity.ERROR, field.wanted))
    elif item.kind == Kind.TABLE:
        _rows(work, field, {}, unread)
    elif item.kind == Kind.REPEAT and item.at_least:
        work.found.append(_count(item))


def _nested(work: Work, field: Field, value: Any, unread: set[str]) -> None:
    item = field.item
    if item.kind == Kind.REPEAT and not item.at_least <= len(value) <= item.at_most:
        work.found.append(_count(item))
    _rows(work, field, value, unread)
    scope = work.scope(value)
    for rule, one in field.checks:
        if not true(rule(scope)):
            _broken(work, item.name, one)


def _count(item: Item) -> Problem:
    words = {
        "ru": f"Записей должно быть от {item.at_least} до {item.at_most}.",
        "en": f"There must be from {item.at_least} to {item.at_most} entries.",
    }
    return Problem(item.name, "entries", Severity.ERROR, words)


def _rows(work: Work, field: Field, held: Any, unread: set[str]) -> None:
    for position, (place, entry) in enumerate(rows(field, held), 1):
        for child in field.children:
            here, value = f"{place}.{child.item.name}", entry.get(child.item.name)
            if here in work.hidden or here in unread:
                continue
            if value is not None:
                if not child.plain:
                    _value(work, child, value, here, work.within(field, entry, position, value))
            elif child.required and (
                child.required is True or true(child.required(work.within(field, entry, position)))
            ):
                work.found.append(Problem(here, "required", Severity.ERROR, child.wanted))


def _value(work: Work, field: Field, value: Any, place: str, scope: Scope) -> None:
    item = field.item
    if field.limited:
        size = value if type(value) in PLAIN else number(value)
        if size is not None and (words := beyond(item, size)) is not None:
            work.found.append(Problem(place, "limit", Severity.ERROR, words))
    if field.choice_filter is not None:
        _filtered(work, field, value, place, scope)
    if item.kind == Kind.PERSON:
        _person(work, value, place)
    for rule, one in field.checks:
        if not true(rule(scope)):
            _broken(work, place, one)


def _broken(work: Work, place: str, one: Check) -> None:
    work.found.append(Problem(place, "rule", one.severity, one.message))
    if one.severity == Severity.WARNING and len(str(work.explanations.get(place) or "").strip()) < LEAST_WORDS:
        missing = Problem(place, "explanation-missing", Severity.ERROR, UNEXPLAINED)
        if missing not in work.found:
            work.found.append(missing)


def _filtered(work: Work, field: Field, value: Any, place: str, scope: Scope) -> None:
    allowed = {choice.name for choice in offered(field, scope)}
    if not allowed.issuperset(value if isinstance(value, list) else [value]):
        words = {
            "ru": "Этот вариант не подходит к другим ответам: выберите заново.",
            "en": "This choice does not fit the other answers: choose again.",
        }
        work.found.append(Problem(place, "choice", Severity.ERROR, words))


def offered(field: Field, scope: Scope) -> list[Choice]:
    """The choices that the filter lets through; the rule sees their columns under the columns' names."""
    if field.choice_filter is None:
        return list(field.item.choices)
    found = []
    nothing = dict.fromkeys(column for choice in field.item.choices for column in choice.extra)
    seen: dict[str, Any] = {**scope.answers}
    inside = Scope(seen, scope.context, scope.inside, scope.entry, scope.of)
    for choice in field.item.choices:
        seen.update(nothing)
        seen.update(choice.extra)
        if true(field.choice_filter(inside)):
            found.append(choice)
    return found


def _person(work: Work, value: Mapping[str, str], place: str) -> None:
    for part, words in PARTS_WANTED.items():
        if not value.get(part):
            work.found.append(Problem(f"{place}.{part}", "required", Severity.ERROR, words))
    for part, (pattern, words) in PARTS_LIKE.items():
        if value.get(part) and not pattern.fullmatch(value[part]):
            work.found.append(Problem(f"{place}.{part}", part, Severity.ERROR, words))


def prefill(definition: Definition, context: Context) -> dict[str, Any]:
    """What an answer begins with: the sources of its fields, else their defaults; what does not fit is left out."""
    raw = sourced(definition, context)
    for field in prepare(definition).fields:
        if field.item.name not in raw and field.item.default is not None:
            raw[field.item.name] = field.item.default
    typed, _problems = normalise(definition, raw)
    return typed


def sourced(definition: Definition, context: Context) -> dict[str, Any]:
    """The values that the region has already, by field: from the registry, the registers, the last wave."""
    found: dict[str, Any] = {}
    for field in prepare(definition).fields:
        source = field.item.source
        if source is None:
            continue
        if source.kind == "registry":
            value = context.registry.get(source.field)
        elif source.kind == "register":
            kind, _dot, name = source.field.partition(".")
            value = context.registers.get(kind, {}).get(name)
        else:
            value = context.last.get(source.field)
        if not blank(value):
            found[field.item.name] = value
    typed, _problems = normalise(definition, found)
    return typed


def shown(definition: Definition, answers: Answers, context: Context) -> set[str]:
    """The names of groups and fields that are asked, given these answers."""
    work = _settled(definition, answers, {}, context)
    ready = work.ready
    return {field.item.name for field in (*ready.groups, *ready.fields)} - work.hidden


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section is: of the `asked` fields `filled` have a value, and `errors` things are wrong in it."""

    name: str
    label: Words
    filled: int
    asked: int
    errors: int


def progress(definition: Definition, answers: Answers, outcome: Outcome, visible: set[str]) -> list[Progress]:
    """The sections of the form (groups at its top; fields outside any group count as one of their own)."""
    ready = prepare(definition)
    errors: dict[str, int] = {}
    for problem in outcome.errors:
        name = re.split(r"[.\[]", problem.place)[0]
        errors[name] = errors.get(name, 0) + 1
    sections: dict[str, list[Field]] = {}
    for field in ready.fields:
        if field.item.name in visible and field.item.kind != Kind.CALCULATED:
            sections.setdefault(field.groups[0] if field.groups else "", []).append(field)
    return [
        Progress(
            name,
            ready.by_name[name].item.label if name else definition.title,
            sum(field.item.name in answers for field in fields),
            len(fields),
            sum(errors.get(field.item.name, 0) for field in fields),
        )
        for name, fields in sections.items()
    ]
