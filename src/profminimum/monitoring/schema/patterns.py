r"""Which regular expressions may a rule use? Those that mean the same in both languages and cannot run long.

Allowed: letters, `.`, classes, `\d \w \s`, escaped marks, groups, alternatives, anchors at the ends, and the
quantifiers ? * + {n} {n,m}, none but ? over a group that has one inside. How many ways a matcher may have to try is
counted when a pattern is read: where what follows tells it which way to go, there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 200
LONGEST_TEXT: Final = 500  # characters of a text that is matched; longer ones do not match
MOST_REPEATS: Final = 100
MOST_WAYS: Final = 300_000  # about 10 ms
NESTED: Final = 5
WIDEST: Final = 2000  # characters of a range that are looked at one by one
HEAD: Final = "^(?:"
TAIL: Final = ")(?![\\s\\S])"
_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}
_WHITE: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_MEMBERS: Final = {
    "d": frozenset("0123456789"),
    "w": frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"),
    "s": frozenset(" \t\n\r\f\v"),
}
_MARKS: Final = set("\\^$.|?*+()[]{}/-")
_QUANTIFIER: Final = re.compile(r"[?*+]|\{([0-9]{1,3})(,([0-9]{1,3})?)?\}")


class PatternError(Exception):
    """Why a pattern is refused."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.ru = ru
        self.en = en


@dataclass(frozen=True, slots=True)
class _Letters:
    """Which characters may stand at a place; those that may not, when `inverted`."""

    members: frozenset[str]
    inverted: bool = False

    def apart(self, other: _Letters) -> bool:
        """There is no character that both allow."""
        if self.inverted:
            return not other.inverted and other.members <= self.members
        return self.members <= other.members if other.inverted else not self.members & other.members


