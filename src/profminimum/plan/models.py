"""The signed text as a plan in versions, and what each organisation owes by it, with its whole history.

`Measure` is a row of the plan through all its versions; `Wording` is that row in one version, verbatim and as
understood. `Obligation` is one measure × one occurrence × one organisation; `Standing` is its state over time.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from profminimum.orgs.models import Kind, Organisation
from profminimum.plan.querysets import (
    ObligationQuerySet,
    PlanQuerySet,
    StandingQuerySet,
)


class Plan(models.Model):
    """A roadmap of a region: its title and period are those of the newest adopted version."""

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    title = models.CharField(_("title"), max_length=600)
    school_year = models.CharField(_("school year"), max_length=9, blank=True)
    start = models.DateField(_("begins"))
    end = models.DateField(_("ends"))
    created = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-start", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(end__gte=F("start")), name="plan_period")]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.region_id


class StoredFile(models.Model):
    """A file by the hash of its content: written once, never changed; the same content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    content_type = models.CharField(max_length=100)  # as the content itself says, not the name
    created = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class PlanVersion(models.Model):
    """A decree as read, a person's corrections, and, once adopted, the text in force from `adopted_on`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = "adopted", _("in force")
        SUPERSEDED = "superseded", _("replaced by a newer version")
        DISCARDED = "discarded", _("discarded")

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="versions")  # None until adopted
    amends = models.ForeignKey("self", models.PROTECT, null=True, related_name="amendments")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    source_text = models.JSONField(default=list)  # the file as blocks, to be shown beside what was understood
    reading = models.JSONField()  # the answer of decree.read, never changed
    act_kind = models.CharField(_("kind of act"), max_length=60, blank=True)
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    act_date = models.DateField(_("date of the act"), null=True)
    title = models.CharField(_("title"), max_length=600)
    school_year = models.CharField(_("school year"), max_length=9, blank=True)
    start = models.DateField(_("begins"), null=True)
    end = models.DateField(_("ends"), null=True)
    uploaded = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    calendar = models.CharField(max_length=40, blank=True)  # version of the working calendar used

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan"], condition=Q(state="adopted"), name="plan_one_version_in_force"),
            models.UniqueConstraint(fields=["plan", "number"], condition=~Q(plan=None), name="plan_version_number"),
            models.CheckConstraint(
                condition=~Q(state="adopted") | (~Q(plan=None) & ~Q(act_date=None) & ~Q(start=None) & ~Q(end=None)),
                name="plan_version_adopted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def access_place(self) -> int:
        return self.region_id


class Section(models.Model):
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "position"], name="section_position")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title


class Measure(models.Model):
    """A row of the plan that lives through its versions; obligations hang on it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="measures")
    position = models.PositiveSmallIntegerField()  # in the version in force, or the last one that had it
    number = models.CharField(max_length=20)
    title = models.TextField()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def access_place(self) -> int:
        return self.plan.region_id


class Wording(models.Model):
    """A row in one version: what the decree says, and what was understood of it, corrected by people if need be."""

    class Past(models.TextChoices):
        """What to do when the date is earlier than the signature."""

        UNDECIDED = "", _("not decided")
        KEEP = "keep", _("keep the date of the decree")
        COUNT = "count", _("count from the signature")
        DONE = "done", _("done before the signature")

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="wordings")
    section = models.ForeignKey(Section, models.PROTECT, related_name="wordings")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="wordings")  # set when adopted
    position = models.PositiveSmallIntegerField()
    number = models.CharField(_("number"), max_length=20)
    title = models.TextField(_("measure"))
    items = models.JSONField(default=list)  # sub-items of the title
    verbatim = models.JSONField(default=list)  # [[column heading, cell text], …] as they stand in the table
    source = models.JSONField(default=dict)  # place in the file: page, line, table, row
    term_text = models.TextField(_("term as written"), blank=True)
    term_kind = models.CharField(_("kind of term"), max_length=12)
    start = models.DateField(_("from"), null=True, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    rrule = models.CharField(_("repeats"), max_length=200, blank=True)
    doubts = models.JSONField(default=list)
    occurrences = models.JSONField(default=list)  # ISO dates within the plan's period
    results = models.JSONField(default=list)  # [{text, owner}]
    past = models.CharField(_("date before the signature"), max_length=8, choices=Past.choices, blank=True)
    past_days = models.PositiveSmallIntegerField(_("days from the signature"), null=True, blank=True)
    past_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="wording_position"),
            models.UniqueConstraint(
                fields=["version", "measure"], condition=~Q(measure=None), name="wording_measure"
            ),
            models.CheckConstraint(condition=~Q(past="count") | ~Q(past_days=None), name="wording_past_days"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def access_place(self) -> int:
        return self.version.region_id


class Executor(models.Model):
    """A responsible body as the decree names it, and who that is: a class of organisations or one of them."""

    class Target(models.TextChoices):
        NONE = "", _("not matched")
        AUTHORITIES = "authorities", _("all municipal authorities")
        SCHOOLS = "schools", _("all schools")
        MUNICIPAL_SCHOOLS = "municipal_schools", _("municipal schools")
        STATE_SCHOOLS = "state_schools", _("state schools")
        ONE = "one", _("one organisation")
        NOBODY = "nobody", _("nobody in this system")

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="executors")
    name = models.CharField(_("name"), max_length=500)  # the abbreviation where the glossary has one
    full = models.TextField(_("in full"), blank=True)
    target = models.CharField(_("who that is"), max_length=20, choices=Target.choices, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "name"], name="executor_name"),
            models.CheckConstraint(
                condition=Q(target="one", organisation__isnull=False) | (~Q(target="one") & Q(organisation=None)),
                name="executor_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def access_place(self) -> int:
        return self.version.region_id


class Assignment(models.Model):
    """An executor of a row, in the order of the decree; `text` as written there."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="assignments")
    executor = models.ForeignKey(Executor, models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "executor"], name="assignment_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Exemption(models.Model):
    """An organisation that a row does not concern although its class does, with the reason."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="exemptions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    made = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "organisation"], name="exemption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id} ∌ {self.organisation_id}"


