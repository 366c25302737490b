"""What is asked of whom when, and what they have answered: forms, campaigns, waves, answers with their whole history.

`Submission` is an organisation's answer to a wave and where it stands now; `Revision` is what it said at one moment
and never changes; `Stage` is the state over time, so that any board can be asked for any past moment. What is being
typed lives in `Draft`, apart from all that is listed and counted.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from profminimum.monitoring.querysets import (
    CampaignQuerySet,
    DraftQuerySet,
    ExclusionQuerySet,
    FollowUpQuerySet,
    FormQuerySet,
    FormVersionQuerySet,
    RemarkQuerySet,
    RevisionQuerySet,
    StageQuerySet,
    SubmissionFileQuerySet,
    SubmissionQuerySet,
    WaveQuerySet,
)
from profminimum.orgs.models import Kind, Organisation
from profminimum.plan.models import Measure, Obligation, Occurrence, Plan, StoredFile


class Form(models.Model):
    """A form of a region through its versions."""

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="forms")
    name = models.SlugField(_("name"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    created = models.DateTimeField()

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "name"], name="form_name")]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.region_id


class FormVersion(models.Model):
    """Questions as data. Once published it never changes; `definition` is what `schema.loading` reads."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("form", "draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", pgettext_lazy("form", "withdrawn")

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=300)
    definition = models.JSONField(null=True)  # None while the workbook has faults
    faults = models.JSONField(default=list)  # of the workbook: [{sheet, cell, severity, ru, en}]
    fields = models.PositiveIntegerField(_("fields to type"), default=0)
    minutes = models.PositiveIntegerField(_("minutes to fill"), default=0)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    source_name = models.CharField(max_length=255, blank=True)
    uploaded = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number"),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(definition=None) & ~Q(published=None)), name="form_version_published"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.form.region_id


class Campaign(models.Model):
    """A monitoring that carries a row of the plan: which form, whom, who checks, what happens to late answers.

    The audience are the organisations of `kinds` that the filters let through: an empty filter lets all through.
    """

    class Last(models.TextChoices):
        """Who accepts at the last tier."""

        AUTHORITY = "authority", _("the municipal authority")
        COORDINATOR = "coordinator", _("the regional coordinator")
        MINISTRY = "ministry", _("the ministry")

    class Late(models.TextChoices):
        ALLOW = "allow", _("allowed and marked as late")
        CLOSE = "close", _("not taken after the date")

    class Schools(models.TextChoices):
        ALL = "", _("all schools")
        MUNICIPAL = "municipal", _("municipal schools")
        STATE = "state", _("state schools")

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="campaigns")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="campaigns")
    form = models.ForeignKey(Form, models.PROTECT, related_name="campaigns")
    title = models.CharField(_("title"), max_length=300)
    kinds = models.JSONField(_("who answers"), default=list)  # of organisations: school, branch, authority…
    schools = models.CharField(_("schools"), max_length=10, choices=Schools.choices, blank=True)
    units = models.JSONField(_("municipalities"), default=list)  # ids of authorities, of the ministry: state schools
    school_types = models.JSONField(_("types of schools"), default=list)
    levels = models.JSONField(_("levels of schools"), default=list)  # by the register, of the school year
    by_authority = models.BooleanField(_("the municipal authority checks first"), default=True)
    last = models.CharField(_("who accepts"), max_length=12, choices=Last.choices)
    late = models.CharField(_("late answers"), max_length=6, choices=Late.choices, default=Late.ALLOW)
    days = models.PositiveSmallIntegerField(_("days for an answer"), default=14)  # from opening to the date
    check_days = models.PositiveSmallIntegerField(_("days for the check"), default=5)  # from the date of the answers
    author = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who writes the note")
    )
    created = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["measure__position", "id"]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.region_id