ANY: Final = _Letters(frozenset(), inverted=True)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An atom or a group with its quantifier: `first` are the sets that it may begin with."""

    text: str
    first: tuple[_Letters, ...]
    branches: tuple[tuple[_Piece, ...], ...] = ()  # of a group
    repeated: bool = False  # there is a quantifier in it
    empty: bool = False  # it may match nothing
    least: int = 1
    most: int = 1


def canonical(pattern: str, longest: int = LONGEST) -> str:
    """The pattern such as both languages read it alike, matching the whole text; PatternError when it is refused."""
    if len(pattern) > longest:
        raise PatternError(f"Образец длиннее {longest} знаков", f"The pattern is longer than {longest} characters")
    if any(ord(letter) > 0xFFFF or ord(letter) < 0x20 or 0xD800 <= ord(letter) < 0xE000 for letter in pattern):
        raise PatternError("В образце есть недопустимые знаки", "The pattern has characters that are not allowed")
    body = pattern.removeprefix("^")
    if body.endswith("$") and (len(body) - len(body[:-1].rstrip("\\"))) % 2:
        body = body[:-1]
    reader = _Pattern(body)
    whole = reader.alternatives(0)
    if reader.at < len(body):
        raise PatternError("В образце лишняя скобка", "The pattern has a bracket too much")
    if _ways(whole.branches, ()) > MOST_WAYS:
        raise PatternError(
            "Проверка по образцу может занять слишком много времени: укажите границы повторов, например {1,20}",
            "Matching the pattern may take too long: give bounds of the repeats, such as {1,20}",
        )
    return f"{HEAD}{whole.text}{TAIL}"


def _first(pieces: Sequence[_Piece], follows: tuple[_Letters, ...]) -> tuple[_Letters, ...]:
    """What may come first, given what follows; nothing at the end of the text."""
    found: tuple[_Letters, ...] = ()
    for piece in pieces:
        found += piece.first
        if not piece.empty:
            return found
    return found + follows


def _apart(some: tuple[_Letters, ...], others: tuple[_Letters, ...]) -> bool:
    return all(one.apart(other) for one in some for other in others)


def _ways(branches: Sequence[Sequence[_Piece]], follows: tuple[_Letters, ...]) -> int:
    """In how many ways a matcher may go: one where the next character tells which."""
    firsts = [_first(branch, follows) for branch in branches]
    told = all(_apart(one, other) for at, one in enumerate(firsts) for other in firsts[at + 1 :])
    each = [_ways_along(branch, follows) for branch in branches]
    return min(max(each) if told else sum(each), MOST_WAYS + 1)


def _ways_along(pieces: Sequence[_Piece], follows: tuple[_Letters, ...]) -> int:
    ways = 1
    for at, piece in enumerate(pieces):
        after = _first(pieces[at + 1 :], follows)
        inside = _ways(piece.branches, after) if piece.branches else 1
        turns = 1 if _apart(piece.first, after) else piece.most - piece.least + 1
        ways = min(ways * inside ** min(piece.most, 20) * turns, MOST_WAYS + 1)
    return ways


class _Pattern:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next(self, count: int = 1) -> str:
        return self.text[self.at : self.at + count]

    def alternatives(self, depth: int) -> _Piece:
        if depth > NESTED:
            raise PatternError("В образце слишком много вложенных скобок", "The pattern has too many nested brackets")
        branches: list[list[_Piece]] = [[]]
        while self.at < len(self.text) and self.next() != ")":
            if self.next() == "|":
                self.at += 1
                branches.append([])
            else:
                branches[-1].append(self.quantified(self.atom(depth)))
        return _Piece(
            "|".join("".join(piece.text for piece in branch) for branch in branches),
            tuple(letters for branch in branches for letters in _first(branch, ())),
            tuple(map(tuple, branches)),
            any(piece.repeated for branch in branches for piece in branch),
            any(all(piece.empty for piece in branch) for branch in branches),
        )

    def atom(self, depth: int) -> _Piece:
        letter = self.next()
        self.at += 1
        if letter == "(":
            return self.group(depth)
        if letter == "[":
            return self.klass()
        if letter == "\\":
            written, members = self.escaped(inside=False)
            return _Piece(written, (_Letters(members),))
        if letter == ".":
            return _Piece("[^\\n]", (_Letters(frozenset("\n"), inverted=True),))
        if letter in "?*+{}^$)]":
            raise PatternError(f"Знак «{letter}» здесь не годится", f"«{letter}» will not do here")
        return _Piece(f"\\{letter}" if letter == "/" else letter, (_Letters(frozenset(letter)),))

    def group(self, depth: int) -> _Piece:
        if self.next(2) == "?:":
            self.at += 2
        elif self.next() == "?":
            raise PatternError("Такая группа не поддерживается", "Such a group is not supported")
        inside = self.alternatives(depth + 1)
        if self.next() != ")":
            raise PatternError("В образце не закрыта скобка", "A bracket of the pattern is not closed")
        self.at += 1
        return replace(inside, text=f"(?:{inside.text})")

    def escaped(self, *, inside: bool) -> tuple[str, frozenset[str]]:
        letter = self.next() or "end"
        self.at += 1
        if letter in _CLASSES:
            return (_CLASSES[letter] if inside else f"[{_CLASSES[letter]}]"), _MEMBERS[letter]
        if letter in _WHITE:
            return f"\\{letter}", frozenset(_WHITE[letter])
        if letter not in _MARKS:
            raise PatternError(f"«\\{letter}» не поддерживается", f"«\\{letter}» is not supported")
        return ("-" if letter == "-" and not inside else f"\\{letter}"), frozenset(letter)

    def klass(self) -> _Piece:
        inverted = self.next() == "^"
        self.at += inverted
        written: list[str] = []
        members: set[str] = set()
        wide = False
        while (letter := self.next()) != "]":
            self.at += 1
            if not letter:
                raise PatternError("В образце не закрыта скобка «[»", "A bracket «[» of the pattern is not closed")
            if letter == "\\":
                said, more = self.escaped(inside=True)
                written.append(said)
                members |= more
            elif letter == "-" and self.next() not in {"]", ""} and written and len(written[-1]) == 1:
                first, last = written[-1], self.range(written[-1])
                written.append(f"-{last}")
                wide = wide or ord(last) - ord(first) > WIDEST
                members.update(map(chr, range(ord(first), min(ord(last), ord(first) + WIDEST) + 1)))
            elif letter not in members or letter not in "&~":  # a pair of these has a meaning of its own in Python
                written.append(f"\\{letter}" if letter in _MARKS else letter)
                members.add(letter)
        self.at += 1
        if not written:
            raise PatternError("Пустой набор знаков «[]»", "An empty class «[]»")
        first_set = ANY if wide else _Letters(frozenset(members), inverted)
        return _Piece(f"[{'^' if inverted else ''}{''.join(written)}]", (first_set,))

    def range(self, first: str) -> str:
        last = self.next()
        if last in _MARKS or ord(last) < ord(first):
            raise PatternError(f"Промежуток «{first}-{last}» не годится", f"The range «{first}-{last}» will not do")
        self.at += 1
        return last

    def quantified(self, atom: _Piece) -> _Piece:
        match = _QUANTIFIER.match(self.text, self.at)
        if match is None:
            return atom
        self.at = match.end()
        if self.next() in {"?", "+", "*", "{"}:
            raise PatternError("Два знака повтора подряд не поддерживаются", "Two repeats in a row are not supported")
        numbers = [int(each) for each in (match[1], match[3]) if each]
        if any(each > MOST_REPEATS for each in numbers) or numbers != sorted(numbers):
            raise PatternError(f"Повторов может быть до {MOST_REPEATS}", f"There may be up to {MOST_REPEATS} repeats")
        least = numbers[0] if numbers else int(match[0] == "+")
        endless = match[0] in {"*", "+"} or bool(match[2] and not match[3])
        most = LONGEST_TEXT if endless else numbers[-1] if numbers else 1
        if most > 1 and (atom.repeated or atom.empty):
            raise PatternError("Повтор внутри повтора не поддерживается", "A repeat inside a repeat is not supported")
        return replace(
            atom,
            text=f"{atom.text}{match[0]}",
            repeated=True,
            empty=atom.empty or not least,
            least=least,
            most=most,
        )
