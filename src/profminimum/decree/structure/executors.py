"""Who answers for a measure: a cell cut into executors, each named by its abbreviation where the text has one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Executor
from profminimum.decree.structure.glossary import DEFINITION
from profminimum.decree.structure.names import CAPS
from profminimum.decree.structure.people import trimmed
from profminimum.decree.structure.wording import depths, letters, morphology, split_outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.structure.names import Alias, Names

_PEOPLE: Final = re.compile(r"(?<=[А-ЯЁ]\.)\s*[,;]?\s+(?=[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ]\.)")
_AND: Final = re.compile(r"\s+и\s+")
_TOGETHER: Final = re.compile(r"\s+совместно\s+с(?:о)?\s+")
_AFTER_PERSON: Final = re.compile(r"(?<=[А-ЯЁ]\.)\s+(?=[А-ЯЁ][а-яё]{3,}\s+[а-яё])")
_INITIALS_FIRST: Final = re.compile(r"(?<=[а-яё])\s+(?=[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+)")
_ATTRIBUTE: Final = re.compile(
    r"(?:\w+(?:ющ|ащ|ящ|ущ|вш)(?:ий|ая|ее|ие|их|его|ему|ими|ую|ей)\b|\w+(?:енн|ованн|анн)(?:ый|ая|ое|ые|ых|ого)\b|"
    r"ответственн\w+\s+за|котор\w+|в том числе|подведомств|включая|реализующ|имени\b)"
)
_OFFICE: Final = re.compile(
    r"(?:министерств|департамент|управлени|комитет|отдел|агентств|главн\w+ управлени)", re.IGNORECASE
)
_TOPIC: Final = re.compile(
    r"(?:образования|науки|труда|занятости|культуры|спорта|туризма|молод[её]жи|молод[её]жной|здравоохранения|семьи|"
    r"социальн(?:ого|ой)|информатизации|связи|экономики|экономического|развития|миграци\w+|промышленности|инвестиций|торговли|"
    r"предпринимательства|национальной|семейной|защиты|воспитания|высшего|профессионального|физической|цифрового|"
    r"внутренней|информационной|архивного|сельского|технологий|инноваций)\b"
)
_HEADS: Final = re.compile(
    r"(?<=[а-яё»)А-ЯЁ0-9])\s+(?=(?:Министерство|Департамент|Администраци[яи]|Комитет|Директор[а]?|Руководител[ьи]|"
    r"Заместител[ьи]|Школы|Органы|Общеобразовательные|Образовательные|Муниципальные|Педагог[и]?|Педагоги-|Классные|Учителя|"
    r"Методист[ы]?|Советник[и]?|Специалист[ы]?|Начальник[и]?|Агентство|Институт|Центр|Отдел)\b)"
)


def split_executors(cell: str, names: Names) -> list[str]:
    """Cut a cell into executors as written: by commas, semicolons, lines, and by spaces between known abbreviations.

    Never inside brackets and quotes, nor before a participle that belongs to the words before it («органов …,
    осуществляющих управление»), nor between a person and a post.
    """
    pieces: list[str] = []
    for line in _lines(cell, names):
        for part in split_outside(line, ";"):
            for piece in _by_comma(part):
                for body in _after_definition(piece):
                    pieces.extend(_finer(body, names))
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
        if (
            lines and (lines[-1].count("(") > lines[-1].count(")") or lines[-1].count("«") > lines[-1].count("»"))
        ) or (lines and _broken_name(lines[-1], line, names)):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return lines


def _broken_name(above: str, line: str, names: Names) -> bool:
    left, right = re.split(r"[,;]\s*", above)[-1].split(), re.split(r"[,;]\s*", line)[0].split()
    if not left or not right or (names.known(" ".join(left)) and names.known(right[0])):
        return False
    return any(
        names.known(" ".join([*left[-a:], *right[:b]]))
        for a in range(1, min(3, len(left)) + 1)
        for b in range(1, min(3, len(right)) + 1)
    )


def _by_comma(text: str) -> list[str]:
    pieces: list[str] = []
    for part in split_outside(text, ","):
        stays = pieces and (
            _ATTRIBUTE.match(part)
            or (_TOPIC.match(part) and _OFFICE.match(pieces[-1]))
            or (re.match(r"[А-ЯЁ][а-яё]+ [А-ЯЁ]\. ?(?:[А-ЯЁ]\.)?$", pieces[-1]) and re.match(r"[а-яё]", part))
            or (re.match(r"[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.", part) and _post_only(pieces[-1]))
            or re.match(r"№?\s*\d", part)
            or _depends(part, pieces[-1])
        )
        if stays:
            pieces[-1] += ", " + part
        else:
            pieces.append(part)
    return pieces


def _depends(part: str, before: str) -> bool:
    """Tell a lone genitive that shares the head before it («учителя физики, химии»)."""
    if not re.fullmatch(r"[а-яё]+", part) or not re.match(
        r"(?:учителя|преподаватели)\s+[а-яё]+", before, re.IGNORECASE
    ):
        return False
    return bool(morphology().parse(part)[0].tag.case == "gent")


def _post_only(text: str) -> bool:
    """Tell a bare post that the next person holds («заместитель директора, Петрова А.А.»)."""
    return re.match(
        r"(?:заместитель|директор|начальник|методист|специалист)\b", text.lower()
    ) is not None and not re.search(r"[А-ЯЁ]\.", text)


def _after_definition(piece: str) -> list[str]:
    """Cut behind the bracket of a definition where another body begins («… (далее – ИРО) муниципальные школы»)."""
    defined = DEFINITION.search(piece)
    rest = piece[defined.end() :].strip() if defined else ""
    word = rest.split(" ", 1)[0]
    begins = bool(word) and (
        CAPS.fullmatch(word) is not None or any(parse.tag.case == "nomn" for parse in morphology().parse(word)[:1])
    )
    return [piece[: defined.end()], rest] if defined and begins else [piece]


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
        first = next((i for i, token in enumerate(tokens) if CAPS.fullmatch(token)), len(tokens))
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
        text = trimmed(piece)
        if found and re.fullmatch(r"\([^()]*\)", text):
            found[-1] += " " + text
        elif text:
            found.append(text)
    return found
