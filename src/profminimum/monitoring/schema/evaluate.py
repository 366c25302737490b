"""What does a rule say of an answer? One of two evaluators with one meaning; the other is `js/rules.js`.

Values are null, true and false, numbers (IEEE doubles), texts, lists; a person or a file counts as not empty. A
**number** of a text is what looks like one («-12.5»), of true 1, of false 0, else null. Arithmetic with null, by
zero, and a result that is not finite, is null. `=` with an empty side (null, "", empty list) asks whether both are
empty; with a number or a truth value it compares numbers (null is equal to nothing); else texts. `<` and its kin
compare two ISO dates as dates, else numbers; false with null. **True** are true, numbers but 0, texts and lists that
are not empty («false» and «0» too). The **text** of a number has no needless zeros and no exponent from 0.0001 up to
10^15; of a list, spaces between. Texts are counted in code points; spaces are the four of XML. A column or a child
seen from outside its table or repeat is the list of its answered values; sum(), count(), min(), max() take lists
apart. Each part of a rule is worked out at most once, of if(), and, or only what is needed.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.patterns import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from profminimum.monitoring.schema.model import Context, Tree

NUMBER: Final = re.compile(r"[ \t\n\r]*-?[0-9]+(?:\.[0-9]+)?[ \t\n\r]*")
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SPACES: Final = re.compile(r"[ \t\n\r]+")
POWERS: Final = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
LONGEST_MADE: Final = 20_000  # characters of a text that concat() or format-date() puts together; the rest is cut off
EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Scope:
    """What a rule may look at. `entry`: values of the row or entry of the rule; `inside`: child → parent."""

    answers: Mapping[str, Any]
    context: Context
    inside: Mapping[str, str] = field(default_factory=dict)
    entry: Mapping[str, Any] | None = None
    of: str = ""  # the table or repeat in which the rule stands
    itself: Any = None
    position: int = 0

    def value(self, name: str) -> Any:
        parent = self.inside.get(name)
        if parent is None:
            return self.answers.get(name)
        if self.entry is not None and parent == self.of:
            return self.entry.get(name)
        held = self.answers.get(parent)
        rows = held.values() if isinstance(held, dict) else held or ()
        return [row[name] for row in rows if row.get(name) is not None]


Run = "Callable[[Scope], Any]"


def number(value: Any) -> float | None:
    """The number of a value, or None."""
    if value is None:
        return None
    if isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= 400 and NUMBER.fullmatch(value)):
        found = float(value)
    else:
        return None
    return found if math.isfinite(found) else None


def text(value: Any) -> str:
    """The text of a value: numbers without needless zeros, lists with spaces between."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _digits(float(value))
    if isinstance(value, list):
        return " ".join(text(each) for each in value)
    return ""


def _digits(value: float) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e15 and value == math.floor(value):
        return str(int(value))
    if 1e-4 <= size < 1e15:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    figures = "".join(map(str, digits)).rstrip("0") or "0"
    power = int(exponent) + len(digits) - 1
    tail = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{'-' if sign else ''}{figures[0]}{tail}e{'+' if power >= 0 else '-'}{abs(power)}"


def true(value: Any) -> bool:
    """Does the value count as «yes»?"""
    if isinstance(value, dict):
        return True
    return bool(value)


def empty(value: Any) -> bool:
    return value is None or value in ("", [])


def equal(left: Any, right: Any) -> bool:
    if empty(left) or empty(right):
        return empty(left) and empty(right)
    if isinstance(left, (int, float)) or isinstance(right, (int, float)):
        a, b = number(left), number(right)
        return a is not None and b is not None and a == b
    return text(left) == text(right)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and DATE.fullmatch(value) is not None


def less(left: Any, right: Any) -> bool | None:
    """Left < right; None when they cannot be compared, True and False else; equal ones give False."""
    if _is_date(left) and _is_date(right):
        return bool(left < right)
    a, b = number(left), number(right)
    return None if a is None or b is None else a < b


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _add(a: float, b: float) -> float:
    return a + b


def _subtract(a: float, b: float) -> float:
    return a - b


def _multiply(a: float, b: float) -> float:
    return a * b


def _divide(a: float, b: float) -> float | None:
    return a / b if b else None


def _rest(a: float, b: float) -> float | None:
    return math.fmod(a, b) if b else None


