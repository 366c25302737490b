"""How is a row of the plan said as a thing to do? «Создание рабочей группы» → «Создать рабочую группу»; pure.

The title is used as it stands whenever the grammar is not certain: a wrong case is worse than a noun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VERBS: Final[Mapping[str, str]] = {  # a noun of action that takes an object in the genitive → its infinitive
    "внедрение": "внедрить",
    "внесение": "внести",
    "выбор": "выбрать",
    "выполнение": "выполнить",
    "выявление": "выявить",
    "доведение": "довести",
    "заключение": "заключить",
    "заполнение": "заполнить",
    "изучение": "изучить",
    "информирование": "проинформировать",
    "исследование": "исследовать",
    "назначение": "назначить",
    "направление": "направить",
    "обеспечение": "обеспечить",
    "обновление": "обновить",
    "обобщение": "обобщить",
    "обсуждение": "обсудить",
    "обучение": "обучить",
    "опубликование": "опубликовать",
    "организация": "организовать",
    "осуществление": "осуществить",
    "открытие": "открыть",
    "оформление": "оформить",
    "оценка": "оценить",
    "подведение": "подвести",
    "подготовка": "подготовить",
    "подписание": "подписать",
    "предоставление": "предоставить",
    "представление": "представить",
    "принятие": "принять",
    "проведение": "провести",
    "проверка": "проверить",
    "публикация": "опубликовать",
    "разработка": "разработать",
    "размещение": "разместить",
    "распространение": "распространить",
    "рассмотрение": "рассмотреть",
    "реализация": "реализовать",
    "сбор": "собрать",
    "согласование": "согласовать",
    "создание": "создать",
    "составление": "составить",
    "тиражирование": "тиражировать",
    "уточнение": "уточнить",
    "утверждение": "утвердить",
    "формирование": "сформировать",
}
LONG: Final = 120  # characters from which the phrase is cut where a clause ends
_ASIDE: Final = re.compile(r"\s*\((?:далее|именуем)[^)]*\)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*|\S")
_CLAUSE: Final = re.compile(r"(?:, | (?=(?:в|во|на|по|для|при|с|со|о|об|за|к) ))")


class _UncertainError(Exception):
    """The grammar of the title is not one that we know."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@cache
def _morph() -> Any:
    """The dictionary takes a second to load and 15 MB to hold: only when first asked."""
    import pymorphy3  # noqa: PLC0415 - loaded only where it is needed

    return pymorphy3.MorphAnalyzer()


def _nouns(word: str) -> list[Any]:
    return [parse for parse in _morph().parse(word) if parse.tag.POS == "NOUN" and "gent" in parse.tag]


def _adjectives(word: str) -> list[Any]:
    return [parse for parse in _morph().parse(word) if parse.tag.POS in {"ADJF", "PRTF"} and "gent" in parse.tag]


def _is_name(word: str) -> bool:
    """An abbreviation does not change: ОО, МОУО, ФГОС."""
    return len(word) > 1 and word.isupper()


def _agrees(adjective: Any, noun: Any) -> bool:
    if adjective.tag.number != noun.tag.number:
        return False
    return bool(noun.tag.number == "plur" or adjective.tag.gender == noun.tag.gender)


def _spelled(parse: Any, grammemes: set[str], model: str) -> str:
    changed = parse.inflect(grammemes)
    if changed is None:
        raise _UncertainError
    word: str = changed.word if "ё" in model.casefold() else changed.word.replace("ё", "е")
    return word.capitalize() if model[0].isupper() else word


def _accusative(noun: Any, model: str) -> str:
    return _spelled(noun, {"accs", noun.tag.number}, model)


def _agreeing(adjective: Any, noun: Any, model: str) -> str:
    """The adjective beside the noun in the accusative: «рабочей» → «рабочую», of persons «должностных» stays."""
    number, gender = noun.tag.number, noun.tag.gender
    grammemes = {"accs", number} | ({gender} if number == "sing" else set())
    if number == "plur" or gender == "masc":
        grammemes.add(noun.tag.animacy)
    return _spelled(adjective, grammemes, model)


