"""How an entry comes into a register and ends: by an accepted answer, or by hand with an act and a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.registers.models import Record
from profminimum.registers.queries import kinds, levels
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from profminimum.orgs.models import User
    from profminimum.plan.pack import Register


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
    """Refuse (ValidationError by field) what the pack does not know: kinds, fields, levels of that year, hours."""
    known = kinds().get(entry.kind)
    if known is None:
        raise ValidationError({"kind": _("There is no register «%(name)s».") % {"name": entry.kind}})
    errors: dict[str, str] = {}
    for name in entry.values:
        if name not in known.fields:
            errors[name] = _("The register has no field «%(name)s».") % {"name": name}
    if known.by_year and not entry.period:
        errors["period"] = _("Give the school year.")
    if "level" in entry.values:
        errors |= _level(entry)
    if errors:
        raise ValidationError(errors)


def _level(entry: Entry) -> dict[str, str]:
    level = levels().get(str(entry.values["level"]))
    if level is None:
        return {"level": _("There is no level «%(name)s».") % {"name": entry.values["level"]}}
    title = level.title.get(get_language() or "ru") or level.title["ru"]
    if not level.allowed(entry.period):
        said = _("The level «%(level)s» may not be chosen in the school year %(year)s.")
        return {"level": said % {"level": title, "year": entry.period}}
    hours = entry.values.get("hours")
    if hours is not None and hours < level.hours:
        said = _("The level «%(level)s» takes at least %(hours)d hours.")
        return {"hours": said % {"level": title, "hours": level.hours}}
    return {}


@transaction.atomic
def enter(entries: Sequence[Entry], *, region: int, since: date, by: User | None, at: datetime) -> int:
    """Establish these, ending what they replace; an equal value stays as it is. Returns how many rows are new.

    In a constant number of statements; a roster (`many`) is replaced whole. The caller has checked the right.
    """
    for entry in entries:
        check(entry)
    known = kinds()
    places = {entry.organisation_id for entry in entries}
    names = {entry.kind for entry in entries}
    held = Record.objects.select_for_update().filter(organisation__in=places, kind__in=names, until=None)
    current = {(row.kind, row.organisation_id, row.period, row.number): row for row in held}
    wanted = {entry.key: entry for entry in entries}
    rosters = {(e.kind, e.organisation_id, e.period) for e in entries if known[e.kind].many}
    fresh = [entry for key, entry in wanted.items() if key not in current or _differs(current[key], entry)]
    gone = [current[entry.key] for entry in fresh if entry.key in current]
    gone += [row for key, row in current.items() if key[:3] in rosters and key not in wanted]
    _end(gone, since, by, at)
    made = Record.objects.bulk_create([_row(entry, region, since, by, at) for entry in fresh])
    if made:
        journal.record_many(
            "record.entered",
            [(row, row.organisation_id, {}, {"kind": row.kind, **_said(row, known[row.kind])}) for row in made],
            by=by,
            at=at,
        )
    return len(made)


def _differs(row: Record, entry: Entry) -> bool:
    act = entry.act
    return (row.values, row.act_number, row.act_date) != (dict(entry.values), act.number, act.date)


def _row(entry: Entry, region: int, since: date, by: User | None, at: datetime) -> Record:
    return Record(
        kind=entry.kind,
        region_id=region,
        organisation_id=entry.organisation_id,
        period=entry.period,
        number=entry.number,
        values=dict(entry.values),
        search=folded(" ".join(_words(entry.values)))[:600],
        act_kind=entry.act.kind[:120],
        act_number=entry.act.number[:60],
        act_date=entry.act.date,
        file_id=entry.act.file_id,
        file_name=entry.act.file_name[:255],
        since=since,
        origin=entry.origin,
        entered=at,
        by=by,
    )


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for each in value.values() for word in _words(each)]
    return [] if value is None else [str(value)]


def _said(row: Record, kind: Register) -> dict[str, Any]:
    return {name: " ".join(_words(row.values[name])) for name in kind.fields if name in row.values}


def _end(rows: Sequence[Record], on: date, by: User | None, at: datetime) -> None:
    for row in rows:
        row.until, row.ended, row.ended_by = max(on, row.since), at, by
    Record.objects.bulk_update(rows, ["until", "ended", "ended_by"], batch_size=500)


@transaction.atomic
def correct(entry: Entry, *, since: date, reason: str, by: User, at: datetime) -> None:
    """Enter by hand, with an act and a reason; a whole roster is not touched by it."""
    organisation = Organisation.objects.get(pk=entry.organisation_id)
    access.require(by, "register.edit", organisation)
    errors: dict[str, str] = {}
    if not reason.strip():
        errors["reason"] = _("Say why it is entered by hand.")
    if not entry.act.number or entry.act.date is None:
        errors["act_number"] = _("Give the number and the date of the act.")
    if errors:
        raise ValidationError(errors)
    check(entry)
    held = Record.objects.select_for_update().filter(
        kind=entry.kind, organisation=organisation, period=entry.period, number=entry.number, until=None
    )
    _end(list(held), since, by, at)
    row = _row(entry, organisation.region_key, since, by, at)
    row.reason = reason.strip()
    row.save()
    facts = {"kind": row.kind, **_said(row, kinds()[row.kind])}
    journal.record(
        "record.entered", row, by=by, at=at, organisation=organisation.pk, after=facts, reason=reason.strip()
    )


@transaction.atomic
def end(record: Record, *, on: date, reason: str, by: User, at: datetime) -> None:
    """Say that an entry is no longer in force from that day, with a reason."""
    access.require(by, "register.edit", record)
    row = Record.objects.select_for_update().get(pk=record.pk)
    if row.until is not None:
        raise ValidationError(_("This entry has ended already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the entry ends.")})
    _end([row], on, by, at)
    facts = {"kind": row.kind, **_said(row, kinds()[row.kind])}
    journal.record(
        "record.ended", row, by=by, at=at, organisation=row.organisation_id, before=facts, reason=reason.strip()
    )
