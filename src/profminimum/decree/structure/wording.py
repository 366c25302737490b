"""How are pieces of a text joined, compared and looked through without changing its words?"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pymorphy3 import MorphAnalyzer

_LOOKALIKE: Final = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_MARKER: Final = re.compile(r"(?:[-–—•*·▪●]\s+\S|\d{1,2}\)\s*\S|[а-я]\)\s*\S|\d{1,2}\.\s+\S)")
_LAST_WORD: Final = re.compile(r"([А-Яа-яЁё]+)(-?)$")
_FIRST_WORD: Final = re.compile(r"[а-яё]+")
_WHOLE: Final = frozenset(
    [
        "а",
        "без",
        "в",
        "во",
        "для",
        "до",
        "за",
        "и",
        "из",
        "или",
        "к",
        "ко",
        "на",
        "над",
        "не",
        "ни",
        "о",
        "об",
        "от",
        "по",
        "под",
        "при",
        "про",
        "с",
        "со",
        "у",
        "что",
        "как",
        "его",
        "их",
        "её",
        "до",
    ]
)
_OPENING: Final = {"(": ")", "«": "»", "“": "”", "„": "“"}
_CLOSING: Final = frozenset({*_OPENING.values(), '"'})
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(«])(?:[А-ЯЁ]|г|гг|т|д|п|пп|ч|ст|см|им|ул|руб|тыс|млн|др|пр|кв|уч|экз|чел|ред|рис|табл|обл|р)$"
)


@cache
def morphology() -> MorphAnalyzer:
    """Load the dictionary of Russian, about 0.1 s, only when a text needs it."""
    import pymorphy3  # noqa: PLC0415 - most texts never need it

    return pymorphy3.MorphAnalyzer()


def is_word(word: str) -> bool:
    return bool(morphology().word_is_known(word.lower()))


def cyrillic(text: str) -> str:
    """Replace Latin letters that look like Cyrillic ones («MOCO»)."""
    return text.translate(_LOOKALIKE)


def letters(text: str) -> str:
    """Reduce a text to what two writings of one thing share: letters and figures, small, «ё» as «е»."""
    return _NO_LETTERS.sub(" ", cyrillic(text).lower().replace("ё", "е")).strip()


def same_words(one: str, other: str) -> bool:
    """Tell two texts that differ only in the endings of their words («министерством образования»)."""
    left, right = letters(one).split(), letters(other).split()
    return len(left) == len(right) and all(_same_stem(a, b) for a, b in zip(left, right, strict=True))


def _same_stem(one: str, other: str) -> bool:
    stem = max(3, min(len(one), len(other)) - 3)
    return abs(len(one) - len(other)) <= 3 and one[:stem] == other[:stem]


def one_line(text: str) -> str:
    """Join the lines of a text into one, mending words divided by a hyphen."""
    joined = ""
    for line in text.split("\n"):
        joined = join(joined, line.strip())
    return joined


def join(left: str, right: str, *, broken: bool = False) -> str:
    """Join two pieces of one sentence; `broken` where a word may be cut without a hyphen (rows split over pages)."""
    if not left or not right:
        return left or right
    tail, head = _LAST_WORD.search(left[-60:]), _FIRST_WORD.match(right)
    if tail and head:
        together = tail[1] + head[0]
        if tail[2]:
            return left[:-1] + right if len(tail[1]) > 1 and is_word(together) else left + right
        if broken and _cut(tail[1], head[0]):
            return left + right
    if re.search(r"\w[-/]$", left[-2:]):
        return left + right
    return f"{left} {right}"


def _cut(left: str, right: str) -> bool:
    """Tell whether two neighbours are halves of one word: together a word, apart not both words."""
    if left.lower() in _WHOLE or right in _WHOLE:
        return False
    return is_word(left + right) and not (is_word(left) and is_word(right))


def starts_item(line: str) -> bool:
    """Tell a line that begins with the mark of a list: «- », «1)», «а)», «•»."""
    return _MARKER.match(line) is not None


def goes_on(line: str) -> bool:
    """Tell a line that cannot begin a sentence: a small letter, a closing bracket or a comma first."""
    return re.match(r"[а-яёa-z,;:.)»–—(]", line) is not None and not starts_item(line)


def unfinished(text: str) -> bool:
    """Tell a text that must go on: an open bracket or quote, a comma, a hyphen or a preposition at its end."""
    stripped = text.rstrip()
    if stripped[-1:] in {*",(«-–—/"}:
        return True
    if text.count("«") > text.count("»") or text.count("(") > text.count(")"):
        return True
    last = re.search(r"([А-Яа-яЁё]+)$", stripped[-60:])
    return last is not None and last[1].lower() in _WHOLE


def depths(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield (position, character, depth) where depth counts the brackets and quotes open at that place.

    A bracket or quote that is never closed opens nothing.
    """
    left = Counter(char for char in text if char in _CLOSING)
    stack: list[str] = []
    opened: Counter[str] = Counter()
    straight = False
    for position, char in enumerate(text):
        closing = _OPENING.get(char)
        if char in _CLOSING:
            left[char] -= 1
        if closing is not None and left[closing] > opened[closing]:
            stack.append(closing)
            opened[closing] += 1
        elif stack and char == stack[-1]:
            opened[stack.pop()] -= 1
        elif char == '"':
            straight = not straight and left['"'] > 0
        yield position, char, len(stack) + straight


def split_outside(text: str, separators: str) -> list[str]:
    """Cut at separators that stand outside brackets and quotes; pieces keep their words, not the separators."""
    pieces, start = [], 0
    for position, char, depth in depths(text):
        if char in separators and not depth:
            pieces.append(text[start:position])
            start = position + 1
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def sentences(text: str) -> list[str]:
    """Cut a line into sentences, outside brackets and quotes, not after «г.» or initials."""
    pieces, start = [], 0
    for position, char, depth in depths(text):
        after = text[position + 1 : position + 3]
        if char in ".!?" and not depth and re.match(r"\s[А-ЯЁA-Z«]", after):
            if _ABBREVIATED.search(text[start:position]):
                continue
            pieces.append(text[start : position + 1].strip())
            start = position + 1
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


def unwrap(text: str, width: float | None) -> str:
    """Keep only the line breaks that were meant: all that begin an item, and those that begin something new.

    `width` is how many characters surely fit into a line of the column, in a format that wraps lines (PDF, drawn
    tables); there a break is meant when the next word would still have fitted. None: the format keeps paragraphs.
    """
    lines: list[str] = []
    last = ""
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        if lines and not _meant(lines[-1], last, line, width):
            lines[-1] = join(lines[-1], line)
        else:
            lines.append(line)
        last = line
    return "\n".join(lines)


def _meant(paragraph: str, last: str, line: str, width: float | None) -> bool:
    if starts_item(line) and not re.search(r"\w-$", last):
        dash = width is not None and re.match(r"[–—-] [а-яё]", line) is not None
        return not dash or starts_item(paragraph) or re.search(r"[:;.,]$", last) is not None
    fits = width is None or len(last) + 1 + len(line.split(" ", 1)[0]) <= width
    if last[-1] in ":;" and fits:
        return True
    if goes_on(line) or unfinished(paragraph):
        return False
    if re.match(r"[А-ЯЁ][а-яё]+(?:ой|ого|ому|их|ых)\s", line) and not re.search(r"[.;,]$", last):
        return False
    return fits


def widest(texts: Sequence[str]) -> int:
    return max((len(line) for text in texts for line in text.split("\n")), default=0)
