"""What follows from the passing of time? The functions of the table of timers, each run again when its time has come.

Of several workers one at a time runs a timer: it holds a mark that the system takes away when the process dies. A
timer keeps its own transactions short and bears being run again: what is done is not done twice.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import zlib
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from profminimum.journal.models import Timer
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    Function = Callable[[datetime], object]

EVERY: Final = timedelta(minutes=1)  # between two runs of a timer that says nothing else
_SPACE: Final = 0x70726F66  # the first half of the numbers of our marks on PostgreSQL

stopping = threading.Event()  # set when the worker is to end: a timer that goes on for long looks at it
logger = logging.getLogger("profminimum.worker")


def every(**span: float) -> Callable[[Function], Function]:
    """Mark a timer that is run more or less often than once a minute: `@every(seconds=5)`."""

    def mark(function: Function) -> Function:
        function.every = timedelta(**span)  # type: ignore[attr-defined]  # read by `span_of`
        return function

    return mark


def span_of(function: Function) -> timedelta:
    span: timedelta = getattr(function, "every", EVERY)
    return span


def table() -> Sequence[Function]:
    """The functions that settings.JOURNAL_TIMERS names."""
    functions: Sequence[Function] = import_string(settings.JOURNAL_TIMERS)
    return functions


def tick(now: datetime | None = None) -> int:
    """Run the timers whose time has come, or all of them as if it were `now`; how many have run to their end.

    One that fails is logged and run again in its turn; the others are run all the same.
    """
    return sum(run(function, now) for function in table())


def run(function: Function, now: datetime | None = None) -> bool:
    """Run one timer if its time has come (or at once when `now` is given) and no other process is running it."""
    name = function.__name__
    with alone(name) as held:
        if not held or (now is None and not _due(name, span_of(function))):
            return False
        begun, good = timezone.now(), True
        try:
            function(now or clock.now())
        except OperationalError:  # it has not run: the worker looks again when the database is there
            raise
        except Exception:
            logger.exception("the timer %s failed; it is run again in its turn", name)
            good = False
        Timer.objects.update_or_create(name=name, defaults={"ran": begun})
    return good


def _due(name: str, span: timedelta) -> bool:
    """By the real clock: a run that was killed does not count, the next worker takes it up at once."""
    moment = timezone.now()
    return not Timer.objects.filter(name=name, ran__gt=moment - span, ran__lte=moment).exists()


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold the mark of that name; gives False when another process holds it. A death of the process frees it."""
    if connection.vendor == "postgresql":
        key = zlib.crc32(name.encode()) & 0x7FFFFFFF
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_SPACE, key])
            held = bool(cursor.fetchone()[0])
            try:
                yield held
            finally:
                if held and connection.is_usable():
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SPACE, key])
        return
    folder = settings.VAR / "marks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
