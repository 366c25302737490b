"""How is an entry of a register said to a person? Words of the pack instead of what the database holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.plan.pack import said
from profminimum.registers.entries import PERSON
from profminimum.registers.queries import kinds, levels
from profminimum.web.wording import NBSP, exact_date, thin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.plan.pack import Field, Level, Register
    from profminimum.registers.models import Record


@dataclass(frozen=True, slots=True)
class Value:
    """A column of an entry: `text` in words; of a person the parts besides."""

    field: Field
    title: str
    text: str
    person: Mapping[str, str] | None = None


def words(title: Mapping[str, str]) -> str:
    return said(title, get_language())


def title(kind: Register) -> str:
    return words(kind.title)


def level(name: str, known: Mapping[str, Level] | None = None) -> str:
    """The level in words; what the pack no longer names stays as it is written."""
    found = (known or levels()).get(name)
    return words(found.title) if found else name


def person(value: Any) -> dict[str, str]:
    """The four parts of a person, empty where nothing is known."""
    held = value if isinstance(value, dict) else {}
    return {part: str(held.get(part) or "") for part in PERSON}


def text(field: Field, value: Any, *, language: str | None = None) -> str:
    """One value in words: of a person the name and the post."""
    tongue = language or get_language()
    if value is None or value == "":
        return ""
    if field.type == "person":
        held = person(value)
        return ", ".join(part for part in (held["name"], held["post"]) if part)
    if field.type == "level":
        found = levels().get(str(value))
        return said(found.title, tongue) if found else str(value)
    if field.type == "choice":
        chosen = field.choices.get(str(value))
        return said(chosen, tongue) if chosen else str(value)
    if field.type == "hours" and isinstance(value, int | float):
        return thin(int(value) if value == int(value) else value)
    return str(value)


def values(record: Record, kind: Register | None = None) -> list[Value]:
    """The columns of its register, in their order."""
    known = kind or kinds().get(record.kind)
    if known is None:
        return []
    return [
        Value(
            field,
            words(field.title),
            text(field, record.values.get(name)),
            person(record.values.get(name)) if field.type == "person" else None,
        )
        for name, field in known.fields.items()
    ]


def facts(record: Record, kind: Register) -> dict[str, str]:
    """What the journal keeps of an entry: in Russian, as acts are; of a person the name and the post alone."""
    held = {
        name: text(field, record.values[name], language="ru")
        for name, field in kind.fields.items()
        if name in record.values
    }
    return {"register": said(kind.title, "ru"), **({"period": record.period} if record.period else {}), **held}


def act(record: Record) -> str:
    """«приказ от 25.08.2023 № 12-ОД»; empty when no act is known."""
    parts = [record.act_kind]
    if record.act_date:
        parts.append(_("of %(day)s") % {"day": exact_date(record.act_date)})
    if record.act_number:
        parts.append((_("No. %(number)s") % {"number": record.act_number}).replace(" ", NBSP, 1))
    return " ".join(part for part in parts if part)


def origin(record: Record) -> tuple[str, int, int] | None:
    """(kind, id, revision) of what the entry came from; None when it was entered by hand."""
    parts = record.origin.split(":")
    if len(parts) != len(("kind", "id", "revision")) or not all(part.isdecimal() for part in parts[1:]):
        return None
    return parts[0], int(parts[1]), int(parts[2])
