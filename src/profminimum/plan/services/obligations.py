"""How an obligation moves: reported, accepted, returned, waived, resumed. Each step is appended, none overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access, queries
from profminimum.plan import files, proof, states
from profminimum.plan.filenames import tame
from profminimum.plan.models import Attachment, Obligation, Report, Standing, StoredFile, Wording
from profminimum.plan.states import State, Step
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from typing import Any

    from profminimum.orgs.models import User
    from profminimum.plan.files import Upload

ACTION: Final = {
    Step.REPORT: "obligation.reported",
    Step.ACCEPT: "obligation.accepted",
    Step.RETURN: "obligation.returned",
    Step.WAIVE: "obligation.waived",
    Step.RESUME: "obligation.resumed",
    Step.RESCHEDULE: "obligation.rescheduled",
    Step.MOVE: "obligation.moved",
}
VERB: Final = {
    Step.ACCEPT: "obligation.review",
    Step.RETURN: "obligation.review",
    Step.WAIVE: "obligation.decide",
    Step.RESUME: "obligation.decide",
}
BATCH: Final = 2000


def lock(ids: Iterable[int]) -> list[Standing]:
    """The last standings of these obligations, locked until the transaction ends, in a fixed order."""
    return list(
        Standing.objects.select_for_update(of=("self",))
        .filter(obligation__in=list(ids), until=None)
        .select_related("obligation__measure")
        .order_by("obligation_id")
    )


def advance(
    standings: Sequence[Standing],
    step: Step,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    quiet: bool = False,
    **changes: Any,
) -> list[Standing]:
    """Close these last standings and append the next ones, a journal entry each, in a constant number of statements.

    `changes` set fields of the new standings (due, unit_id, reviewer_id, reported); `quiet` as in the journal. Raises
    ForbiddenStepError when the step does not exist from one of the states, ValidationError when a reason is wanted
    and missing; then nothing is written. The caller holds the transaction and has checked the right.
    """
    reason = reason.strip()
    if step in states.NEEDS_REASON and not reason:
        raise ValidationError({"reason": _("Give the reason: the organisation will read it.")})
    following = []
    for last in standings:
        moment = max(at, last.since)
        new = Standing(
            obligation_id=last.obligation_id,
            plan_id=last.plan_id,
            measure_id=last.measure_id,
            organisation_id=last.organisation_id,
            kind=last.kind,
            unit_id=last.unit_id,
            reviewer_id=last.reviewer_id,
            state=states.after(State(last.state), step).value,
            due=last.due,
            reported=last.reported,
            since=moment,
            step=step.value,
            reason=reason,
            by=by,
        )
        for field, value in changes.items():
            setattr(new, field, value)
        last.until = moment
        following.append(new)
    Standing.objects.bulk_update(standings, ["until"], batch_size=500)
    Standing.objects.bulk_create(following, batch_size=BATCH)
    journal.record_many(
        ACTION[step],
        [
            (last.obligation, last.organisation_id, _facts(last), _facts(new))
            for last, new in zip(standings, following, strict=True)
        ],
        by=by,
        at=at,
        reason=reason,
        quiet=quiet,
    )
    return following


def _facts(standing: Standing) -> dict[str, Any]:
    return {
        "state": standing.state,
        "due": standing.due.isoformat() if standing.due else None,
        "unit": standing.unit_id,
    }


def results_of(obligation: Obligation) -> list[dict[str, str]]:
    """The expected results of the row, by the version in force."""
    wording = (
        Wording.objects.filter(measure=obligation.measure_id, version__state="adopted").order_by("-version").first()
    )
    found: list[dict[str, str]] = wording.results if wording else []
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What an organisation says when it reports: an act, words, files; or why there is no document."""

    act_kind: str = ""
    act_number: str = ""
    act_date: date | None = None
    comment: str = ""
    no_evidence_reason: str = ""
    files: tuple[Upload, ...] = ()


