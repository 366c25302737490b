"""Who answers for a measure: a cell cut into executors, each named by its abbreviation where the text has one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from profminimum.decree.model import Definition, Executor
from profminimum.decree.structure.glossary import DEFINITION
from profminimum.decree.structure.people import trimmed
from profminimum.decree.structure.wording import cyrillic, depths, letters, split_outside, stems

# Classes of bodies that every region writes without explaining them.
BUILT_IN: Final = frozenset("ОО ОУ ООУ ОБОО МОУО МОУ МСУ ОМСУ РОИВ ОИВ ПОО СПО ВУЗ ОВО МБОУ МКОУ МАОУ ГБОУ ДОУ ДОО СОШ".split())
_FORMS: Final = frozenset(
    "ГАУ ГБУ ГКУ ГАОУ ГБОУ ГКОУ ГБПОУ ГАПОУ ОГБУ ОГАУ ОГБПОУ КГБУ КГАУ КОГОАУ ГУ МБУ МАУ МКУ МБОУ МАОУ МКОУ ФГБОУ ФГБУ "
    "ФГАОУ АНО НКО ООО ДПО СПО ВО СО ДО ДОД РО КК ЛО МО РТ РБ РС РХ ХМАО ЯНАО".split()
)
_PEOPLE: Final = re.compile(r"(?<=[А-ЯЁ]\.)\s*[,;]?\s+(?=[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ]\.)")
_AND: Final = re.compile(r"\s+и\s+")
_TOGETHER: Final = re.compile(r"\s+совместно\s+с(?:о)?\s+")
_AFTER_PERSON: Final = re.compile(r"(?<=[А-ЯЁ]\.)\s+(?=[А-ЯЁ][а-яё]{3,}\s+[а-яё])")
_INITIALS_FIRST: Final = re.compile(r"(?<=[а-яё])\s+(?=[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+)")
_ATTRIBUTE: Final = re.compile(
    r"(?:\w+(?:ющ|ащ|ящ|ущ|вш)(?:ий|ая|ее|ие|их|его|ему|ими|ую|ей)\b|\w+(?:енн|ованн|анн)(?:ый|ая|ое|ые|ых|ого)\b|"
    r"ответственн\w+\s+за|котор\w+|в том числе|подведомств|включая|реализующ|имени\b)"
)
_HEADS: Final = re.compile(
    r"(?<=[а-яё»)А-ЯЁ0-9])\s+(?=(?:Министерство|Департамент|Администраци[яи]|Комитет|Директор[а]?|Руководител[ьи]|"
    r"Заместител[ьи]|Школы|Органы|Общеобразовательные|Образовательные|Муниципальные|Педагог[и]?|Педагоги-|Классные|Учителя|"
    r"Методист[ы]?|Советник[и]?|Специалист[ы]?|Начальник[и]?|Агентство|Институт|Центр|Отдел)\b)"
)
_ROLE: Final = re.compile(r"(?:[А-ЯЁ]?[а-яё]+(?:\s+по\s+[А-ЯЁ]{2,4})?\s+){1,4}")
_BODY: Final = re.compile(
    r"(?:министерств|департамент|управлени|комитет|администраци|центр|институт|агентств|учреждени|фонд|орган|академи)", re.I
)
_BRACKET: Final = re.compile(r"\([^()]*\)")
_CAPS: Final = re.compile(r"[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?")


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
            elif _BODY.match(one.full) and re.fullmatch(r"[А-ЯЁ][а-яё]+", one.abbr):
                self._full[one.abbr] = one.full
                self._words.append(one.abbr)
        self._by_key = {_key(abbr): abbr for abbr in (*BUILT_IN, *self._full)}
        self._longest = max(len(abbr.split()) for abbr in self._by_key.values())

    def known(self, text: str) -> str:
        """Give the abbreviation that a text is, letter for letter (Latin look-alikes allowed), else «»."""
        return self._by_key.get(_key(text), "")

    def alias(self, text: str) -> str:
        """Give the one defined abbreviation that a text misspells («ГАУ ДПО ИРОСО» for «ГАОУ ДПО ИРОСО»), else «»."""
        if self.known(text) or not all(_CAPS.fullmatch(cyrillic(token)) for token in text.split()):
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
        plain = trimmed(" ".join(_BRACKET.sub(" ", text).split()))
        direct = self.known(plain)
        if direct:
            return direct, None
        words = stems(plain)
        for abbr, full in self._full.items():
            if words and stems(_BRACKET.sub(" ", full)) == words:
                return abbr, None
        role = _ROLE.match(plain)
        tail = plain[role.end() :] if role else plain
        if tail and self.known(tail):
            return self.known(tail), None
        alias = self.alias(tail) if tail else ""
        return (alias, Alias(tail, alias)) if alias else (plain or text, None)

    def runs(self, text: str) -> list[str]:
        """Cut a text that is nothing but abbreviations, spaces between them only; [] when it is something else."""
        tokens = text.split()
        if not tokens or not all(_CAPS.fullmatch(token.strip(".,;")) for token in tokens):
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
            if self.known(" ".join(tokens[index : index + size])) and not (size == 1 and self._misspelt(tokens, index)):
                return size
        for size in range(min(self._longest, len(tokens) - index), 1, -1):
            if self.alias(" ".join(tokens[index : index + size])):
                return size
        size = 1
        while tokens[index + size - 1] in _FORMS and index + size < len(tokens):
            size += 1
        return size

    def _misspelt(self, tokens: Sequence[str], index: int) -> bool:
        return tokens[index] in _FORMS and any(
            self.alias(" ".join(tokens[index : index + size])) for size in range(2, self._longest + 1)
        )

    def mentions(self, text: str) -> list[Mention]:
        """Find all abbreviations in a sentence: (start, end, abbreviation, alias), known ones and misspelt ones."""
        found: list[Mention] = []
        for run in re.finditer(r"[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?(?:\s+[А-ЯЁA-Z][А-ЯЁA-Z\d]+(?:-[А-ЯЁA-Z]+)?)*", text):
            position = run.start()
            for part in self.runs(run[0]):
                start = text.index(part.split()[0], position)
                end = start + len(" ".join(part.split()))
                position = end
                abbr = self.known(part)
                alias = "" if abbr else self.alias(part)
                if abbr or alias:
                    found.append((start, end, abbr or alias, Alias(part, alias) if alias else None))
        for abbr in self.own:
            if not all(_CAPS.fullmatch(token) for token in abbr.split()):
                found.extend((m.start(), m.end(), abbr, None) for m in re.finditer(rf"(?<!\w){re.escape(abbr)}(?!\w)", text))
        for word in self._words:
            stem = re.escape(word[: max(4, len(word) - 2)])
            found.extend((m.start(), m.end(), word, None) for m in re.finditer(rf"(?<!\w){stem}\w{{0,3}}(?!\w)", text))
        return sorted(found)


def split_executors(cell: str, names: Names) -> list[str]:
    """Cut a cell into executors as written: by commas, semicolons, lines, and by spaces between known abbreviations.

    Never inside brackets and quotes, nor before a participle that belongs to the words before it («органов …,
    осуществляющих управление»), nor between a person and a post.
    """
    pieces: list[str] = []
    for line in _lines(cell, names):
        for part in split_outside(line, ";"):
            for piece in _by_comma(part):
                pieces.extend(_finer(piece, names))
    return [piece for piece in _brackets_back(pieces) if letters(piece)]


def executors(cell: str, names: Names) -> tuple[list[Executor], list[Alias]]:
    """List the executors of a cell, the bracket of a definition taken off their text, and the aliases met."""
    found: list[Executor] = []
    aliases: list[Alias] = []
    for text in split_executors(cell, names):
        name, alias = names.resolve(text)
        if any(one.name == name and one.text == text for one in found):
            continue
        written = " ".join(DEFINITION.sub(" ", text).split()) or text
        found.append(Executor(written, name))
        if alias:
            aliases.append(alias)
    return found, aliases


def _lines(cell: str, names: Names) -> list[str]:
    """Take the lines of a cell, an abbreviation or brackets broken over two lines put together again."""
    lines: list[str] = []
    for raw in cell.split("\n"):
        line = re.sub(r"^(?:[-–—•*]\s+|\d{1,2}[.)]\s+)", "", raw.strip())
        if not line:
            continue
        if lines and (lines[-1].count("(") > lines[-1].count(")") or lines[-1].count("«") > lines[-1].count("»")):
            lines[-1] += " " + line
        elif lines and _broken_name(lines[-1], line, names):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return lines


def _broken_name(above: str, line: str, names: Names) -> bool:
    left, right = re.split(r"[,;]\s*", above)[-1].split(), re.split(r"[,;]\s*", line)[0].split()
    if not left or not right or names.known(" ".join(left)) and names.known(right[0]):
        return False
    return any(
        names.known(" ".join([*left[-a:], *right[:b]])) for a in range(1, min(3, len(left)) + 1) for b in range(1, min(3, len(right)) + 1)
    )


def _by_comma(text: str) -> list[str]:
    pieces: list[str] = []
    for part in split_outside(text, ","):
        stays = pieces and (
            _ATTRIBUTE.match(part)
            or (re.match(r"[А-ЯЁ][а-яё]+ [А-ЯЁ]\. ?(?:[А-ЯЁ]\.)?$", pieces[-1]) and re.match(r"[а-яё]", part))
            or (re.match(r"[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.", part) and _post_only(pieces[-1]))
            or re.match(r"№?\s*\d", part)
        )
        if stays:
            pieces[-1] += ", " + part
        else:
            pieces.append(part)
    return pieces


def _post_only(text: str) -> bool:
    """Tell a bare post that the next person holds («заместитель директора, Петрова А.А.»)."""
    return re.match(r"(?:заместитель|директор|начальник|методист|специалист)\b", text.lower()) is not None and not re.search(
        r"[А-ЯЁ]\.", text
    )


def _finer(piece: str, names: Names) -> list[str]:
    for pattern in (_TOGETHER, _AND):
        parts = _split_at(pattern, piece)
        if len(parts) > 1 and (pattern is _TOGETHER or all(names.known(part) or names.alias(part) for part in parts)):
            return [finer for part in parts for finer in _finer(part, names)]
    cut = names.runs(piece)
    if cut:
        return cut
    if "«" in piece or '"' in piece or "(" in piece:
        return [piece] if DEFINITION.search(piece) else _outside_heads(piece)
    people = _INITIALS_FIRST.split(piece)
    if len(people) > 1 and re.match(r"[А-ЯЁ]\.", people[0]):
        return people
    for pattern in (_PEOPLE, _AFTER_PERSON):
        parts = [part for part in pattern.split(piece) if part.strip()]
        if len(parts) > 1:
            return [part for one in parts for part in _AFTER_PERSON.split(one)]
    return _runs_at_end(_outside_heads(piece), names)


def _runs_at_end(pieces: list[str], names: Names) -> list[str]:
    """Part abbreviations that follow a full name with spaces only («Министерство образования МОУО ОО»)."""
    found: list[str] = []
    for piece in pieces:
        tokens = piece.split()
        first = next((i for i, token in enumerate(tokens) if _CAPS.fullmatch(token)), len(tokens))
        tail = names.runs(" ".join(tokens[first:]))
        body = " ".join(tokens[:first])
        head = body if re.match(r"(?:Министерство|Департамент|Администрация|Управление|Комитет)\s", body) else ""
        if tail and (head or len(tail) > 1) and all(names.known(part) for part in tail) and body:
            found.extend([head, *tail] if head else [f"{body} {tail[0]}", *tail[1:]])
        else:
            found.append(piece)
    return found


def _outside_heads(piece: str) -> list[str]:
    return _split_at(_HEADS, piece)


def _split_at(pattern: re.Pattern[str], text: str) -> list[str]:
    """Cut at a pattern where it stands outside brackets and quotes."""
    deep = {position for position, _, depth in depths(text) if depth}
    parts, start = [], 0
    for match in pattern.finditer(text):
        if match.start() not in deep:
            parts.append(text[start : match.start()])
            start = match.end()
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _brackets_back(pieces: Sequence[str]) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        text = piece.strip(" ,;").removesuffix(".") if not re.search(r"[А-ЯЁ]\.$", piece.strip()) else piece.strip(" ,;")
        if found and re.fullmatch(r"\([^()]*\)", text):
            found[-1] += " " + text
        elif text:
            found.append(text)
    return found


def _key(text: str) -> str:
    return re.sub(r"[\s\-–—.«»\"]+", "", cyrillic(text)).upper() if any(c.isupper() for c in text) else letters(text)


def _near(one: str, other: str) -> bool:
    """Tell two abbreviations of at least six letters that differ by one letter left out, added or changed."""
    if min(len(one), len(other)) < 5 or max(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        differing = [index for index in range(len(one)) if one[index] != other[index]]
        swapped = len(differing) == 2 and one[differing[0]] == other[differing[1]] and one[differing[1]] == other[differing[0]]
        return len(differing) == 1 or swapped
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


def _short_for(text: str, abbr: str) -> bool:
    """Tell «ИРОСО» or «ГАОУ ИРОСО» for «ГАОУ ДПО ИРОСО»: the last, telling word and no word of another body."""
    written, full = cyrillic(text).split(), abbr.split()
    return len(full) > 1 and len(full[-1]) >= 4 and written[-1] == full[-1] and set(written) < set(full)
