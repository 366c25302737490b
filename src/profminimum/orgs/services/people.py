"""How people get, change and lose their roles, and who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Kind, Membership, Role, User
from profminimum.web import clock
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from profminimum.orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person whom the system itself adds with a first role. Without a password only an invitation lets them in."""

    email: str
    full_name: str
    role: str
    organisation: Organisation
    since: date
    post: str = ""
    phone: str = ""
    password: str | None = None


@transaction.atomic
def enrol(newcomers: Sequence[Newcomer], *, at: datetime) -> list[User]:
    """Add people without an invitation: the first administrator, the demo. An act of the system, never of a person.

    One user an e-mail; the same e-mail again gives the same person another role. Journalled as membership.granted.
    """
    for newcomer in newcomers:
        validate_email(newcomer.email)
        _check_role(newcomer.role, newcomer.organisation)
    users = {user.email: user for user in User.objects.filter(email__in=[n.email.lower() for n in newcomers])}
    fresh: dict[str, User] = {}
    for newcomer in newcomers:
        email = newcomer.email.lower()
        if email not in users and email not in fresh:
            fresh[email] = User(
                email=email,
                full_name=newcomer.full_name,
                search=folded(newcomer.full_name),
                post=newcomer.post,
                phone=newcomer.phone,
                password=make_password(newcomer.password),
                created=at,
            )
    users |= {user.email: user for user in User.objects.bulk_create(fresh.values(), batch_size=500)}
    memberships = Membership.objects.bulk_create(
        [
            Membership(user=users[n.email.lower()], role=n.role, organisation=n.organisation, since=n.since)
            for n in newcomers
        ],
        batch_size=500,
    )
    journal.record_many(
        "membership.granted",
        [(m.user, m.organisation_id, {}, {"role": m.role, "since": m.since.isoformat()}) for m in memberships],
        by=None,
        at=at,
    )
    return [users[n.email.lower()] for n in newcomers]


@transaction.atomic
def grant_membership(
    user: User,
    *,
    role: str,
    organisation: Organisation,
    since: date,
    by: User | None,
    at: datetime,
    until: date | None = None,
) -> Membership:
    """Make the person `role` there from `since` to `until`, both included; journalled as membership.granted.

    Refused: a role that such an organisation does not have, one that `by` may not give, and any for oneself. A role
    that the person holds already is given back unchanged.
    """
    check_giving(by, role, organisation, user)
    if until is not None and until < since:
        raise ValidationError({"until": _("The last day is before the first one.")})
    held = (
        Membership.objects.active(since).filter(user=user, role=role, organisation=organisation, until=None).first()
    )
    if held is not None:
        return held
    membership = Membership.objects.create(user=user, role=role, organisation=organisation, since=since, until=until)
    access.forget(user)
    after = {"role": role, "since": since.isoformat(), "until": until.isoformat() if until else None}
    journal.record("membership.granted", user, by=by, at=at, organisation=organisation.pk, after=after)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, until: date, by: User | None, at: datetime, reason: str = "") -> bool:
    """The role holds up to `until`, that day included; journalled as membership.ended. False if it ends then already.

    A last day before the first one leaves the first day alone.
    """
    membership = Membership.objects.select_for_update().select_related("user", "organisation").get(pk=membership.pk)
    check_giving(by, membership.role, membership.organisation, membership.user)
    until = max(until, membership.since)
    if membership.until is not None and membership.until <= until:
        return False
    before = {"until": membership.until.isoformat() if membership.until else None}
    membership.until = until
    membership.save(update_fields=["until"])
    access.forget(membership.user)
    journal.record(
        "membership.ended",
        membership.user,
        by=by,
        at=at,
        organisation=membership.organisation_id,
        before=before,
        after={"role": membership.role, "until": until.isoformat()},
        reason=reason,
    )
    return True


@transaction.atomic
def block_user(user: User, *, by: User | None, at: datetime, reason: str) -> bool:
    """Forbid signing in and end all sessions at once; journalled as user.blocked with the reason."""
    _check_all_roles(by, user)
    if not user.is_active:
        return False
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason.")})
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    journal.record("user.blocked", user, by=by, at=at, organisation=_first_place(user), reason=reason.strip())
    return True


@transaction.atomic
def unblock_user(user: User, *, by: User | None, at: datetime) -> bool:
    """Allow signing in again; journalled as user.unblocked."""
    _check_all_roles(by, user)
    if user.is_active:
        return False
    user.is_active = True
    user.save(update_fields=["is_active"])
    journal.record("user.unblocked", user, by=by, at=at, organisation=_first_place(user))
    return True


@transaction.atomic
def change_user(user: User, *, by: User, at: datetime, **data: str) -> bool:
    """Full name, post, work phone, language: one's own, or of those whose roles one may give; user.changed.

    False when nothing changes.
    """
    if by.pk != user.pk:
        _check_all_roles(by, user)
    changes = {name: " ".join(value.split()) for name, value in data.items()}
    unknown = set(changes) - {"full_name", "post", "phone", "language"}
    if unknown:
        raise ValidationError({name: _("There is no such detail.") for name in unknown})
    before = {name: getattr(user, name) for name, value in changes.items() if getattr(user, name) != value}
    if not before:
        return False
    for name in before:
        setattr(user, name, changes[name])
    user.search = folded(user.full_name)
    user.clean_fields(exclude=["password", "email"])
    user.save(update_fields=[*before, "search"])
    after = {name: changes[name] for name in before}
    journal.record("user.changed", user, by=by, at=at, organisation=_first_place(user), before=before, after=after)
    return True


@transaction.atomic
def sign_in(user: User, *, at: datetime) -> None:
    """Write into the journal that the person has signed in."""
    journal.record("user.signed_in", user, by=user, at=at, organisation=_first_place(user))


def end_sessions(user: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def check_giving(by: User | None, role: str, organisation: Organisation, user: User | None) -> None:
    """Raise unless `by` may give or take the role there, from that person. The system may all that makes sense."""
    _check_role(role, organisation)
    if by is None:
        return
    access.require(by, "person.manage", organisation)
    if user is not None and user.pk == by.pk:
        raise access.DeniedError(_("Nobody gives or takes roles of their own."))
    decision = access.may_give(by, role, organisation)
    if not decision:
        raise access.DeniedError(decision.reason)


def _check_role(role: str, organisation: Organisation) -> None:
    if role not in access.ROLES_OF[Kind(organisation.kind)]:
        raise ValidationError(
            {
                "role": _("The role «%(role)s» does not exist in such an organisation (%(kind)s).")
                % {"role": Role(role).label, "kind": Kind(organisation.kind).label}
            }
        )


def may_manage(by: User, user: User) -> bool:
    """May `by` change that person's data and forbid them to sign in?"""
    try:
        _check_all_roles(by, user)
    except access.DeniedError:
        return False
    return True


def _check_all_roles(by: User | None, user: User) -> None:
    """The right over a person is the right over each of the roles that they hold or, when none, held last."""
    if by is None:
        return
    if user.pk == by.pk:
        raise access.DeniedError(_("You cannot do this to yourself."))
    memberships = list(user.memberships.select_related("organisation").order_by("-since", "-pk"))
    today = clock.today()
    held = [m for m in memberships if m.until is None or m.until >= today]
    for membership in held or memberships[:1]:
        check_giving(by, membership.role, membership.organisation, user)
    if not memberships:
        access.require(by, "organisation.edit", None)


def _first_place(user: User) -> int | None:
    return user.memberships.order_by("-since", "pk").values_list("organisation_id", flat=True).first()