ARITHMETIC: Final[Mapping[str, Callable[[float, float], float | None]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _rest,
}


PLAIN: Final = frozenset({int, float})
COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def compiled(tree: Tree) -> Callable[[Scope], Any]:
    """A function of the scope with the meaning of the tree; made once for each rule of a form."""
    if not isinstance(tree, list):
        return lambda _scope: tree
    kind, rest = tree[0], tree[1:]
    if kind in _LEAVES:
        return _leaf(kind, rest)
    if kind == "call":
        return _call(rest[0], rest[1:])
    parts = [compiled(each) for each in rest]
    if kind in ARITHMETIC:
        return _arithmetic(ARITHMETIC[kind], *parts)
    return _logic(kind, parts)


_LEAVES: Final = {"lit", "ref", "self", "last", "registry", "register", "cell"}


def _leaf(kind: str, rest: list[Any]) -> Callable[[Scope], Any]:
    made: dict[str, Callable[[Scope], Any]] = {
        "lit": lambda _scope: rest[0],
        "ref": lambda scope: scope.value(rest[0]),
        "self": lambda scope: scope.itself,
        "last": lambda scope: scope.context.last.get(rest[0]),
        "registry": lambda scope: scope.context.registry.get(rest[0]),
        "register": lambda scope: scope.context.registers.get(rest[0], {}).get(rest[1]),
        "cell": lambda scope: ((scope.answers.get(rest[0]) or {}).get(rest[1]) or {}).get(rest[2]),
    }
    return made[kind]


def _arithmetic(
    work: Callable[[float, float], float | None], first: Callable[[Scope], Any], second: Callable[[Scope], Any]
) -> Callable[[Scope], Any]:
    def run(scope: Scope) -> float | None:
        a, b = first(scope), second(scope)
        if type(a) not in PLAIN or type(b) not in PLAIN:
            a, b = number(a), number(b)
            if a is None or b is None:
                return None
        return _finite(work(float(a), float(b)))

    return run


def _logic(kind: str, parts: list[Callable[[Scope], Any]]) -> Callable[[Scope], Any]:
    first, second = parts[0], parts[-1]
    made: dict[str, Callable[[Scope], Any]] = {
        "not": lambda scope: not true(first(scope)),
        "neg": lambda scope: _negative(number(first(scope))),
        "and": lambda scope: true(first(scope)) and true(second(scope)),
        "or": lambda scope: true(first(scope)) or true(second(scope)),
        "=": lambda scope: equal(first(scope), second(scope)),
        "!=": lambda scope: not equal(first(scope), second(scope)),
    }
    return made[kind] if kind in made else _comparison(kind, first, second)


def _comparison(kind: str, first: Callable[[Scope], Any], second: Callable[[Scope], Any]) -> Callable[[Scope], bool]:
    quick = COMPARISONS[kind]
    turned, wanted = kind in {">", "<="}, kind in {"<", ">"}

    def run(scope: Scope) -> bool:
        a, b = first(scope), second(scope)
        if type(a) in PLAIN and type(b) in PLAIN:  # what nearly all rules compare
            return quick(a, b)
        return (less(b, a) if turned else less(a, b)) is wanted

    return run


def _negative(value: float | None) -> float | None:
    return None if value is None else 0.0 - value


def _call(name: str, arguments: Sequence[Any]) -> Callable[[Scope], Any]:
    parts = [compiled(each) for each in arguments]
    if name == "if":
        return lambda scope: parts[1](scope) if true(parts[0](scope)) else parts[2](scope)
    if name in {"today", "now"}:
        return lambda scope: scope.context.today
    if name == "position":
        return lambda scope: scope.position
    if name == "string-length" and not parts:
        return lambda scope: len(text(scope.itself))
    if name == "once":
        return lambda scope: parts[0](scope) if empty(scope.itself) else scope.itself
    work = WORK[name]
    return lambda scope: work(*[part(scope) for part in parts])


def _items(values: Sequence[Any]) -> list[Any]:
    """The arguments of min, max…: lists are taken apart."""
    found: list[Any] = []
    for value in values:
        found.extend(value if isinstance(value, list) else [value])
    return found


def _extreme(values: Sequence[Any], *, largest: bool) -> float | None:
    numbers = [each for each in map(number, _items(values)) if each is not None]
    if not numbers:
        return None
    return max(numbers) if largest else min(numbers)


def _sum(value: Any) -> float:
    total = 0.0
    for each in _items([value]):
        total += number(each) or 0.0
    return total if math.isfinite(total) else 0.0


def _count(value: Any) -> int:
    return sum(not empty(each) for each in _items([value]))


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text(each) for each in value]
    return [word for word in SPACES.split(text(value)) if word]


