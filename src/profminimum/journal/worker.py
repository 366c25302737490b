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

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from profminimum.journal import services
from profminimum.journal.models import Delivery, Timer
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import FrameType

ATTEMPTS: Final = 8
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=6)
LATER: Final = timedelta(hours=1)  # the shortest wait of a consequence whose day has not come
EVERY: Final = timedelta(minutes=1)  # between two runs of a timer
BATCH: Final = 200  # entries that a reaction is given at once
IDLE: Final = 0.7  # seconds between two looks at an empty queue
AFTER_LOCK: Final = 0.2  # seconds before a database that was locked is asked again

logger = logging.getLogger("profminimum.worker")


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 1 minute, doubled each time, at most 6 hours."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 9)), LONGEST_DELAY)


def present() -> datetime:
    """The later of the product's clock and the real one: back-off goes on while a demo's clock stands still."""
    return max(clock.now(), timezone.now())


def step(now: datetime | None = None) -> int:
    """Do the first delivery that is due, with all that its reaction takes at once; how many were tried.

    One transaction. On PostgreSQL other workers skip the rows that this one holds; on SQLite a transaction has the
    file alone. A batch that fails is undone and tried one by one, so that what is broken hinders itself alone.
    """
    now = now or present()
    due = Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=now)
    first = due.order_by("entry_id", "id").only("reaction").first()  # a look without a lock: idleness hinders nobody
    if first is None:
        return 0
    with transaction.atomic():
        rows = due.select_related("entry").order_by("entry_id", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        found = list(rows.filter(reaction=first.reaction)[:BATCH]) if _takes_many(first) else list(rows[:1])
        if len(found) > 1 and _together(found):
            return len(found)
        for delivery in found:
            _attempt(delivery, now)
    return len(found)


def _takes_many(delivery: Delivery) -> bool:
    return any(
        function.__name__ == delivery.reaction and getattr(function, "many", False)
        for functions in services.reactions().values()
        for function in functions
    )


def _together(found: list[Delivery]) -> bool:
    """Give the reaction all entries at once; False, and nothing is written, when it fails."""
    try:
        with transaction.atomic():
            _function(found[0])([delivery.entry for delivery in found])  # type: ignore[arg-type]  # a batch reaction
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(
                state=Delivery.State.DONE, attempts=F("attempts") + 1, error=""
            )
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - each is tried alone afterwards, and says what is wrong with it
        logger.warning("%s: %d entries at once failed, trying one by one: %s", found[0].reaction, len(found), error)
        return False
    return True


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
    """Do everything that is due and what follows from it; how many deliveries were tried. For scripts and tests."""
    done = 0
    while tried := step(now):
        done += tried
    return done


def timers() -> Sequence[Callable[[datetime], object]]:
    """What is run every minute: the table of config/reactions.py."""
    table: Sequence[Callable[[datetime], object]] = import_string(settings.JOURNAL_TIMERS)
    return table


def tick(now: datetime | None = None) -> int:
    """Run what follows from the passing of time; how many timers were run. One that fails does not stop the others.

    Each timer has a row that is held while it runs: of several workers one runs it, and not twice in a minute.
    """
    ran, moment = 0, now or clock.now()
    for function in timers():
        name = function.__name__
        Timer.objects.get_or_create(name=name)
        try:
            with transaction.atomic():
                rows = Timer.objects.filter(name=name)
                if connection.features.has_select_for_update_skip_locked:
                    rows = rows.select_for_update(skip_locked=True)
                timer = rows.first()
                if timer is None or (now is None and timer.ran and timezone.now() - timer.ran < EVERY):
                    continue
                function(moment)
                timer.ran = timezone.now()
                timer.save(update_fields=["ran"])
        except OperationalError:
            raise
        except Exception:
            logger.exception("the timer %s failed; it is run again in a minute", name)
            continue
        ran += 1
    return ran


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
        looked = float("-inf")
        while not self._stop.is_set() and self._parent in {None, os.getppid()}:
            try:
                if time.monotonic() - looked > EVERY.total_seconds():
                    looked = time.monotonic()
                    tick()
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
