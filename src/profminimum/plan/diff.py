"""What has changed between two versions of a plan, row by row and word by word? Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

from profminimum.plan import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["same", "added", "removed"]
TEXTS: Final = ("section", "number", "title", "items", "term", "results")
LISTS: Final = ("dates", "executors")
_WORD: Final = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one version as far as it is compared; `key` is the caller's name for it."""

    key: int
    number: str
    title: str
    section: str = ""
    items: str = ""
    term: str = ""
    results: str = ""
    dates: tuple[str, ...] = ()
    executors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, or one thing of a list, that stands in both versions, only in the new, or only in the old."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a row, old and new in one line."""

    field: str
    pieces: tuple[Piece, ...]

    @property
    def listed(self) -> bool:
        return self.field in LISTS


@dataclass(frozen=True, slots=True)
class RowDiff:
    """`added` has no `before`, `removed` no `after`; `changed` names the fields that differ."""

    kind: Literal["same", "added", "removed", "changed"]
    before: Row | None
    after: Row | None
    changes: tuple[Change, ...] = ()


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one line of pieces: dropping the added gives the old text, dropping the removed the new one.

    Words are compared without the blanks around them; runs of blanks may be changed to those of the other text.
    """
    old, new = _WORD.findall(before.lstrip()), _WORD.findall(after.lstrip())
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new], autojunk=False)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(new[j1:j2])))
    return tuple(pieces)


def things(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """The removed and the kept in the old order, then the added in the new order."""
    kept = [Piece("same" if thing in after else "removed", thing) for thing in before]
    return (*kept, *(Piece("added", thing) for thing in after if thing not in before))


def _changes(old: Row, new: Row) -> tuple[Change, ...]:
    found = []
    for name in TEXTS:
        before, after = getattr(old, name), getattr(new, name)
        if before.split() != after.split():
            found.append(Change(name, words(before, after)))
    for name in LISTS:
        before, after = getattr(old, name), getattr(new, name)
        if set(before) != set(after):
            found.append(Change(name, things(before, after)))
    return tuple(found)


def compare(old: Sequence[Row], new: Sequence[Row]) -> list[RowDiff]:
    """Rows in the order of the new version; a removed row stands after the one that preceded it in the old."""
    pairs = matching.match([(row.number, row.title) for row in old], [(row.number, row.title) for row in new])
    place = {i: j for j, i in pairs.items()}
    result: list[tuple[float, int, RowDiff]] = []
    for j, row in enumerate(new):
        if j not in pairs:
            result.append((j, 0, RowDiff("added", None, row)))
            continue
        before = old[pairs[j]]
        changes = _changes(before, row)
        result.append((j, 0, RowDiff("changed" if changes else "same", before, row, changes)))
    last = -1
    for i, row in enumerate(old):
        if i in place:
            last = place[i]
        else:
            result.append((last + 0.5, i, RowDiff("removed", row, None)))
    return [row for _at, _i, row in sorted(result, key=lambda entry: entry[:2])]
