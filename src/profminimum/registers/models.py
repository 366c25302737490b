"""What has been established officially: rows with an act and dates; a new value ends the old row and adds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from profminimum.orgs import access
from profminimum.orgs.models import Organisation, OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.plan import pack
from profminimum.plan.models import StoredFile
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.models import User


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: User, verb: str = "register.see") -> Self:
        """Entries of the organisations in the person's reach; wide roles need no look at the tree."""
        today, seats = clock.today(), access.seats(user)
        grants = access.GRANTS[verb]
        wide = {seat.region_id for seat in seats if access.Reach.REGION in grants.get(seat.role, frozenset())}
        condition = Q(region__in=wide) if wide else Q(pk__in=[])
        if any(seat.region_id not in wide and seat.role in grants for seat in seats):
            last = Q(valid_on(today)) | Q(valid_to=F("organisation__closed"))  # of what has closed its last place
            states = OrganisationState.objects.filter(last)
            places = states.filter(access.reach(user, verb, today, field="path"))
            condition |= Q(organisation__in=places.values("organisation_id"))
        return self.filter(condition)

    def on(self, day: date) -> Self:
        """Those in force on that day."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Record(models.Model):
    """One entry of a register: in force from `since` up to, not including, `until`."""

    kind = models.CharField(_("register"), max_length=40)  # as the pack names it
    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="records")
    period = models.CharField(_("school year"), max_length=9, blank=True)
    number = models.PositiveSmallIntegerField(default=0)  # among many entries of one organisation, from 1
    values = models.JSONField(default=dict)
    search = models.CharField(max_length=600, blank=True)  # folded values
    act_kind = models.CharField(_("act"), max_length=120, blank=True)
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    act_date = models.DateField(_("date of the act"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer in force from"), null=True)
    origin = models.CharField(max_length=60, blank=True)  # «submission:12:2»: answer and revision
    entered = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    ended = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "period", "number"], condition=Q(until=None), name="record_in_force"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="record_dates"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "kind", "period", "organisation"], name="record_of_kind"),
            models.Index(fields=["organisation", "kind"], name="record_of"),
        ]

    def __str__(self) -> str:
        """«Уровни школ, 2023/2024», as the pack calls the register."""
        known = pack.read(settings.PACK).registers.get(self.kind)
        title = pack.said(known.title, get_language()) if known else self.kind
        return f"{title}, {self.period}" if self.period else title

    @property
    def key(self) -> tuple[str, int, str, int]:
        """What may have one entry in force: register, organisation, school year, number in a roster."""
        return (self.kind, self.organisation_id, self.period, self.number)

    def access_place(self) -> int:
        return self.organisation_id