class Exclusion(models.Model):
    """An organisation that a campaign does not ask although its filters let it through, with the reason."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="exclusions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    made = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"], condition=Q(ended=None), name="exclusion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} ∌ {self.organisation_id}"

    def access_place(self) -> int:
        return self.campaign.region_id


class Wave(models.Model):
    """One round of a campaign: by the date of the plan, or besides it with a reason. `due` is for the answers."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("open")
        CLOSED = "closed", pgettext_lazy("wave", "closed")
        CANCELLED = "cancelled", _("cancelled")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="waves")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=300)
    period = models.CharField(_("school year"), max_length=9)  # «2023/2024»
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.ForeignKey(FormVersion, models.PROTECT, null=True, related_name="waves")  # set when it opens
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # with which it is compared
    opens = models.DateField(_("opens"))
    due = models.DateField(_("answers due"))
    check_due = models.DateField(_("check due"))
    closes = models.DateField(_("closes"), null=True, blank=True)  # the last day on which an answer is taken
    reason = models.TextField(_("why outside the dates of the plan"), blank=True)
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    created = models.DateTimeField()

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["campaign", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="wave_number"),
            models.UniqueConstraint(
                fields=["campaign", "occurrence"], condition=~Q(state="cancelled"), name="wave_occurrence"
            ),
            models.CheckConstraint(condition=Q(due__gte=F("opens")) & Q(check_due__gte=F("due")), name="wave_dates"),
            models.CheckConstraint(condition=Q(closes=None) | Q(closes__gte=F("due")), name="wave_closes"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | (~Q(version=None) & ~Q(opened=None)), name="wave_opened"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.campaign.region_id


class Answer(models.TextChoices):
    """Where an answer stands: the words of monitoring.states."""

    EXPECTED = "expected", _("expected")
    DRAFT = "draft", _("begun")
    SUBMITTED = "submitted", _("sent for checking")
    CHECKED = "checked", _("checked")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", _("no longer asked")


class Submission(models.Model):
    """An organisation's answer to a wave, as it stands now.

    `checker` checks first (None: nobody does), `acceptor` accepts; `reviewer` is the one whose turn it is, None while
    it is the author's. `sent` is the day of the first sending, for «in time».
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="submissions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+"
    )  # its municipal authority or the ministry
    checker = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    acceptor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=Answer.choices, default=Answer.EXPECTED)
    due = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)  # of the last revision; 0: never sent
    sent = models.DateField(null=True)
    changed = models.DateTimeField()  # when the state last changed
    remarks = models.PositiveSmallIntegerField(default=0)  # that wait for the author
    warnings = models.PositiveSmallIntegerField(default=0)  # explained in the last revision

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "organisation"], name="submission_once"),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "checked"], reviewer__isnull=False)
                | (~Q(state__in=["submitted", "checked"]) & Q(reviewer=None)),
                name="submission_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "checked", "accepted"]) | Q(number__gt=0, sent__isnull=False),
                name="submission_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["wave", "unit", "state"], name="submission_board"),
            models.Index(fields=["reviewer", "wave", "changed"], name="submission_queue"),
            models.Index(fields=["organisation", "state"], name="submission_of"),
            models.Index(fields=["obligation"], name="submission_obligation"),
        ]

    def __str__(self) -> str:
        return str(self.wave)

    def access_place(self) -> int:
        return self.organisation_id


class Draft(models.Model):
    """What is being typed, saved at every change, and what was known before anyone typed.

    `number` grows with each saved change: who sends changes to an older number is told what the draft holds now.
    `given` is schema.Context without the date: {"last": …, "registry": …, "registers": …}.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="draft")
    answers = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)  # place → why a warning does not matter
    given = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    editor_seen = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.submission_id} № {self.number}"

    def access_place(self) -> int:
        return self.submission.organisation_id


class Revision(models.Model):
    """What was sent at one moment: immutable. `marks` are places whose value differs from its source."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    explanations = models.JSONField(default=dict)
    marks = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.number}"

    def access_place(self) -> int:
        return self.submission.organisation_id


class Stage(models.Model):
    """Where an answer stood from `since` up to, not including, `until`: append, and close the one before.

    `timely`: None before the first sending, then whether it came by its date. `number` is the revision then in force.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="stages")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Answer.choices)
    timely = models.BooleanField(null=True)
    due = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    step = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission"], condition=Q(until=None), name="stage_last"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="stage_order"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["wave", "unit", "state", "timely", "due"], condition=Q(until=None), name="stage_now"
            ),
            models.Index(fields=["wave", "since"], name="stage_since"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.state}"

    def access_place(self) -> int:
        return self.organisation_id


class Remark(models.Model):
    """What a checker says about one field of one revision; the author sees it at the field until it is settled."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="remark_set")
    number = models.PositiveSmallIntegerField()  # of the revision
    place = models.CharField(max_length=200)
    text = models.TextField(_("remark on a field"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent = models.DateTimeField(null=True)  # when the answer was returned with it; before, only checkers see it
    settled = models.DateTimeField(null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.place}"

    def access_place(self) -> int:
        return self.submission.organisation_id


class SubmissionFile(models.Model):
    """A file that answers a field, under the name that its author gave it."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files")
    place = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SubmissionFileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    def access_place(self) -> int:
        return self.submission.organisation_id


class FollowUp(models.Model):
    """A doubt about the quality of an answer that checkers work through: an outlier, a jump, a disagreement."""

    class Code(models.TextChoices):
        OUTLIER = "outlier", _("unlike comparable schools")
        JUMP = "jump", _("a jump against the last wave")
        REGISTER = "register", _("disagrees with a register")

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="follow_ups")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()  # of the revision
    place = models.CharField(max_length=200)
    code = models.CharField(max_length=10, choices=Code.choices)
    facts = models.JSONField(default=dict)  # value, median, MAD, size of the group, the last value…
    weight = models.FloatField(default=0)  # for the order of the list: how far it is off
    found = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("how it was settled"), blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-weight", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "number", "place", "code"], name="follow_up_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["wave", "settled"], name="follow_up_open")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.place}: {self.code}"

    def access_place(self) -> int:
        return self.submission.organisation_id
