"""The figures of the page header, kept on the row of the person, which every page reads anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from profminimum.notices.models import Notice
from profminimum.notices.queries.urgent import urgent
from profminimum.orgs.models import User
from profminimum.orgs.services.states import chunks

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_NEW = Coalesce(
    Subquery(
        Notice.objects.filter(user=OuterRef("pk"), read=None)
        .order_by()
        .values("user")
        .annotate(n=Count("pk"))
        .values("n"),
        output_field=IntegerField(),
    ),
    0,
)


def recount(users: Collection[int]) -> None:
    """After notices of these people have come or were read, in the transaction of that."""
    for part in chunks(sorted(set(users))):
        User.objects.filter(pk__in=part).update(unread=_NEW)


def keep_figures(now: datetime) -> int:
    """Once a minute: what waits for each, and the new notices where two workers have counted past each other."""
    User.objects.annotate(n=_NEW).exclude(unread=F("n")).update(unread=_NEW)
    found = urgent(now)
    changed = []
    for person in User.objects.filter(is_active=True).only("pk", "waiting").iterator():
        figures = found.get(person.pk, {})
        if person.waiting != figures:
            person.waiting = figures
            changed.append(person)
    for start in range(0, len(changed), 200):
        User.objects.bulk_update(changed[start : start + 200], ["waiting"])
    return len(changed)
