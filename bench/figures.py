"""What is a measured figure, and did it keep its limit? Also what a process needs to measure itself."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MARK = "FIGURES "  # begins the line in which a step hands its figures to run.py


@dataclass(frozen=True, slots=True)
class Figure:
    """`limit` None: reported, not judged. A value above the limit has missed it, or below it with `at_least`."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        kept = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "pass" if kept else "MISSED"

    def cells(self) -> tuple[str, str, str, str]:
        limit = "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {number(self.limit)} {self.unit}"
        return self.what, f"{number(self.value)} {self.unit}", limit, self.verdict


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def hand_over(found: Iterable[Figure]) -> None:
    """Print the figures for run.py; the last act of a step."""
    print(MARK + json.dumps([asdict(figure) for figure in found]), flush=True)


def taken(printed: str) -> list[Figure]:
    """The figures of a step from what it has printed."""
    return [
        Figure(**each)
        for line in printed.splitlines()
        if line.startswith(MARK)
        for each in json.loads(line.removeprefix(MARK))
    ]


def median(act: Callable[[], Any], *, times: int) -> float:
    """Seconds: the median of so many runs after one that is not counted."""
    act()
    return statistics.median(once(act) for _ in range(times))


def once(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def share(values: list[float], percent: int) -> float:
    """The value that `percent` of them do not exceed; nearest rank."""
    ranked = sorted(values)
    return ranked[max(-(-len(ranked) * percent // 100) - 1, 0)] if ranked else 0.0


def peak_memory() -> float:
    """MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_of(process: int) -> tuple[float, float]:
    """MiB held by a process: resident, and proportional (what is shared is counted once)."""
    sizes = {"Rss": 0.0, "Pss": 0.0}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        name = line.split(":")[0]
        if name in sizes:
            sizes[name] = int(line.split()[1]) / 1024
    return sizes["Rss"], sizes["Pss"]


def processor(process: int) -> float:
    """Seconds of processor that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine() -> tuple[float, float]:
    """Seconds of all cores: in all, and busy."""
    line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    ticks = [int(each) / os.sysconf("SC_CLK_TCK") for each in line.split()[1:9]]
    return sum(ticks), sum(ticks) - ticks[3] - ticks[4]


def descendants(process: int) -> list[int]:
    """The process and all that it has started."""
    found = [process]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == process:
            found.extend(descendants(int(path.parent.name)))
    return found


def environment() -> str:
    """The machine and the load that others put on it now."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores of {model}, {pages:.0f} GiB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f}"
    )
