"""How do the consequences of a journal entry happen? The worker takes the deliveries in order and does each once.

A delivery and its mark «done» are one transaction, so that a crash leaves either both or neither. A failure is
tried again later and later, and given up after eight attempts with the error kept.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from profminimum.journal import services, timers
from profminimum.journal.models import Delivery
from profminimum.journal.timers import tick as tick  # noqa: PLC0414 - scripts and tests ask for it here
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import FrameType

    from django.db.models import QuerySet

ATTEMPTS: Final = 8
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=6)
LATER: Final = timedelta(hours=1)  # the shortest wait of a consequence whose day has not come
BATCH: Final = 200  # deliveries in one transaction at most
LONG: Final = 0.1  # seconds of a transaction after which the next one takes half as many…
SHORT: Final = 0.04  # …and up to which it takes twice as many
ROWS_ONLY: Final = 5  # times these where a transaction keeps its own rows from others, and not the whole database
CROWDED: Final = 0.2  # of both while others wait for the same lock
WAITED: Final = 0.004  # seconds for the database's lock (SQLite has one) from which others are known to want it too
YIELD: Final = 0.05  # seconds that the others are then left alone
IDLE: Final = 0.7  # seconds between two rounds
AFTER_LOCK: Final = 0.2  # seconds before a database that was locked is asked again
END_WITHIN: Final = 2.0  # seconds that a timer under way gets when the worker ends

logger = logging.getLogger("profminimum.worker")
_sizes: dict[str, int] = {}  # reaction → how many of its deliveries go into one transaction now


class _Pace:
    """Did the last transaction have to wait for others? Then the next one is shorter, and comes later."""

    crowded = False


_pace = _Pace()


class _UndoneError(Exception):
    """Entries that were given together have failed: everything is undone, and fewer are tried."""


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 1 minute, doubled each time, at most 6 hours."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 9)), LONGEST_DELAY)


def present() -> datetime:
    """The later of the product's clock and the real one: back-off goes on while a demo's clock stands still."""
    return max(clock.now(), timezone.now())


def step(now: datetime | None = None, newest: int | None = None) -> int:
    """Do the first delivery that is due, together with others of its reaction; how many were tried.

    With `newest`, the id of a delivery, those that were queued after it are left for later.
    They are one transaction, sized so that it stays short. On PostgreSQL other workers skip the rows that this one
    holds; on SQLite a transaction has the file alone. When entries that a reaction takes together fail, half as many
    are tried, down to one, which then is the only one to be hindered.
    """
    now = now or present()
    while True:
        if not _due(now, newest).exists():  # a look without a lock: an idle worker hinders nobody
            return 0
        try:
            asked = time.monotonic()
            with transaction.atomic():
                _pace.crowded = time.monotonic() - asked > WAITED
                return _work(now, newest)
        except _UndoneError as undone:
            logger.info("%s", undone)


def _due(now: datetime, newest: int | None = None) -> QuerySet[Delivery]:
    found = Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=now)
    return found if newest is None else found.filter(pk__lte=newest)


def _work(now: datetime, newest: int | None) -> int:
    begun = time.monotonic()
    rows = _due(now, newest).select_related("entry").order_by("entry_id", "id")
    share = CROWDED if _pace.crowded else 1.0
    if connection.features.has_select_for_update_skip_locked:
        share *= ROWS_ONLY
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    first = rows.first()
    if first is None:
        return 0
    size = _sizes.get(first.reaction, BATCH)
    found = _in_order(list(rows.filter(reaction=first.reaction)[:size]), now)
    if len(found) > 1 and _takes_many(found[0]):
        _together(found)
    else:
        found = _one_by_one(found, now, begun)
    took = time.monotonic() - begun
    if took > LONG * share:
        _sizes[first.reaction] = max(size // 2, 1)
    elif took < SHORT * share:
        _sizes[first.reaction] = min(size * 2, BATCH)
    return len(found)


def _in_order(found: list[Delivery], now: datetime) -> list[Delivery]:
    """Without those before which something else is to be done that follows from the same object's history.

    The earlier one may be another reaction's, or in the hands of another worker: until that has ended it still waits.
    """
    types = {delivery.entry.object_type for delivery in found}
    ids = {delivery.entry.object_id for delivery in found}
    last = max((delivery.entry_id for delivery in found), default=0)
    others = (
        _due(now)
        .filter(entry__object_type__in=types, entry__object_id__in=ids, entry_id__lte=last)
        .exclude(pk__in=[delivery.pk for delivery in found])
        .order_by("-entry_id", "-id")
    )
    first: dict[tuple[str, int], tuple[int, int]] = {
        (kind, thing): (entry, pk)
        for kind, thing, entry, pk in others.values_list("entry__object_type", "entry__object_id", "entry_id", "pk")
    }
    end = (last + 1, 0)
    return [
        one for one in found if (one.entry_id, one.pk) < first.get((one.entry.object_type, one.entry.object_id), end)
    ]


def _takes_many(delivery: Delivery) -> bool:
    try:
        return bool(getattr(_function(delivery), "many", False))
    except LookupError:
        return False


def _together(found: Sequence[Delivery]) -> None:
    """Give the reaction all entries at once; _UndoneError when it fails."""
    reaction = found[0].reaction
    try:
        with transaction.atomic():
            _function(found[0])([delivery.entry for delivery in found])  # type: ignore[arg-type]  # marked as taking many
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(
                state=Delivery.State.DONE, attempts=F("attempts") + 1, error=""
            )
    except OperationalError:
        raise
    except Exception as error:
        _sizes[reaction] = max(len(found) // 2, 1)
        raise _UndoneError(f"{reaction}: {len(found)} entries at once failed, trying fewer: {error}") from error


def _one_by_one(found: Sequence[Delivery], now: datetime, begun: float) -> list[Delivery]:
    """Try them in turn until the transaction becomes long; those that were tried."""
    tried = []
    for delivery in found:
        _attempt(delivery, now)
        tried.append(delivery)
        if time.monotonic() - begun > SHORT:
            break
    return tried


def _attempt(delivery: Delivery, now: datetime) -> None:
    """Run the function; what it wrote is undone when it fails, and the failure is noted."""
    delivery.attempts += 1
    try:
        with transaction.atomic():
            function = _function(delivery)
            function([delivery.entry] if getattr(function, "many", False) else delivery.entry)  # type: ignore[arg-type]  # as it is marked
    except services.LaterError as later:
        delivery.attempts -= 1
        delivery.not_before = max(later.moment, now + LATER)
    except Exception as error:  # noqa: BLE001 - whatever a consequence raises must not stop the others
        delivery.error = "".join(traceback.format_exception(error))[-4000:]
        if delivery.attempts >= ATTEMPTS:
            delivery.state = Delivery.State.FAILED
        else:
            delivery.not_before = now + delay(delivery.attempts)
        logger.warning("%s: attempt %d failed: %s", delivery, delivery.attempts, error)
    else:
        delivery.state = Delivery.State.DONE
        delivery.error = ""
    delivery.save(update_fields=["state", "attempts", "not_before", "error"])


def _function(delivery: Delivery) -> services.Reaction:
    for function in services.reactions().get(delivery.entry.action, ()):
        if function.__name__ == delivery.reaction:
            return function
    raise LookupError(f"config/reactions.py has no {delivery.reaction} for {delivery.entry.action}")


def drain(now: datetime | None = None) -> int:
    """Do everything that is due and what follows from it; how many deliveries were tried. For scripts and tests.

    The timers are another matter: `tick`.
    """
    done = 0
    while tried := step(now):
        done += tried
    return done


class Worker:
    """The endless loop of the process `profminimum worker`; ends between two transactions.

    The timers run in a thread of their own: a mail server that answers slowly does not keep the queue waiting. With
    `parent`, the id of the process that started it, it ends also when that process is gone.
    """

    def __init__(self, parent: int | None = None) -> None:
        self._parent = parent

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:  # noqa: ARG002 - a signal handler's form
        timers.stopping.set()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        timers.stopping.clear()
        keeper = threading.Thread(target=self._keep_time, name="timers", daemon=True)
        keeper.start()
        while not timers.stopping.is_set() and self._parent in {None, os.getppid()}:
            try:
                self._round()
            except OperationalError as error:
                _wait_for_database(error)
                continue
            timers.stopping.wait(IDLE)
        timers.stopping.set()
        keeper.join(END_WITHIN)

    def _round(self) -> None:
        """Do what waits now; what comes meanwhile gathers for the next round, since many at once cost less."""
        now = present()
        newest = _due(now).aggregate(last=Max("pk"))["last"]
        while newest is not None and not timers.stopping.is_set() and step(newest=newest):
            if _pace.crowded:
                timers.stopping.wait(YIELD)

    def _keep_time(self) -> None:
        following: dict[str, float] = {}
        while not timers.stopping.wait(IDLE):
            for function in timers.table():
                name = function.__name__
                if timers.stopping.is_set() or following.get(name, 0.0) > time.monotonic():
                    continue
                try:
                    timers.run(function)
                except OperationalError as error:
                    _wait_for_database(error)
                    continue
                following[name] = time.monotonic() + timers.span_of(function).total_seconds()


def _wait_for_database(error: OperationalError) -> None:
    logger.info("the database was busy or away, trying again: %s", error)
    close_old_connections()
    timers.stopping.wait(AFTER_LOCK)


def backlog() -> dict[str, int | float]:
    """For monitoring: how many wait, how many were given up, and how old (seconds) the oldest waiting one is."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    oldest = waiting.order_by("not_before").values_list("not_before", flat=True).first()
    return {
        "waiting": waiting.count(),
        "failed": Delivery.objects.filter(state=Delivery.State.FAILED).count(),
        "oldest_seconds": max((present() - oldest).total_seconds(), 0) if oldest else 0,
    }