@transaction.atomic
def report(obligation: Obligation, answer: Answer, *, by: User, at: datetime) -> Report:
    """Say that it is done, with what proves it.

    What is wanted follows from the row's expected result (design rule 14): an act with number, date and file; a
    file; or words. Something else is taken with `no_evidence_reason`, which the reviewer sees. Guarantees that
    the files are on the disk when it returns. Refuses (ValidationError by field) what is missing, an act from
    the future and files that are not what they should be; ForbiddenStepError once it is accepted or waived.
    """
    access.require(by, "obligation.report", obligation)
    _refuse_by_form([obligation])
    _check(answer, proof.wanted(results_of(obligation)), timezone.localdate(at))
    (last,) = lock([obligation.pk])
    states.after(State(last.state), Step.REPORT)
    stored = [(_stored(upload, at), tame(upload.name)) for upload in answer.files]
    made = Report.objects.create(
        obligation=obligation,
        at=at,
        by=by,
        act_kind=answer.act_kind.strip(),
        act_number=answer.act_number.strip(),
        act_date=answer.act_date,
        comment=answer.comment.strip(),
        no_evidence_reason=answer.no_evidence_reason.strip(),
    )
    Attachment.objects.bulk_create([Attachment(report=made, file=file, name=name) for file, name in stored])
    first = (
        last.reported if last.state == State.REPORTED.value else None
    )  # a better answer keeps the day of the first
    advance([last], Step.REPORT, by=by, at=at, reported=first or timezone.localdate(at))
    return made


def _refuse_by_form(obligations: Iterable[Obligation]) -> None:
    if any(obligation.by_form for obligation in obligations):
        raise ValidationError(
            _("This is fulfilled by the answer to a monitoring: fill, check, return and reopen the answer there.")
        )


def _stored(upload: Upload, at: datetime) -> StoredFile:
    try:
        return files.store_evidence(upload, at=at)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from error


def _check(answer: Answer, wanted: proof.Proof, today: date) -> None:
    errors: dict[str, str] = {}
    if answer.act_date and answer.act_date > today:
        errors["act_date"] = _("The date of the act is in the future. Check it.")
    if not answer.no_evidence_reason.strip():
        if wanted.act and not answer.act_number.strip():
            errors["act_number"] = _("Give the number of the act.")
        if wanted.act and not answer.act_date:
            errors["act_date"] = _("Give the date of the act.")
        if wanted.file and not answer.files:
            errors["files"] = _("Attach the document, or say below why there is none.")
        if not wanted.file and not (answer.comment.strip() or answer.files or answer.act_number.strip()):
            errors["comment"] = _("Say in a few words what has been done, or attach a document.")
    if errors:
        raise ValidationError(errors)


def require_all(by: User, verb: str, standings: Sequence[Standing]) -> None:
    """As `access.require` for each, in a constant number of statements: DeniedError names the first reason."""
    places = queries.known({standing.organisation_id for standing in standings}, clock.today())
    for standing in standings:
        place = places.get(standing.organisation_id)
        decision = access.can_at(by, verb, standing.organisation_id, place.path if place else "", standing.kind)
        if not decision:
            raise access.DeniedError(decision.reason)


@transaction.atomic
def decide(ids: Iterable[int], step: Step, *, by: User, at: datetime, reason: str = "") -> list[Standing]:
    """Accept, return, waive or resume one obligation or many at once: all of them or none.

    Rights: `obligation.review` to accept and return, `obligation.decide` to waive and resume; DeniedError names the
    reason. Returning, waiving and resuming want a reason. ForbiddenStepError when one of them is in another state.
    """
    standings = lock(ids)
    require_all(by, VERB[step], standings)
    if step != Step.WAIVE:
        _refuse_by_form(standing.obligation for standing in standings if standing.state != State.WAIVED.value)
    return advance(standings, step, by=by, at=at, reason=reason)


def accept(obligation: Obligation, *, by: User, at: datetime, reason: str = "") -> Standing:
    """Take off control («снять с контроля»)."""
    return decide([obligation.pk], Step.ACCEPT, by=by, at=at, reason=reason)[0]


def send_back(obligation: Obligation, *, by: User, at: datetime, reason: str) -> Standing:
    """Return for rework with a reason that the organisation reads."""
    return decide([obligation.pk], Step.RETURN, by=by, at=at, reason=reason)[0]


def waive(obligation: Obligation, *, by: User, at: datetime, reason: str) -> Standing:
    """Release the organisation from it, with a reason."""
    return decide([obligation.pk], Step.WAIVE, by=by, at=at, reason=reason)[0]


def resume(obligation: Obligation, *, by: User, at: datetime, reason: str) -> Standing:
    """Put under control again what was accepted or waived, with a reason."""
    return decide([obligation.pk], Step.RESUME, by=by, at=at, reason=reason)[0]
