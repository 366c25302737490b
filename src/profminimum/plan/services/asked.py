"""What a monitoring asks of organisations by a row of the plan, and how its answers move what they owe.

The caller (the monitoring) holds the transaction and has checked the right; each step is appended and journalled, and
what follows from it follows from the step of the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import queries
from profminimum.plan.expansion import Dated
from profminimum.plan.models import Obligation, Occurrence, Standing
from profminimum.plan.services.adoption import Part, write_obligations
from profminimum.plan.services.obligations import advance, lock
from profminimum.plan.states import OPEN, State, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure

Duty = Obligation.Duty


@transaction.atomic
def occur(measure: Measure, due: date, *, reason: str, by: User, at: datetime) -> Occurrence:
    """One more date of a measure, outside those of the plan, for a monitoring that is held besides."""
    last = measure.occurrences.order_by("-number").values_list("number", flat=True).first() or 0
    made = Occurrence.objects.create(measure=measure, number=last + 1, due=due, added=True)
    journal.record(
        "occurrence.added",
        measure,
        by=by,
        at=at,
        organisation=measure.plan.region_id,
        after={"due": due.isoformat()},
        reason=reason,
    )
    return made


@transaction.atomic
def ask(
    occurrence: Occurrence, duty: str, who: Collection[int], *, due: date | None, by: User | None, at: datetime
) -> dict[int, int]:
    """What these organisations owe for their part in a monitoring: id of the organisation → id of the obligation.

    For an answer and for the note the obligation that the plan itself gave the organisation for this date is taken
    when there is one, with its date; all others are made anew. Answers and checks are fulfilled by the monitoring.
    What a monitoring had released them from before (a wave called off, an exception that has ended) is owed again;
    whom to ask at all, `spared` and the monitoring decide.
    """
    known = dict(
        Obligation.objects.filter(occurrence=occurrence, organisation__in=who, duty=duty).values_list(
            "organisation_id", "pk"
        )
    )
    decreed: dict[int, int] = {}
    if duty in {Duty.ANSWER, Duty.NOTE}:
        rows = Obligation.objects.filter(occurrence=occurrence, organisation__in=who, duty=Duty.PLAN)
        decreed = dict(rows.values_list("organisation_id", "pk"))
        known = decreed | known
        if duty == Duty.ANSWER:
            rows.filter(pk__in=known.values()).update(by_form=True)
    fresh = [key for key in who if key not in known]
    if fresh:
        today = timezone.localdate(at)
        placements = queries.placement_of(fresh, today)
        fresh = [key for key in fresh if key in placements]
        part = Part(duty, by_form=duty in {Duty.ANSWER, Duty.CHECK})
        write_obligations(occurrence, Dated(due), fresh, placements, by=by, at=at, part=part)
        made = list(
            Obligation.objects.filter(occurrence=occurrence, duty=duty, organisation__in=fresh).select_related(
                "measure"
            )
        )
        journal.record_many(
            "obligation.assigned",
            [(one, one.organisation_id, {}, {"due": due.isoformat() if due else None}) for one in made],
            by=by,
            at=at,
        )
        known |= {one.organisation_id: one.pk for one in made}
    again = known if duty != Duty.NOTE else {place: pk for place, pk in known.items() if place not in decreed}
    resumed([pk for place, pk in again.items() if place not in fresh], due, by=by, at=at)
    return known


def spared(occurrence: Occurrence) -> dict[int, int]:
    """Organisation → its obligation for this date from which it is released: «не требуется»."""
    rows = Standing.objects.at().filter(obligation__occurrence=occurrence, state=State.WAIVED.value)
    own = rows.filter(obligation__duty__in=[Duty.PLAN, Duty.ANSWER])
    return dict(own.values_list("organisation_id", "obligation_id"))


@transaction.atomic
def resumed(ids: Iterable[int], due: date | None, *, by: User | None, at: datetime, reason: str = "") -> int:
    """What was no longer asked is asked again, by that date unless its own is later; what is open or done stays."""
    last = _standing(ids, State.WAIVED)
    reason = reason.strip() or _("It is asked again.")
    moved = [one for one in last if due is not None and (one.due is None or one.due < due)]
    if moved:
        advance(moved, Step.RESUME, by=by, at=at, reason=reason, quiet=True, due=due)
    if stays := [one for one in last if one not in moved]:
        advance(stays, Step.RESUME, by=by, at=at, reason=reason, quiet=True)
    return len(last)


def _standing(ids: Iterable[int], *states: State) -> list[Standing]:
    wanted = {state.value for state in states}
    return [last for last in lock(ids) if last.state in wanted]


@transaction.atomic
def reported(ids: Iterable[int], *, by: User | None, at: datetime) -> int:
    """The answers were sent on that day: «исполнено (заявлено)»; what is no longer open is left as it is."""
    last = _standing(ids, *OPEN)
    if last:
        advance(last, Step.REPORT, by=by, at=at, quiet=True, reported=timezone.localdate(at))
    return len(last)


@transaction.atomic
def fulfilled(
    ids: Collection[int], *, by: User | None, at: datetime, reason: str = "", days: Mapping[int, date] | None = None
) -> int:
    """The answers were accepted at the last tier: «снято с контроля», whatever had been open before.

    What has not been reported yet, since the worker is behind, counts as reported on its day of `days`, else today.
    """
    by_day: dict[date, list[Standing]] = {}
    for one in _standing(ids, *OPEN):
        by_day.setdefault((days or {}).get(one.obligation_id, timezone.localdate(at)), []).append(one)
    for day, open_ in by_day.items():
        advance(open_, Step.REPORT, by=by, at=at, quiet=True, reported=day)
    last = _standing(ids, State.REPORTED)
    if last:
        advance(last, Step.ACCEPT, by=by, at=at, reason=reason, quiet=True)
    return len(last)


@transaction.atomic
def reopened(ids: Iterable[int], *, by: User | None, at: datetime, reason: str) -> int:
    """The answers were returned, or reopened after acceptance: to be done again, with the reason."""
    ids = list(ids)
    reason = reason.strip() or _("The answer was returned.")
    count = 0
    for state, step in ((State.REPORTED, Step.RETURN), (State.ACCEPTED, Step.RESUME)):
        if last := _standing(ids, state):
            advance(last, step, by=by, at=at, reason=reason, quiet=True)
            count += len(last)
    return count


@transaction.atomic
def released(ids: Iterable[int], *, by: User | None, at: datetime, reason: str) -> int:
    """The organisations are no longer asked: «не требуется»; what was accepted stays."""
    last = _standing(ids, *OPEN, State.REPORTED)
    if last:
        advance(last, Step.WAIVE, by=by, at=at, reason=reason)
    return len(last)


@transaction.atomic
def given_back(ids: Iterable[int], *, by: User | None, at: datetime, reason: str) -> int:
    """A monitoring was called off: what the plan itself demands is to be reported by hand, all else is released."""
    ids = list(ids)
    decreed = set(Obligation.objects.filter(pk__in=ids, duty=Duty.PLAN).values_list("pk", flat=True))
    Obligation.objects.filter(pk__in=decreed).update(by_form=False)
    if last := _standing(decreed, State.REPORTED):
        advance(last, Step.RETURN, by=by, at=at, reason=reason, quiet=True)
    return released([pk for pk in ids if pk not in decreed], by=by, at=at, reason=reason)


@transaction.atomic
def rescheduled(ids: Iterable[int], due: date, *, by: User | None, at: datetime, reason: str) -> int:
    """A later date for what is still open; a date that is later already stays, such as the one of the plan itself."""
    last = [one for one in _standing(ids, *OPEN) if one.due is None or one.due < due]
    if last:
        advance(last, Step.RESCHEDULE, by=by, at=at, reason=reason, due=due)
    return len(last)
