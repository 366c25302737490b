"""A draft's rows beside `versions`: an executor is named or dropped, a doubt that no longer applies is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Kind, Organisation
from profminimum.plan import executors, expansion
from profminimum.plan.models import Assignment, Executor, Finding, PlanVersion, Wording
from profminimum.plan.queries.review import EARLY

if TYPE_CHECKING:
    from datetime import date, datetime

    from profminimum.orgs.models import User


def _draft(version: PlanVersion, by: User) -> PlanVersion:
    access.require(by, "plan.edit", version)
    locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != PlanVersion.State.DRAFT:
        raise ValidationError(_("This version is no longer a draft. An adopted text is changed by an amendment."))
    return locked


def _names(wording: Wording) -> list[str]:
    return list(wording.assignments.order_by("position").values_list("executor__name", flat=True))


def known(region: int, on: date) -> dict[int, tuple[str, ...]]:
    """The names by which an executor is recognised: id → (short, full) of all bodies that are no schools."""
    bodies = Organisation.objects.as_of(on).filter(
        region=region, kind__in=(Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE, Kind.AUTHORITY)
    )
    return {body.pk: (body.state.short_name, body.state.name) for body in bodies.order_by("pk")}


@transaction.atomic
def add_executor(wording: Wording, *, name: str, reason: str, by: User, at: datetime) -> Executor:
    """Make a body an executor of the row: one that the plan names already, or a new one with a guess who that is.

    Journalled as a correction of the row. Refuses an empty name or reason and a body that executes the row already.
    """
    version = _draft(wording.version, by)
    name, reason = " ".join(name.split()), reason.strip()
    if not name:
        raise ValidationError({"name": _("Name the executor.")})
    if not reason:
        raise ValidationError({"reason": _("Give the reason: it stays in the journal.")})
    before = _names(wording)
    if name in before:
        raise ValidationError({"name": _("«%(name)s» executes this row already.") % {"name": name}})
    executor = Executor.objects.filter(version=version, name=name).first()
    if executor is None:
        on = version.act_date or version.uploaded.date()
        target, organisation = executors.guess(name, name, known(version.region_id, on))
        executor = Executor.objects.create(
            version=version, name=name[:500], full=name, target=target, organisation_id=organisation
        )
    last = wording.assignments.aggregate(last=Max("position"))["last"]
    Assignment.objects.create(wording=wording, executor=executor, position=0 if last is None else last + 1, text=name)
    _record(wording, before, reason, by, at)
    return executor


@transaction.atomic
def drop_executor(assignment: Assignment, *, reason: str, by: User, at: datetime) -> None:
    """A body does not execute the row after all; the verbatim row stays as it is. Refuses an empty reason."""
    wording = assignment.wording
    _draft(wording.version, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason: it stays in the journal.")})
    before = _names(wording)
    executor = assignment.executor
    assignment.delete()
    if not executor.assignments.exists():
        executor.delete()
    _record(wording, before, reason.strip(), by, at)


def _record(wording: Wording, before: list[str], reason: str, by: User, at: datetime) -> None:
    journal.record(
        "wording.corrected",
        wording,
        by=by,
        at=at,
        organisation=wording.version.region_id,
        before={"executors": before},
        after={"executors": _names(wording)},
        reason=reason,
    )


def settle_early(wording: Wording, *, reason: str, by: User, at: datetime) -> None:
    """Close the doubt about a date before the signature: it was decided upon, or the row has no such date any more.

    Called by the services that correct a row or decide on its early dates, in their transaction.
    """
    signed = wording.version.act_date
    early = signed is not None and bool(expansion.early(wording.occurrences, signed))
    if early and not wording.past:
        return
    decision = Finding.Decision.KEPT if early else Finding.Decision.CORRECTED
    for finding in Finding.objects.filter(wording=wording, code=EARLY, decision=Finding.Decision.OPEN):
        finding.decision, finding.reason, finding.decided, finding.decided_by = decision, reason, at, by
        finding.save()
        journal.record(
            "finding.decided",
            finding,
            by=by,
            at=at,
            organisation=wording.version.region_id,
            before={"decision": ""},
            after={"decision": decision.value},
            reason=reason,
        )
