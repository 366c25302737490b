"""How an answer moves: sent, checked, accepted, returned, reopened. Each step is appended, none overwritten.

Sending is the hot path of a deadline evening: the answer is checked before the transaction, which then holds the
row for a handful of statements; what the plan and the boards learn of it follows through the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.monitoring import definitions, turns
from profminimum.monitoring.models import Draft, Remark, Revision, Stage, Submission
from profminimum.monitoring.schema import answers as schema
from profminimum.monitoring.schema import changes
from profminimum.monitoring.schema.reading import exists
from profminimum.monitoring.services import attached, sending
from profminimum.monitoring.services.established import establish
from profminimum.monitoring.states import NEEDS_REASON, ForbiddenStepError, State, Step, after
from profminimum.orgs import access
from profminimum.plan.services import asked
from profminimum.web.prebuilt import Prebuilt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from profminimum.monitoring.schema.model import Problem
    from profminimum.orgs.models import User

ACTION: Final = {
    Step.SUBMIT: "submission.submitted",
    Step.CHECK: "submission.checked",
    Step.ACCEPT: "submission.accepted",
    Step.RETURN: "submission.returned",
    Step.REOPEN: "submission.reopened",
    Step.RESCHEDULE: "submission.rescheduled",
    Step.MOVE: "submission.moved",
}
BATCH: Final = 500
_DRAFT: Final = Prebuilt(lambda: Draft.objects.filter(pk=0).order_by())
TRIES: Final = 3  # when the draft changes while it is being checked


class RefusedError(Exception):
    """The answer has errors: `problems` say where; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} errors")
        self.problems = tuple(problems)


class StaleError(Exception):
    """Somebody else has taken a step in the meantime; nothing was written."""


def lock(ids: Iterable[int]) -> list[Submission]:
    """These answers, locked until the transaction ends, in a fixed order."""
    return list(
        Submission.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids))
        .select_related("wave__campaign")
        .order_by("pk")
    )


def advance(
    rows: Sequence[Submission],
    step: Step,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    journalled: bool = True,
    **changed: Any,
) -> None:
    """Move these answers, append their stages and the journal entries, in a constant number of statements.

    `changed` sets fields of the answers (due, unit_id, checker_id). ForbiddenStepError when the step does not exist
    from one of the states, ValidationError when a reason is wanted and missing; then nothing is written. The caller
    holds the transaction and has checked the right.
    """
    reason = reason.strip()
    if step in NEEDS_REASON and not reason:
        raise ValidationError({"reason": _("Give the reason: the organisation will read it.")})
    before = [row.state for row in rows]
    at = max([at, *(row.changed for row in rows)])
    for row in rows:
        row.state = after(State(row.state), step).value
        for field, value in changed.items():
            setattr(row, field, value)
        row.reviewer_id = _reviewer(row)
        row.changed = at
    fields = ["state", "reviewer", "changed", *changed]
    Submission.objects.bulk_update(rows, [name.removesuffix("_id") for name in fields], batch_size=BATCH)
    keep_stages(rows, step, by=by, at=at, reason=reason)
    if journalled:
        facts = [
            (row, row.organisation_id, {"state": old}, _facts(row)) for row, old in zip(rows, before, strict=True)
        ]
        journal.record_many(ACTION[step], facts, by=by, at=at, reason=reason)


def _reviewer(row: Submission) -> int | None:
    if row.state == State.SUBMITTED.value:
        return row.checker_id or row.acceptor_id
    return row.acceptor_id if row.state == State.CHECKED.value else None


def _facts(row: Submission) -> dict[str, Any]:
    return {"state": row.state, "revision": row.number, "due": row.due.isoformat()}


