"""When is a reminder due, and whom does it reach? One table; pure.

A threshold holds for some days, so that a worker that stood still for a day does not leave anybody out, and one that
was installed in the middle of a year does not remind of what is long past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Threshold:
    """`first` to `last`: days after the date (negative: before it); `kind` is the notice, `upward` whom besides."""

    name: str
    first: int
    last: int
    kind: str
    upward: str = ""  # "unit": the authority or the ministry that counts it; "region": who decides in the region


THRESHOLDS: Final = (
    Threshold("before7", -7, -4, "before"),
    Threshold("before1", -1, -1, "before"),
    Threshold("on", 0, 0, "on"),
    Threshold("late1", 1, 3, "late"),
    Threshold("late7", 7, 9, "late", "unit"),
    Threshold("late14", 14, 16, "late", "region"),
)
EARLIEST: Final = min(one.first for one in THRESHOLDS)
LATEST: Final = max(one.last for one in THRESHOLDS)


def threshold(due: date, today: date) -> Threshold | None:
    """The threshold that holds today for something due on that day: at most one."""
    days = (today - due).days
    return next((one for one in THRESHOLDS if one.first <= days <= one.last), None)
