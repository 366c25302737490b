"""Reminders that go by themselves: before the date, on it and after it, each once; long lateness goes upward."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from profminimum.journal.timers import every
from profminimum.monitoring.models import Submission
from profminimum.notices.models import Reminder
from profminimum.notices.queries.people import holders, staff
from profminimum.notices.services.telling import Fresh, tell
from profminimum.notices.thresholds import of_pack, reminded
from profminimum.orgs.queries import names
from profminimum.plan import pack
from profminimum.plan.models import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from profminimum.notices.thresholds import Threshold

    Due = tuple[Threshold, Standing]

BATCH: Final = 200  # obligations in one transaction
SHOWN: Final = 3  # organisations that an escalation names


@every(minutes=10)
def remind_due(now: datetime) -> int:
    """Remind of what is open by the table of the pack, once each; of how many obligations."""
    today = timezone.localdate(now)
    limits = reminded(today, of_pack(pack.read(settings.PACK).reminders))
    if not limits:
        return 0
    rows = (
        Standing.objects.at()
        .open()
        .filter(due__in=limits)
        .select_related("measure", "obligation", "plan")
        .order_by("organisation_id", "obligation_id")
    )
    found = [(limits[row.due], row) for row in rows if row.due]
    given = {
        (pk, name, due)
        for pk, name, due in Reminder.objects.filter(due__in=limits).values_list("obligation_id", "threshold", "due")
    }
    left = [(limit, row) for limit, row in found if (row.obligation_id, limit.name, row.due) not in given]
    for start in range(0, len(left), BATCH):
        _give(left[start : start + BATCH], today, now)
    return len(left)


@transaction.atomic
def _give(due: Sequence[Due], today: date, now: datetime) -> None:
    """Note that these are given and put them into the inboxes: both or neither."""
    Reminder.objects.bulk_create(
        [
            Reminder(obligation_id=row.obligation_id, threshold=limit.name, due=row.due, at=now)
            for limit, row in due
            if row.due
        ]
    )
    answers = dict(
        Submission.objects.filter(obligation__in=[row.obligation_id for _limit, row in due]).values_list(
            "obligation_id", "pk"
        )
    )
    tell([*_own(due, answers, today, now), *_upward(due, today, now)])


def _own(due: Sequence[Due], answers: dict[int, int], today: date, now: datetime) -> list[Fresh]:
    """To those who are to do it: one line a date."""
    people = staff({row.organisation_id for _limit, row in due}, "obligation.report", today)
    return [
        Fresh(
            user=user,
            kind=limit.kind,
            key=f"{limit.name}:{row.due}:{row.organisation_id}",
            thing=("plan.obligation", row.obligation_id),
            at=now,
            data=_facts(row, today) | {"submission": answers.get(row.obligation_id)},
            organisation=row.organisation_id,
        )
        for limit, row in due
        for user in people.get(row.organisation_id, ())
    ]


def _facts(row: Standing, today: date) -> dict[str, Any]:
    return {
        "number": row.measure.number,
        "title": row.measure.title[:400],
        "duty": row.obligation.duty,
        "due": row.due.isoformat() if row.due else None,
        "days": (today - row.due).days if row.due else 0,
    }


def _upward(due: Sequence[Due], today: date, now: datetime) -> list[Fresh]:
    """To the authority, then to those who decide in the region: one line a threshold and day with the number."""
    unit = [row for limit, row in due if limit.upward == "authority" and row.unit_id != row.organisation_id]
    region = [row for limit, row in due if limit.upward == "region"]
    places = names({row.organisation_id for row in (*unit, *region)}, today)
    told: dict[tuple[int, str, int], list[Standing]] = defaultdict(list)  # user, threshold, days
    checkers = staff({row.unit_id for row in unit}, "obligation.review", today)
    for row in unit:
        for user in checkers.get(row.unit_id, ()):
            told[user, "unit", (today - row.due).days if row.due else 0].append(row)
    deciders = holders({row.plan.region_id for row in region}, "obligation.decide", today)
    for row in region:
        for user in deciders.get(row.plan.region_id, ()):
            told[user, "region", (today - row.due).days if row.due else 0].append(row)
    fresh = []
    for (user, tier, days), rows in told.items():
        known = list(dict.fromkeys(places.get(row.organisation_id, "") for row in rows))
        shown = ", ".join(known[:SHOWN]) + ("…" if len(known) > SHOWN else "")
        fresh.append(
            Fresh(
                user=user,
                kind="escalated",
                key=f"escalated:{tier}:{days}:{today}",
                thing=("plan.obligation", rows[0].obligation_id),
                at=now,
                data=_facts(rows[0], today) | {"places": shown, "place": known[0]},
                count=len(rows),
            )
        )
    return fresh
