"""How notices and letters are asked for: one's own, and the letters of the regions that one administers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from profminimum.orgs import access

if TYPE_CHECKING:
    from profminimum.notices.models import Letter, Notice  # noqa: F401 - named in the base classes below
    from profminimum.orgs.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """One's own alone, whatever one's role is."""
        return self.filter(user=user.pk)

    def unread(self) -> Self:
        return self.filter(read=None)


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: User) -> Self:
        """The letters of the regions in which the person is an administrator."""
        regions = {seat.region_id for seat in access.seats(user) if seat.role in access.GRANTS["letter.see"]}
        return self.filter(region__in=regions)
