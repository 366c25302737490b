"""Who takes part: organisations with their whole history, people, and what each may do where and when.

An `Organisation` is an identity; all that can change with time (name, place in the tree, code) is an
`OrganisationState` with dates, so that «as of a date» is a queryset argument and nothing is overwritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from profminimum.orgs.querysets import (
    InvitationQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
    UserManager,
)
from profminimum.web.wording import initials


class Kind(models.TextChoices):
    """What an organisation is in the tree of a region."""

    REGION = "region", _("region")
    MINISTRY = "ministry", _("ministry")
    COORDINATOR = "coordinator", _("regional coordinator")
    INSTITUTE = "institute", _("institute")
    AUTHORITY = "authority", _("municipal authority")
    SCHOOL = "school", _("school")
    BRANCH = "branch", _("branch of a school")


class SchoolType(models.TextChoices):
    PRIMARY = "primary", _("primary school")
    BASIC = "basic", _("basic school")
    SECONDARY = "secondary", _("secondary school")
    GYMNASIUM = "gymnasium", _("gymnasium")
    LYCEUM = "lyceum", _("lyceum")
    SPECIAL = "special", _("school for children with disabilities")
    BOARDING = "boarding", _("boarding school")
    EVENING = "evening", _("evening school")


class Role(models.TextChoices):
    """What a person is in an organisation; what a role may do is said in access.py alone."""

    ADMINISTRATOR = "administrator", _("administrator")
    CONTROLLER = "controller", _("controller")
    MINISTRY = "ministry", _("ministry officer")
    COORDINATOR = "coordinator", _("regional coordinator's officer")
    INSTITUTE = "institute", _("institute's officer")
    MUNICIPAL = "municipal", _("municipal officer")
    SCHOOL = "school", _("school officer")
    OBSERVER = "observer", _("observer")


class Organisation(models.Model):
    """An identity that outlives its names. `closed` is the first day on which it no longer exists."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=40)  # the key of the registry import, unique in the region
    region = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("region"))
    opened = models.DateField(_("opened"))
    closed = models.DateField(_("closed"), null=True, blank=True)
    closing_act = models.CharField(_("by which act it was closed"), max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "code"], name="organisation_code"),
            models.CheckConstraint(condition=Q(closed=None) | Q(closed__gt=F("opened")), name="organisation_closed"),
            models.CheckConstraint(
                condition=Q(kind="region", region=None) | (~Q(kind="region") & ~Q(region=None)),
                name="organisation_region",
            ),
        ]

    if TYPE_CHECKING:
        state: OrganisationState  # set by `as_of`

    def __str__(self) -> str:
        """The short name when the state of a day was asked for with it, else the code."""
        state = self.__dict__.get("state")
        return state.short_name if state else self.code

    @property
    def region_key(self) -> int:
        """The id of the region that this is or belongs to."""
        return self.region_id or self.pk

    def access_place(self) -> int:
        return self.pk


class OrganisationState(models.Model):
    """What an organisation was from `valid_from` up to, not including, `valid_to`."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="states")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    parent = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part of")
    )
    path = models.CharField(max_length=120, db_index=True)  # «/1/2/31/»: ids from the region down to itself
    name = models.CharField(_("full name"), max_length=500)
    short_name = models.CharField(_("short name"), max_length=200)
    oktmo = models.CharField(_("OKTMO"), max_length=11, blank=True)
    school_type = models.CharField(_("type"), max_length=12, choices=SchoolType.choices, blank=True)
    pupils = models.PositiveIntegerField(_("pupils"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    act = models.CharField(_("by which act"), max_length=300, blank=True)  # the basis of this state
    search = models.CharField(max_length=900)  # folded names: casefold, ё→е
    sort_key = models.CharField(max_length=220, db_index=True)  # folded short name, numbers padded: № 2 before № 10

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(valid_to=None), name="organisation_state_last"
            ),
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="organisation_state_start"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="organisation_state_dates"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "valid_from", "valid_to"], name="organisation_state_on"),
        ]

    def __str__(self) -> str:
        return self.short_name


class Succession(models.Model):
    """`successor` took over from `predecessor` on `on`: a merger, a division, a transformation."""

    class How(models.TextChoices):
        MERGED = "merged", _("merged")
        SPLIT = "split", _("divided")
        TRANSFORMED = "transformed", _("transformed")

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="inheritances")
    on = models.DateField()
    how = models.CharField(max_length=12, choices=How.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_other"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class User(AbstractBaseUser):
    """A person who signs in by e-mail. Work data only: name, post, work phone and mail (152-ФЗ)."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("family name, given name, patronymic"), max_length=200)
    post = models.CharField(_("post"), max_length=200, blank=True)
    phone = models.CharField(_("work phone"), max_length=60, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("ru", _("Russian")), ("en", _("English"))], default="ru"
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    search = models.CharField(max_length=450, db_index=True)  # folded name, to search and to sort by
    created = models.DateTimeField()
    unread = models.PositiveIntegerField(default=0)  # figures of the page header, kept by `notices`
    waiting = models.JSONField(
        default=dict, blank=True
    )  # seat («school:31») → what is urgent or waits for a decision

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_folded"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def family_and_initials(self) -> str:
        """«Иванова Анна Петровна» → «Иванова А. П.»"""
        return initials(self.full_name)


class Membership(models.Model):
    """A person is `role` in `organisation` from `since` to `until` (both days included; open when None)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=14, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="membership_dates"),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"], condition=Q(until=None), name="membership_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.role} · {self.organisation_id}"

    def access_place(self) -> int:
        return self.organisation_id


class Invitation(models.Model):
    """A link sent by e-mail that lets a person set a password and begin. Only the hash of the token is kept."""

    email = models.EmailField(_("e-mail"))
    full_name = models.CharField(_("family name, given name, patronymic"), max_length=200)
    post = models.CharField(_("post"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=14, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    nonce = models.CharField(max_length=64)  # the token is an HMAC of it: the table alone opens no door
    token_hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField(_("valid until"))
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires__gt=F("created")), name="invitation_dates"),
        ]

    def __str__(self) -> str:
        return self.email

    def access_place(self) -> int:
        return self.organisation_id


class RegistryUpload(models.Model):
    """A registry file between its preview and the decision to apply it; kept afterwards as their basis."""

    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    on = models.DateField(_("in force from"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created = models.DateTimeField()
    applied = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def access_place(self) -> int:
        return self.region_id
