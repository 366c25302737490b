"""What stands in a person's inbox: new ones first, then what was read, by day, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from profminimum.notices import texts
from profminimum.notices.models import Notice
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from profminimum.notices.querysets import NoticeQuerySet
    from profminimum.notices.texts import Said
    from profminimum.orgs.models import User


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address; what makes no sense is as if not given."""

    new: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    notice: Notice
    said: Said


@dataclass(slots=True)
class Day:
    """The lines of a day; `new` are those not yet read."""

    day: date
    new: bool
    lines: list[Line] = field(default_factory=list)


def read(params: Mapping[str, str]) -> Ask:
    group = params.get("group", "")
    return Ask(params.get("new") == "1", group if group in texts.GROUPS else "")


def asked(user: User, ask: Ask) -> NoticeQuerySet:
    """One's own notices that the filter lets through, new ones first."""
    rows = Notice.objects.visible_to(user)
    if ask.new:
        rows = rows.unread()
    if ask.group:
        rows = rows.filter(kind__in=texts.GROUPS[ask.group][1])
    return rows.annotate(was_read=Q(read__isnull=False)).order_by("was_read", "-at", "-pk")


def days(notices: Iterable[Notice]) -> list[Day]:
    """The lines of a page under their days, the new ones apart from those that were read."""
    found: list[Day] = []
    for notice in notices:
        day, new = wording.as_day(notice.at), notice.read is None
        if not found or (found[-1].day, found[-1].new) != (day, new):
            found.append(Day(day, new))
        found[-1].lines.append(Line(notice, texts.said(notice)))
    return found


def counts(user: User) -> dict[str, int]:
    """How many are new: in all (under the empty key) and by group. One question."""
    by_kind = dict(Notice.objects.visible_to(user).unread().order_by().values_list("kind").annotate(n=Count("pk")))
    found = {group: sum(by_kind.get(kind, 0) for kind in kinds) for group, (_title, kinds) in texts.GROUPS.items()}
    return found | {"": sum(by_kind.values())}
