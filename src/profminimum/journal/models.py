"""What has been done: append-only entries, and what each of them still has to cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from profminimum.journal import scope

if TYPE_CHECKING:
    from profminimum.orgs.models import User


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> Self:
        """Only what the person may see: the function that settings.JOURNAL_SCOPE names decides."""
        return self.filter(scope.of(user).condition)


class Entry(models.Model):
    """Who did what when, before and after. Never changed, never deleted (a database trigger says so too)."""

    at = models.DateTimeField(_("when"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )  # None: the system itself
    action = models.CharField(_("action"), max_length=60, db_index=True)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    subject = models.CharField(_("what"), max_length=300)  # the object's name as it was then
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    reason = models.TextField(_("reason"), blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    search = models.CharField(max_length=1000)  # subject and reason, folded

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id", "-id"], name="entry_object"),
            models.Index(fields=["organisation", "-id"], name="entry_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.subject}"


class Delivery(models.Model):
    """One consequence of one entry: waits until the worker has done it, once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("carried out")
        FAILED = "failed", _("failed")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    reaction = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["entry", "id"], condition=models.Q(state="waiting"), name="delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} ← {self.entry_id}"


class Timer(models.Model):
    """When a function of the table of timers was run last, by the real clock."""

    name = models.CharField(max_length=80, unique=True)
    ran = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
