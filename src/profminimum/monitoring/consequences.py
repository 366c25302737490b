"""What follows for answers and for the plan when an answer moves, a date is granted, an organisation opens or closes.

Run by the worker, many entries at once where a deadline evening brings thousands.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal.services import LaterError, batch
from profminimum.monitoring.models import Submission, Wave
from profminimum.monitoring.queries.audience import chain
from profminimum.monitoring.services import checks, waves
from profminimum.monitoring.services.submissions import advance, lock
from profminimum.monitoring.states import SENT, State, Step
from profminimum.orgs.models import Organisation
from profminimum.plan.services import asked
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    holders: dict[int, set[int]] = defaultdict(set)
    for row in _answers(entries):
        holders[row.wave.occurrence_id].update(place for place in (row.checker_id, row.acceptor_id) if place)
    for occurrence, places in holders.items():
        checks.finish(occurrence, at=at, places=places)


def follow_extension(entry: Entry) -> None:
    """A date that was granted in the plan holds for the answer."""
    due = date.fromisoformat(entry.after["due"])
    rows = lock(Submission.objects.filter(obligation=entry.object_id, due__lt=due).values_list("pk", flat=True))
    if rows:
        waves.reschedule(rows, due, reason=entry.reason, by=entry.by, at=entry.at)
        wave = Wave.objects.select_related("occurrence__measure").get(pk=rows[0].wave_id)
        if wave.state == Wave.State.CLOSED:  # its checks were done: an answer may come after all
            checkers = {place for row in rows for place in (row.checker_id, row.acceptor_id) if place}
            checks.give(wave, checkers, by=entry.by, at=entry.at)


def follow_release(entry: Entry) -> None:
    """Whoever is released from the obligation is no longer asked."""
    for row in Submission.objects.filter(obligation=entry.object_id).select_related("wave"):
        waves.withdraw(row.wave, [row.organisation_id], reason=entry.reason, by=entry.by, at=entry.at)


def _wait_for(day: date | None) -> None:
    """Put the consequence off while that day has not begun in the region."""
    if day is not None and day > clock.today():
        raise LaterError(timezone.make_aware(datetime.combine(day, time.min)))


def ask_newcomer(entry: Entry) -> None:
    """A school that has opened is asked, from its first day on, in the open waves whose date has not passed."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    _wait_for(organisation.opened)
    asked = Submission.objects.filter(organisation=organisation).exclude(state=State.WITHDRAWN.value)
    open_ = Wave.objects.filter(
        state=Wave.State.OPEN, campaign__region=organisation.region_id, due__gte=clock.today()
    )
    for wave in open_.exclude(pk__in=asked.values("wave")):
        waves.add(wave, [organisation.pk], by=None, at=clock.now())


def release_closed(entry: Entry) -> None:
    """An organisation that has closed is no longer asked from that day on."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    _wait_for(organisation.closed)
    reason = _("The organisation is closed.")
    for wave in Wave.objects.filter(state=Wave.State.OPEN, submissions__organisation=organisation):
        waves.withdraw(wave, [organisation.pk], reason=reason, by=None, at=clock.now())
    for occurrence in set(
        Submission.objects.filter(organisation=organisation, state=State.RETURNED.value).values_list(
            "wave__occurrence", flat=True
        )
    ):
        checks.finish(occurrence, at=clock.now())  # what was returned to it comes back no more


def move_answers(entry: Entry) -> None:
    """What stands elsewhere in the tree is counted and checked elsewhere; what has been checked stays so.

    Also in a closed wave: whoever checked until now no longer sees it.
    """
    on = entry.after.get("on")
    _wait_for(date.fromisoformat(on) if on else None)
    today = clock.today()
    moved = Organisation.objects.as_of(today).filter(pk=entry.object_id).first()
    if moved is None:
        return
    below = list(Organisation.objects.as_of(today).under(moved.state.path).values_list("pk", flat=True))
    rows = Submission.objects.filter(organisation__in=below, wave__state__in=[Wave.State.OPEN, Wave.State.CLOSED])
    moving: dict[int, list[int]] = defaultdict(list)
    for pk, key in rows.exclude(state__in=["accepted", "withdrawn"]).values_list("pk", "wave_id"):
        moving[key].append(pk)
    for wave in Wave.objects.filter(pk__in=moving).select_related("campaign", "occurrence__measure"):
        _move(wave, moving[wave.pk], clock.now())


def _move(wave: Wave, ids: list[int], at: datetime) -> None:
    with transaction.atomic():
        rows = lock(ids)
        chains = chain(wave.campaign, [row.organisation_id for row in rows], timezone.localdate(at))
        came: set[int] = set()
        for row in rows:
            one = chains.get(row.organisation_id)
            if one is None or row.unit_id == one.unit_id:
                continue
            place: dict[str, Any] = {
                "unit_id": one.unit_id,
                "checker_id": one.checker_id,
                "acceptor_id": one.acceptor_id,
            }
            advance([row], Step.MOVE, by=None, at=at, **place)
            came |= {key for key in (one.checker_id, one.acceptor_id) if key}
        if came:
            checks.give(wave, came & checks.busy(wave.occurrence_id, timezone.localdate(at)), by=None, at=at)
            checks.finish(wave.occurrence_id, at=at)
