"""How is a rule of a form read? The XPath of XLSForm, a subset, into a small tree; everything else is refused.

Nodes: ["lit", value], ["ref", name], ["self"], ["last", name], ["registry", name], ["register", kind, field],
["cell", table, row, column], ["not" | "neg", a], [operator, a, b] with and or = != < <= > >= + - * / %, and
["call", function, …]. What they mean is said in `schema.evaluate` and, the same, in `rules.js`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.patterns import HEAD, TAIL, PatternError, canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from profminimum.monitoring.schema.model import Tree, Words

LONGEST: Final = 2000  # characters of a rule
DEEPEST: Final = 50
MOST_NODES: Final = 500
DIGITS: Final = 40  # of a number
FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {  # name → fewest and most arguments
    "abs": (1, 1),
    "boolean": (1, 1),
    "boolean-from-string": (1, 1),
    "coalesce": (2, 2),
    "concat": (1, 20),
    "contains": (2, 2),
    "count": (1, 1),
    "count-non-empty": (1, 1),
    "count-selected": (1, 1),
    "date": (1, 1),
    "decimal-date-time": (1, 1),
    "ends-with": (2, 2),
    "false": (0, 0),
    "format-date": (2, 2),
    "if": (3, 3),
    "int": (1, 1),
    "max": (1, 20),
    "min": (1, 20),
    "normalize-space": (1, 1),
    "not": (1, 1),
    "now": (0, 0),
    "number": (1, 1),
    "once": (1, 1),
    "position": (1, 1),
    "pow": (2, 2),
    "regex": (2, 2),
    "round": (1, 2),
    "selected": (2, 2),
    "selected-at": (2, 2),
    "starts-with": (2, 2),
    "string": (1, 1),
    "string-length": (0, 1),
    "substr": (2, 3),
    "substring-after": (2, 2),
    "substring-before": (2, 2),
    "sum": (1, 1),
    "today": (0, 0),
    "translate": (3, 3),
    "true": (0, 0),
}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<ref>[^}]*?)\s*\}"
    r"|(?P<name>[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)|(?P<mark>!=|<=|>=|\.\.|[-+*=<>(),.|/\[\]]))"
)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS: Final[Mapping[str, tuple[int, str]]] = {
    "or": (1, "or"),
    "and": (2, "and"),
    "=": (3, "="),
    "!=": (3, "!="),
    "<": (4, "<"),
    "<=": (4, "<="),
    ">": (4, ">"),
    ">=": (4, ">="),
    "+": (5, "+"),
    "-": (5, "-"),
    "*": (6, "*"),
    "div": (6, "/"),
    "mod": (6, "%"),
}


_LEAVES: Final[Mapping[str, int]] = {  # kind → how many texts stand in it
    "lit": 1,
    "ref": 1,
    "self": 0,
    "last": 1,
    "registry": 1,
    "register": 2,
    "cell": 3,
}
_BINARY: Final = {mark for _level, mark in _OPERATORS.values()}


class RuleError(Exception):
    """Why a rule is refused; `position` is the character, from 0."""

    def __init__(self, message: Words, position: int = 0) -> None:
        super().__init__(message.get("en", message["ru"]))
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule may refer to: items by name; of tables their rows and columns."""

    items: Collection[str]
    tables: Mapping[str, tuple[Collection[str], Collection[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def _refuse(position: int, ru: str, en: str) -> RuleError:
    return RuleError({"ru": f"{ru} (знак {position + 1})", "en": f"{en} (character {position + 1})"}, position)


def compile_rule(text: str, names: Names) -> Tree:
    """The tree of a rule; RuleError when it is broken, too long, or asks for what does not exist here."""
    if len(text) > LONGEST:
        raise _refuse(LONGEST, f"Правило длиннее {LONGEST} знаков", f"The rule is longer than {LONGEST} characters")
    reader = _Reader(_tokens(text), names)
    tree = reader.expression(0, 0)
    reader.end()
    if _depth(tree) > DEEPEST:
        raise _refuse(0, "Правило слишком глубокое", "The rule is too deep")
    return tree


def broken(tree: Any) -> Words | None:
    """Why a tree is none that `compile_rule` could have given; None when it is one."""
    nodes, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES or depth > DEEPEST:
            return {
                "ru": f"Правило больше, чем можно: {MOST_NODES} частей, {DEEPEST} уровней.",
                "en": f"The rule is larger than allowed: {MOST_NODES} parts, {DEEPEST} levels.",
            }
        if not _shaped(node):
            return {"ru": "Правило записано неверно.", "en": "The rule is not well formed."}
        waiting.extend((each, depth + 1) for each in _parts(node))
    return None


def _parts(node: list[Any]) -> list[Any]:
    return [] if node[0] in _LEAVES else node[2:] if node[0] == "call" else node[1:]


def _shaped(node: Any) -> bool:
    if not isinstance(node, list) or not node or not isinstance(node[0], str):
        return False
    kind, given = node[0], len(node) - 1
    if kind in _LEAVES:
        return given == _LEAVES[kind] and (kind == "lit" or all(isinstance(each, str) for each in node[1:]))
    if kind == "call":
        if not given or node[1] not in FUNCTIONS or node[1] == "not":
            return False
        least, most = (0, 0) if node[1] == "position" else FUNCTIONS[node[1]]
        return least <= given - 1 <= most and (node[1] != "regex" or _safe(node[3]))
    return given == 1 if kind in {"not", "neg"} else given == 2 and kind in _BINARY


def _safe(pattern: Any) -> bool:
    """Is it a pattern that `canonical` has written?"""
    if not (isinstance(pattern, list) and len(pattern) == 2 and isinstance(pattern[1], str)):
        return False
    inside = pattern[1].removeprefix(HEAD).removesuffix(TAIL)
    try:
        return canonical(inside, LONGEST * 4) == pattern[1]
    except PatternError:
        return False


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while position < len(text):
        if not text[position:].strip():
            break
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise _refuse(at, f"Непонятный знак «{text[at]}»", f"An unknown character «{text[at]}»")
        found.append(_Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
        position = match.end()
    found.append(_Token("end", "", len(text)))
    return found


class _Reader:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[_Token], names: Names) -> None:
        self.tokens, self.names = tokens, names
        self.at = self.nodes = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def mark(self, text: str) -> None:
        if self.token.kind != "mark" or self.token.text != text:
            raise _refuse(self.token.position, f"Здесь ожидается «{text}»", f"«{text}» is expected here")
        self.at += 1

    def end(self) -> None:
        if self.token.kind != "end":
            raise _refuse(self.token.position, f"Лишнее: «{self.token.text}»", f"Too much: «{self.token.text}»")

    def node(self, position: int, *parts: Any) -> list[Any]:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _refuse(position, "Правило слишком сложное", "The rule is too complicated")
        return list(parts)

    def expression(self, level: int, depth: int) -> list[Any]:
        if depth > DEEPEST:
            raise _refuse(self.token.position, "Слишком много вложенных скобок", "Too many nested brackets")
        left = self.unary(depth)
        while True:
            token = self.token
            found = _OPERATORS.get(token.text) if token.kind in {"mark", "name"} else None
            if found is None or found[0] <= level:
                return left
            self.at += 1
            left = self.node(token.position, found[1], left, self.expression(found[0], depth + 1))
            if _depth(left) > DEEPEST:
                raise _refuse(token.position, "Правило слишком глубокое", "The rule is too deep")

    def unary(self, depth: int) -> list[Any]:
        if self.token.kind == "mark" and self.token.text == "-":
            position = self.take().position
            if depth > DEEPEST:
                raise _refuse(position, "Правило слишком глубокое", "The rule is too deep")
            return self.node(position, "neg", self.unary(depth + 1))
        return self.primary(depth)

    def primary(self, depth: int) -> list[Any]:
        token = self.take()
        if token.kind == "number":
            number = float(token.text)
            if len(token.text) > DIGITS:
                raise _refuse(token.position, "Слишком длинное число", "The number is too long")
            return self.node(token.position, "lit", int(number) if number.is_integer() and number < 1e15 else number)
        if token.kind == "text":
            return self.node(token.position, "lit", token.text[1:-1])
        if token.kind == "ref":
            return self.reference(token)
        if token.kind == "name" and self.token.text == "(":
            return self.call(token, depth)
        if token.kind == "mark" and token.text == ".":
            return self.node(token.position, "self")
        if token.kind == "mark" and token.text == "(":
            inside = self.expression(0, depth + 1)
            self.mark(")")
            return inside
        if token.kind == "end":
            raise _refuse(token.position, "Правило обрывается", "The rule breaks off")
        raise _refuse(
            token.position,
            f"«{token.text}» здесь не поддерживается: на вопросы ссылаются как ${{имя}}",
            f"«{token.text}» is not supported here: refer to questions as ${{name}}",
        )

    def reference(self, token: _Token) -> list[Any]:
        parts = token.text.split(".")
        if not all(_NAME.fullmatch(part) for part in parts):
            raise _refuse(token.position, f"Имя «{token.text}» не годится", f"The name «{token.text}» will not do")
        match parts:
            case [name] if name in self.names.items:
                return self.node(token.position, "ref", name)
            case ["last" | "registry" as kind, name]:
                return self.node(token.position, kind, name)
            case ["register", kind, name]:
                return self.node(token.position, "register", kind, name)
            case [table, row, column] if table in self.names.tables:
                rows, columns = self.names.tables[table]
                if row in rows and column in columns:
                    return self.node(token.position, "cell", table, row, column)
        raise _refuse(
            token.position, f"В форме нет вопроса «{token.text}»", f"The form has no question «{token.text}»"
        )

    def call(self, name: _Token, depth: int) -> list[Any]:
        if name.text not in FUNCTIONS:
            raise _refuse(
                name.position,
                f"Функция {name.text}() не поддерживается",
                f"The function {name.text}() is not supported",
            )
        self.mark("(")
        if name.text == "position":  # position(..) alone
            self.mark("..")
            self.mark(")")
            return self.node(name.position, "call", "position")
        given: list[list[Any]] = []
        while not (self.token.kind == "mark" and self.token.text == ")"):
            if given:
                self.mark(",")
            given.append(self.expression(0, depth + 1))
        self.mark(")")
        least, most = FUNCTIONS[name.text]
        if not least <= len(given) <= most:
            raise _refuse(
                name.position,
                f"У функции {name.text}() должно быть аргументов: от {least} до {most}",
                f"The function {name.text}() takes from {least} to {most} arguments",
            )
        if name.text == "regex":
            given[1] = self.pattern(name, given[1])
        if name.text == "not":
            return self.node(name.position, "not", given[0])
        return self.node(name.position, "call", name.text, *given)

    def pattern(self, name: _Token, given: list[Any]) -> list[Any]:
        if given[0] != "lit" or not isinstance(given[1], str):
            raise _refuse(
                name.position, "Образец regex() должен быть текстом", "The pattern of regex() must be a text"
            )
        try:
            return ["lit", canonical(given[1])]
        except PatternError as error:
            raise _refuse(name.position, error.ru, error.en) from error


def _depth(tree: Any) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((each, depth + 1) for each in node[1:] if isinstance(each, list))
    return deepest
