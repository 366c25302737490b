"""How forms, campaigns and answers are asked for: only what a person may see, and as they stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from profminimum.orgs import access
from profminimum.orgs.models import OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from profminimum.monitoring.models import (  # noqa: F401 - named in the base classes below
        Campaign,
        Form,
        FormVersion,
        Stage,
        Submission,
        Wave,
    )
    from profminimum.orgs.models import User


def regions(user: User) -> set[int]:
    """The regions in which the person has a seat."""
    return {seat.region_id for seat in access.seats(user)}


def in_reach(user: User, verb: str) -> Q:
    """The condition for rows with `organisation` and `wave`: wide roles need no look at the tree."""
    wide = {
        seat.region_id
        for seat in access.seats(user)
        if access.Reach.REGION in access.GRANTS[verb].get(seat.role, frozenset())
    }
    condition = Q(wave__campaign__region__in=wide) if wide else Q(pk__in=[])
    narrow = any(seat.region_id not in wide and seat.role in access.GRANTS[verb] for seat in access.seats(user))
    if narrow:
        today = clock.today()
        places = OrganisationState.objects.filter(valid_on(today)).filter(
            access.reach(user, verb, today, field="path")
        )
        condition |= Q(organisation__in=places.values("organisation_id"))
    return condition


class FormQuerySet(models.QuerySet["Form"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(region__in=regions(user))


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    def visible_to(self, user: User) -> Self:
        """Published ones are read by everyone in the region, drafts by those who make forms."""
        makers = {seat.region_id for seat in access.seats(user) if seat.role in access.GRANTS["form.edit"]}
        return self.filter(Q(form__region__in=makers) | (Q(form__region__in=regions(user)) & ~Q(state="draft")))


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(region__in=regions(user))


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(campaign__region__in=regions(user))


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User, verb: str = "submission.see") -> Self:
        return self.filter(in_reach(user, verb))


class StageQuerySet(models.QuerySet["Stage"]):
    def visible_to(self, user: User, verb: str = "wave.see") -> Self:
        return self.filter(in_reach(user, verb))

    def at(self, moment: datetime | None = None) -> Self:
        """One row an answer: where it stood at `moment`, or where it stands now when None."""
        if moment is None:
            return self.filter(until=None)
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)
