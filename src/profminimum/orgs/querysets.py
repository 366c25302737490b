"""How organisations, people and memberships are asked for: as of a date, and only what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import F, FilteredRelation, Q

from profminimum.web import clock
from profminimum.web.folding import folded as folded  # noqa: PLC0414 - plan asks for it here

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    # the base classes name two of them as strings
    from profminimum.orgs.models import Invitation, Membership, Organisation, User  # noqa: F401 - as said above


def valid_on(on: date, prefix: str = "") -> Q:
    """The condition «this dated row holds on that day» for fields valid_from and valid_to."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def existing(self, on: date) -> Self:
        """Those that exist on that day."""
        return self.filter(Q(closed=None) | Q(closed__gt=on), opened__lte=on)

    def as_of(self, on: date) -> Self:
        """With `.state`, the names and the place that hold on that day; those without one are left out."""
        return (
            self.annotate(state=FilteredRelation("states", condition=valid_on(on, "states__")))
            .filter(state__isnull=False)
            .select_related("state")
        )

    def under(self, path: str) -> Self:
        """The organisation at that path and all below it; needs `as_of`."""
        return self.filter(state__path__startswith=path)

    def visible_to(self, user: User, on: date) -> Self:
        """As they were on that day, only what the person may see today: access.py decides."""
        from profminimum.orgs import access  # noqa: PLC0415 - access reads the models that use this queryset

        return self.as_of(on).filter(access.organisations(user))

    def search(self, words: str) -> Self:
        """Each word must stand in a name or the code; needs `as_of`."""
        found = self
        for word in folded(words).split():
            found = found.filter(Q(state__search__contains=word) | Q(code__icontains=word))
        return found


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def visible_to(self, user: User, on: date | None = None) -> Self:
        """Memberships of the organisations in which the person may see people."""
        return self.filter(organisation__in=_places(user, "person.see", on))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        """Invitations into the organisations whose people the person manages."""
        return self.filter(organisation__in=_places(user, "person.manage"))

    def waiting(self, now: datetime) -> Self:
        """Sent, and neither accepted, withdrawn nor too old."""
        return self.filter(accepted=None, withdrawn=None, expires__gt=now)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Oneself, and those who work or worked where the person may see people."""
        from profminimum.orgs.models import Membership as Role  # noqa: PLC0415 - as above

        known = Role.objects.visible_to(user).values("user")
        return self.filter(Q(pk=user.pk) | Q(pk__in=known))


def _places(user: User, verb: str, on: date | None = None) -> QuerySet[Organisation, Any]:
    """The ids of the organisations where the person holds the right, by their place on that day or the last one."""
    from profminimum.orgs import access  # noqa: PLC0415 - as above
    from profminimum.orgs.models import Organisation as Place  # noqa: PLC0415 - as above
    from profminimum.orgs.models import OrganisationState  # noqa: PLC0415 - as above

    on = on or clock.today()
    standing = OrganisationState.objects.filter(Q(valid_on(on)) | Q(valid_to=F("organisation__closed")))
    held = standing.filter(access.reach(user, verb, field="path"))
    return Place.objects.filter(pk__in=held.values("organisation")).values("pk")


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Used by the services alone; a person comes by invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.search = folded(user.full_name)
        user.set_password(password)
        user.save(using=self._db)
        return user
