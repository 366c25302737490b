"""Which row of a new version is which row of the old one? Pure: by likeness of titles, then by number."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKE: Final = 0.6  # from here on two titles are the same row reworded; below, they are different rows


def likeness(old: tuple[str, str], new: tuple[str, str]) -> float:
    """0…1 for (number, title) pairs; the same number counts a little, so that it breaks ties."""
    titles = SequenceMatcher(None, old[1].casefold(), new[1].casefold(), autojunk=False).ratio()
    return titles * 0.95 + (0.05 if old[0] == new[0] else 0.0)


def match(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> dict[int, int]:
    """Index in `new` → index in `old`, best pairs first, each row used once; rows without a pair are left out."""
    pairs = sorted(
        ((likeness(before, after), i, j) for i, before in enumerate(old) for j, after in enumerate(new)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for degree, i, j in pairs:
        if degree < LIKE:
            break
        if i not in taken and j not in found:
            found[j] = i
            taken.add(i)
    return found
