"""What do the requisites of an act say: kind, number, date, place and who issued it?"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS: Final = "распоряжение|приказ|постановление|решение|указ|информационное письмо|письмо|поручение|протокол"
_KIND_LINE: Final = re.compile(rf"(?P<kind>{_KINDS})(?P<rest>(?:\s.*)?)", re.IGNORECASE)
GENITIVE_KIND: Final = re.compile(
    r"(распоряжени|приказ|постановлени|решени)\w*\s+(?P<issuer>.*?)\s*(?:от|№)\s", re.IGNORECASE | re.DOTALL
)
_MONTHS: Final = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
DATE: Final = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>20\d\d|\d\d)(?![\d])|"
    rf"[«\"“]?\s*(?P<dw>\d{{1,2}})\s*[»\"”]?\s+(?P<mw>{'|'.join(_MONTHS)})\s+(?P<yw>20\d\d)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"(?:№|\bN\b|\bNo\b\.?)\s*(?P<number>[\dА-Яа-яA-Za-z][\w./\-–]*(?:\s?[-/]\s?[\wА-Яа-я]+)*)"
)
TITLE: Final = re.compile(r"[«\"“]?(?:О[Бб]?|П[Оо])\s+[а-яёА-ЯЁ«\"]")
PREAMBLE: Final = re.compile(
    r"(?:в целях|в соответствии|на основании|во исполнение|руководствуясь|с целью|по итогам|в рамках|согласно|"
    r"в связи|"
    r"учитывая|для |приказываю|обязываю|постановля|распоряжа|предлагаю|уважаем|утвердить|министерство|департамент|"
    r"управление|администрация|направля|информиру|исполняя|\d+\.\s)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"(?:г|гор|с|п|пос|пгт|рп|р\.п|ст|д)\.?\s?[А-ЯЁ][а-яё]+(?:[ -][А-ЯЁа-яё]+)*|[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё]+)*"
)
_BODY: Final = (
    ("министерств", "Министерство"), ("департамент", "Департамент"), ("комитет", "Комитет"),
    ("управлени", "Управление"),
    ("администраци", "Администрация"), ("отдел", "Отдел"), ("агентств", "Агентство"),
    ("правительств", "Правительство"),
    ("служб", "Служба"), ("учреждени", "Учреждение"), ("школ", "Школа"), ("муниципальн", "Муниципальное"),
)  # fmt: skip
_BODY_LINE: Final = re.compile(
    r"(?:министерств|департамент|управлени|администраци)\w*\s.{0,120}(?<![:.;])$", re.IGNORECASE
)


def unspaced(text: str) -> str:
    """Close up spaced letters: «П Р И К А З» → «ПРИКАЗ», «п р и к а з ы в а ю» too."""

    def close(match: re.Match[str]) -> str:
        return match[0].replace(" ", "")

    return re.sub(r"(?<![^\W\d_])(?:[А-ЯЁа-яё] ){3,}[А-ЯЁа-яё](?![^\W\d_])", close, text)


def find_date(text: str) -> date | None:
    """Read the first date that exists, in figures or words («8» сентября 2023 г.); None when there is none."""
    for found in DATE.finditer(text):
        if found["d"]:
            day, month, year = int(found["d"]), int(found["m"]), int(found["y"])
            year += 2000 if year < 100 else 0
        else:
            day, month, year = int(found["dw"]), _MONTHS.index(found["mw"].lower()) + 1, int(found["yw"])
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def find_number(text: str) -> str:
    found = _NUMBER.search(text)
    return re.sub(r"\s", "", found["number"]).rstrip(".-–") if found else ""


def kind_line(text: str) -> tuple[str, str] | None:
    """Read a line that is the kind of the act, perhaps with requisites or the issuer in the same line."""
    found = _KIND_LINE.fullmatch(text.strip(" *_:"))
    if not found:
        return None
    rest = found["rest"].strip()
    whole = (
        text.isupper()
        or not rest
        or re.match(r"(?:от|№|N)\s|\d", rest)
        or (text[0].isupper() and GENITIVE_KIND.match(text))
    )
    return (found["kind"].lower(), rest) if whole else None


def parts(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the requisites below the kind from the title and the text."""
    for index, text in enumerate(texts[1:], start=1):
        if TITLE.match(text) or (PREAMBLE.match(text) and index > 1 and not _BODY_LINE.match(text)):
            return list(texts[1:index]), list(texts[index:])
    return list(texts[1:]), []


def issuer_of(before: Sequence[str], rest: str, head: Sequence[str], mentions: str) -> str:
    if before:
        skip = re.compile(
            r"российская федерация$|приложение|проект$|герб|\(.*\)$|зарегистрирован|"
            r"инн\b|тел\b|почт|документ|(?:г|с|п)\.\s?[а-яё]+$",
            re.IGNORECASE,
        )
        lines = [
            text
            for text in before
            if not skip.match(text) and not DATE.search(text) and not re.search(r"\d{3}", text)
        ]
        name = " ".join(" ".join(lines[-6:]).split())
        name = re.sub(r"\s*\([А-ЯЁ-]{2,}\)\s*$", "", name).strip(" ,")
        if name:
            return _ordinary(name, mentions)
    found = GENITIVE_KIND.match(f"приказ {rest} от ") if rest else None
    if found and found["issuer"] and not re.match(r"\d|№|от\b", found["issuer"]):
        return _ordinary(found["issuer"], mentions, genitive=True)
    bodies: list[str] = []
    for text in head:
        if DATE.search(text) or _NUMBER.search(text):
            break
        if any(text.lower().startswith(stem) for stem, _ in _BODY) or bodies:
            bodies.append(text)
    return _ordinary(" ".join(bodies), mentions, genitive=True) if bodies else ""


def body_name(genitive: str) -> str:
    """Turn «министерства образования Сахалинской области» into the nominative by its first word."""
    words = " ".join(genitive.split())
    for stem, base in _BODY:
        if words.lower().startswith(stem):
            return base + words[len(words.split(" ")[0]) :]
    return words


def _ordinary(name: str, mentions: str, *, genitive: bool = False) -> str:
    """Give a name set in capitals as the text itself writes it elsewhere, else as it stands."""
    if name.upper() != name:
        return body_name(name) if genitive else name
    words = name.split()
    pattern = r"\s+".join(
        re.escape(words[0][:-1]) + r"\w{0,3}" if i == 0 else re.escape(word) for i, word in enumerate(words)
    )
    found = re.search(rf"(?<!\w){pattern}(?!\w)", _without_capitals(mentions), re.IGNORECASE)
    if not found:
        return body_name(name).upper() if genitive else name
    return body_name(found[0][:1].upper() + found[0][1:])


def _without_capitals(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.upper() != line)


def place_of(head: Sequence[str]) -> str:
    for text in head:
        for part in text.split("\t"):
            bare = (
                _NUMBER.sub(" ", DATE.sub(" ", part)) if part != text or not _PLACE.fullmatch(part.strip()) else part
            )
            bare = re.sub(r"\b(?:от|года?|г\.)(?=\s|$)(?!\s*[А-ЯЁ])|_+", " ", bare).strip(" .,№")
            bare = re.sub(r"^(?:от|года?)\s+", "", bare)
            if _PLACE.fullmatch(bare) and len(bare) < 50 and not _KIND_LINE.fullmatch(bare) and not _body_word(bare):
                return " ".join(bare.split())
    return ""


def _body_word(text: str) -> bool:
    return any(text.lower().startswith(stem) for stem, _ in _BODY)
