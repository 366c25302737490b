"""What follows for the plan when an organisation opens, closes or moves; done by the worker on the day of effect."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from profminimum.journal.services import LaterError
from profminimum.orgs.models import Organisation
from profminimum.plan.services import adoption
from profminimum.web import clock

if TYPE_CHECKING:
    from profminimum.journal.models import Entry


def _wait_for(day: date | None) -> None:
    """Put the consequence off while that day has not begun in the region."""
    if day is not None and day > clock.today():
        raise LaterError(timezone.make_aware(datetime.combine(day, time.min)))


def give_obligations(entry: Entry) -> None:
    """A school that has opened gets the obligations of its class that are not yet due."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    _wait_for(organisation.opened)
    adoption.extend_to(organisation, at=clock.now())


def withdraw_obligations(entry: Entry) -> None:
    """An organisation that has closed, by itself or in a merger, loses what it has not reported."""
    organisation = Organisation.objects.get(pk=entry.object_id)
    _wait_for(organisation.closed)
    adoption.withdraw(organisation, at=clock.now())


def move_obligations(entry: Entry) -> None:
    """What stands elsewhere in the tree is checked and counted elsewhere from then on."""
    on = entry.after.get("on")
    _wait_for(date.fromisoformat(on) if on else None)
    organisation = Organisation.objects.as_of(clock.today()).filter(pk=entry.object_id).first()
    if organisation is not None:
        below = Organisation.objects.as_of(clock.today()).under(organisation.state.path)
        adoption.relocate(list(below.values_list("pk", flat=True)), at=clock.now())
