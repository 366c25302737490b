"""A plausible autumn for a large plan: most report in time, some late, some are returned. A step after expansion.py.

Written through the product's own bulk step, so that states, journal and dates are what the site itself would have.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone, translation

import region  # sets Django up
from figures import Figure, hand_over, once
from profminimum.plan.models import Obligation, Standing
from profminimum.plan.services.obligations import advance, lock
from profminimum.plan.states import Step
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PART = 2000
SEED = 1264
Days = dict[tuple[date, str], list[int]]


def story(number: str, due: date, dice: random.Random) -> Iterator[tuple[date, str]]:
    """What one obligation goes through, as in the demo: row 2 is due and mostly done, rows 8 and 9 are under way."""
    luck = dice.random()
    if number == "2":
        if luck > 0.95:
            return
        day = due + timedelta(days=dice.randint(1, 25) if luck > 0.86 else -dice.randint(0, 9))
    elif luck < (0.42 if number == "9" else 0.12):
        day = date(2023, 10, 1) + timedelta(days=dice.randint(0, 50))
    else:
        return
    yield day, Step.REPORT
    if dice.random() < 0.04:
        yield day + timedelta(days=3), Step.RETURN
    elif dice.random() < 0.9:
        yield day + timedelta(days=dice.randint(1, 9)), Step.ACCEPT


def days() -> Days:
    """(day, step) → obligations."""
    dice = random.Random(SEED)  # noqa: S311 - the same in every run
    found: Days = defaultdict(list)
    rows = Obligation.objects.exclude(original_due=None).order_by("pk")
    for pk, number, due in rows.values_list("pk", "measure__number", "original_due").iterator():
        for day, step in story(number, due or date.max, dice):
            if day < clock.today():
                found[max(day, date(2023, 9, 12)), step].append(pk)
    return found


def parts(ids: Iterable[int]) -> Iterator[list[int]]:
    ids = iter(ids)
    while part := list(islice(ids, PART)):
        yield part


def live() -> None:
    people = region.known()[1]
    order = {step: place for place, step in enumerate((Step.REPORT, Step.RETURN, Step.ACCEPT))}
    planned = days()
    for day, step in sorted(planned, key=lambda key: (key[0], order[Step(key[1])])):
        at = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
        for part in parts(planned[day, step]):
            with transaction.atomic():
                advance(
                    lock(part),
                    Step(step),
                    by=people.municipal,
                    at=at,
                    reason="Приложите приказ целиком." if step == Step.RETURN else "",
                    **({"reported": day} if step == Step.REPORT else {}),
                )
    if connection.vendor == "postgresql":  # what its autovacuum does by itself; SQLite has no such thing
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    with translation.override("ru"):
        seconds = once(live)
    hand_over(
        [
            Figure(f"{connection.vendor}: live the autumn in bulk", seconds, "s"),
            Figure(f"{connection.vendor}: rows of obligations", Obligation.objects.count(), ""),
            Figure(f"{connection.vendor}: rows of their history", Standing.objects.count(), ""),
        ]
    )


if __name__ == "__main__":
    main()
