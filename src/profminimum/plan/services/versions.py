"""From an uploaded decree to a draft that people have corrected: read, decide on doubts, match executors."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.decree import calendar, contract, reading, sources
from profminimum.decree.model import Paragraph, Period, Term, UnreadableError
from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Kind, Organisation
from profminimum.plan import executors, files
from profminimum.plan.models import (
    Assignment,
    Executor,
    Exemption,
    Finding,
    PlanVersion,
    Section,
    Wording,
)
from profminimum.plan.services import rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from profminimum.decree.model import Measure, Reading, Source
    from profminimum.orgs.models import User
    from profminimum.plan.files import Upload

CORRECTABLE: Final = ("number", "title", "term_kind", "start", "due", "rrule", "results", "occurrences")
VERSION_FIELDS: Final = ("title", "school_year", "start", "end", "act_kind", "act_number", "act_date")
_TYPES: Final = {"pdf": "application/pdf", "html": "text/html", "text": "text/plain"}


def _blocks(source: Source) -> list[dict[str, Any]]:
    """The file as a person reads it, for the pane beside what was understood."""
    shown: list[dict[str, Any]] = []
    for block in source.blocks:
        if isinstance(block, Paragraph):
            shown.append({"text": block.text})
        else:
            shown.append(
                {
                    "rows": [
                        {
                            "cells": list(row.cells),
                            "row": row.place.row,
                            "table": row.place.table,
                            "line": row.place.line,
                            "page": row.place.page,
                        }
                        for row in block.rows
                    ]
                }
            )
    return shown


def _read(upload: Upload) -> tuple[Source, Reading]:
    try:
        source = sources.read_bytes(upload.data, upload.name)
        return source, reading.read_blocks(source)
    except UnreadableError as error:
        message = error.message if get_language() == "ru" else error.message_en
        raise ValidationError({"file": message}) from error


@transaction.atomic
def upload(
    file: Upload, *, region: Organisation, by: User, at: datetime, amends: PlanVersion | None = None
) -> PlanVersion:
    """Read a decree into a draft. The file and the whole reading are kept as they are, for ever.

    Refuses (ValidationError on `file`) what cannot be read as a decree, with what to do. `amends` is the version in
    force that the new text changes.
    """
    access.require(by, "plan.edit", region)
    if amends is not None and amends.state != PlanVersion.State.ADOPTED:
        raise ValidationError(_("Only the version in force can be amended."))
    source, read = _read(file)
    period = read.plan.period
    version = PlanVersion.objects.create(
        region=region,
        amends=amends,
        number=amends.number + 1 if amends else 1,
        file=files.store(file.data, _TYPES.get(source.format) or files.EVIDENCE[source.format], at=at),
        file_name=file.name[:255],
        source_text=_blocks(source),
        reading=json.loads(json.dumps(contract.reading_json(read), default=str)),
        act_kind=read.decree.kind[:60],
        act_number=read.decree.number[:60],
        act_date=read.decree.date,
        title=read.plan.title[:600],
        school_year=read.plan.school_year[:9],
        start=period.start if period else None,
        end=period.end if period else None,
        uploaded=at,
        uploaded_by=by,
    )
    _write_rows(version, read)
    journal.record(
        "decree.uploaded",
        version,
        by=by,
        at=at,
        organisation=region.pk,
        after={"file": file.name, "number": version.act_number, "findings": len(read.findings)},
    )
    return version


def _write_rows(version: PlanVersion, read: Reading) -> None:
    bodies = _executors(version, read)
    wordings: dict[str, Wording] = {}
    position = 0
    for place, section in enumerate(read.plan.sections):
        kept = Section.objects.create(
            version=version, position=place, number=section.number[:20], title=section.title[:600]
        )
        for measure in section.measures:
            wording = _wording(version, kept, position, measure)
            wordings.setdefault(measure.number, wording)
            position += 1
            seen: set[int] = set()
            for order, executor in enumerate(measure.executors):
                body = bodies[executor.name]
                if body.pk not in seen:
                    seen.add(body.pk)
                    Assignment.objects.create(wording=wording, executor=body, position=order, text=executor.text)
    Finding.objects.bulk_create(
        Finding(
            version=version,
            wording=wordings.get(finding.measure),
            position=order,
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            message_en=finding.message_en,
            proposal=finding.proposal,
        )
        for order, finding in enumerate(read.findings)
    )


def _wording(version: PlanVersion, section: Section, position: int, measure: Measure) -> Wording:
    term = measure.term
    return Wording.objects.create(
        version=version,
        section=section,
        position=position,
        number=measure.number[:20],
        title=measure.title,
        items=list(measure.items),
        verbatim=[list(pair) for pair in measure.verbatim],
        source={
            "page": measure.source.page,
            "line": measure.source.line,
            "table": measure.source.table,
            "row": measure.source.row,
            "sheet": measure.source.sheet,
        },
        term_text=term.text,
        term_kind=term.kind,
        start=term.start,
        due=term.due,
        rrule=term.rrule,
        doubts=list(term.doubts),
        occurrences=[day.isoformat() for day in measure.occurrences],
        results=[{"text": result.text, "owner": result.owner} for result in measure.results],
    )


def _executors(version: PlanVersion, read: Reading) -> dict[str, Executor]:
    """Each body of the plan once, with the first guess who that is."""
    full = {definition.abbr: definition.full for definition in read.plan.glossary}
    named = {
        organisation.pk: (organisation.state.short_name, organisation.state.name)
        for organisation in Organisation.objects.as_of(version.act_date or version.uploaded.date())
        .filter(region=version.region_id, kind__in=(Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE, Kind.AUTHORITY))
        .order_by("pk")
    }
    bodies: dict[str, Executor] = {}
    for section in read.plan.sections:
        for measure in section.measures:
            for executor in measure.executors:
                if executor.name in bodies:
                    continue
                meaning = full.get(executor.name, executor.text)
                target, organisation = executors.guess(executor.name, meaning, named)
                bodies[executor.name] = Executor.objects.create(
                    version=version,
                    name=executor.name[:500],
                    full=meaning,
                    target=target,
                    organisation_id=organisation,
                )
    return bodies


def _draft(version: PlanVersion, by: User) -> PlanVersion:
    access.require(by, "plan.edit", version)
    locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != PlanVersion.State.DRAFT:
        raise ValidationError(_("This version is no longer a draft. An adopted text is changed by an amendment."))
    return locked


def _need(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason: it stays in the journal.")})
    return reason.strip()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def correct(wording: Wording, *, changes: Mapping[str, Any], reason: str, by: User, at: datetime) -> Wording:
    """Change what was understood of a row (`CORRECTABLE`), with a reason; the verbatim row stays as it is.

    A changed term gives new occurrences, unless `occurrences` (ISO dates) are given themselves. Refuses dates in the
    wrong order and an empty title or number.
    """
    _draft(wording.version, by)
    reason = _need(reason)
    before = {field: _plain(getattr(wording, field)) for field in CORRECTABLE}
    for field, value in changes.items():
        if field not in CORRECTABLE:
            raise KeyError(field)
        setattr(wording, field, value)
    if not wording.title.strip() or not wording.number.strip():
        raise ValidationError({"title": _("A measure has a number and a title.")})
    if wording.start and wording.due and wording.start > wording.due:
        raise ValidationError({"due": _("The last day is earlier than the first one.")})
    if "occurrences" not in changes and {"term_kind", "start", "due", "rrule"} & set(changes):
        wording.occurrences = _occurrences(wording)
    after = {field: _plain(getattr(wording, field)) for field in CORRECTABLE}
    changed = [field for field in CORRECTABLE if before[field] != after[field]]
    if not changed:
        return wording
    wording.save()
    journal.record(
        "wording.corrected",
        wording,
        by=by,
        at=at,
        organisation=wording.version.region_id,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
        reason=reason,
    )
    rows.settle_early(wording, reason=reason, by=by, at=at)
    return wording


def _occurrences(wording: Wording) -> list[str]:
    version = wording.version
    period = Period(version.start, version.end) if version.start and version.end else None
    term = Term(
        text=wording.term_text,
        kind=wording.term_kind,  # type: ignore[arg-type]  # the database keeps the same words
        start=wording.start,
        due=wording.due,
        rrule=wording.rrule,
    )
    return [occurrence.due.isoformat() for occurrence in calendar.occurrences(term, period)]


@transaction.atomic
def correct_act(
    version: PlanVersion, *, changes: Mapping[str, Any], reason: str, by: User, at: datetime
) -> PlanVersion:
    """Change what was understood of the act or the plan as a whole (`VERSION_FIELDS`), with a reason."""
    version = _draft(version, by)
    reason = _need(reason)
    before = {field: _plain(getattr(version, field)) for field in changes}
    for field, value in changes.items():
        if field not in VERSION_FIELDS:
            raise KeyError(field)
        setattr(version, field, value)
    if version.start and version.end and version.start > version.end:
        raise ValidationError({"end": _("The plan ends before it begins.")})
    after = {field: _plain(getattr(version, field)) for field in changes}
    if before == after:
        return version
    version.save()
    journal.record(
        "wording.corrected",
        version,
        by=by,
        at=at,
        organisation=version.region_id,
        before=before,
        after=after,
        reason=reason,
    )
    return version


@transaction.atomic
def decide_finding(
    finding: Finding, *, decision: str, reason: str, by: User, at: datetime, changes: Mapping[str, Any] | None = None
) -> Finding:
    """Accept the proposal, leave the text as it is, or correct it otherwise (`changes`, as for `correct`
    or, where the doubt is about no row, for `correct_act`).

    Leaving and correcting want a reason. Deciding anew is allowed while the version is a draft.
    """
    version = _draft(finding.version, by)
    decision = Finding.Decision(decision)
    if decision == Finding.Decision.ACCEPTED:
        if not finding.proposal:
            raise ValidationError(_("There is no proposal to accept: correct the row or leave it as it is."))
        reason = reason.strip() or _("proposal accepted")
        _apply(finding, reason=reason, by=by, at=at)
    elif decision == Finding.Decision.CORRECTED:
        if not changes:
            raise ValidationError(_("Say what is to be corrected."))
        if finding.wording is None:
            correct_act(version, changes=changes, reason=reason, by=by, at=at)
        else:
            correct(finding.wording, changes=changes, reason=reason, by=by, at=at)
    before = finding.decision
    finding.decision, finding.reason, finding.decided, finding.decided_by = decision, _need(reason), at, by
    finding.save()
    journal.record(
        "finding.decided",
        finding,
        by=by,
        at=at,
        organisation=version.region_id,
        before={"decision": before},
        after={"decision": decision.value},
        reason=finding.reason,
    )
    return finding


def _apply(finding: Finding, *, reason: str, by: User, at: datetime) -> None:
    """What a proposal asks for: dates and words of the row, another executor, how to treat a date that has passed.

    A date on a non-working day moves to the working day before it: the later one would be past the decree's date.
    """
    proposal = dict(finding.proposal or {})
    wording = finding.wording
    changes: dict[str, Any]
    if wording is None:
        changes = {field: date.fromisoformat(proposal[field]) for field in ("start", "end") if proposal.get(field)}
        if changes:
            correct_act(finding.version, changes=changes, reason=reason, by=by, at=at)
        return
    if proposal.get("executor"):
        rows.add_executor(wording, name=proposal["executor"], reason=reason, by=by, at=at)
    if proposal.get("decision") == "from-signature":
        days = int(proposal.get("days", 10))
        decide_past(wording, past=Wording.Past.COUNT, days=days, reason=reason, by=by, at=at)
    changes = {field: date.fromisoformat(proposal[field]) for field in ("start", "due") if proposal.get(field)}
    changes |= {field: proposal[field] for field in ("number", "title", "rrule") if proposal.get(field)}
    if proposal.get("date") and proposal.get("before"):
        changes["occurrences"] = [proposal["before"] if d == proposal["date"] else d for d in wording.occurrences]
        if _plain(wording.due) == proposal["date"]:
            changes["due"] = date.fromisoformat(proposal["before"])
    if changes:
        correct(wording, changes=changes, reason=reason, by=by, at=at)


@transaction.atomic
def map_executor(
    executor: Executor, *, target: str, organisation: Organisation | None = None, by: User, at: datetime
) -> Executor:
    """Say who an executor is: a class of organisations, one organisation, or nobody in this system."""
    version = _draft(executor.version, by)
    target = Executor.Target(target)
    if (target == Executor.Target.ONE) != (organisation is not None):
        raise ValidationError({"organisation": _("Choose the organisation.")})
    if organisation is not None and organisation.region_key != version.region_id:
        raise ValidationError({"organisation": _("This organisation belongs to another region.")})
    before = {"target": executor.target, "organisation": executor.organisation_id}
    executor.target, executor.organisation = target, organisation
    after = {"target": executor.target, "organisation": executor.organisation_id}
    if before == after:
        return executor
    executor.save()
    journal.record(
        "executor.mapped", executor, by=by, at=at, organisation=version.region_id, before=before, after=after
    )
    return executor


@transaction.atomic
def exempt(wording: Wording, organisation: Organisation, *, reason: str, by: User, at: datetime) -> Exemption:
    """Except one organisation from a row, with a reason."""
    _draft(wording.version, by)
    reason = _need(reason)
    if Exemption.objects.filter(wording=wording, organisation=organisation).exists():
        raise ValidationError({"organisation": _("It is excepted already.")})
    made = Exemption.objects.create(wording=wording, organisation=organisation, reason=reason, made=at, by=by)
    journal.record("exemption.made", wording, by=by, at=at, organisation=organisation.pk, reason=reason)
    return made


@transaction.atomic
def end_exemption(exemption: Exemption, *, by: User, at: datetime) -> None:
    """Take an exception back while the version is a draft; the journal keeps both."""
    _draft(exemption.wording.version, by)
    journal.record(
        "exemption.ended",
        exemption.wording,
        by=by,
        at=at,
        organisation=exemption.organisation_id,
        before={"reason": exemption.reason},
    )
    exemption.delete()


@transaction.atomic
def decide_past(
    wording: Wording, *, past: str, days: int | None = None, reason: str, by: User, at: datetime
) -> Wording:
    """Decide on dates before the signature: keep them, count `days` calendar days from the signature, or done."""
    _draft(wording.version, by)
    past = Wording.Past(past)
    reason = _need(reason)
    if past == Wording.Past.COUNT and not days:
        raise ValidationError({"days": _("Say how many days from the signature.")})
    before = {"past": wording.past, "days": wording.past_days}
    wording.past, wording.past_reason = past, reason
    wording.past_days = days if past == Wording.Past.COUNT else None
    wording.save()
    journal.record(
        "past.decided",
        wording,
        by=by,
        at=at,
        organisation=wording.version.region_id,
        before=before,
        after={"past": past.value, "days": wording.past_days},
        reason=reason,
    )
    rows.settle_early(wording, reason=reason, by=by, at=at)
    return wording


@transaction.atomic
def discard(version: PlanVersion, *, reason: str, by: User, at: datetime) -> PlanVersion:
    """Put a draft aside; it can still be looked at."""
    version = _draft(version, by)
    version.state = PlanVersion.State.DISCARDED
    version.save()
    journal.record("version.discarded", version, by=by, at=at, organisation=version.region_id, reason=_need(reason))
    return version
