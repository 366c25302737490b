"""How an entry comes into a register and ends: by an accepted answer, or by hand with an act and a reason.

Nothing is overwritten: a new value ends the entry before it and adds one; a correction of a past day ends also what
came after that day. Every entry and every ending is in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.orgs.services.states import chunks
from profminimum.plan import files
from profminimum.registers import spoken
from profminimum.registers.entries import Act, Entry, check
from profminimum.registers.models import Record
from profminimum.registers.queries import kinds
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from profminimum.orgs.models import User

__all__ = ["Act", "Entry", "check", "correct", "end", "enter", "hand_out", "replace_roster", "retract"]


@dataclass(frozen=True, slots=True)
class _When:
    """From which day, who, at what moment, why: of all entries that one act brings."""

    region: int
    since: date
    by: User | None
    at: datetime
    reason: str = ""


@transaction.atomic
def enter(entries: Sequence[Entry], *, region: int, since: date, by: User | None, at: datetime) -> int:
    """Establish these, ending what they replace; an equal value stays as it is. Returns how many rows are new.

    In a constant number of statements for any number of organisations; a roster (`many`) is replaced whole by the
    entries given for its organisation. ValidationError by field writes nothing. The caller has checked the right.
    """
    for entry in entries:
        check(entry)
    rosters = {entry.key[:3] for entry in entries if kinds()[entry.kind].many}
    return len(_establish(entries, rosters, _When(region, since, by, at)))


@transaction.atomic
def replace_roster(
    kind: str, organisation: Organisation, entries: Sequence[Entry], *, since: date, by: User | None, at: datetime
) -> int:
    """The whole roster of one organisation at once: who is not in it any more ends; it may be empty.

    ValueError when an entry is of another register or organisation. The caller has checked the right.
    """
    known = kinds().get(kind)
    if known is None or not known.many:
        raise ValidationError({"kind": _("There is no roster «%(name)s».") % {"name": kind}})
    if any((entry.kind, entry.organisation_id) != (kind, organisation.pk) for entry in entries):
        raise ValueError("a roster is of one register and one organisation")
    for entry in entries:
        check(entry)
    numbered = [replace(entry, number=number) for number, entry in enumerate(entries, 1)]
    periods = {entry.period for entry in entries} or {""}
    rosters = {(kind, organisation.pk, period) for period in periods}
    return len(_establish(numbered, rosters, _When(organisation.region_key, since, by, at)))


@transaction.atomic
def retract(
    kinds_: Collection[str], organisation: Organisation, origin: str, *, since: date, by: User | None, at: datetime
) -> int:
    """End what an earlier answer has established there and a later one no longer says; returns how many entries.

    `origin` begins that of the entries («submission:12:»): what came by hand or from elsewhere stays. The caller has
    checked the right.
    """
    rows = list(
        Record.objects.select_for_update().filter(
            kind__in=kinds_, organisation=organisation, origin__startswith=origin, until=None
        )
    )
    when = _When(organisation.region_key, since, by, at)
    _end(rows, when)
    _tell_ended(rows, when)
    return len(rows)


def _establish(entries: Sequence[Entry], rosters: set[tuple[str, int, str]], when: _When) -> list[Record]:
    wanted = {entry.key: entry for entry in entries}
    held: dict[tuple[str, int, str, int], list[Record]] = {}
    for row in _held([*wanted, *rosters], when.since):
        held.setdefault(row.key, []).append(row)
    same = {key for key, entry in wanted.items() if _stands(held.get(key, []), entry, when.since)}
    concerned = [key for key in held if key not in same and (key in wanted or key[:3] in rosters)]
    gone = [row for key in concerned for row in held[key]]
    before = {row.key: spoken.facts(row, kinds()[row.kind]) for row in gone if row.until is None}
    _end(gone, when)
    made = Record.objects.bulk_create(
        [_row(entry, when) for key, entry in wanted.items() if key not in same], batch_size=500
    )
    _tell_entered(made, before, when)
    _tell_ended([row for row in gone if row.key in before and row.key not in wanted], when)
    return made


def _held(keys: Collection[tuple[Any, ...]], since: date) -> list[Record]:
    """What stands or begins after that day under these (register, organisation, school year); locked."""
    names, periods = {key[0] for key in keys}, {key[2] for key in keys}
    return [
        row
        for part in chunks({key[1] for key in keys})
        for row in Record.objects.select_for_update()
        .filter(Q(until=None) | Q(until__gt=since), organisation__in=part, kind__in=names, period__in=periods)
        .order_by("pk")
    ]


def _stands(rows: Sequence[Record], entry: Entry, since: date) -> bool:
    """Is that already what holds from that day on?"""
    if len(rows) != 1 or rows[0].until is not None or rows[0].since > since:
        return False
    row, act = rows[0], entry.act
    held = (row.values, row.act_kind, row.act_number, row.act_date, row.file_id)
    return held == (dict(entry.values), act.kind, act.number, act.date, act.file_id)


def _row(entry: Entry, when: _When) -> Record:
    return Record(
        kind=entry.kind,
        region_id=when.region,
        organisation_id=entry.organisation_id,
        period=entry.period,
        number=entry.number,
        values=dict(entry.values),
        search=folded(" ".join(_words(entry)))[:600],
        act_kind=entry.act.kind[:120],
        act_number=entry.act.number[:60],
        act_date=entry.act.date,
        file_id=entry.act.file_id,
        file_name=entry.act.file_name[:255],
        since=when.since,
        origin=entry.origin,
        entered=when.at,
        by=when.by,
        reason=when.reason,
    )


def _words(entry: Entry) -> Iterator[str]:
    """What an entry is found by: its values in words, the number of the act."""
    for name, column in kinds()[entry.kind].fields.items():
        yield spoken.text(column, entry.values.get(name), language="ru")
    yield entry.act.number


def _end(rows: Sequence[Record], when: _When) -> None:
    for row in rows:
        row.until, row.ended, row.ended_by = max(when.since, row.since), when.at, when.by
    if rows:
        Record.objects.bulk_update(rows, ["until", "ended", "ended_by"], batch_size=500)


def _tell_entered(
    made: Sequence[Record], before: Mapping[tuple[str, int, str, int], dict[str, str]], when: _When
) -> None:
    journal.record_many(
        "record.entered",
        [
            (row, row.organisation_id, before.get(row.key, {}), spoken.facts(row, kinds()[row.kind]) | _act(row))
            for row in made
        ],
        by=when.by,
        at=when.at,
        reason=when.reason,
    )


def _tell_ended(gone: Sequence[Record], when: _When) -> None:
    rows = [
        (row, row.organisation_id, spoken.facts(row, kinds()[row.kind]), {"until": str(row.until)}) for row in gone
    ]
    journal.record_many("record.ended", rows, by=when.by, at=when.at, reason=when.reason)


def _act(row: Record) -> dict[str, str]:
    held = {"act_number": row.act_number, "act_date": str(row.act_date or "")}
    return {name: value for name, value in held.items() if value} | {"since": str(row.since)}


@transaction.atomic
def correct(
    entry: Entry, *, since: date, reason: str, by: User, at: datetime, upload: files.Upload | None = None
) -> Record:
    """Enter by hand from that day on, with an act and a reason; what it replaces ends.

    Of a roster one line: that of `number`, a new one when it is 0. The file of the act is checked and kept; when none
    is sent, the one of the same act stays. ValidationError by field; DeniedError for those who may not.
    """
    organisation = Organisation.objects.select_for_update().get(pk=entry.organisation_id)
    access.require(by, "register.edit", organisation)
    errors: dict[str, str] = {}
    if not reason.strip():
        errors["reason"] = _("Say why it is entered by hand.")
    if not entry.act.number.strip():
        errors["act_number"] = _("Give the number of the act.")
    if entry.act.date is None:
        errors["act_date"] = _("Give the date of the act.")
    elif entry.act.date > timezone.localdate(at):
        errors["act_date"] = _("The date of the act has not come yet.")
    if errors:
        raise ValidationError(errors)
    check(entry)
    entry = _with_file(_numbered(entry), upload, at)
    made = _establish([entry], set(), _When(organisation.region_key, since, by, at, reason.strip()))
    if not made:
        raise ValidationError(_("The register says exactly this already: nothing is changed."))
    return made[0]


def _numbered(entry: Entry) -> Entry:
    if entry.number or not kinds()[entry.kind].many:
        return entry
    rows = Record.objects.filter(kind=entry.kind, organisation=entry.organisation_id, period=entry.period)
    last = rows.filter(until=None).aggregate(last=Max("number"))["last"]
    return replace(entry, number=(last or 0) + 1)


def _with_file(entry: Entry, upload: files.Upload | None, at: datetime) -> Entry:
    act = entry.act
    if upload is not None:
        try:
            stored = files.store_evidence(upload, at=at)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        return replace(entry, act=replace(act, file_id=stored.pk, file_name=upload.name))
    rows = Record.objects.filter(organisation=entry.organisation_id, act_number=act.number, act_date=act.date)
    same = rows.filter(kind=entry.kind).exclude(file=None).order_by("-pk").first()
    if same is None:
        return entry
    return replace(entry, act=replace(act, file_id=same.file_id, file_name=same.file_name))


@transaction.atomic
def end(record: Record, *, on: date, reason: str, by: User, at: datetime) -> None:
    """Say that an entry is no longer in force from that day, with a reason."""
    access.require(by, "register.edit", record)
    row = Record.objects.select_for_update().get(pk=record.pk)
    if row.until is not None:
        raise ValidationError(_("This entry has ended already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the entry ends.")})
    if on < row.since:
        raise ValidationError({"on": _("The entry is in force from a later day: give that day or a later one.")})
    when = _When(row.region_id, on, by, at, reason.strip())
    _end([row], when)
    _tell_ended([row], when)


@transaction.atomic
def hand_out(record: Record, *, by: User, at: datetime) -> Path:
    """Where the file of the act lies, once it is in the journal who took it; DeniedError for those who see none.

    ValueError when the entry has no file.
    """
    access.require(by, "register.see", record)
    if record.file is None:
        raise ValueError("the entry has no file")
    journal.record(
        "file.downloaded",
        record,
        by=by,
        at=at,
        organisation=record.organisation_id,
        after={"file": record.file_name, "sha256": record.file.sha256},
    )
    return files.path_of(record.file.sha256)
