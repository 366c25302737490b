"""Which number is written here: digits, Roman figures or words, alone or in a row («15-16, 20», «I, III»)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cursor import Cursor

Group = tuple[int, int]

_FIRST_YEAR, _LAST_YEAR = 1990, 2099


def cardinal(c: Cursor) -> int | None:
    """«2», «2-х», «двух», «двадцать пять», «10 (десяти)»; at most 999."""
    token = c.tag("digits", "number")
    if token is None or token.value > 999 or token.width > 3:
        return None
    value = token.value
    more = c.peek()
    if token.tag == "number" and value in {20, 30, 40, 50, 60, 90, 100} and more.tag == "number" and more.value < 20:
        c.take()
        value += more.value
    c.attempt(_spelled)
    return value


def _spelled(c: Cursor) -> bool | None:
    """The number once more in words, in brackets."""
    if not c.sign("(") or not c.tag("number", "digits"):
        return None
    c.tag("number")
    return True if c.sign(")") else None


def ordinal(c: Cursor) -> int | None:
    """«1», «1-й», «II», «первый», «двадцать пятого», «последний» (-1)."""
    token = c.peek()
    if token.tag == "digits":
        if token.width > 2 or token.value == 0:
            return None
        return c.take().value
    if token.tag in {"roman", "ordinal"}:
        return c.take().value
    if token.tag == "number" and token.value in {20, 30} and c.peek(1).tag == "ordinal" and 0 < c.peek(1).value < 10:
        return c.take().value + c.take().value
    return None


def groups(c: Cursor) -> tuple[Group, ...] | None:
    """A row of numbers: «15», «15-16», «1 по 15», «15, 16 и 20», «I, III–IV»."""
    found: list[Group] = []
    after = c.at
    while True:
        first = ordinal(c)
        if first is None:
            c.at = after
            return tuple(found) or None
        found.append((first, _range_end(c, first)))
        after = c.at
        if c.sign(",", ";", "/"):
            c.word("и")
        elif not c.word("и"):
            return tuple(found)


def _range_end(c: Cursor, first: int) -> int:
    at = c.at
    opened = at > 1 and c.tokens[at - 2].lemma == "с"  # «с 18 до 20 сентября»
    if c.sign("-") or c.word("по") or (opened and c.word("до")):
        c.word("по")
        last = ordinal(c)
        if last is not None and (last > first > 0):
            return last
    c.at = at
    return first


def year(c: Cursor) -> int | None:
    """A year in four digits."""
    token = c.peek()
    if token.tag == "digits" and token.width == 4 and _FIRST_YEAR <= token.value <= _LAST_YEAR:
        return c.take().value
    return None


def short_year(c: Cursor) -> int | None:
    """A year in four digits or in two."""
    token = c.peek()
    if token.tag == "digits" and token.width == 2:
        return 2000 + c.take().value
    return year(c)