class _Object:
    """What is to be done with: «рабочей группы по …» read from `words[at]` on, put into the accusative."""

    def __init__(self, words: list[_Word], at: int) -> None:
        self.words = words
        self.at = at
        self.changed: dict[int, str] = {}  # index of the word → the word in the accusative

    def read(self) -> None:
        noun = self._item()
        items = 1
        while self._goes_on():
            self.at += 1
            noun = self._item()
            items += 1
        if noun is not None:
            self._detached(noun, alone=items == 1)

    def _word(self, at: int) -> str:
        return self.words[at].text if at < len(self.words) else ""

    def _item(self) -> Any:
        """Adjectives and the noun that they belong to; None for an abbreviation."""
        first = self.at
        while _adjectives(self._word(self.at)) and (
            _nouns(self._word(self.at + 1)) or _adjectives(self._word(self.at + 1))
        ):
            self.at += 1
        head = self._word(self.at)
        if _is_name(head) and first == self.at:
            self.at += 1
            return None
        found = [
            (noun, adjectives)
            for noun in _nouns(head)
            if (adjectives := self._agreeing_with(noun, first, self.at)) is not None
        ]
        if not found:
            raise _UncertainError
        noun, adjectives = found[0]
        if "-" in head:  # «педагогов-навигаторов»: two nouns, each with its own case
            raise _UncertainError
        self.changed[self.at] = _accusative(noun, head)
        for index, adjective in adjectives.items():
            self.changed[index] = _agreeing(adjective, noun, self._word(index))
        self.at += 1
        return noun

    def _agreeing_with(self, noun: Any, first: int, last: int) -> dict[int, Any] | None:
        found = {}
        for index in range(first, last):
            fitting = [parse for parse in _adjectives(self._word(index)) if _agrees(parse, noun)]
            if not fitting:
                return None
            found[index] = fitting[0]
        return found

    def _goes_on(self) -> bool:
        """«…, совещаний», «… и программ»: one more object; «, ответственных за» is none."""
        if self._word(self.at) not in {",", "и"}:
            return False
        at = self.at + 1
        while _adjectives(self._word(at)):
            at += 1
        return bool(_nouns(self._word(at))) and self._word(at).casefold() not in VERBS

    def _detached(self, noun: Any, *, alone: bool) -> None:
        """«перечня, утверждённого …» follows its noun into the accusative; «школ, планирующих …» stays."""
        comma = self.at
        while comma < len(self.words) and re.fullmatch(r"[\w-]+", self._word(comma)):
            comma += 1
        word = self._word(comma + 1)
        if self._word(comma) != "," or not word or self.changed[self.at - 1] == self._word(self.at - 1):
            return
        fitting = [parse for parse in _adjectives(word) if _agrees(parse, noun)]
        if not fitting:
            return
        if comma == self.at and alone:
            self.changed[comma + 1] = _agreeing(fitting[0], noun, word)
        elif not (comma > self.at and self._near(comma - 1, word)):
            raise _UncertainError

    def _near(self, at: int, word: str) -> bool:
        """Does the word belong to the noun just before the comma?"""
        if _is_name(self._word(at)):
            return True
        return any(_agrees(parse, noun) for noun in _nouns(self._word(at)) for parse in _adjectives(word))


def _verbs(words: list[_Word]) -> tuple[list[str], int]:
    """The infinitives with what joins them, and where the object begins."""
    said: list[str] = []
    at = 0
    while at < len(words):
        verb = VERBS.get(words[at].text.casefold())
        if verb is None:
            break
        said.append(verb)
        at += 1
        following = words[at + 1].text.casefold() if at + 1 < len(words) else ""
        if at < len(words) and words[at].text in {",", "и"} and following in VERBS:
            said.append("," if words[at].text == "," else " и")
            at += 1
    if not said:
        raise _UncertainError
    return said, at


def _joined(said: list[str]) -> str:
    text = ""
    for part in said:
        text += part if part in {",", " и"} else f" {part}"
    return text.strip()


def shortened(text: str, limit: int = LONG) -> str:
    """The text up to the last place before `limit` where a clause ends; whole when there is none."""
    if len(text) <= limit:
        return text
    ends = [found.start() for found in _CLAUSE.finditer(text) if 40 <= found.start() <= limit]
    return text[: ends[-1]] if ends else text


def plain(title: str) -> str:
    """The title without «(далее – …)», without the list after a colon, without a full stop."""
    text = " ".join(_ASIDE.sub("", title).split())
    return text.partition(":")[0].rstrip(" .;,")


@lru_cache(maxsize=2000)
def to_do(title: str) -> str:
    """What is to be done, as a phrase with an infinitive; the plain title when it cannot be said with certainty."""
    text = plain(title)
    words = [_Word(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    try:
        said, at = _verbs(words)
        obj = _Object(words, at)
        obj.read()
    except (_UncertainError, IndexError):
        return shortened(text)
    begin = _joined(said)
    rest, last = "", words[at].start
    for index in sorted(obj.changed):
        word = words[index]
        rest += text[last : word.start] + obj.changed[index]
        last = word.end
    rest += text[last:]
    return shortened(f"{begin[0].upper()}{begin[1:]} {rest}")
