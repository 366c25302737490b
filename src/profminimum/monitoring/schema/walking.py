"""Which items does a form have, one by one, and which names does a rule look at?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from profminimum.monitoring.schema.model import Item


def walk(items: Iterable[Item], parents: tuple[Item, ...] = ()) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    """Every item with those in which it lies, the outermost first."""
    for item in items:
        yield item, parents
        yield from walk(item.items, (*parents, item))


def references(tree: Any) -> frozenset[str]:
    """The names of items that a rule looks at."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, list) or not node:
            continue
        if node[0] in {"ref", "cell"}:
            found.add(node[1])
            if node[0] == "cell":
                found.add(node[3])
        else:
            waiting.extend(node[1:])
    return frozenset(found)
