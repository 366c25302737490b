"""What time is it? One answer for the whole product, so that a demo or a test can live in December 2023."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment: the real one, or the one that PROFMINIMUM_NOW or `at` set."""
    return _set.get() or settings.NOW or timezone.now()


def today() -> date:
    """Today's date in the active time zone (the region's)."""
    return timezone.localdate(now())


def is_moved() -> bool:
    """True when the clock does not show the real time, which every page then says."""
    return (_set.get() or settings.NOW) is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at `moment` inside the block: for building the demo and for tests."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
