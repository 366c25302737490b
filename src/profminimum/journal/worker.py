"""How do the consequences of a journal entry happen? The worker takes the deliveries in order and does each once.

A delivery and its mark «done» are one transaction, so that a crash leaves either both or neither. A failure is
tried again later and later, and given up after eight attempts with the error kept.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from profminimum.journal import services
from profminimum.journal.models import Delivery
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime
    from types import FrameType

ATTEMPTS: Final = 8
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=6)
LATER: Final = timedelta(hours=1)  # the shortest wait of a consequence whose day has not come
IDLE: Final = 0.7  # seconds between two looks at an empty queue
AFTER_LOCK: Final = 0.2  # seconds before a database that was locked is asked again

logger = logging.getLogger("profminimum.worker")


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 1 minute, doubled each time, at most 6 hours."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 9)), LONGEST_DELAY)


def present() -> datetime:
    """The later of the product's clock and the real one: back-off goes on while a demo's clock stands still."""
    return max(clock.now(), timezone.now())


def step(now: datetime | None = None) -> bool:
    """Do the first delivery that is due, in one transaction; False when there is none.

    On PostgreSQL other workers skip the row that this one holds; on SQLite a transaction has the file alone.
    """
    now = now or present()
    due = Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=now)
    if not due.exists():  # a look without a lock: an idle worker hinders nobody
        return False
    with transaction.atomic():
        rows = due.select_related("entry").order_by("entry_id", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        delivery = rows.first()
        if delivery is None:
            return False
        _attempt(delivery, now)
    return True


def _attempt(delivery: Delivery, now: datetime) -> None:
    """Run the function; what it wrote is undone when it fails, and the failure is noted."""
    delivery.attempts += 1
    try:
        with transaction.atomic():
            _function(delivery)(delivery.entry)
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
    """Do everything that is due and what follows from it; how many deliveries were tried. For scripts and tests."""
    done = 0
    while step(now):
        done += 1
    return done


class Worker:
    """The endless loop of the process `profminimum worker`; ends between two deliveries.

    With `parent`, the id of the process that started it, it ends also when that process is gone.
    """

    def __init__(self, parent: int | None = None) -> None:
        self._stop = threading.Event()
        self._parent = parent

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:  # noqa: ARG002 - a signal handler's form
        self._stop.set()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stop.is_set() and self._parent in {None, os.getppid()}:
            try:
                busy = step()
            except OperationalError as error:
                logger.info("the database was busy or away, trying again: %s", error)
                close_old_connections()
                self._stop.wait(AFTER_LOCK)
                continue
            if not busy:
                self._stop.wait(IDLE)


def backlog() -> dict[str, int | float]:
    """For monitoring: how many wait, how many were given up, and how old (seconds) the oldest waiting one is."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    oldest = waiting.order_by("not_before").values_list("not_before", flat=True).first()
    return {
        "waiting": waiting.count(),
        "failed": Delivery.objects.filter(state=Delivery.State.FAILED).count(),
        "oldest_seconds": max((present() - oldest).total_seconds(), 0) if oldest else 0,
    }
