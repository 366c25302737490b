"""Is an answer right? Typed, calculated, without what is not shown, and all that is wrong named at its place.

The server's word is final; the page says the same beforehand with the same rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import Scope, number, text, true
from profminimum.monitoring.schema.model import Kind, Outcome, Problem, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.values import LARGEST, BadValueError, blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.schema.model import Answers, Check, Context, Definition, Item, Words
    from profminimum.monitoring.schema.preparing import Field, Prepared

PASSES: Final = 4  # until calculations and what is shown by them have settled
LEAST_WORDS: Final = 5  # characters of an explanation
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE: Final = re.compile(r"[+0-9][0-9()\-\s,доб.]{4,}")
PLACE: Final = re.compile(r"(\w+)(?:\[(\d{1,4})\])?(?:\.(\w+))?(?:\.(\w+))?")
REQUIRED: Final[Words] = {"ru": "Ответьте на этот вопрос.", "en": "Answer this question."}


def normalise(definition: Definition, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Typed values of what came, and what could not be read; blanks are left out, calculated values too."""
    ready, found = prepare(definition), list[Problem]()
    answers: dict[str, Any] = {}
    for name, value in raw.items():
        field = ready.by_name.get(name)
        if field is None or field.item.kind == Kind.GROUP:
            words = {"ru": f"В форме нет вопроса «{name}».", "en": f"The form has no question «{name}»."}
            found.append(Problem(name, "unknown", Severity.ERROR, words))
        elif field.item.kind != Kind.CALCULATED and value is not None:
            read_field(field, value, answers, found)
    return answers, found


def read_field(field: Field, value: Any, answers: dict[str, Any], found: list[Problem]) -> None:
    """Put the typed value of one field into `answers`, or what is wrong with it into `found`."""
    item = field.item
    if type(value) is int and item.kind == Kind.INTEGER and -LARGEST < value < LARGEST:
        answers[item.name] = value
    elif item.kind == Kind.TABLE:
        if typed := _table(field, value, found):
            answers[item.name] = typed
    elif item.kind == Kind.REPEAT:
        if typed_list := _entries(field, value, found):
            answers[item.name] = typed_list
    elif not blank(value) and field.read is not None:
        try:
            typed_value = field.read(item, value)
        except BadValueError as error:
            found.append(Problem(item.name, error.code, Severity.ERROR, error.message))
        else:
            if not blank(typed_value):
                answers[item.name] = typed_value


def _shape(item: Item) -> Problem:
    words = {"ru": "Таблица прочитана не полностью: загрузите её заново.", "en": "The table could not be read."}
    return Problem(item.name, "shape", Severity.ERROR, words)


def _table(field: Field, value: Any, found: list[Problem]) -> dict[str, dict[str, Any]]:
    rows = {row.name for row in field.item.rows}
    if not isinstance(value, dict) or not all(isinstance(each, dict) or each is None for each in value.values()):
        found.append(_shape(field.item))
        return {}
    typed = {}
    for row, cells in value.items():
        if row not in rows:
            found.append(_shape(field.item))
        elif kept := _cells(field, cells or {}, f"{field.item.name}.{row}", found):
            typed[row] = kept
    return typed


