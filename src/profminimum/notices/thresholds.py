"""When is a reminder due, and whom does it reach? A table, the pack's or this one; pure.

A threshold holds for some days, so that a worker that stood still for a day does not leave anybody out, and one that
was installed in the middle of a year does not remind of what is long past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from profminimum.decree.workdays import RUSSIA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from profminimum.decree.workdays import WorkingCalendar
    from profminimum.plan.pack import Reminder

LONGEST_REST: Final = 14  # days; no rest of the production calendar is longer


@dataclass(frozen=True, slots=True)
class Threshold:
    """`first` to `last`: days after the date (negative: before it); `upward` is whom it tells besides."""

    name: str
    first: int
    last: int
    upward: str = ""  # "authority": that or the ministry which counts it; "region": who decides in the region

    @property
    def kind(self) -> str:
        """Of the notice."""
        return "before" if self.last < 0 else "late" if self.first > 0 else "on"

    def begins(self, due: date, calendar: WorkingCalendar) -> date:
        """Its first day; a reminder before the date comes on a working day, while something can still be done."""
        day = due + timedelta(days=self.first)
        return calendar.previous_working(day) if self.first < 0 else day


THRESHOLDS: Final = (
    Threshold("before7", -7, -4),
    Threshold("before1", -1, -1),
    Threshold("on", 0, 0),
    Threshold("late1", 1, 3),
    Threshold("late7", 7, 9, "authority"),
    Threshold("late14", 14, 16, "region"),
)


def of_pack(reminders: Sequence[Reminder] | None) -> tuple[Threshold, ...]:
    """The table of the pack; the one above when it has none."""
    if reminders is None:
        return THRESHOLDS
    return tuple(Threshold(one.name, one.first, one.last, one.upward) for one in reminders)


def threshold(
    due: date, today: date, table: Sequence[Threshold] = THRESHOLDS, calendar: WorkingCalendar = RUSSIA
) -> Threshold | None:
    """The threshold that holds today for something due on that day: at most one, the last that has begun."""
    found = [one for one in table if one.begins(due, calendar) <= today <= due + timedelta(days=one.last)]
    return found[-1] if found else None


def reminded(
    today: date, table: Sequence[Threshold] = THRESHOLDS, calendar: WorkingCalendar = RUSSIA
) -> dict[date, Threshold]:
    """The dates of which one is reminded today, each with its threshold."""
    if not table:
        return {}
    first = -max(one.last for one in table)
    last = LONGEST_REST - min(one.first for one in table)
    days = (today + timedelta(days=number) for number in range(min(first, 0), max(last, 0) + 1))
    return {due: found for due in days if (found := threshold(due, today, table, calendar)) is not None}
