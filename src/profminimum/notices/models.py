"""What people are told: notices in their inbox, letters on their way, and which reminders have gone already."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from profminimum.journal.models import Entry
from profminimum.notices.querysets import LetterQuerySet, NoticeQuerySet
from profminimum.orgs.models import Organisation
from profminimum.plan.models import Obligation


class Letter(models.Model):
    """A letter that has been written and goes exactly once. Never written twice: `key` is unique.

    `handing` is kept before the last byte goes to the mail server: a letter that is found so after a crash may have
    arrived, and becomes `unsure` until a person decides. `holder` is the run that has the letter in hand. An
    invitation has no text here: it is made from its secret when it goes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        HANDING = "handing", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused by the mail server")
        UNSURE = "unsure", _("unknown whether it has arrived")
        DROPPED = "dropped", _("no longer needed")

    class Kind(models.TextChoices):
        DIGEST = "digest", _("digest")
        REMINDER = "reminder", _("reminder")
        INVITATION = "invitation", _("invitation")

    region = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="letters")
    address = models.EmailField(_("address"))
    reply_to = models.EmailField(blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(blank=True)
    object_id = models.BigIntegerField(null=True)  # of the invitation
    key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    holder = models.CharField(max_length=32, blank=True)
    error = models.TextField(_("what the mail server said"), blank=True)
    created = models.DateTimeField(_("written"))
    changed = models.DateTimeField()  # by the real clock
    sent = models.DateTimeField(_("sent"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["waiting", "sending", "handing"]),
                name="letter_under_way",
            ),
            models.Index(fields=["region", "state", "-id"], name="letter_list"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"


class Notice(models.Model):
    """One thing that one person is told. What repeats is folded into one notice by its `key`, with a count.

    Its words are made when it is read, in the reader's language, from `kind` and `data`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")  # the last one folded in
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()  # when it happened last
    read = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="notice_inbox"),
            models.Index(fields=["user"], condition=Q(read=None), name="notice_unread"),
            models.Index(fields=["object_type", "object_id"], condition=Q(read=None), name="notice_about"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class Reminder(models.Model):
    """That a reminder of a threshold has been given for an obligation and its date: once, whatever happens."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+")
    threshold = models.CharField(max_length=10)
    due = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "threshold", "due"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.threshold}"


class Mailing(models.Model):
    """A reminder that a person has sent by hand to many at once; the same form sent twice makes one mailing."""

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    nonce = models.CharField(max_length=40, unique=True)
    obligations = models.PositiveIntegerField()
    letters = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.text[:80]


class MailChoice(models.Model):
    """What a person has said about letters, and the day for which their digest has been looked at.

    Without a row: a digest every day.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="mail_choice"
    )
    digest = models.BooleanField(_("a digest of what is new, once a day"), default=True)
    looked = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest}"
