"""What has a benchmark measured? A name, how often it was done and how long each time took."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Result:
    """`seconds` has one number for each time; `note` says on how much data."""

    name: str
    seconds: tuple[float, ...]
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def worst(self) -> float:
        return max(self.seconds)


def timed(name: str, act: Callable[[], object], *, times: int = 5, note: str = "") -> Result:
    """Do it once to warm up, then `times` times."""
    act()
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    return Result(name, tuple(seconds), note)
