"""How forms, campaigns and answers are asked for: only what a person may see, and as they stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from profminimum.orgs import access
from profminimum.orgs.models import OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from profminimum.monitoring.models import (  # noqa: F401 - named in the base classes below
        Campaign,
        Draft,
        Exclusion,
        FollowUp,
        Form,
        FormVersion,
        Remark,
        Revision,
        Stage,
        Submission,
        SubmissionFile,
        Wave,
    )
    from profminimum.orgs.models import User


def regions(user: User) -> set[int]:
    """The regions in which the person has a seat."""
    return {seat.region_id for seat in access.seats(user)}


def in_reach(user: User, verb: str) -> Q:
    """The condition for rows with `organisation` and `wave`: wide roles need no look at the tree.

    What has closed is seen by those who saw it on its last day.
    """
    wide = {
        seat.region_id
        for seat in access.seats(user)
        if access.Reach.REGION in access.GRANTS[verb].get(seat.role, frozenset())
    }
    condition = Q(wave__in=_waves(wide)) if wide else Q(pk__in=[])
    narrow = any(seat.region_id not in wide and seat.role in access.GRANTS[verb] for seat in access.seats(user))
    if narrow:
        today = clock.today()
        last = Q(valid_on(today)) | Q(valid_to=F("organisation__closed"))
        places = OrganisationState.objects.filter(last).filter(access.reach(user, verb, today, field="path"))
        condition |= Q(organisation__in=places.values("organisation_id"))
    return condition


def _waves(regions_: set[int]) -> QuerySet[Wave, int]:
    """The ids of the waves of these regions, as a subquery: a board then reads one index alone."""
    from profminimum.monitoring.models import Wave as Round  # noqa: PLC0415 - the models use these querysets

    return Round.objects.filter(campaign__region__in=regions_).values_list("pk", flat=True)


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


def _answers(user: User, verb: str) -> QuerySet[Submission]:
    """The answers in reach, for what hangs on them."""
    from profminimum.monitoring.models import Submission as Answer  # noqa: PLC0415 - the models use these querysets

    return Answer.objects.visible_to(user, verb)


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(campaign__region__in=regions(user))


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> Self:
        """What is being typed is seen by those who fill it alone."""
        return self.filter(submission__in=_answers(user, "submission.fill"))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(submission__in=_answers(user, "submission.see"))


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: User) -> Self:
        """Authors see what was sent to them, checkers also what is not yet."""
        sent = Q(sent__isnull=False, submission__in=_answers(user, "submission.see"))
        return self.filter(sent | Q(submission__in=_answers(user, "submission.check")))


class SubmissionFileQuerySet(models.QuerySet["SubmissionFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(submission__in=_answers(user, "submission.see"))


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(submission__in=_answers(user, "submission.see"))
