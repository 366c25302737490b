"""Which body does a wording name: an abbreviation of the glossary, a misspelt one, or one every region knows?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.glossary import DEFINITION
from profminimum.decree.structure.people import trimmed
from profminimum.decree.structure.wording import cyrillic, letters, same_words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from profminimum.decree.model import Definition

# Classes of bodies that every region writes without explaining them.
BUILT_IN: Final = frozenset(
    [
        "ОО",
        "ОУ",
        "ООУ",
        "ОБОО",
        "МОУО",
        "МОУ",
        "МСУ",
        "ОМСУ",
        "РОИВ",
        "ОИВ",
        "ПОО",
        "СПО",
        "ВУЗ",
        "ОВО",
        "МБОУ",
        "МКОУ",
        "МАОУ",
        "ГБОУ",
        "ДОУ",
        "ДОО",
        "СОШ",
    ]
)
_FORMS: Final = frozenset(
    [
        "ГАУ",
        "ГБУ",
        "ГКУ",
        "ГАОУ",
        "ГБОУ",
        "ГКОУ",
        "ГБПОУ",
        "ГАПОУ",
        "ОГБУ",
        "ОГАУ",
        "ОГБПОУ",
        "КГБУ",
        "КГАУ",
        "КОГОАУ",
        "ГУ",
        "МБУ",
        "МАУ",
        "МКУ",
        "МБОУ",
        "МАОУ",
        "МКОУ",
        "ФГБОУ",
        "ФГБУ",
        "ФГАОУ",
        "АНО",
        "НКО",
        "ООО",
        "ДПО",
        "СПО",
        "ВО",
        "СО",
        "ДО",
        "ДОД",
        "РО",
        "КК",
        "ЛО",
        "МО",
        "РТ",
        "РБ",
        "РС",
        "РХ",
        "ХМАО",
        "ЯНАО",
    ]
)
_ROLE: Final = re.compile(r"(?:[А-ЯЁ]?[а-яё]+(?:\s+по\s+[А-ЯЁ]{2,4})?\s+){1,4}")
_BODY: Final = re.compile(
    r"(?:министерств|департамент|управлени|комитет|администраци|центр|институт|агентств|учреждени|фонд|орган|академи)",
    re.IGNORECASE,
)
_PAPER: Final = re.compile(
    r"(?:план|порядок|положен|програм|проект|карт|комплекс|перечень|приказ|мониторинг)", re.IGNORECASE
)
_HEAD: Final = 60  # the characters of a full name in which the kind of the body stands
_QUOTED: Final = re.compile(r"«([^«»]+)»|\"([^\"]+)\"")
BRACKET: Final = re.compile(r"\([^()]*\)")
CAPS: Final = re.compile(r"[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?")


@dataclass(frozen=True, slots=True)
class Alias:
    """An abbreviation written otherwise than it is defined."""

    written: str
    meant: str


Mention = tuple[int, int, str, Alias | None]


class Names:
    """The abbreviations of one plan: its own glossary and the classes every region knows."""

    def __init__(self, glossary: Iterable[Definition]) -> None:
        self._full: dict[str, str] = {}
        self.own: list[str] = []
        self._words: list[str] = []
        for one in glossary:
            if sum(char.isupper() for char in one.abbr) > 1:
                self._full[one.abbr] = one.full
                self.own.append(one.abbr)
            elif (
                _BODY.search(one.full[:_HEAD])
                and re.fullmatch(r"[А-ЯЁ][а-яё]+", one.abbr)
                and not _PAPER.match(one.abbr)
            ):
                self._full[one.abbr] = one.full
                self._words.append(one.abbr)
        self._by_key = {_key(abbr): abbr for abbr in (*BUILT_IN, *self._full)}
        self._longest = max(len(abbr.split()) for abbr in self._by_key.values())

    def known(self, text: str) -> str:
        """Give the abbreviation that a text is, letter for letter (Latin look-alikes allowed), else «»."""
        return self._by_key.get(_key(text), "")

    def alias(self, text: str) -> str:
        """Give the one defined abbreviation that a text misspells («ГАУ ДПО ИРОСО» for «ГАОУ ДПО ИРОСО»), else «»."""
        if self.known(text) or not all(CAPS.fullmatch(cyrillic(token)) for token in text.split()):
            return ""
        written = _key(text)
        near = {abbr for abbr in self.own if _near(written, _key(abbr)) or _short_for(text, abbr)}
        return near.pop() if len(near) == 1 else ""

    def resolve(self, text: str) -> tuple[str, Alias | None]:
        """Name an executor: the abbreviation where the glossary has one, else the text as written."""
        defined = DEFINITION.search(text)
        if defined:
            abbr = defined["abbr"].strip(" «»\"'.,;")
            return self.known(abbr) or abbr, None
        plain = trimmed(" ".join(BRACKET.sub(" ", text).split()))
        direct = self.known(plain)
        if direct:
            return direct, None
        for abbr, full in self._full.items():
            quoted = _QUOTED.search(full)
            own_name = (quoted[1] or quoted[2]) if quoted else ""
            if same_words(BRACKET.sub(" ", full), plain) or (" " in own_name and same_words(own_name, plain)):
                return abbr, None
        for word in self._words:
            if same_words(word, plain):
                return word, None
        role = _ROLE.match(plain)
        tail = plain[role.end() :] if role else plain
        if tail and self.known(tail):
            return self.known(tail), None
        alias = self.alias(tail) if tail else ""
        return (alias, Alias(tail, alias)) if alias else (plain or text, None)

    def runs(self, text: str) -> list[str]:
        """Cut a text that is nothing but abbreviations, spaces between them only; [] when it is something else."""
        tokens = text.split()
        if not tokens or not all(CAPS.fullmatch(token.strip(".,;")) for token in tokens):
            return []
        found: list[str] = []
        index = 0
        while index < len(tokens):
            size = self._size(tokens, index)
            found.append(" ".join(tokens[index : index + size]))
            index += size
        return found

    def _size(self, tokens: Sequence[str], index: int) -> int:
        for size in range(min(self._longest, len(tokens) - index), 0, -1):
            if self.known(" ".join(tokens[index : index + size])) and not (
                size == 1 and (self._misspelt(tokens, index) or self._begins_name(tokens, index))
            ):
                return size
        for size in range(min(self._longest, len(tokens) - index), 1, -1):
            if self.alias(" ".join(tokens[index : index + size])):
                return size
        size = 1
        while tokens[index + size - 1] in _FORMS and index + size < len(tokens):
            size += 1
        return size

    def _begins_name(self, tokens: Sequence[str], index: int) -> bool:
        """Tell the legal form before a name of its own («МБОУ ДО ЦДТ») from a class of bodies («МБОУ МАОУ»)."""
        following = tokens[index + 1 : index + 2]
        return (
            tokens[index] in _FORMS
            and tokens[index].endswith("У")
            and bool(following)
            and not self.known(following[0])
        )

    def _misspelt(self, tokens: Sequence[str], index: int) -> bool:
        return tokens[index] in _FORMS and any(
            self.alias(" ".join(tokens[index : index + size])) for size in range(2, self._longest + 1)
        )

    def mentions(self, text: str, others: Container[str] = ()) -> list[Mention]:
        """Find all abbreviations in a sentence: (start, end, abbreviation, alias), known, misspelt and `others`."""
        found: list[Mention] = []
        for run in re.finditer(
            r"[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?(?:\s+[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?)*", text
        ):
            position = run.start()
            for part in self.runs(run[0]):
                start = text.index(part.split()[0], position)
                end = start + len(" ".join(part.split()))
                position = end
                abbr = self.known(part) or (part if part in others else "")
                alias = "" if abbr else self.alias(part)
                if abbr or alias:
                    found.append((start, end, abbr or alias, Alias(part, alias) if alias else None))
        for abbr in self.own:
            if not all(CAPS.fullmatch(token) for token in abbr.split()):
                found.extend(
                    (m.start(), m.end(), abbr, None) for m in re.finditer(rf"(?<!\w){re.escape(abbr)}(?!\w)", text)
                )
        for word in self._words:
            stem = re.escape(word[: max(4, len(word) - 2)])
            found.extend(
                (m.start(), m.end(), word, None) for m in re.finditer(rf"(?<!\w){stem}\w{{0,3}}(?!\w)", text)
            )
        return sorted(found)


def _key(text: str) -> str:
    return re.sub(r"[\s\-–—.«»\"]+", "", cyrillic(text)).upper() if any(c.isupper() for c in text) else letters(text)


def _near(one: str, other: str) -> bool:
    """Tell two abbreviations of at least six letters that differ by one letter left out, added or changed."""
    if min(len(one), len(other)) < 5 or max(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        differing = [index for index in range(len(one)) if one[index] != other[index]]
        swapped = (
            len(differing) == 2
            and one[differing[0]] == other[differing[1]]
            and one[differing[1]] == other[differing[0]]
        )
        return len(differing) == 1 or swapped
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


def _short_for(text: str, abbr: str) -> bool:
    """Tell «ИРОСО» or «ГАОУ ИРОСО» for «ГАОУ ДПО ИРОСО»: the last, telling word and no word of another body."""
    written, full = cyrillic(text).split(), abbr.split()
    return len(full) > 1 and len(full[-1]) >= 3 and written[-1] == full[-1] and set(written) < set(full)
