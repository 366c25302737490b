"""Random forms for the tests of the rules: questions, a table, a repeat, rules of all functions, and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from profminimum.monitoring.schema.rules import FUNCTIONS, Names, RuleError, compile_rule

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

WORDS: tuple[str, ...] = (
    "",
    "да",
    "base",
    "main",
    "Ёлка",
    "№ 12-ОД",
    "a😀b",
    "e\u0301",
    "a\u00a0b",
    "\u00a05",
    "\u3000base\u00a0",
    " \t x\n",
    "true",
    "1",
    "-7",
    " 12.50 ",
)
WORDS += (
    "1,5",
    "1e3",
    "+5",
    "007",
    "0x10",
    "Infinity",
    "NaN",
    "null",
    "__proto__",
    "a b c",
    "\u2028",
    "ß",
    "İ",
    "٣",
    "-0",
)
NUMBERS: tuple[float, ...] = (
    0,
    1,
    -1,
    2,
    5,
    10,
    100,
    999_999_999_999_999,
    -123_456,
    0.5,
    2.5,
    -2.5,
    0.1,
    1 / 3,
    1e-7,
    1.5e-5,
    0.0001,
    1e15,
)
NUMBERS += (123456.789, 1.005, 2.345, -0.0, 1e21, 9007199254740992, 1e300, -1e308, 4.9e-324, 1.7976931348623157e308)
DATES: tuple[str, ...] = (
    "2023-12-01",
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "0001-01-01",
    "9999-12-31",
    "0000-01-01",
)
DATES += ("2023-13-01", "2023-04-31", "25.08.2023", "2023-1-1", "1969-12-31", "2023-08-25T00:00:00")
PATTERNS: tuple[str, ...] = (
    r"\d+",
    r"[А-ЯЁ][а-яё]+",
    r".*",
    r"[^@]+@[^@]+\.[a-z]{2,6}",
    r"a.b",
    r"(base|main)",
    r"\w*",
    r"[-+]?\d+(\.\d+)?",
)
PATTERNS += (r"\s*x\s*", r"[^\d\s]{1,3}", r"№ ?\d{1,4}(-ОД)?", "", "a|b|", r"[\w-]+", r"(?:ab)*", "e\u0301?")
FORMATS = ("%d.%m.%Y", "%e %n", "%y%%", "%q%", "", "год %Y")
ROWS = ("g6", "g7", "g8")
COUNTED = (
    "abs",
    "int",
    "number",
    "round",
    "sum",
    "min",
    "max",
    "count",
    "count-non-empty",
    "pow",
    "decimal-date-time",
    "count-selected",
    "string-length",
)
WRITTEN = (
    "concat",
    "string",
    "substr",
    "substring-before",
    "substring-after",
    "normalize-space",
    "translate",
    "selected-at",
    "date",
)
JUDGED = (
    "not",
    "boolean",
    "boolean-from-string",
    "contains",
    "starts-with",
    "ends-with",
    "selected",
)


class Maker:
    """Random forms of a few questions, a table and a repeat; rules of all functions over them; answers to them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def begin(self) -> Names:
        """Take up a new form: its names."""
        self.plain = [f"q{at}" for at in range(self.chance.randint(1, 6))]
        self.columns = [f"c{at}" for at in range(self.chance.randint(1, 3))]
        self.children = [f"e{at}" for at in range(self.chance.randint(1, 3))]
        self.rows = ROWS[: self.chance.randint(1, 3)]
        return Names(
            {*self.plain, *self.columns, *self.children, "table", "repeat"},
            {"table": (set(self.rows), set(self.columns))},
        )

    def form(self) -> list[tuple[str, Any, dict[str, Any]]]:
        """Two rules of a new form, each with its tree and with an answer in whose scope it stands."""
        names = self.begin()
        return [(*self.rule(names, 5), self.scope()) for _rule in range(2)]

    def rule(self, names: Names, depth: int) -> tuple[str, Any]:
        """The text of a rule and its tree."""
        while True:
            text = self.any(self.chance.randint(1, depth))
            try:
                return text, compile_rule(text, names)
            except RuleError:
                if len(text) < 500:  # refused for its size alone: all that is made is meant to be right
                    raise

    def scope(self) -> dict[str, Any]:
        table = {row: self.held(self.columns) for row in self.rows if self.chance.random() < 0.8}
        repeat = [self.held(self.children) for _entry in range(self.chance.randint(0, 4))]
        answers = {**self.held(self.plain), "table": table, "repeat": repeat}
        if self.chance.random() < 0.2:
            answers = self.held(self.plain)
        where = self.chance.choice(["", "", "table", "repeat"])
        entry = self.held(self.columns if where == "table" else self.children) if where else None
        context = {
            "today": self.chance.choice(DATES[:2]),
            "last": self.held(self.plain),
            "registry": self.held(["pupils", "name"]),
            "registers": {"level": self.held(["hours", "level"])} if self.chance.random() < 0.8 else {},
        }
        return {
            "answers": answers,
            "context": context,
            "inside": {**dict.fromkeys(self.columns, "table"), **dict.fromkeys(self.children, "repeat")},
            "entry": entry,
            "of": where,
            "itself": self.answer() if self.chance.random() < 0.8 else None,
            "position": self.chance.randint(0, 4),
        }

    def held(self, names: list[str]) -> dict[str, Any]:
        return {name: self.answer() for name in names if self.chance.random() < 0.8}

    def answer(self) -> Any:
        chance = self.chance
        made: tuple[Callable[[], Any], ...] = (
            lambda: chance.choice(NUMBERS),
            lambda: chance.choice(NUMBERS),
            lambda: chance.choice([chance.randint(-1000, 1000), round(chance.uniform(-1e4, 1e4), 3)]),
            lambda: chance.uniform(-1, 1) * 1e15,
            lambda: chance.choice(WORDS),
            lambda: chance.choice(DATES),
            lambda: chance.random() < 0.5,
            lambda: chance.sample([*WORDS[1:8], "a", "b"], chance.randint(0, 3)),
            lambda: chance.choice([{"name": "Иванова", "post": "учитель"}, {}]),
        )
        return chance.choice(made)()

    def any(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.05:
            return self.leaf()
        kinds: tuple[Callable[[int], str], ...] = (self.number, self.text, self.truth, self.other)
        return self.chance.choice(kinds)(depth)

    def leaf(self) -> str:
        chance = self.chance
        names = [*self.plain, *self.columns, *self.children, "table", "repeat"]
        made: tuple[Callable[[], str], ...] = (
            *[lambda: f"${{{chance.choice(names)}}}"] * 3,
            lambda: self.quoted(chance.choice([*WORDS, *DATES])),
            lambda: chance.choice(["0", "1", "2", "10", "0.1", "2.5", "1000000", "0.00001", "123456789012345678"]),
            lambda: chance.choice([".", "today()", "now()", "true()", "false()", "position(..)", "string-length()"]),
            lambda: f"${{last.{chance.choice(self.plain)}}}",
            lambda: chance.choice(["${registry.pupils}", "${registry.name}", "${register.level.hours}"]),
            lambda: f"${{table.{chance.choice(self.rows)}.{chance.choice(self.columns)}}}",
        )
        return chance.choice(made)()

    @staticmethod
    def quoted(said: str) -> str:
        return f'"{said}"' if "'" in said else f"'{said}'"

    def call(self, name: str, depth: int, least: int, most: int) -> str:
        count = self.chance.randint(least, min(most, 4))
        return f"{name}({', '.join(self.any(depth - 1) for _argument in range(count))})"

    def number(self, depth: int) -> str:
        if self.chance.random() < 0.5:
            mark = self.chance.choice(["+", "-", "*", "div", "mod"])
            return f"({self.any(depth - 1)} {mark} {self.any(depth - 1)})"
        if self.chance.random() < 0.15:
            return f"-{self.leaf()}"
        name = self.chance.choice(COUNTED)
        return self.call(name, depth, max(1, FUNCTIONS[name][0]), FUNCTIONS[name][1])

    def text(self, depth: int) -> str:
        if self.chance.random() < 0.15:
            form = self.quoted(self.chance.choice(FORMATS))
            return f"format-date({self.chance.choice([self.any(depth - 1), self.quoted('2024-02-03')])}, {form})"
        name = self.chance.choice(WRITTEN)
        return self.call(name, depth, *FUNCTIONS[name])

    def truth(self, depth: int) -> str:
        if self.chance.random() < 0.5:
            mark = self.chance.choice(["=", "!=", "<", "<=", ">", ">=", "and", "or"])
            return f"({self.any(depth - 1)} {mark} {self.any(depth - 1)})"
        if self.chance.random() < 0.2:
            return f"regex({self.any(depth - 1)}, {self.quoted(self.chance.choice(PATTERNS))})"
        name = self.chance.choice(JUDGED)
        return self.call(name, depth, *FUNCTIONS[name])

    def other(self, depth: int) -> str:
        name = self.chance.choice(["if", "coalesce", "once", "if"])
        return self.call(name, depth, *FUNCTIONS[name])
