"""What do accepted answers establish? Items that name a register are entered there, with the act beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from profminimum.monitoring import definitions
from profminimum.monitoring.models import Revision, SubmissionFile
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.walking import walk
from profminimum.registers.queries import kinds
from profminimum.registers.services import Act, Entry, enter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.schema.model import Answers, Definition
    from profminimum.orgs.models import User

ACT = {"act_kind", "act_number", "act_date", "act_file"}


def establish(rows: Sequence[Submission], *, by: User, at: datetime) -> None:
    """Enter what these accepted answers establish, from the day of the act, else from today; all or nothing."""
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
    for row in wanted:
        found = records(forms[row.pk], last[row.pk])
        entries = [_entry(row, kind, number, values) for kind, number, values in found]
        by_region.setdefault(row.wave.campaign.region_id, []).extend(entries)
    for region, entries in by_region.items():
        enter(entries, region=region, since=timezone.localdate(at), by=by, at=at)


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
    rosters = {kind for kind, _number, _values in many}
    one_each = [(kind, 0, held) for kind, held in single.items() if kind not in rosters and set(held) - ACT]
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


def _entry(row: Submission, kind: str, number: int, held: dict[str, Any]) -> Entry:
    file: dict[str, Any] = held.get("act_file") or {}
    stored = SubmissionFile.objects.filter(pk=file["file"], submission=row).first() if file else None
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
