"""What a person does in the inbox: reads, and says which letters they want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from profminimum.journal import services as journal
from profminimum.notices.models import MailChoice, Notice
from profminimum.notices.services.figures import recount

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from profminimum.orgs.models import User


@transaction.atomic
def read(ids: Collection[int] | None, *, by: User, at: datetime) -> int:
    """Mark one's own notices as read, or all of them when None; how many were unread. Others' are never touched."""
    mine = Notice.objects.visible_to(by).unread()
    if ids is not None:
        mine = mine.filter(pk__in=ids)
    count = mine.update(read=at)
    recount([by.pk])
    return count


@transaction.atomic
def unread(ids: Collection[int], *, by: User, at: datetime) -> int:  # noqa: ARG001 - services take the moment
    """Put one's own notices back among the new ones."""
    count = Notice.objects.visible_to(by).filter(pk__in=ids).update(read=None)
    recount([by.pk])
    return count


@transaction.atomic
def switch_digest(*, on: bool, by: User, at: datetime) -> None:
    """Want the daily digest or not. What was returned, and invitations, are written in any case."""
    choice, _made = MailChoice.objects.get_or_create(user=by)
    if choice.digest != on:
        before, choice.digest = choice.digest, on
        choice.save(update_fields=["digest"])
        journal.record("digest.switched", by, by=by, at=at, before={"digest": before}, after={"digest": on})