def _entries(field: Field, value: Any, found: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        found.append(_shape(field.item))
        return []
    typed = [_cells(field, entry, f"{field.item.name}[{at}]", found) for at, entry in enumerate(value[:1000])]
    while typed and not typed[-1]:
        typed.pop()
    return typed


def _cells(field: Field, given: Mapping[str, Any], place: str, found: list[Problem]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    known = {child.item.name for child in field.children}
    if not known.issuperset(given):
        found.append(_shape(field.item))
    for child in field.children:
        value = given.get(child.item.name)
        if value is None or child.read is None:
            continue
        here: list[Problem] = []
        read_field(child, value, typed, here)
        found.extend(Problem(f"{place}.{one.place}", one.code, one.severity, one.message) for one in here)
    return typed


def nested(definition: Definition, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Raw answers from «place → value» of a plain post: «table.row.column», «repeat[0].child», «person.phone»."""
    ready, raw = prepare(definition), dict[str, Any]()
    entries: dict[str, dict[int, dict[str, Any]]] = {}
    for place, value in flat.items():
        match = PLACE.fullmatch(place)
        field = ready.by_name.get(match[1]) if match else None
        if match is None or field is None:
            continue
        name, index, second, third = match.groups()
        if field.item.kind == Kind.TABLE and second and third:
            raw.setdefault(name, {}).setdefault(second, {})[third] = value
        elif field.item.kind == Kind.REPEAT and index and second:
            entry = entries.setdefault(name, {}).setdefault(int(index), {})
            if third:
                entry.setdefault(second, {})[third] = value
            else:
                entry[second] = value
        elif field.item.kind in {Kind.PERSON, Kind.FILE} and second:
            raw.setdefault(name, {})[second] = value
        elif not (index or second):
            raw[name] = value
    for name, by_index in entries.items():
        raw[name] = [by_index[index] for index in sorted(by_index)]
    return raw


@dataclass(slots=True)
class _Work:
    """One answer while it is being checked."""

    ready: Prepared
    answers: dict[str, Any]
    context: Context
    explanations: Mapping[str, str]
    found: list[Problem]
    hidden: set[str]

    def scope(self, itself: Any = None, **more: Any) -> Scope:
        return Scope(self.answers, self.context, self.ready.inside, itself=itself, **more)


def _settled(work: _Work) -> None:
    """Calculate, and drop what is not shown, until nothing changes any more."""
    asked = dict(work.answers)
    for _pass in range(PASSES):
        before = (dict(work.answers), set(work.hidden))
        work.answers.clear()
        work.answers.update({name: value for name, value in asked.items() if name not in work.hidden})
        for name in work.ready.order:
            _calculate(work, work.ready.by_name.get(name))
        _calculate_rows(work)
        work.hidden = _hidden(work)
        for name in work.hidden:
            work.answers.pop(name, None)
        if before == (work.answers, work.hidden):
            return


def _calculate(work: _Work, field: Field | None) -> None:
    if field is None or field.calculation is None or field.item.name in work.hidden:
        return
    value = field.calculation(work.scope(work.answers.get(field.item.name)))
    if value is None or value in ("", []):
        work.answers.pop(field.item.name, None)
    else:
        work.answers[field.item.name] = _tidy(value)


def _tidy(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST else value


def _calculate_rows(work: _Work) -> None:
    """Calculated columns of tables and children of repeats, row by row."""
    for field in work.ready.fields:
        children = [child for child in field.children if child.calculation is not None]
        if not children or field.item.name not in work.answers:
            continue
        held = work.answers[field.item.name]
        for position, (_place, entry) in enumerate(_rows(field, held), 1):
            for child in children:
                assert child.calculation is not None  # noqa: S101 - chosen above; for the type checker
                scope = work.scope(entry.get(child.item.name), entry=entry, of=field.item.name, position=position)
                value = child.calculation(scope)
                entry.pop(child.item.name, None)
                if value is not None and value not in ("", []):
                    entry[child.item.name] = _tidy(value)


def _rows(field: Field, held: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, values) of each row of a table in the order of the form, or of each entry of a repeat."""
    if field.item.kind == Kind.TABLE:
        for row in field.item.rows:
            yield f"{field.item.name}.{row.name}", (held or {}).get(row.name, {})
    else:
        for index, entry in enumerate(held or ()):
            yield f"{field.item.name}[{index}]", entry


def _hidden(work: _Work) -> set[str]:
    gone: set[str] = set()
    scope = work.scope()
    for field in work.ready.conditional:
        if gone.intersection(field.groups) or not (field.relevant is None or true(field.relevant(scope))):
            gone.add(field.item.name)
            work.answers.pop(field.item.name, None)
    if gone:
        for field in (*work.ready.groups, *work.ready.fields):
            if gone.intersection(field.groups):
                gone.add(field.item.name)
                work.answers.pop(field.item.name, None)
    return gone


def _work(definition: Definition, answers: Answers, explanations: Mapping[str, str], context: Context) -> _Work:
    ready = prepare(definition)
    typed, found = normalise(definition, answers)
    work = _Work(ready, typed, context, explanations, found, set())
    if (
        ready.order
        or ready.conditional
        or any(child.calculation for field in ready.fields for child in field.children)
    ):
        _settled(work)
    return work


def check(definition: Definition, answers: Answers, explanations: Mapping[str, str], context: Context) -> Outcome:
    """The answer as it is to be kept, and all that is wrong with it.

    `explanations`: place → why a warning does not matter; a warning without one is an error «explanation-missing».
    """
    work = _work(definition, answers, explanations, context)
    unread = {problem.place for problem in work.found}
    for field in work.ready.fields:
        name = field.item.name
        value = work.answers.get(name)
        if value is not None:
            if not field.plain:
                _field(work, field, value)
        elif field.required and name not in work.hidden and name not in unread:
            if field.required is True or true(field.required(work.scope())):
                work.found.append(Problem(name, "required", Severity.ERROR, REQUIRED))
        elif field.item.kind == Kind.TABLE and name not in work.hidden:
            _table_rules(work, field, {})
    scope = work.scope()
    for rule, one in work.ready.checks:
        if not true(rule(scope)):
            _broken(work, "", one)
    return Outcome(work.answers, tuple(work.found))


def _field(work: _Work, field: Field, value: Any) -> None:
    name = field.item.name
    if field.item.kind == Kind.TABLE:
        _table_rules(work, field, value)
    elif field.item.kind == Kind.REPEAT:
        _repeat_rules(work, field, value)
    else:
        _value(work, field, value, name, work.scope(value))
    if field.children:
        scope = work.scope(value)
        for rule, one in field.checks:
            if not true(rule(scope)):
                _broken(work, name, one)


def _value(work: _Work, field: Field, value: Any, place: str, scope: Scope) -> None:
    item = field.item
    if item.least is not None or item.most is not None:
        _limits(work, item, value, place)
    if field.choice_filter is not None:
        _filtered(work, field, value, place, scope)
    if item.kind == Kind.PERSON:
        _person(work, value, place, required=bool(field.required))
    for rule, one in field.checks:
        if not true(rule(scope)):
            _broken(work, place, one)


def _broken(work: _Work, place: str, one: Check) -> None:
    explained = len(work.explanations.get(place, "").strip()) >= LEAST_WORDS
    work.found.append(Problem(place, "rule", one.severity, one.message))
    if one.severity == Severity.WARNING and not explained:
        words = {"ru": "Поясните, почему это верно.", "en": "Explain why this is right."}
        if not any(each.place == place and each.code == "explanation-missing" for each in work.found):
            work.found.append(Problem(place, "explanation-missing", Severity.ERROR, words))


def _limits(work: _Work, item: Item, value: Any, place: str) -> None:
    size = number(value)
    low = item.least is not None and size is not None and size < item.least
    high = item.most is not None and size is not None and size > item.most
    if low or high:
        bound = text(float((item.least if low else item.most) or 0)).replace(".", ",")
        words = (
            {"ru": f"Число не может быть меньше {bound}.", "en": f"The number cannot be less than {bound}."}
            if low
            else {"ru": f"Число не может быть больше {bound}.", "en": f"The number cannot be more than {bound}."}
        )
        work.found.append(Problem(place, "limit", Severity.ERROR, words))


def _filtered(work: _Work, field: Field, value: Any, place: str, scope: Scope) -> None:
    allowed = {choice.name for choice in offered(field, scope)}
    taken = value if isinstance(value, list) else [value]
    if not allowed.issuperset(taken):
        words = {
            "ru": "Этот вариант не подходит к другим ответам: выберите заново.",
            "en": "This choice does not fit the other answers: choose again.",
        }
        work.found.append(Problem(place, "choice", Severity.ERROR, words))


def offered(field: Field, scope: Scope) -> list[Any]:
    """The choices that the filter lets through; the rule sees their columns under the columns' names."""
    if field.choice_filter is None:
        return list(field.item.choices)
    found = []
    for choice in field.item.choices:
        seen = {**scope.answers, "name": choice.name, **choice.extra}
        if true(field.choice_filter(Scope(seen, scope.context, scope.inside, scope.entry, scope.of))):
            found.append(choice)
    return found


def _person(work: _Work, value: Mapping[str, str], place: str, *, required: bool) -> None:
    wanted = {
        "name": ("Укажите фамилию, имя, отчество.", "Give the full name."),
        "post": ("Укажите должность.", "Give the post."),
    }
    for part, (ru, en) in wanted.items():
        if (required or value) and not value.get(part):
            work.found.append(Problem(f"{place}.{part}", "required", Severity.ERROR, {"ru": ru, "en": en}))
    if value.get("email") and not EMAIL.fullmatch(value["email"]):
        words = {"ru": "Адрес почты записан неверно.", "en": "The e-mail address is not right."}
        work.found.append(Problem(f"{place}.email", "email", Severity.ERROR, words))
    if value.get("phone") and not PHONE.fullmatch(value["phone"]):
        words = {"ru": "Телефон записан неверно: цифры, например +7 4242 12-34-56.", "en": "The phone is not right."}
        work.found.append(Problem(f"{place}.phone", "phone", Severity.ERROR, words))


def _table_rules(work: _Work, field: Field, held: Mapping[str, Mapping[str, Any]]) -> None:
    unread = {problem.place for problem in work.found}
    for position, (place, entry) in enumerate(_rows(field, held), 1):
        _children(work, field, place, entry, position, unread)


def _repeat_rules(work: _Work, field: Field, held: list[dict[str, Any]]) -> None:
    item, unread = field.item, {problem.place for problem in work.found}
    if not item.at_least <= len(held) <= item.at_most:
        words = {
            "ru": f"Записей должно быть от {item.at_least} до {item.at_most}.",
            "en": f"There must be from {item.at_least} to {item.at_most} entries.",
        }
        work.found.append(Problem(item.name, "entries", Severity.ERROR, words))
    for position, (place, entry) in enumerate(_rows(field, held), 1):
        _children(work, field, place, entry, position, unread)


def _children(
    work: _Work, field: Field, place: str, entry: Mapping[str, Any], position: int, unread: set[str]
) -> None:
    plain = Scope(work.answers, work.context, work.ready.inside, entry, field.item.name, None, position)
    for child in field.children:
        if child.relevant is not None and not true(child.relevant(plain)):
            if isinstance(entry, dict):
                entry.pop(child.item.name, None)
            continue
        here, value = f"{place}.{child.item.name}", entry.get(child.item.name)
        if value is not None:
            if not child.plain:
                scope = Scope(work.answers, work.context, work.ready.inside, entry, field.item.name, value, position)
                _value(work, child, value, here, scope)
        elif child.required and here not in unread and (child.required is True or true(child.required(plain))):
            work.found.append(Problem(here, "required", Severity.ERROR, REQUIRED))


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
    work = _work(definition, answers, {}, context)
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
