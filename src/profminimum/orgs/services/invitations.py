"""How a person comes in: a link by e-mail, good for some days and for one use."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.orgs.models import Invitation, Membership, User
from profminimum.orgs.services import people, states
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from datetime import datetime

    from profminimum.orgs.models import Organisation

DAYS: Final = 7  # how long a link is good, unless said otherwise
LONGEST: Final = 14
_SALT: Final = "profminimum.orgs.invitation"


class StaleError(ValueError):
    """The link leads to nothing any more; the text says why and what to do."""


def token_of(invitation: Invitation) -> str:
    """The secret of the link, made anew from the row and SECRET_KEY: for the letter alone."""
    return salted_hmac(_SALT, invitation.nonce, algorithm="sha256").hexdigest()


def _arm(invitation: Invitation, days: int, at: datetime) -> None:
    """A new secret, good for that many days: an older link of this invitation leads nowhere."""
    if not 2 <= days <= LONGEST:
        raise ValidationError({"days": _("An invitation is good for 2 to %d days.") % LONGEST})
    invitation.nonce = secrets.token_urlsafe(32)
    invitation.token_hash = sha256(token_of(invitation).encode()).hexdigest()
    invitation.expires = at + timedelta(days=days)


@transaction.atomic
def invite(
    *,
    email: str,
    full_name: str,
    role: str,
    organisation: Organisation,
    by: User | None,
    at: datetime,
    post: str = "",
    days: int = DAYS,
) -> Invitation:
    """Invite a person to be `role` there; the letter goes as a consequence of user.invited.

    Refused (by field): an address that has this role there already or a waiting invitation to it; a role that `by`
    may not give. An address that signs in already may be invited to a further role.
    """
    email = email.strip().lower()
    full_name = " ".join(full_name.split())
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    if not full_name:
        raise ValidationError({"full_name": _("Give the full name.")})
    user = User.objects.filter(email=email).first()
    people.check_giving(by, role, organisation, user)
    if user is not None and not user.is_active:
        raise ValidationError({"email": _("This person is forbidden to sign in. Allow it first.")})
    if Membership.objects.active(timezone.localdate(at)).filter(
        user__email=email, role=role, organisation=organisation
    ):
        raise ValidationError({"email": _("This person has this role here already.")})
    if Invitation.objects.waiting(at).filter(email=email, role=role, organisation=organisation):
        raise ValidationError(
            {"email": _("An invitation to this address is waiting already. Send it again instead.")}
        )
    invitation = Invitation(
        email=email,
        full_name=full_name,
        post=" ".join(post.split()),
        role=role,
        organisation=organisation,
        created=at,
        invited_by=by,
    )
    _arm(invitation, days, at)
    invitation.full_clean(exclude=["organisation", "invited_by", "accepted", "withdrawn", "user"])
    invitation.save()
    after = {"email": email, "full_name": full_name, "role": role}
    journal.record("user.invited", invitation, by=by, at=at, organisation=organisation.pk, after=after)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User | None, at: datetime, days: int = DAYS) -> None:
    """Send a fresh link, also after the old one has run out; the old one leads nowhere. invitation.resent."""
    invitation = Invitation.objects.select_for_update().select_related("organisation").get(pk=invitation.pk)
    people.check_giving(by, invitation.role, invitation.organisation, None)
    _still_open(invitation)
    _arm(invitation, days, at)
    invitation.save(update_fields=["nonce", "token_hash", "expires"])
    journal.record("invitation.resent", invitation, by=by, at=at, organisation=invitation.organisation_id)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    """The link leads nowhere from now on; journalled as invitation.withdrawn."""
    invitation = Invitation.objects.select_for_update().select_related("organisation").get(pk=invitation.pk)
    people.check_giving(by, invitation.role, invitation.organisation, None)
    _still_open(invitation)
    invitation.withdrawn = at
    invitation.save(update_fields=["withdrawn"])
    journal.record("invitation.withdrawn", invitation, by=by, at=at, organisation=invitation.organisation_id)


def find_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation that the link belongs to, or StaleError saying why it leads nowhere."""
    found = (
        Invitation.objects.select_related("organisation")
        .filter(token_hash=sha256(token.encode()).hexdigest())
        .first()
    )
    if found is None:
        raise StaleError(_("This link is not known or has been replaced by a newer one. Look for the latest letter."))
    _still_open(found)
    if found.expires <= at:
        raise StaleError(_("This link has run out. Ask the person who invited you to send it again."))
    return found


@transaction.atomic
def accept_invitation(token: str, *, password: str | None, at: datetime) -> User:
    """The person has a role from today on and, when new, a password; journalled as user.joined.

    A person who signs in already keeps the password and gives none: the link alone never opens an existing account.
    Refused: StaleError for the link, ValidationError for a password that is too simple.
    """
    invitation = find_invitation(token, at=at)
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    user = User.objects.filter(email=invitation.email).first()
    if user is None or not user.has_usable_password():
        user = _with_password(user, invitation, password, at)
    elif not user.is_active:
        raise StaleError(_("Signing in is forbidden for this address. Ask the administrator."))
    invitation.accepted = at
    invitation.user = user
    invitation.save(update_fields=["accepted", "user"])
    today = timezone.localdate(at)
    place = invitation.organisation
    if not Membership.objects.active(today).filter(user=user, role=invitation.role, organisation=place):
        Membership.objects.create(user=user, role=invitation.role, organisation=place, since=today)
    access.forget(user)
    after = {"role": invitation.role, "since": today.isoformat(), "email": user.email}
    journal.record("user.joined", user, by=user, at=at, organisation=place.pk, after=after)
    return user


def _with_password(user: User | None, invitation: Invitation, password: str | None, at: datetime) -> User:
    if user is None:
        user = User(email=invitation.email, full_name=invitation.full_name, post=invitation.post, created=at)
    elif not user.is_active:
        raise StaleError(_("Signing in is forbidden for this address. Ask the administrator."))
    try:
        validate_password(password or "", user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.search = folded(user.full_name)
    user.save()
    return user


def _still_open(invitation: Invitation) -> None:
    if invitation.accepted is not None:
        raise StaleError(_("This invitation has been accepted already. Sign in with your password."))
    if invitation.withdrawn is not None:
        raise StaleError(_("This invitation has been withdrawn. Ask the person who sent it."))


def place_name(invitation: Invitation) -> str:
    """The full name of the organisation that the person is invited to."""
    states.name_them([invitation.organisation])
    return invitation.organisation.state.name
