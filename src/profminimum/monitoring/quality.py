"""Which numbers of an answer are doubtful? Outliers among comparable schools, jumps, disagreements with a source.

Pure statistics: numbers in, doubts with their facts out. A doubt is a question to a person, never a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCORE: Final = 3.5  # robust z from which a value is an outlier (Iglewicz, Hoaglin 1993)
ENOUGH: Final = 8  # comparable values without which nothing is said
NORMAL: Final = 0.6745  # MAD of the normal distribution, in standard deviations
MEAN_NORMAL: Final = 0.7979  # its mean absolute deviation
WORTH: Final = 0.2  # a difference below this share of the median is not worth a question
FEW: Final = 3.0  # nor is one of fewer than so many pupils, events, people
JUMP_TIMES: Final = 2.0  # as much as in the last wave, or as little
JUMP_LEAST: Final = 10.0  # units, below which a change is no jump
APART: Final = 0.05  # share of the source's value up to which an answer agrees with it
SIZES: Final = ((100, "100"), (300, "300"), (600, "600"))  # pupils: up to, name of the class
LARGE: Final = "more"
GROUPS: Final[Mapping[str, str]] = {
    "primary": "basic",
    "basic": "basic",
    "secondary": "secondary",
    "gymnasium": "advanced",
    "lyceum": "advanced",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """`weight` orders the list: how many times the threshold the value is off."""

    code: str  # outlier | jump | register
    weight: float
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """What is usual in a group: the median, the deviation by which the score is counted, how many values."""

    median: float
    mad: float
    size: int
    scale: float  # the deviation in the units of a standard deviation; 0 when all values are the same


def group(school_type: str, pupils: float | None, kind: str = "school") -> str:
    """The group of comparable organisations: kind of school and size by pupils; others by their kind alone."""
    if kind not in {"school", "branch"}:
        return kind
    size = "" if pupils is None else next((name for most, name in SIZES if pupils <= most), LARGE)
    return f"{GROUPS.get(school_type, school_type)}:{size}"


def spread(values: Iterable[float]) -> Spread | None:
    """Median and median absolute deviation; None for fewer than ENOUGH values.

    Where more than half of the values are the same the MAD is 0: then the mean absolute deviation stands for it.
    """
    known = sorted(values)
    if len(known) < ENOUGH:
        return None
    middle = median(known)
    apart = [abs(value - middle) for value in known]
    mad = median(apart)
    scale = mad / NORMAL if mad else fmean(apart) / MEAN_NORMAL
    return Spread(middle, mad, len(known), scale)


def outlier(value: float, usual: Spread | None) -> Doubt | None:
    """Is the value unlike its group? Scored by MAD, and far enough from the median to be worth a question."""
    if usual is None or not usual.scale:
        return None
    apart = abs(value - usual.median)
    score = apart / usual.scale
    few = FEW if usual.mad else JUMP_LEAST  # where most have the same, a few more are no rarity
    if score < SCORE or apart < max(few, WORTH * abs(usual.median)):
        return None
    facts = {
        "value": value,
        "median": round(usual.median, 6),
        "mad": round(usual.mad, 6),
        "size": usual.size,
        "score": round(score, 1),
    }
    return Doubt("outlier", round(score / SCORE, 3), facts)


def growth(ratios: Iterable[float]) -> float:
    """How all have changed since the last wave: the median of value ÷ last value; 1 for fewer than ENOUGH."""
    known = sorted(ratios)
    return median(known) if len(known) >= ENOUGH else 1.0


def _times(one: float, other: float) -> float:
    """How many times the larger is the smaller; beyond all bounds from nothing, to nothing and over zero."""
    small, large = sorted((one, other), key=abs)
    return abs(large / small) if small and (small > 0) == (large > 0) else float("inf")


def jump(value: float, last: float | None, grown: float = 1.0) -> Doubt | None:
    """Is it twice as much or half as much as in the last wave, and ten off at least?

    Where all have grown, the same is asked against the last value grown as all have: what moves with the others is
    no jump.
    """
    if last is None:
        return None
    apart = min(abs(value - last), abs(value - last * grown))
    if apart < JUMP_LEAST:
        return None
    times = min(_times(value, last), _times(value, last * grown))
    if times < JUMP_TIMES:
        return None
    facts = {"value": value, "last": last, "share": round((value - last) / abs(last), 3) if last else None}
    far = times if times < float("inf") else max(JUMP_TIMES, apart / JUMP_LEAST)
    return Doubt("jump", round(min(far, 100.0) / JUMP_TIMES, 3), facts)


def disagreement(value: float, source: float | None) -> Doubt | None:
    """Does the answer differ from what the region has in a register or in the registry by more than a twentieth?"""
    if source is None or value == source:
        return None
    apart = abs(value - source)
    if apart <= APART * abs(source):
        return None
    share = apart / abs(source) if source else apart
    return Doubt("register", round(min(share / APART, 100.0) / 10, 3), {"value": value, "source": source})


def judge(
    value: float,
    usual: Spread | None,
    *,
    last: float | None = None,
    source: float | None = None,
    grown: float = 1.0,
) -> list[Doubt]:
    """All doubts about a value: against its group, the last wave, its source."""
    found = (outlier(value, usual), jump(value, last, grown), disagreement(value, source))
    return [doubt for doubt in found if doubt is not None]