class Finding(models.Model):
    """A doubt about the text and what a person decided about it."""

    class Decision(models.TextChoices):
        OPEN = "", _("to be decided")
        ACCEPTED = "accepted", _("proposal accepted")
        KEPT = "kept", _("left as it is")
        CORRECTED = "corrected", _("corrected otherwise")

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="findings")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="findings")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    message = models.TextField()
    message_en = models.TextField()
    proposal = models.JSONField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    reason = models.TextField(blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="finding_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Occurrence(models.Model):
    """A measure at one date. `number` counts the occurrences of a measure in the order in which they appeared."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="occurrences")
    number = models.PositiveSmallIntegerField()
    start = models.DateField(null=True)
    due = models.DateField(null=True)  # the control date by the plan; None: by a schedule or without a date
    decreed = models.DateField(null=True)  # the literal date of the decree, where a person chose another one
    added = models.BooleanField(default=False)  # not in the plan: made for a monitoring outside its dates

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["measure", "number"], name="occurrence_number")]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.number}"


class Obligation(models.Model):
    """One measure × one occurrence × one organisation × one duty: the unit of control.

    `by_form`: it is fulfilled by an answer to a monitoring, which alone reports, returns and accepts it.
    """

    class Duty(models.TextChoices):
        """What is owed: what the row itself says, or a part in the monitoring that carries the row."""

        PLAN = "", _("carry out the measure")
        ANSWER = "answer", _("answer the monitoring")
        CHECK = "check", _("check the answers")
        NOTE = "note", _("write the analytical note")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="obligations")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="obligations")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="obligations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="obligations")
    duty = models.CharField(max_length=6, choices=Duty.choices, blank=True, default=Duty.PLAN)
    by_form = models.BooleanField(default=False)
    original_due = models.DateField(_("original date"), null=True)
    created = models.DateTimeField()

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "organisation", "duty"], name="obligation_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "measure"], name="obligation_of")]

    def __str__(self) -> str:
        return f"{self.measure.number}. {self.measure.title}"

    def access_place(self) -> int:
        return self.organisation_id


class Standing(models.Model):
    """Where an obligation stood from `since` up to, not including, `until`: append, and close the one before.

    Carries all that a board groups by, so that any view on any past moment reads this table alone.
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("to be done")
        REPORTED = "reported", _("reported as done")
        RETURNED = "returned", _("returned for rework")
        ACCEPTED = "accepted", _("taken off control")
        WAIVED = "waived", _("not required")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="standings")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)  # of the organisation
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+"
    )  # its municipal authority, else the ministry
    reviewer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # who checks it
    state = models.CharField(max_length=10, choices=State.choices)
    due = models.DateField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reported = models.DateField(null=True)  # the day of the first report that led to this state, for «in time»
    step = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation"], condition=Q(until=None), name="standing_last"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="standing_order"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["plan", "measure", "unit", "state", "due"],
                condition=Q(until=None),
                name="standing_now",
            ),
            models.Index(fields=["organisation", "due"], condition=Q(until=None), name="standing_of"),
            models.Index(fields=["reviewer", "state"], condition=Q(until=None), name="standing_review"),
            models.Index(fields=["plan", "since"], name="standing_since"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.state}"

    def access_place(self) -> int:
        return self.organisation_id


class Report(models.Model):
    """What an organisation said when it reported: an act (number, date), a comment, files. Never changed."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act_kind = models.CharField(_("document"), max_length=120, blank=True)
    act_number = models.CharField(_("number"), max_length=60, blank=True)
    act_date = models.DateField(_("date"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    no_evidence_reason = models.TextField(_("why there is no document"), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.obligation_id} · {self.act_number}"

    def access_place(self) -> int:
        return self.obligation.organisation_id


class Attachment(models.Model):
    """A file of a report, under the name that its author gave it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    def access_place(self) -> int:
        return self.report.obligation.organisation_id


class Extension(models.Model):
    """A request to move a date: who, why, until when, who decided. The original date stays in the obligation."""

    class Decision(models.TextChoices):
        OPEN = "", _("waits for a decision")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="extensions")
    asked = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    old_due = models.DateField(_("date now"))
    new_due = models.DateField(_("date asked for"))
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation"], condition=Q(decision=""), name="extension_one_open"),
            models.CheckConstraint(condition=Q(new_due__gt=F("old_due")), name="extension_later"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} → {self.new_due}"

    def access_place(self) -> int:
        return self.obligation.organisation_id
