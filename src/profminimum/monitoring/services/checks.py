"""When has a checker done its part of a wave? Its duty follows the answers that still wait or may still come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal.timers import every
from profminimum.monitoring.models import Submission, Wave
from profminimum.monitoring.states import State
from profminimum.plan.models import Obligation, Standing
from profminimum.plan.services import asked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from profminimum.orgs.models import User


def busy(occurrence: int, today: date) -> set[int]:
    """The organisations that have answers for this date of the plan still to come or to be checked by them.

    Of a closed wave no first answer comes any more, unless a later date was granted; of a closed organisation none.
    """
    lives = Q(organisation__closed=None) | Q(organisation__closed__gt=today)
    first = Q(state__in=[State.EXPECTED.value, State.DRAFT.value]) & (
        Q(wave__state=Wave.State.OPEN) | Q(due__gt=F("wave__due"), due__gte=today)
    )
    come = (first | Q(state=State.RETURNED.value)) & lives
    wait = Q(state__in=[State.SUBMITTED.value, State.CHECKED.value])
    rows = Submission.objects.filter(come | wait, wave__occurrence=occurrence)
    rows = rows.exclude(wave__state=Wave.State.CANCELLED).order_by()
    found = rows.values_list("checker_id", "acceptor_id", "state").distinct()
    return {place for first_, last, state in found for place in _holders(first_, last, state)}


def _holders(first: int | None, last: int, state: str) -> Iterable[int]:
    if state != State.CHECKED.value and first is not None:
        yield first
    yield last


def _duties(occurrence: int) -> dict[int, int]:
    rows = Obligation.objects.filter(occurrence=occurrence, duty=Obligation.Duty.CHECK)
    return dict(rows.values_list("organisation_id", "pk"))


def finish(occurrence: int, *, at: datetime, places: Collection[int] | None = None) -> int:
    """Take off control the checks of those (of `places` when given) that have nothing left; returns how many."""
    left = busy(occurrence, timezone.localdate(at))
    duties = _duties(occurrence)
    done = [pk for place, pk in duties.items() if place not in left and (places is None or place in places)]
    return asked.fulfilled(done, by=None, at=at, reason=_("All answers have been checked.")) if done else 0


@every(minutes=30)
def finish_closed(now: datetime) -> int:
    """Of closed waves: the checks that waited for an answer by a date that has passed too; returns how many."""
    open_ = Standing.objects.at().open().filter(obligation__duty=Obligation.Duty.CHECK)
    closed = Wave.objects.filter(state=Wave.State.CLOSED, occurrence__in=open_.values("obligation__occurrence"))
    return sum(finish(key, at=now) for key in set(closed.values_list("occurrence", flat=True)))


def give(wave: Wave, places: Collection[int], *, by: User | None, at: datetime) -> None:
    """These are to check answers of the wave, by its date: for the first time or, when they were done, once more."""
    made = asked.ask(wave.occurrence, Obligation.Duty.CHECK, sorted(places), due=wave.check_due, by=by, at=at)
    again = _("There are answers to be checked again.")
    asked.reopened(made.values(), by=by, at=at, reason=again)
    asked.rescheduled(made.values(), wave.check_due, by=by, at=at, reason=again)
