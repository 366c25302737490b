"""Which abbreviations does the text define by «(далее – …)», and what do they stand for?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Definition
from profminimum.decree.structure.wording import one_line, split_outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFINITION: Final = re.compile(
    r"\(\s*далее\s*(?:по тексту\s*)?(?:также\s*)?(?:соответственно\s*)?(?:именуем\w+\s*)?[-–—:]*\s*"
    r"(?:по тексту\s*[-–—]\s*)?(?P<abbr>[^()]{1,60}?)\s*\)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*")
_REACH: Final = 2000  # characters before the bracket among which the full name is sought
_SMALL: Final = frozenset(
    ["в", "и", "на", "по", "с", "со", "для", "о", "об", "при", "под", "к", "за", "из", "от", "до", "а", "или"]
)


def definitions(texts: Iterable[str]) -> tuple[Definition, ...]:
    """Collect definitions in the order of the text, each abbreviation once (the first time counts)."""
    found: dict[str, Definition] = {}
    for text in texts:
        line = one_line(text)
        start = 0
        for match in DEFINITION.finditer(line):
            before = line[start : match.start()].strip(" ,;")
            start = match.end()
            parts = match["abbr"].split(",") if "соответственно" in match[0].lower() else [match["abbr"]]
            abbrs = [abbr for part in parts if (abbr := part.strip(" «»\"'.,;"))]
            fulls = _each(before, abbrs)
            for abbr, full in zip(abbrs, fulls, strict=True):
                if full and abbr not in found and not abbr.lower().startswith(("дата", "по списку")):
                    found[abbr] = Definition(abbr, full)
    return tuple(found.values())


def _each(before: str, abbrs: Sequence[str]) -> list[str]:
    """Find what each of several abbreviations stands for: parts of the text in their order, or all the same words."""
    if len(abbrs) == 1:
        return [full_form(before, abbrs[0]) if before else ""]
    parts = split_outside(before, ",")
    if len(parts) >= len(abbrs):
        return [full_form(part, abbr) for part, abbr in zip(parts[-len(abbrs) :], abbrs, strict=True)]
    full = full_form(before, abbrs[0]) if before else ""
    return [full] * len(abbrs)


def full_form(before: str, abbr: str) -> str:
    """Cut from the words before the bracket those that the abbreviation stands for, as written.

    Capitals are sought among the first letters of the words («образовательных организациях» for ОО); a word by its
    beginning («профориентационного минимума» for «профминимум»); else the part since the last separator is taken.
    """
    before = before[-_REACH:]
    words = list(_WORD.finditer(before))
    capitals = [char.lower() for char in abbr if char.isupper()]
    if len(capitals) > 1 and sum(char.islower() for char in abbr) <= 2:
        start = _by_initials(words, "".join(capitals))
        return before[start:].strip() if start is not None else _last_part(before)
    return _by_beginning(before, words, abbr) or _last_part(before)


def _by_initials(words: list[re.Match[str]], letters: str) -> int | None:
    big = [word for word in words if word[0].lower() not in _SMALL]
    for index in range(len(big) - 1, -1, -1):
        initials = "".join(part[0].lower() for word in big[index:] for part in word[0].split("-")[:1])
        if initials.startswith(letters):
            return big[index].start()
    return None


def _by_beginning(before: str, words: list[re.Match[str]], abbr: str) -> str:
    head = abbr.split(maxsplit=1)[0].lower()
    length = min(4, len(head))
    for word in reversed(words):
        if word[0].lower()[:length] != head[:length]:
            continue
        text = before[word.start() :]
        rest = head[length:]
        for later in words:
            if later.start() > word.start() and len(rest) > 2 and rest[:4] == later[0].lower()[:4]:
                return before[word.start() : later.end()]
        return text.strip()
    return ""


def _last_part(before: str) -> str:
    parts = split_outside(before, ";")
    text = parts[-1] if parts else before
    comma = split_outside(text, ",")
    for index in range(len(comma) - 1, -1, -1):
        if not re.match(r"[а-яё]", comma[index]):
            return ", ".join(comma[index:])
    return text
