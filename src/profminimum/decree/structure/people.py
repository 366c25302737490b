"""Who signs and who controls: a post and a name, turned into the nominative where that is certain."""

from __future__ import annotations

import re
from typing import Final

from profminimum.decree.model import Person
from profminimum.decree.structure.wording import morphology

_INITIALS: Final = r"[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?"

_SURNAME: Final = r"(?:[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?|[А-ЯЁ]{3,}(?:-[А-ЯЁ]{3,})?)"
_FULL: Final = rf"{_SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:ич|ича|ичу|на|ну|не|ны)"
_FORMS: Final = tuple(
    re.compile(rf"(?<![А-Яа-яЁё.]){form}(?![А-Яа-яё])")
    for form in (rf"{_INITIALS}\s?{_SURNAME}", _FULL, rf"{_SURNAME}\s+{_INITIALS}")
)
_KNOWN: Final = {
    "первого": "первый",
    "заместителя": "заместитель",
    "министра": "министр",
    "начальника": "начальник",
    "директора": "директор",
    "руководителя": "руководитель",
    "председателя": "председатель",
    "главу": "глава",
    "главного": "главный",
    "специалиста": "специалист",
    "консультанта": "консультант",
    "методиста": "методист",
    "ректора": "ректор",
    "секретаря": "секретарь",
    "заведующего": "заведующий",
    "заведующую": "заведующая",
    "исполняющего": "исполняющий",
    "исполняющую": "исполняющая",
}
_ADJECTIVES: Final = {"первый", "главный", "исполняющий", "исполняющая"}
_SURNAMES: Final = (
    (r"(ов|ев|ёв|ин|ын)у$", r"\1а"),
    (r"(ов|ев|ёв|ин|ын)а$", r"\1"),
    (r"(ск|цк)ого$", r"\1ий"),
    (r"(ск|цк)ую$", r"\1ая"),
    (r"(ов|ев|ин|ын)ым$", r"\1"),
)


def name_in(text: str) -> re.Match[str] | None:
    """Find the name of a person: initials first, then a full name, then a surname first («Министр А.Н. Киктева»)."""
    return next((found for form in _FORMS if (found := form.search(text))), None)


def person(text: str) -> Person:
    """Part a post from a name as written («Министр  А.Н. Киктева»), both in the nominative already."""
    line = " ".join(text.replace("_", " ").split())
    found = name_in(line)
    if not found:
        return Person(position=line.strip(" ,"), text=line)
    position = (line[: found.start()] + line[found.end() :]).strip(" ,.;–—-")
    return Person(position=position, name=found[0], text=line)


def controller(clause: str) -> Person | None:
    """Find in a clause who controls: «возложить на первого заместителя министра И.А. Шпаченко».

    None when the clause is not about control. «Оставляю за собой» gives a person without post and name.
    """
    line = " ".join(clause.split())
    if not re.search(
        r"контрол\w*\s+(?:за|над|исполн|выполн|реализ|возл|оставл)|возложить\s+контрол|"
        r"организаци\w+\s+(?:исполнен|выполнен)\w+\s.*возл",
        line,
        re.IGNORECASE,
    ):
        return None
    if re.search(r"(?:за|на)\s+собой|на себя", line):
        return Person(text=line)
    found = re.search(r"(?:возложить|возлагается|возлагаю|осуществля\w+)(?:\s+контрол\w+)?\s+на\s+(.+)", line)
    found = found or re.search(r"\bна\s+(.+?)(?:\s+контрол\w+|$)", line)
    if not found:
        return Person(text=line)
    words = trimmed(found[1])
    name = name_in(words)
    if not name:
        return Person(position=nominative(words), text=words)
    bracketed = words[: name.start()].rstrip().endswith("(")  # «возложить на управление (Попова Н.А.)»
    position = re.sub(r"\(\s*\)", "", words[: name.start()] + words[name.end() :]).strip(" ,.;–—-")
    return Person(position=nominative(position), name=name[0] if bracketed else _name(name[0]), text=words)


def trimmed(text: str) -> str:
    """Take off the punctuation at the end, but not the dot of an initial."""
    text = text.strip(" ,;")
    return text if re.search(r"(?<![А-Яа-яЁё])[А-ЯЁ]\.$", text) else text.rstrip(" .,;")


def nominative(post: str) -> str:
    """Decline the head of a post and the words before it, leave the genitive tail («первый заместитель министра»)."""
    parts = re.split(r"(\s+[–—-]\s+)", post)
    return "".join(part if index % 2 else _head(part) for index, part in enumerate(parts))


def _head(post: str) -> str:
    words = post.split()
    done: list[str] = []
    for index, word in enumerate(words):
        base, noun = _base(word)
        done.append(base)
        if noun:
            return " ".join(done + words[index + 1 :])
    return post


def _base(word: str) -> tuple[str, bool]:
    known = _KNOWN.get(word.lower())
    if known:
        return _cased(known, word), known not in _ADJECTIVES
    for parse in morphology().parse(word):
        if parse.tag.POS not in {"NOUN", "ADJF", "PRTF"} or not ({"gent", "accs"} & parse.tag.grammemes):
            continue
        base = parse.inflect({"nomn"})
        if base is not None:
            return _cased(str(base.word), word), parse.tag.POS == "NOUN"
    return word, False


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _name(name: str) -> str:
    """Put a surname into the nominative where its ending leaves no doubt, else keep it as written."""
    if re.fullmatch(_FULL, name):
        return _full_name(name)

    def base(match: re.Match[str]) -> str:
        surname = match[0]
        for ending, replacement in _SURNAMES:
            if re.search(ending, surname):
                return re.sub(ending, replacement, surname)
        return surname

    return re.sub(_SURNAME, base, name)


def _full_name(name: str) -> str:
    surname, first, middle = name.split()
    woman = middle.endswith("ну")
    if not woman and not middle.endswith("ича"):
        return name
    middle = middle[:-1] + ("а" if woman else "")
    if woman:
        first = re.sub(r"ю$", "я", re.sub(r"у$", "а", first))
        surname = re.sub(r"(ов|ев|ёв|ин|ын)у$", r"\1а", re.sub(r"ую$", "ая", surname))
    else:
        first = re.sub(r"(?<=[бвгджзклмнпрстфхцчшщ])а$", "", re.sub(r"(?<=[аеи])я$", "й", first))
        surname = re.sub(r"(ов|ев|ёв|ин|ын)а$", r"\1", re.sub(r"(ск|цк)ого$", r"\1ий", surname))
    return f"{surname} {first} {middle}"
