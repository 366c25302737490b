"""Is a form too large, or would its rules take too long? Counted before anyone answers, for the fullest answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.schema.model import Definition, Item, Words

MOST_CELLS: Final = 5_000  # of all tables of a form
MOST_WORK: Final = 2_000_000  # parts of rules worked out for the fullest answer: less than a second


def beyond(definition: Definition, rules: Iterator[tuple[str, str, Any]]) -> Iterator[tuple[str, str, Words]]:
    """(name, attribute, why) of the table or the rule with which the form becomes too large or too slow.

    `rules` are all of the form: (name of the item or «», attribute, tree).
    """
    cells = 0
    items: dict[str, tuple[Item, int]] = {}  # name → item, how often it stands in the fullest answer
    inside: dict[str, str] = {}
    for one, parents in walk(definition.items):
        holder = parents[-1] if parents and parents[-1].kind in {Kind.TABLE, Kind.REPEAT} else None
        if holder is not None:
            inside[one.name] = holder.name
        items[one.name] = (one, _entries(holder) if holder else 1)
        if one.kind == Kind.TABLE and cells <= MOST_CELLS:
            cells += len(one.rows) * len(one.items)
            if cells > MOST_CELLS:
                words = {
                    "ru": f"В таблицах формы больше {MOST_CELLS} ячеек: уменьшите их или разделите форму.",
                    "en": f"The tables of the form have more than {MOST_CELLS} cells: make them smaller.",
                }
                yield one.name, "rows", words
    work = 0
    for name, attribute, tree in rules:
        times = items[name][1] if name else 1
        if attribute == "choice_filter":
            times *= len(items[name][0].choices)
        work += times * _work(tree, inside.get(name, ""), items, inside)
        if work > MOST_WORK:
            words = {
                "ru": "С этим правилом проверка формы станет слишком долгой: оно смотрит на все записи из каждой.",
                "en": "With this rule checking the form would take too long: it looks at all entries from each.",
            }
            yield name, attribute, words
            return


def _entries(holder: Item) -> int:
    return len(holder.rows) if holder.kind == Kind.TABLE else holder.at_most


def _work(tree: Any, here: str, items: Mapping[str, tuple[Item, int]], inside: Mapping[str, str]) -> int:
    """Parts of a rule; a column or child seen from outside its table or repeat counts once for each entry."""
    found, waiting = 0, [tree]
    while waiting:
        node = waiting.pop()
        found += 1
        if not isinstance(node, list) or not node or node[0] == "lit":
            continue
        if node[0] == "ref" and node[1] in inside and inside[node[1]] != here:
            found += items[node[1]][1]
        elif node[0] not in {"ref", "cell", "last", "registry", "register"}:
            waiting.extend(part for part in node[1:] if isinstance(part, list))
    return found