def keep_stages(rows: Sequence[Submission], step: Step, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Close the last stages of these answers and append what they are now."""
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), BATCH):
        Stage.objects.filter(submission__in=ids[start : start + BATCH], until=None).update(until=at)
    Stage.objects.bulk_create([stage_of(row, step, by=by, at=at, reason=reason) for row in rows], batch_size=BATCH)


def stage_of(row: Submission, step: Step | str, *, by: User | None, at: datetime, reason: str = "") -> Stage:
    """What the answer is from `at` on."""
    return Stage(
        submission_id=row.pk,
        wave_id=row.wave_id,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        state=row.state,
        timely=None if row.sent is None else row.sent <= row.due,
        due=row.due,
        number=row.number,
        since=at,
        step=str(step),
        reason=reason,
        by=by,
    )


def submit(
    submission: Submission,
    *,
    answers: Mapping[str, Any] | None = None,
    explanations: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Revision:
    """Send an answer for checking: the draft's, or the one given here (by the API), which then is the draft too.

    Guarantees that when it returns the revision, the state and the journal entry are on the disk together. Refuses
    what has errors (RefusedError), what is not the person's to send or comes too late (DeniedError with the reason),
    and what somebody else has changed in the meantime (StaleError).
    """
    access.require(by, "submission.fill", submission)
    today = timezone.localdate(at)
    for _try in range(TRIES):
        allowed = turns.taken(submission, today)
        if not allowed:
            raise access.DeniedError(allowed.reason)
        draft = _DRAFT.one(submission.pk)
        if draft is None:
            raise Draft.DoesNotExist
        form = definitions.definition(submission.wave.version_id or 0)
        taken, said = draft.answers, draft.explanations
        if answers is not None:
            taken, foreign = attached.received(form, submission, answers, draft.answers)
            if foreign:
                raise RefusedError(foreign)
        if explanations is not None:
            said = attached.explained(form, explanations)
        outcome = schema.check(form, taken, said, definitions.context(draft.given, today))
        if outcome.errors:
            raise RefusedError(outcome.errors)
        revision = Revision(
            submission=submission,
            number=submission.number + 1,
            answers=outcome.answers,
            explanations=said,
            marks=changes.against(form, outcome.answers, definitions.context(draft.given, today)),
            at=at,
            by=by,
        )
        if _send(submission, revision, draft, kept=answers is not None, warnings=len(outcome.warnings)):
            return revision
        submission.refresh_from_db()
    raise StaleError


@transaction.atomic
def _send(submission: Submission, revision: Revision, draft: Draft, *, kept: bool, warnings: int) -> bool:
    """Write it all if the answer and its draft are still what was checked; False when they are not."""
    by, at = revision.by, max(revision.at, submission.changed)
    was, day = submission.state, submission.sent or timezone.localdate(at)
    submission.state = after(State(was), Step.SUBMIT).value
    submission.number, submission.sent, submission.changed = revision.number, day, at
    submission.reviewer_id = _reviewer(submission)
    submission.remarks, submission.warnings = 0, warnings
    revision.at = at
    held = None if kept else draft.number
    try:
        with sending.at_once():
            cursors = sending.write(submission, revision, was=was, draft=held, day=day, warnings=warnings)
            journal.record(
                ACTION[Step.SUBMIT],
                submission,
                by=by,
                at=at,
                organisation=submission.organisation_id,
                before={"state": was},
                after=_facts(submission),
            )
        written = sending.happened(cursors, revision)
    except sending.QUICKER:  # the revision is there already
        written = False
    if not written:
        transaction.set_rollback(True)
    return written


def _turn(by: User, rows: Sequence[Submission]) -> None:
    for row in rows:
        decision = turns.turn(by, row)
        if not decision:
            raise access.DeniedError(decision.reason)


@transaction.atomic
def check(ids: Collection[int], *, by: User, at: datetime, reason: str = "") -> list[Submission]:
    """Say of these answers that they are right, at the first tier: all of them or none."""
    return _forward(ids, Step.CHECK, by=by, at=at, reason=reason)


@transaction.atomic
def accept(ids: Collection[int], *, by: User, at: datetime, reason: str = "") -> list[Submission]:
    """Accept these answers at the last tier: all of them or none.

    What they are owed for is taken off control, and what they establish is entered into the registers, at once.
    """
    rows = _forward(ids, Step.ACCEPT, by=by, at=at, reason=reason)
    owed = [row.obligation_id for row in rows if row.obligation_id]
    sent = {row.obligation_id: row.sent for row in rows if row.obligation_id and row.sent}
    asked.fulfilled(owed, by=by, at=at, reason=reason, days=sent)
    establish(rows, by=by, at=at)
    return rows


def _forward(ids: Collection[int], step: Step, *, by: User, at: datetime, reason: str) -> list[Submission]:
    rows = lock(ids)
    access.require(by, "submission.check", None)
    _turn(by, rows)
    for row in rows:
        if turns.next_step(row) != step:
            raise ForbiddenStepError(State(row.state), step)
    advance(rows, step, by=by, at=at, reason=reason)
    Remark.objects.filter(submission__in=[row.pk for row in rows], settled=None).update(settled=at)
    return rows


@transaction.atomic
def send_back(submission: Submission, *, reason: str, by: User, at: datetime) -> Submission:
    """Return an answer for rework with a reason; remarks on its fields that were not yet sent go with it."""
    (row,) = lock([submission.pk])
    access.require(by, "submission.check", None)
    _turn(by, [row])
    return _again(row, Step.RETURN, by=by, at=at, reason=reason)


@transaction.atomic
def reopen(submission: Submission, *, reason: str, by: User, at: datetime) -> Submission:
    """Ask again for an accepted answer, with a reason: what it says stays in force until the new one is accepted."""
    (row,) = lock([submission.pk])
    access.require(by, "submission.check", None)
    allowed = turns.abilities(by, row, "", timezone.localdate(at)).reopen
    if not allowed:
        raise access.DeniedError(allowed.reason)
    return _again(row, Step.REOPEN, by=by, at=at, reason=reason)


def _again(row: Submission, step: Step, *, by: User, at: datetime, reason: str) -> Submission:
    """The author's turn again: the draft goes on from what was sent."""
    last = Revision.objects.get(submission=row, number=row.number)
    remarks = Remark.objects.filter(submission=row, settled=None)
    remarks.filter(sent=None).update(sent=at)
    advance([row], step, by=by, at=at, reason=reason, remarks=remarks.count())
    Draft.objects.filter(pk=row.pk).update(
        answers=last.answers, explanations=last.explanations, number=F("number") + 1, saved=at, editor=None
    )
    if row.obligation_id:
        asked.reopened([row.obligation_id], by=by, at=at, reason=reason)
    return row


@transaction.atomic
def remark(submission: Submission, *, place: str, text: str, by: User, at: datetime) -> Remark:
    """Say something about one field; the author reads it when the answer is returned."""
    (row,) = lock([submission.pk])
    access.require(by, "submission.check", None)
    _turn(by, [row])
    if not text.strip():
        raise ValidationError({"text": _("Write the remark.")})
    if place and not exists(definitions.definition(submission.wave.version_id or 0), place):
        raise ValidationError({"place": _("The form has no question «%(place)s».") % {"place": place}})
    return Remark.objects.create(
        submission=row, number=row.number, place=place[:200], text=text.strip(), at=at, by=by
    )


@transaction.atomic
def unremark(remark: Remark, *, by: User, at: datetime) -> None:  # noqa: ARG001 - services take the moment
    """Take back a remark that has not been sent."""
    (row,) = lock([remark.submission_id])
    _turn(by, [row])
    if remark.sent is not None:
        raise ValidationError(_("The remark has been sent with the return: it can no longer be taken back."))
    remark.delete()
