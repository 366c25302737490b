"""What do accepted answers establish? Items that name a register are entered there, with the act beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from profminimum.monitoring import definitions
from profminimum.monitoring.models import Revision, SubmissionFile
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.walking import walk
from profminimum.orgs import queries
from profminimum.registers.entries import Act, Entry, check
from profminimum.registers.queries import kinds
from profminimum.registers.services import enter, replace_roster, retract
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.schema.model import Answers, Definition
    from profminimum.orgs.models import User

ACT = {"act_kind", "act_number", "act_date", "act_file"}


def establish(rows: Sequence[Submission], *, by: User, at: datetime) -> None:
    """Enter what these accepted answers establish, from the day of the acceptance on; all or nothing.

    A roster is replaced whole, an empty one too; what an earlier revision established and this one no longer says
    ends. What a register cannot hold (a level that may not be chosen in that school year) is refused, naming the
    organisation: then none of the answers is accepted.
    """
    by_region: dict[int, list[Entry]] = {}
    forms = {row.pk: definitions.definition(row.wave.version_id or 0) for row in rows}
    wanted = [row for row in rows if any(item.register for item, _up in walk(forms[row.pk].items))]
    if not wanted:
        return
    numbers = {row.pk: row.number for row in wanted}
    last = {
        one.submission_id: one.answers
        for one in Revision.objects.filter(submission__in=numbers)
        if one.number == numbers[one.submission_id]
    }
    files = SubmissionFile.objects.filter(submission__in=numbers).in_bulk()
    since = timezone.localdate(at)
    for row in wanted:
        form, answers = forms[row.pk], last[row.pk]
        entries = [_entry(row, kind, number, values, files) for kind, number, values in records(form, answers)]
        for entry in entries:
            _holds(row, entry)
        by_region.setdefault(row.wave.campaign.region_id, []).extend(entries)
        for kind in rosters(form) - {entry.kind for entry in entries}:
            replace_roster(kind, row.organisation, [], since=since, by=by, at=at)
        if row.number > 1 and (silent := singles(form) - {entry.kind for entry in entries}):
            retract(silent, row.organisation, f"submission:{row.pk}:", since=since, by=by, at=at)
    for region, entries in by_region.items():
        enter(entries, region=region, since=since, by=by, at=at)


def _holds(row: Submission, entry: Entry) -> None:
    try:
        check(entry)
    except ValidationError as error:
        name = queries.names([row.organisation_id], clock.today())[row.organisation_id]
        raise ValidationError(f"{name}: {' '.join(error.messages)}") from error


def rosters(definition: Definition) -> set[str]:
    """The registers into which a repeat of the form enters many entries."""
    return {
        child.register.partition(".")[0]
        for item, _parents in walk(definition.items)
        if item.kind == Kind.REPEAT
        for child in item.items
        if child.register
    }


def singles(definition: Definition) -> set[str]:
    """The registers into which the form enters one entry."""
    held = {item.register.partition(".")[0] for item, _parents in walk(definition.items) if item.register}
    return held - rosters(definition)


def records(definition: Definition, answers: Answers) -> list[tuple[str, int, dict[str, Any]]]:
    """(register, number, field → value) of an answer: one for each register, or one for each entry of a repeat."""
    single: dict[str, dict[str, Any]] = {}
    many: list[tuple[str, int, dict[str, Any]]] = []
    for item, parents in walk(definition.items):
        inside = any(each.kind == Kind.REPEAT for each in parents)
        if item.register and not inside and answers.get(item.name) is not None:
            kind, _dot, name = item.register.partition(".")
            single.setdefault(kind, {})[name] = answers[item.name]
        if item.kind == Kind.REPEAT and any(child.register for child in item.items):
            many += _entries(item, answers.get(item.name) or [])
    acts = {kind: {name: value for name, value in held.items() if name in ACT} for kind, held in single.items()}
    listed = rosters(definition)
    one_each = [(kind, 0, held) for kind, held in single.items() if kind not in listed and set(held) - ACT]
    return [*one_each, *((kind, number, {**acts.get(kind, {}), **held}) for kind, number, held in many)]


def _entries(item: Any, entries: list[dict[str, Any]]) -> list[tuple[str, int, dict[str, Any]]]:
    found = []
    for number, entry in enumerate(entries, 1):
        held: dict[str, dict[str, Any]] = {}
        for child in item.items:
            kind, _dot, name = child.register.partition(".")
            if kind and entry.get(child.name) is not None:
                held.setdefault(kind, {})[name] = entry[child.name]
        found += [(kind, number, values) for kind, values in held.items()]
    return found


def _entry(
    row: Submission, kind: str, number: int, held: dict[str, Any], files: Mapping[int, SubmissionFile]
) -> Entry:
    file: dict[str, Any] = held.get("act_file") or {}
    stored = files.get(file["file"]) if file else None
    day = held.get("act_date")
    known = kinds().get(kind)
    return Entry(
        kind=kind,
        organisation_id=row.organisation_id,
        values={name: value for name, value in held.items() if name not in ACT},
        period=row.wave.period if known is not None and known.by_year else "",
        number=number,
        act=Act(
            kind=held.get("act_kind", ""),
            number=held.get("act_number", ""),
            date=date.fromisoformat(day) if day else None,
            file_id=stored.file_id if stored else None,
            file_name=stored.name if stored else "",
        ),
        origin=f"submission:{row.pk}:{row.number}",
    )