def _round(value: Any, places: Any = 0) -> float | None:
    a, b = number(value), number(places)
    if a is None or b is None or b != math.floor(b) or not 0 <= b < len(POWERS):
        return None
    power = POWERS[int(b)]
    return _finite(math.floor(a * power + 0.5) / power) if math.isfinite(a * power) else None


def _power(base: Any, exponent: Any) -> float | None:
    a, b = number(base), number(exponent)
    if a is None or b is None or b != math.floor(b) or not 0 <= b <= 64:
        return None
    result = 1.0
    for _step in range(int(b)):
        result *= a
    return _finite(result)


def _int(value: Any) -> float | None:
    found = number(value)
    return None if found is None else float(math.trunc(found))


def _abs(value: Any) -> float | None:
    found = number(value)
    return None if found is None else abs(found)


def _place(value: Any) -> int | None:
    found = number(value)
    return None if found is None or found != math.floor(found) or abs(found) > 1e9 else int(found)


def _substr(value: Any, start: Any, end: Any = None) -> str:
    words, first = text(value), _place(start)
    last = len(words) if end is None else _place(end)
    if first is None or last is None or first < 0 or last < 0:
        return ""
    return words[first:last]


def _selected_at(value: Any, index: Any) -> str | None:
    words, at = _words(value), _place(index)
    return words[at] if at is not None and 0 <= at < len(words) else None


def _before(value: Any, part: Any) -> str:
    words, found, _rest = text(value).partition(text(part)) if text(part) else ("", "", "")
    return words if found else ""


def _after(value: Any, part: Any) -> str:
    return text(value).partition(text(part))[2] if text(part) else text(value)


def _translate(value: Any, old: Any, new: Any) -> str:
    put = text(new)
    table: dict[str, str] = {}
    for index, letter in enumerate(text(old)):
        table.setdefault(letter, put[index] if index < len(put) else "")
    return "".join(table.get(letter, letter) for letter in text(value))


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _regex(value: Any, pattern: str) -> bool:
    words = text(value)
    return len(words) <= LONGEST_TEXT and _pattern(pattern).match(words) is not None


def as_date(value: Any) -> str | None:
    """The ISO date that a value is, or None."""
    if not _is_date(value):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _days(value: Any) -> int | None:
    found = as_date(value)
    return None if found is None else date.fromisoformat(found).toordinal() - EPOCH


def _format_date(value: Any, form: Any) -> str:
    found = as_date(value)
    if found is None:
        return ""
    year, month, day = found.split("-")
    said = {"Y": year, "y": year[2:], "m": month, "n": str(int(month)), "d": day, "e": str(int(day)), "%": "%"}
    letters = iter(text(form))
    made = "".join(said.get(next(letters, ""), "") if letter == "%" else letter for letter in letters)
    return made[:LONGEST_MADE]


def _boolean_from_string(value: Any) -> bool:
    return text(value) in {"true", "1"}


WORK: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": _abs,
    "boolean": true,
    "boolean-from-string": _boolean_from_string,
    "coalesce": lambda a, b: b if empty(a) else a,
    "concat": lambda *values: "".join(text(each) for each in _items(values))[:LONGEST_MADE],
    "contains": lambda a, b: text(b) in text(a),
    "count": _count,
    "count-non-empty": _count,
    "count-selected": lambda a: len(_words(a)),
    "date": as_date,
    "decimal-date-time": _days,
    "ends-with": lambda a, b: text(a).endswith(text(b)),
    "false": lambda: False,
    "format-date": _format_date,
    "int": _int,
    "max": lambda *values: _extreme(values, largest=True),
    "min": lambda *values: _extreme(values, largest=False),
    "normalize-space": lambda a: SPACES.sub(" ", text(a)).strip(" "),
    "number": number,
    "pow": _power,
    "regex": _regex,
    "round": _round,
    "selected": lambda a, b: text(b) in _words(a),
    "selected-at": _selected_at,
    "starts-with": lambda a, b: text(a).startswith(text(b)),
    "string": text,
    "string-length": lambda a: len(text(a)),
    "substr": _substr,
    "substring-after": _after,
    "substring-before": _before,
    "sum": _sum,
    "translate": _translate,
    "true": lambda: True,
}


def value(tree: Tree, scope: Scope) -> Any:
    """What the rule gives."""
    return compiled(tree)(scope)


def truth(tree: Tree, scope: Scope) -> bool:
    """Does the rule hold?"""
    return true(compiled(tree)(scope))
