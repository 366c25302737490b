"""What follows for answers and for the plan when an answer moves, a date is granted, an organisation opens or closes.

Run by the worker, many entries at once where a deadline evening brings thousands.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal.services import batch
from profminimum.monitoring.models import Submission, Wave
from profminimum.monitoring.services import waves
from profminimum.monitoring.services.submissions import advance, lock
from profminimum.monitoring.states import SENT, State, Step
from profminimum.orgs import queries
from profminimum.orgs.models import Organisation
from profminimum.plan.models import Obligation
from profminimum.plan.services import asked
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from profminimum.journal.models import Entry


def _answers(entries: Sequence[Entry]) -> list[Submission]:
    return list(Submission.objects.filter(pk__in={entry.object_id for entry in entries}).select_related("wave"))


@batch
def report_answers(entries: Sequence[Entry]) -> None:
    """What was sent is reported in the plan, with the day on which it was sent."""
    sent: dict[int, datetime] = {}
    for entry in entries:
        sent[entry.object_id] = max(entry.at, sent.get(entry.object_id, entry.at))
    days: dict[date, list[int]] = defaultdict(list)
    moments: dict[date, datetime] = {}
    for row in _answers(entries):
        if State(row.state) in SENT and row.obligation_id:
            day = timezone.localdate(sent[row.pk])
            days[day].append(row.obligation_id)
            moments[day] = max(moments.get(day, sent[row.pk]), sent[row.pk])
    for day, ids in days.items():
        asked.reported(ids, by=None, at=moments[day])


@batch
def finish_checks(entries: Sequence[Entry]) -> None:
    """A checker that has nothing left to check in a wave has done its part of it."""
    at = max(entry.at for entry in entries)
    by_wave: dict[int, set[int]] = defaultdict(set)
    for row in _answers(entries):
        by_wave[row.wave_id].update(place for place in (row.checker_id, row.acceptor_id) if place)
    for wave in Wave.objects.filter(pk__in=by_wave):
        places = by_wave[wave.pk] - _busy(wave)
        checks = Obligation.objects.filter(
            occurrence=wave.occurrence_id, duty=Obligation.Duty.CHECK, organisation__in=places
        )
        ids = list(checks.values_list("pk", flat=True))
        if ids:
            asked.fulfilled(ids, by=None, at=at, reason=_("All answers have been checked."))


def _busy(wave: Wave) -> set[int]:
    """The organisations that have answers of the wave still to come or to be checked by them."""
    before = Q(state__in=["expected", "draft", "returned", "submitted"])
    rows = wave.submissions.filter(before | Q(state="checked")).values_list("checker_id", "acceptor_id", "state")
    return {place for first, last, state in rows.distinct() for place in _holders(first, last, state)}


def _holders(first: int | None, last: int, state: str) -> Iterable[int]:
    if state != State.CHECKED.value and first is not None:
        yield first
    yield last


def follow_extension(entry: Entry) -> None:
    """A date that was granted in the plan holds for the answer."""
    due = date.fromisoformat(entry.after["due"])
    rows = lock(Submission.objects.filter(obligation=entry.object_id, due__lt=due).values_list("pk", flat=True))
    waves.reschedule(rows, due, reason=entry.reason, by=entry.by, at=entry.at)


def follow_release(entry: Entry) -> None:
    """Whoever is released from the obligation is no longer asked."""
    for row in Submission.objects.filter(obligation=entry.object_id).select_related("wave"):
        waves.withdraw(row.wave, [row.organisation_id], reason=entry.reason, by=entry.by, at=entry.at)


def ask_newcomer(entry: Entry) -> None:
    """A school that has opened is asked in the open waves whose date has not passed."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    today = clock.today()
    if organisation.opened > today:
        return  # the plan waits for that day; so does the next look at the waves
    for wave in Wave.objects.filter(
        state=Wave.State.OPEN, campaign__region=organisation.region_id, due__gte=max(today, organisation.opened)
    ):
        waves.add(wave, [organisation.pk], by=None, at=clock.now())


def release_closed(entry: Entry) -> None:
    """An organisation that has closed is no longer asked."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    reason = _("The organisation is closed.")
    for wave in Wave.objects.filter(state=Wave.State.OPEN, submissions__organisation=organisation):
        waves.withdraw(wave, [organisation.pk], reason=reason, by=None, at=clock.now())


def move_answers(entry: Entry) -> None:
    """What stands elsewhere in the tree is counted and checked elsewhere; what has been checked stays so."""
    today = clock.today()
    moved = Organisation.objects.as_of(today).filter(pk=entry.object_id).first()
    if moved is None:
        return
    below = list(Organisation.objects.as_of(today).under(moved.state.path).values_list("pk", flat=True))
    placements = queries.placement_of(below, today)
    open_ = Submission.objects.filter(organisation__in=below, wave__state=Wave.State.OPEN)
    for row in lock(open_.exclude(state__in=["accepted", "withdrawn"]).values_list("pk", flat=True)):
        unit = placements[row.organisation_id].unit_id
        if row.unit_id != unit:
            checker = unit if row.checker_id is not None else None
            advance([row], Step.MOVE, by=None, at=clock.now(), unit_id=unit, checker_id=checker)
