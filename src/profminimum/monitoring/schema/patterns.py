r"""Which regular expressions may a rule use? Those that mean the same in both languages and cannot run long.

Allowed: letters, `.`, classes, `\d \w \s`, escaped marks, groups, alternatives, anchors at the ends, and the
quantifiers ? * + {n} {n,m}; at most two without an upper bound, none over a group that has one inside.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 200
UNBOUNDED: Final = 2
LONGEST_TEXT: Final = 500  # characters of a text that is matched; longer ones do not match
MOST_REPEATS: Final = 100
_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}
_MARKS: Final = set("\\^$.|?*+()[]{}/-")
_QUANTIFIER: Final = re.compile(r"[?*+]|\{(\d{1,3})(,(\d{1,3})?)?\}")


class PatternError(Exception):
    """Why a pattern is refused."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.ru = ru
        self.en = en


def canonical(pattern: str) -> str:
    """The pattern such as both languages read it alike, matching the whole text; PatternError when it is refused."""
    if len(pattern) > LONGEST:
        raise PatternError(f"Образец длиннее {LONGEST} знаков", f"The pattern is longer than {LONGEST} characters")
    if any(ord(letter) > 0xFFFF or ord(letter) < 0x20 for letter in pattern):
        raise PatternError("В образце есть недопустимые знаки", "The pattern has characters that are not allowed")
    body = pattern.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    reader = _Pattern(body)
    text, _quantified = reader.alternatives(0)
    if reader.at < len(body):
        raise PatternError("В образце лишняя скобка", "The pattern has a bracket too much")
    if reader.unbounded > UNBOUNDED:
        raise PatternError(
            f"В образце больше {UNBOUNDED} повторов без верхней границы: укажите границу, например {{1,20}}",
            f"The pattern has more than {UNBOUNDED} unbounded repeats: give a bound, such as {{1,20}}",
        )
    return f"^(?:{text})(?![\\s\\S])"


class _Pattern:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = self.unbounded = 0

    def alternatives(self, depth: int) -> tuple[str, bool]:
        if depth > 5:
            raise PatternError("В образце слишком много вложенных скобок", "The pattern has too many nested brackets")
        parts, quantified = [], False
        current: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != ")":
            if self.text[self.at] == "|":
                self.at += 1
                parts.append("".join(current))
                current = []
                continue
            atom, inside = self.atom(depth)
            again = self.quantifier(inside=inside)
            quantified = quantified or inside or bool(again)
            current.append(atom + again)
        parts.append("".join(current))
        return "|".join(parts), quantified

    def atom(self, depth: int) -> tuple[str, bool]:
        letter = self.text[self.at]
        self.at += 1
        if letter == "(":
            if self.text[self.at : self.at + 2] == "?:":
                self.at += 2
            elif self.text[self.at : self.at + 1] == "?":
                raise PatternError("Такая группа не поддерживается", "Such a group is not supported")
            inside, quantified = self.alternatives(depth + 1)
            if self.text[self.at : self.at + 1] != ")":
                raise PatternError("В образце не закрыта скобка", "A bracket of the pattern is not closed")
            self.at += 1
            return f"(?:{inside})", quantified
        if letter == "[":
            return self.klass(), False
        if letter == "\\":
            return self.escaped(inside=False), False
        if letter == ".":
            return "[^\\n]", False
        if letter in "?*+{}^$)]":
            raise PatternError(f"Знак «{letter}» здесь не годится", f"«{letter}» will not do here")
        return (f"\\{letter}" if letter == "/" else letter), False

    def escaped(self, *, inside: bool) -> str:
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter in _CLASSES and letter:
            return _CLASSES[letter] if inside else f"[{_CLASSES[letter]}]"
        if letter not in _MARKS or not letter:
            raise PatternError(f"«\\{letter}» не поддерживается", f"«\\{letter}» is not supported")
        return "-" if letter == "-" and not inside else f"\\{letter}"

    def klass(self) -> str:
        out = ["["]
        if self.text[self.at : self.at + 1] == "^":
            out.append("^")
            self.at += 1
        while True:
            letter = self.text[self.at : self.at + 1]
            self.at += 1
            if not letter:
                raise PatternError("В образце не закрыта скобка «[»", "A bracket «[» of the pattern is not closed")
            if letter == "]":
                break
            if letter == "\\":
                out.append(self.escaped(inside=True))
            elif letter == "-" and self.text[self.at : self.at + 1] not in {"]", ""} and len(out[-1]) == 1:
                out.append(self.range(out[-1]))
            else:
                out.append(f"\\{letter}" if letter in _MARKS else letter)
        if len(out) == 1 or out == ["[", "^"]:
            raise PatternError("Пустой набор знаков «[]»", "An empty class «[]»")
        return "".join([*out, "]"])

    def range(self, first: str) -> str:
        last = self.text[self.at]
        if first in {"[", "^"} or last in _MARKS or ord(last) < ord(first):
            raise PatternError(f"Промежуток «{first}-{last}» не годится", f"The range «{first}-{last}» will not do")
        self.at += 1
        return f"-{last}"

    def quantifier(self, *, inside: bool) -> str:
        match = _QUANTIFIER.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        if inside:
            raise PatternError("Повтор внутри повтора не поддерживается", "A repeat inside a repeat is not supported")
        if self.text[self.at : self.at + 1] in {"?", "+", "*"}:
            raise PatternError("Два знака повтора подряд не поддерживаются", "Two repeats in a row are not supported")
        if match[0] in {"*", "+"} or (match[2] and not match[3]):
            self.unbounded += 1
        numbers = [int(each) for each in (match[1], match[3]) if each]
        if any(each > MOST_REPEATS for each in numbers) or numbers != sorted(numbers):
            raise PatternError(f"Повторов может быть до {MOST_REPEATS}", f"There may be up to {MOST_REPEATS} repeats")
        return match[0]
