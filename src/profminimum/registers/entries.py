"""What may be entered into a register? The shape of an entry, and what the pack refuses about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.plan.pack import is_school_year, said
from profminimum.registers.queries import kinds, levels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from profminimum.plan.pack import Field, Register

PERSON: Final = ("name", "post", "phone", "email")  # all that is kept of a person
LONGEST: Final = 300  # characters of one text
MOST_HOURS: Final = 2000


@dataclass(frozen=True, slots=True)
class Act:
    """By which act it is established."""

    kind: str = ""
    number: str = ""
    date: date | None = None
    file_id: int | None = None
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be established; `number` counts many entries of one organisation from 1."""

    kind: str
    organisation_id: int
    values: Mapping[str, Any]
    period: str = ""
    number: int = 0
    act: Act = field(default_factory=Act)
    origin: str = ""

    @property
    def key(self) -> tuple[str, int, str, int]:
        return (self.kind, self.organisation_id, self.period, self.number)


def check(entry: Entry) -> None:
    """Refuse (ValidationError by field) what the pack does not know: kinds, fields, levels of that year, hours.

    Of a person only name, post, work phone and work e-mail are kept: anything else is refused.
    """
    known = kinds().get(entry.kind)
    if known is None:
        raise ValidationError({"kind": _("There is no register «%(name)s».") % {"name": entry.kind}})
    errors = _period(entry, known)
    for name, value in entry.values.items():
        wrong = _field(known, name, value)
        if wrong:
            errors[name] = wrong
    if not any(value not in (None, "", {}) for value in entry.values.values()):
        errors.setdefault("values", _("The entry says nothing: fill in at least one column."))
    if not errors:
        errors |= _level(entry, known)
    if errors:
        raise ValidationError(errors)


def _period(entry: Entry, known: Register) -> dict[str, str]:
    if known.by_year and not is_school_year(entry.period):
        return {"period": _("Give the school year, such as 2023/2024.")}
    if not known.by_year and entry.period:
        return {"period": _("This register is not kept by school years.")}
    return {}


def _field(known: Register, name: str, value: Any) -> str:
    """What is wrong with one value, or nothing."""
    column = known.fields.get(name)
    if column is None:
        return _("The register has no field «%(name)s».") % {"name": name}
    if value in (None, ""):
        return ""
    return {"person": _person, "choice": _choice, "level": _known_level, "hours": _hours, "text": _text}[column.type](
        column, value
    )


def _person(_column: Field, value: Any) -> str:
    if not isinstance(value, dict) or set(value) - set(PERSON):
        return _("Of a person only the name, the post, the work phone and the work e-mail are kept.")
    if not str(value.get("name") or "").strip():
        return _("Give the person's full name.")
    return next((wrong for part in value.values() if (wrong := _text(_column, part or ""))), "")


def _text(_column: Field, value: Any) -> str:
    if len(str(value)) > LONGEST:
        return _("At most %(n)d characters.") % {"n": LONGEST}
    return ""


def _choice(column: Field, value: Any) -> str:
    return "" if value in column.choices else _("There is no such value: choose one of the list.")


def _known_level(_column: Field, value: Any) -> str:
    return "" if str(value) in levels() else _("There is no level «%(name)s».") % {"name": value}


def _hours(_column: Field, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_HOURS:
        return ""
    return _("Hours are a number from 0 to %(most)d.") % {"most": MOST_HOURS}


def _level(entry: Entry, known: Register) -> dict[str, str]:
    """A level that may not be chosen in that school year, and hours below its minimum (never less than it asks)."""
    column, hours = known.typed("level"), known.typed("hours")
    level = levels().get(str(entry.values.get(column.name))) if column else None
    if column is None or level is None:
        return {}
    if not level.allowed(entry.period):
        wrong = _("The level «%(level)s» may not be chosen in the school year %(year)s.")
        return {column.name: wrong % {"level": said(level.title, get_language()), "year": entry.period}}
    given = entry.values.get(hours.name) if hours else None
    if hours is not None and given not in (None, "") and given < level.hours:
        wrong = _("The level «%(level)s» takes at least %(hours)d hours.")
        return {hours.name: wrong % {"level": said(level.title, get_language()), "hours": level.hours}}
    return {}
