"""How plans and obligations are asked for: only what a person may see, and as they stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from profminimum.orgs import access
from profminimum.orgs.models import OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.plan.states import OPEN
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from profminimum.orgs.models import User
    from profminimum.plan.models import Obligation, Plan, Standing  # noqa: F401 - named in the base classes below


def _places(user: User, verb: str) -> QuerySet[OrganisationState, int]:
    """The ids of the organisations in which the person holds the right today, as a subquery."""
    today = clock.today()
    states = OrganisationState.objects.filter(valid_on(today))
    return states.filter(access.reach(user, verb, today, field="path")).values_list("organisation_id", flat=True)


def _regions(user: User, verb: str) -> set[int]:
    """Regions in which the right reaches everywhere."""
    return {
        seat.region_id
        for seat in access.seats(user)
        if access.Reach.REGION in access.GRANTS[verb].get(seat.role, frozenset())
    }


def in_reach(user: User, verb: str) -> Q:
    """The condition for rows with `organisation` and `plan`: wide roles need no look at the tree."""
    regions = _regions(user, verb)
    narrow = [
        seat for seat in access.seats(user) if seat.region_id not in regions and seat.role in access.GRANTS[verb]
    ]
    condition = Q(plan__region__in=regions) if regions else Q(pk__in=[])
    if narrow:
        condition |= Q(organisation__in=_places(user, verb))
    return condition


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(region__in={seat.region_id for seat in access.seats(user)})


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, user: User, verb: str = "obligation.see") -> Self:
        return self.filter(in_reach(user, verb))


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: User, verb: str = "obligation.see") -> Self:
        return self.filter(in_reach(user, verb))

    def at(self, moment: datetime | None = None) -> Self:
        """One row an obligation: where it stood at `moment`, or where it stands now when None."""
        if moment is None:
            return self.filter(until=None)
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)

    def open(self) -> Self:
        """To be done by the organisation: assigned or returned."""
        return self.filter(state__in=[state.value for state in OPEN])

    def overdue(self, on: date) -> Self:
        """Open, and the date has passed: «до D» includes day D."""
        return self.open().filter(due__lt=on)
