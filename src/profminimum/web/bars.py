"""How long is each part of a stacked bar? Percent texts for SVG attributes, which need no inline style."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from profminimum.web import states, wording

ORDER = ("accepted", "reported", "working", "returned", "late")
LEAST = 1.5  # percent: a part that is there is seen


@dataclass(frozen=True, slots=True)
class Segment:
    """`x` and `width` are texts such as «12.5%», the same in every language."""

    kind: str
    word: str
    count: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`said` is «170 из 183», `words` the whole bar for those who do not see it."""

    parts: tuple[Segment, ...]
    total: int
    done: int
    said: str
    words: str


def segments(
    *,
    accepted: int | str = 0,
    reported: int | str = 0,
    working: int | str = 0,
    returned: int | str = 0,
    late: int | str = 0,
    total: int | str | None = None,
) -> Bar:
    """The parts that are not empty, in the order of the legend; what is missing to `total` stays blank.

    `said` counts the accepted: what is only reported is not done yet.
    """
    given = (accepted, reported, working, returned, late)
    counts = {kind: int(value or 0) for kind, value in zip(ORDER, given, strict=True)}
    whole = max(int(total or 0), sum(counts.values()))
    done = counts["accepted"]
    widths = _widths(counts, whole)
    parts, x = [], 0.0
    for kind, count in counts.items():
        if count:
            parts.append(Segment(kind, str(states.look(kind).word), count, f"{x:.2f}%", f"{widths[kind]:.2f}%"))
            x += widths[kind]
    said = gettext("%(part)s of %(whole)s") % {"part": wording.thin(done), "whole": wording.thin(whole)}
    words = ", ".join(f"{part.word}: {wording.thin(part.count)}" for part in parts)
    return Bar(tuple(parts), whole, done, said, words)


def _widths(counts: dict[str, int], whole: int) -> dict[str, float]:
    """Percent of each part; small parts are widened to LEAST at the cost of the largest."""
    if not whole:
        return dict.fromkeys(counts, 0.0)
    widths = {kind: 100 * count / whole for kind, count in counts.items()}
    lacking = {kind: LEAST - width for kind, width in widths.items() if 0 < width < LEAST}
    largest = max(widths, key=lambda kind: widths[kind])
    for kind, lack in lacking.items():
        widths[kind] += lack
        widths[largest] -= lack
    return widths


@dataclass(frozen=True, slots=True)
class Heat:
    """A cell of a matrix: `step` 0…10 for the class h0…h10, or «none» where nothing is asked."""

    step: str
    value: str
    words: str
    late: bool


def heat(part: int | str | None, whole: int | str | None, late: int | str | None = 0) -> Heat:
    """The share done as a step of colour, a number and words; 10 only when all is done."""
    base, done, overdue = int(whole or 0), int(part or 0), int(late or 0)
    if not base:
        return Heat("none", "·", gettext("nothing is due"), late=False)
    words = wording.share(done, base)
    if overdue:
        words += ", " + gettext("overdue: %(n)s") % {"n": wording.thin(overdue)}
    value = wording.percent(done, base).rstrip("%").strip()
    return Heat(str(10 * done // base), value, words, late=overdue > 0)
