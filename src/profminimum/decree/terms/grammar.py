"""Which phrases does the wording of a deadline consist of, in their order, and what is only a note?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .cursor import Cursor
from .intervals import intervals
from .lexer import tokens
from .meaning import Lapse, Reference, Scale
from .rates import rates
from .references import before, continuous, event, holidays, lapse, link, schedule, since_decree

if TYPE_CHECKING:
    from collections.abc import Callable

    from .meaning import Phrase

_PHRASES: tuple[Callable[[Cursor], Phrase | None], ...] = (
    link,
    rates,
    before,
    holidays,
    since_decree,
    intervals,
    lapse,
    event,
    schedule,
    continuous,
)
_HEADINGS = (
    "срок",
    "исполнен",
    "реализац",
    "выполнен",
    "проведен",
    "проводит",
    "осуществля",
    "дата",
    "период",
    "заверш",
    "представл",
)
MOST_STRANGE_WORDS = 4


@dataclass(slots=True)
class Wording:
    """The phrases found, and how many words stood before the first that the grammar does not know."""

    phrases: list[Phrase] = field(default_factory=list)
    strange: int = 0

    @property
    def too_strange(self) -> bool:
        """Whether so much stands before the first phrase that the text is no deadline."""
        return self.strange > MOST_STRANGE_WORDS


def _not_a_term(c: Cursor) -> bool | None:
    """«по состоянию на …», «от 31.08.2023 № 650», «№ 5», «п. 3», «кроме …»: days and numbers that are no deadline."""
    if c.words("по", "состояние"):
        c.word("на")
        c.attempt(intervals)
        return True
    if c.words("за", "исключение") or (c.peek().text in {"кроме", "исключая"} and c.take()):
        while not c.done and c.peek().text not in {",", ";", ")"}:
            c.take()
        return True
    if c.word("от"):
        return True if c.attempt(intervals) or c.tag("digits") else None
    if c.sign("#") or (
        c.peek().text in {"п", "пп", "пункт", "пункта", "пункту", "ст", "приложение", "приложению"} and c.take()
    ):
        c.sign("#")
        while c.tag("digits") or (c.peek().text in {".", "-"} and c.peek(1).tag == "digits" and c.take()):
            pass
        return True
    return None


def _skip_number(c: Cursor) -> None:
    """The rest of a number that is no date: «31.04.2024», «30 февраля», «3.12-1264»."""
    while c.peek().tag == "sign" and c.peek().text in {".", "-", "/"} and c.peek(1).tag == "digits":
        c.at += 2
    c.tag("month")


def _phrase(c: Cursor) -> Phrase | None:
    for rule in _PHRASES:
        at = c.at
        found = rule(c)
        if found is not None:
            return found
        c.at = at
    return None


def _weak(phrase: Phrase) -> bool:
    """Whether the phrase counts only when no unknown word stands before it: «план мероприятий на 2024 год»."""
    if isinstance(phrase, tuple):
        return all(one.mode == "" and one.first.scale is Scale.YEAR and not one.first.whole for one in phrase)
    return isinstance(phrase, (Reference, Lapse))


def wording(text: str) -> Wording:
    """The phrases of a wording; notes and unknown words are passed over."""
    c = Cursor(tokens(text))
    out = Wording()
    clear = True  # nothing strange since the last phrase or stop
    while not c.done:
        if c.attempt(_not_a_term):
            clear = False
            continue
        at = c.at
        found = _phrase(c)
        if found is not None and c.at > at and (clear or out.phrases or not _weak(found)):
            out.phrases.append(found)
            clear = True
            continue
        c.at = at
        token = c.take()
        if token.lemma == "середина":  # of a year: no day can be told
            c.attempt(intervals)
            continue
        if token.tag == "digits":
            _skip_number(c)
            continue
        if token.tag == "sign":
            clear = clear or not out.strange
            continue
        if not token.text.startswith(_HEADINGS) and token.tag != "word":
            clear = False
            out.strange += not out.phrases
    return out
