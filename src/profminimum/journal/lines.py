"""How is an entry told to a person? Names of actions, fields and values instead of what the database holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profminimum.journal import actions
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from profminimum.journal.models import Entry

EMPTY: Final = "—"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_COMMON: Final = {  # data that acts of several apps carry
    "act": gettext_lazy("on the basis of"),
    "count": gettext_lazy("how many"),
    "decision": gettext_lazy("decision"),
    "due": gettext_lazy("deadline"),
    "file": gettext_lazy("file"),
    "how": gettext_lazy("how"),
    "on": gettext_lazy("on the day"),
    "number": gettext_lazy("document number"),
    "organisation": gettext_lazy("organisation"),
    "parent": gettext_lazy("subordinate to"),
    "reason": gettext_lazy("reason"),
    "role": gettext_lazy("role"),
    "since": gettext_lazy("in force from"),
    "state": gettext_lazy("state"),
    "until": gettext_lazy("in force until"),
    "valid_from": gettext_lazy("in force from"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the object before and after the act."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a page shows it. `who` is empty for the system itself."""

    pk: int
    at: datetime
    who: str
    post: str
    by_id: int | None
    what: str
    action: str
    subject: str
    object_key: str
    url: str
    organisation_id: int | None
    organisation: str
    reason: str
    changes: tuple[Change, ...]
    compares: bool


def told(entry: Entry, *, organisation: str = "", url: str = "") -> Line:
    """The line of one entry; `by` must be loaded with it."""
    return Line(
        pk=entry.pk,
        at=entry.at,
        who=str(entry.by) if entry.by else "",
        post=entry.by.post if entry.by else "",
        by_id=entry.by_id,
        what=actions.label(entry.action),
        action=entry.action,
        subject=entry.subject,
        object_key=f"{entry.object_type}:{entry.object_id}",
        url=url,
        organisation_id=entry.organisation_id,
        organisation=organisation,
        reason=entry.reason,
        changes=tuple(_changes(entry)),
        compares=bool(entry.before),
    )


def _changes(entry: Entry) -> Iterable[Change]:
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    for key in dict.fromkeys([*before, *after]):
        if key.endswith("_id") and key.removesuffix("_id") in {*before, *after}:
            continue  # the name stands beside it
        old, new = before.get(key), after.get(key)
        if before and old == new:
            continue
        field = _field(entry.object_type, key)
        yield Change(_name(key, field), said(old, field), said(new, field))


def _field(kind: str, key: str) -> Field[Any, Any] | None:
    """The model's field of that name, else one of a model that hangs on it: names are in an organisation's states."""
    try:
        meta = apps.get_model(kind)._meta  # noqa: SLF001 - Django's documented model API
    except (LookupError, ValueError):
        return None
    hanging = [relation.related_model._meta for relation in meta.related_objects]  # noqa: SLF001 - as above
    for each in (meta, *hanging):
        try:
            found = each.get_field(key)
        except FieldDoesNotExist:
            continue
        if isinstance(found, Field):
            return found
    return None


def _name(key: str, field: Field[Any, Any] | None) -> str:
    given = actions.field(key) or str(_COMMON.get(key, ""))
    if not given and field is not None:
        given = str(field.verbose_name)
    return str(capfirst(given or key.replace("_", " ")))


def said(value: object, field: Field[Any, Any] | None = None) -> str:
    """A stored value in words: the label of a choice, a date as people write it, yes and no, a list with commas."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{_name(str(key), None)}: {said(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(said(part) for part in value)
    text = str(value)
    choices = dict(field.flatchoices) if field is not None else {}
    if text in choices:
        return str(choices[text])
    return _dated(text)


def _dated(text: str) -> str:
    try:
        if _MOMENT.match(text):
            return wording.exact_time(datetime.fromisoformat(text))
        if _DAY.fullmatch(text):
            return wording.exact_date(date.fromisoformat(text))
    except ValueError:
        pass  # looks like a date and is none: shown as it is
    return text
