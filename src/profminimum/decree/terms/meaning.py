"""What can a wording mean before the days are worked out: stretches of the calendar, rates, anchors, references."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal


class Scale(IntEnum):
    """How long a stretch is."""

    DAY = 0
    PART = 1
    MONTH = 2
    QUARTER = 3
    HALF = 4
    SEASON = 5
    YEAR = 6


@dataclass(frozen=True, slots=True)
class Year:
    """`calendar` and `school` (its first year) have a value; `plan` is the plan's school year.

    `shift` counts from the year of the decree: 0 «текущего года», 1 «следующего года».
    """

    kind: Literal["calendar", "school", "plan", "shift"]
    value: int = 0


Own = Literal["", "all", "first-days", "last-days", "first-day", "last-day", "first-half", "second-half"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of the calendar: from `first` to `last`, each (month, day); day 0 is the last of its month.

    `own` is the plan's own period or a part of it; `current` the month, quarter or week of the decree's signing;
    `nth` (ordinal, weekday) a weekday of the month; `whole` is said with «в течение».
    """

    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    scale: Scale = Scale.YEAR
    year: Year | None = None
    approximate: bool = False
    own: Own = ""
    current: str = ""
    nth: tuple[int, int] | None = None
    whole: bool = False


Mode = Literal["", "until", "by", "from", "after"]


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch, or from one to another. `mode` is the preposition, `end_mode` that of the second stretch."""

    first: Stretch
    last: Stretch | None = None
    mode: Mode = ""
    end_mode: Mode = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often: FREQ, INTERVAL and the rest of an RRULE. `freq` is empty when only the day is named."""

    freq: str = ""
    interval: int = 1
    by: str = ""
    minimum: bool = False
    maximum: bool = False
    approximate: bool = False
    bare: bool = False  # a weekday alone: beside a day it is only the name of that day

    def rrule(self, by: str = "") -> str:
        """The rule in the notation of RFC 5545."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        rest = self.by or by
        return ";".join([*parts, rest] if rest else parts)


@dataclass(frozen=True, slots=True)
class Lapse:
    """So many units of time, counted from the `anchor`: the decree, an unnamed day or something else."""

    count: int
    unit: str
    working: bool = False
    anchor: Literal["decree", "unnamed", "other"] = "unnamed"


@dataclass(frozen=True, slots=True)
class Reference:
    """Something without a day: an event, a schedule, «постоянно»; or the decree's own signing."""

    kind: Literal["event", "schedule", "continuous", "decree", "decree-day"]


@dataclass(frozen=True, slots=True)
class Link:
    """«далее»: what follows goes on from what was said; or «ориентировочно»: the days are not exact."""

    kind: Literal["then", "about"]


Phrase = tuple[Interval, ...] | Rate | Lapse | Reference | Link
