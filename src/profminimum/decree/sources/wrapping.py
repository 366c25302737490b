"""How do the lines of a cell or paragraph, wrapped to a width, become running text again?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

_DASH: Final = re.compile(r"[-–—]\s?\S")
_ITEM: Final = re.compile(r"(?:[•·▪●\uf0b7]\s?\S|\d{1,2}\)|[а-яa-z]\)\s)")
_SENTENCE: Final = re.compile(r"[.;!?]$")
_SHORT: Final = re.compile(r"(?:^|[\s(«.])(?:[А-ЯЁA-Z]|[а-яё]{1,4})\.$")
_BROKEN: Final = re.compile(r"[^\W_]+-$")
_SLASH: Final = re.compile(r"(?:(?:^|\s)[а-яё]{1,2}|://\S*)/$")
_FIRST: Final = re.compile(r"[^\W_]+")
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ADVERB: Final = re.compile(r"(?:ионно|ально|тивно|учно|ебно|венно|ично|ельно)$")
_PREFIX: Final = re.compile(r"[а-яё]{3,}[ое]$")
SOFT_HYPHEN: Final = "\u00ad"


class _Dictionary(Protocol):
    def word_is_known(self, word: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line: its text, where it ends, and how wide its first word is (0 where that is not known)."""

    text: str
    end: float = 0.0
    first: float = 0.0


def vocabulary(lines: Sequence[str]) -> frozenset[str]:
    """The words of the lines in small letters, without those that a line end may have cut."""
    words: set[str] = set()
    for line in lines:
        found = _WORD.findall(line.lower())
        words.update(found[1:-1] if len(found) > 2 else ())
        if found and not line.endswith(("-", SOFT_HYPHEN)):
            words.add(found[-1])
    return frozenset(words)


def join(lines: Sequence[Printed], words: frozenset[str], limit: float = 0.0) -> str:
    """Join lines: a break stays before a list item, after a sentence, and where the next word would have fitted.

    `limit` is the right edge of the column; 0 where it is not known. Words cut by a hyphen are made whole.
    """
    text = ""
    last = Printed("")
    for line in lines:
        if not line.text:
            continue
        if not text:
            text = line.text
        elif text.endswith(SOFT_HYPHEN):
            text = text[:-1] + line.text
        elif _SLASH.search(text):
            text += line.text
        elif _BROKEN.search(text) and _FIRST.match(line.text):
            text = (text if keeps_hyphen(text, line.text, words) else text[:-1]) + line.text
        elif _breaks(text, line.text) or _ended_early(last, line, limit):
            text += "\n" + line.text
        else:
            text += " " + line.text
        last = line
    return text


def _breaks(text: str, following: str) -> bool:
    """Tell a break that stays: before a list item, and after a sentence before a capital letter."""
    if _DASH.match(following):
        return text.endswith((".", ";", ":", ",", "!", "?")) or "\n" in text or _DASH.match(text) is not None
    if _ITEM.match(following):
        return True
    capital = following.lstrip('«"(')[:1].isupper()
    return capital and _SENTENCE.search(text) is not None and _SHORT.search(text) is None


def _ended_early(last: Printed, line: Printed, limit: float) -> bool:
    """Tell a line that its author ended: the first word of the next line would have fitted behind it."""
    if not (limit and line.first) or not line.text[0].isalnum():
        return False
    blank = line.first / max(len(line.text.split(" ", 1)[0]), 1)
    return last.end + blank + line.first < limit - 1 and line.text[0].isupper()


def keeps_hyphen(left: str, right: str, words: frozenset[str]) -> bool:
    """Tell a hyphen that belongs to the word («научно-практических») from one that cut it («профориен-тационного»).

    Asked in turn: the letters about it, the other words of the document, the dictionary.
    """
    token = left.rsplit(maxsplit=1)[-1]
    before = _FIRST.findall(left)[-1]
    match = _FIRST.match(right)
    after = match[0] if match else ""
    if not after[:1].islower() or not before[-1:].isalpha() or before.isupper() or "/" in token or "@" in token:
        return True
    whole = (before + after).lower()
    if whole in words:
        return False
    if f"{before}-{after}".lower() in words:
        return True
    known = _dictionary().word_is_known
    parts = known(after.lower()) and (known(before.lower()) or _PREFIX.search(before.lower()) is not None)
    return parts and (not known(whole) or _ADVERB.search(before.lower()) is not None)


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    """The Russian dictionary, loaded when a cut word is first met."""
    import pymorphy3  # noqa: PLC0415 - loading it takes longer than reading most files

    return cast("_Dictionary", pymorphy3.MorphAnalyzer())
