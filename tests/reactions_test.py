"""Reactions under which the worker's own tests run: each leaves a trace in the database, one of them fails."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from profminimum.journal.models import Delivery
from profminimum.journal.services import batch
from profminimum.journal.timers import every

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from profminimum.journal.models import Entry


def first(entry: Entry) -> None:
    _trace(entry, "first")


def second(entry: Entry) -> None:
    _trace(entry, "second")


def slow(entry: Entry) -> None:
    """Holds its transaction for a moment, so that two workers would meet."""
    time.sleep(0.02)
    _trace(entry, f"slow {os.getpid()}")


def broken(entry: Entry) -> None:
    """Writes, then fails: what it wrote must not stay."""
    _trace(entry, "broken")
    raise ValueError("no such school")


@batch
def together(entries: Sequence[Entry]) -> None:
    """Takes many at once and holds the transaction for a moment; one of them may be poison."""
    for entry in entries:
        time.sleep(0.001)
        _trace(entry, f"together {len(entries)}")
        if entry.reason == "poison":
            raise ValueError("this one is broken")


def _trace(entry: Entry, text: str) -> None:
    """One row for each run, in a table that allows as many as there were runs."""
    number = Delivery.objects.filter(entry=entry).count()
    Delivery.objects.create(
        entry=entry, reaction=f"trace {number} {text}", state=Delivery.State.DONE, not_before=entry.at
    )


@every(hours=1)
def hourly(now: datetime) -> None:
    RAN.append(("hourly", now))


def failing(now: datetime) -> None:
    RAN.append(("failing", now))
    raise ValueError("no such wave")


RAN: list[tuple[str, datetime]] = []
REACTIONS = {
    "user.signed_in": (first, second),
    "user.joined": (slow,),
    "user.changed": (broken, first),
    "user.blocked": (together,),
}
TIMERS = (hourly, failing)
