"""How keys are made, used and revoked."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.api.models import Key
from profminimum.journal import services as journal
from profminimum.orgs.access import DeniedError
from profminimum.web import clock
from profminimum.web.prebuilt import Prebuilt

if TYPE_CHECKING:
    from datetime import date, datetime

    from profminimum.orgs.models import User

PREFIX = "pm_"
LONGEST = 366  # days that a key may live
MOST = 20  # keys of one person at a time
_KEY = Prebuilt(lambda: Key.objects.select_related("user").filter(hash="", revoked=None).order_by())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def alive(user: User) -> list[Key]:
    """The person's keys that work today."""
    return list(Key.objects.filter(user=user, revoked=None, expires__gte=clock.today()))


@transaction.atomic
def make(user: User, *, name: str, expires: date, by: User, at: datetime) -> tuple[Key, str]:
    """A key for oneself, and its secret, which is shown this once. Refuses a missing name and a life over a year."""
    if by != user:
        raise DeniedError(_("A key is made by its own person."))
    today = timezone.localdate(at)
    if not name.strip():
        raise ValidationError({"name": _("Say what the key is for.")})
    if not today < expires or (expires - today).days > LONGEST:
        raise ValidationError({"expires": _("A key lives from one day to a year.")})
    if len(alive(user)) >= MOST:
        raise ValidationError({"name": _("There are too many keys. Revoke those that are not used.")})
    secret = PREFIX + secrets.token_urlsafe(32)
    key = Key.objects.create(user=user, name=name.strip()[:100], hash=_hash(secret), created=at, expires=expires)
    journal.record("key.made", key, by=by, at=at, after={"name": key.name, "expires": expires.isoformat()})
    return key, secret


@transaction.atomic
def revoke(key: Key, *, by: User, at: datetime) -> None:
    """The key works no more. One's own only."""
    if key.user_id != by.pk:
        raise DeniedError(_("A key is revoked by its own person."))
    if key.revoked is None:
        key.revoked = at
        key.save()
        journal.record("key.revoked", key, by=by, at=at, before={"name": key.name})


def person(secret: str) -> User | None:
    """Whose key that is; None when there is no such key, it has expired or its person may not sign in."""
    if not secret.startswith(PREFIX):
        return None
    key = _KEY.one(_hash(secret))
    if key is None or key.expires < clock.today() or not key.user.is_active:
        return None
    return key.user
