"""In which order are the items of a form worked out, and do any of them go in a circle?

An item comes after the groups in which it lies and after all that the rules of its value and of its showing look at,
so that one pass gives the final answer.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from profminimum.monitoring.schema.walking import references, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from profminimum.monitoring.schema.model import Definition


def needs(definition: Definition) -> dict[str, frozenset[str]]:
    """Each item → the items that must be settled before it: by its `relevant` and `calculation`, and its parents."""
    found: dict[str, frozenset[str]] = {}
    for item, parents in walk(definition.items):
        looked_at = references(item.relevant) | references(item.calculation)
        found[item.name] = looked_at | {parent.name for parent in parents}
    return {name: names & found.keys() for name, names in found.items()}


def order(definition: Definition) -> tuple[str, ...]:
    """The names of all items, each after those that it needs; those of a circle at the end, as the form has them."""
    wanted = needs(definition)
    placed = _placed(wanted)
    return (*placed, *_without(wanted, placed))


def circles(definition: Definition) -> tuple[str, ...]:
    """The names of the items that need themselves, directly or through others, in the order of the form."""
    wanted = needs(definition)
    left = _without(wanted, _placed(wanted))
    turned = {name: frozenset(other for other in left if name in left[other]) for name in left}
    return tuple(_without(turned, _placed(turned)))  # what merely looks at a circle is no part of it


def _without(wanted: Mapping[str, frozenset[str]], names: Iterable[str]) -> dict[str, frozenset[str]]:
    gone = frozenset(names)
    return {name: others - gone for name, others in wanted.items() if name not in gone}


def _placed(wanted: Mapping[str, frozenset[str]]) -> list[str]:
    """Those that can be worked out, the earliest of the form first."""
    names = list(wanted)
    index = {name: at for at, name in enumerate(names)}
    waits = {name: len(wanted[name]) for name in names}
    behind: dict[str, list[str]] = {}
    for name in names:
        for other in wanted[name]:
            behind.setdefault(other, []).append(name)
    ready = [index[name] for name in names if not waits[name]]
    heapq.heapify(ready)
    placed: list[str] = []
    while ready:
        name = names[heapq.heappop(ready)]
        placed.append(name)
        for other in behind.get(name, ()):
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(ready, index[other])
    return placed
