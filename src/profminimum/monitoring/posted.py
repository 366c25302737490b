"""What did a person send with a plain form, without any script? Changes, explanations, files taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.answers import PLACE, nested
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.preparing import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from profminimum.monitoring.schema.model import Definition, Item

NUMBER, ACTION, WHOLE = "form:number", "form:action", "form:whole"  # of the page: no question can be called so
EXPLAIN: Final = "explain:"
REMOVE: Final = "remove:"
KEPT: Final = "file:"  # the file that an entry of a repeat holds already


@dataclass(frozen=True, slots=True)
class Posted:
    """`flat`: place → as typed; `changes`: name → raw value for `drafts.save`, None for what was left empty."""

    flat: Mapping[str, Any]
    changes: Mapping[str, Any]
    explanations: Mapping[str, str]
    dropped: tuple[str, ...]  # places of files to take away


def action(post: Mapping[str, Any], usual: str) -> str:
    """Which button was pressed; a program may say it plainly where no question is called so."""
    return str(post.get(ACTION) or post.get("action") or usual)


def _kind_at(definition: Definition, place: str) -> Item | None:
    match = PLACE.fullmatch(place)
    field = prepare(definition).by_name.get(match[1]) if match else None
    if match is None or field is None:
        return None
    inner = {child.item.name: child.item for child in field.children}
    wanted = match[4] if field.item.kind == Kind.TABLE else match[3]
    return inner.get(wanted or "", field.item)


def read(definition: Definition, lists: Mapping[str, Sequence[str]]) -> Posted:
    """The fields of a whole posted form. A box that is not ticked is not posted: its question is then unanswered.

    Files are not among the changes: they are attached apart, and what is attached stays until it is taken away.
    Without the mark of a whole form (its fields were closed) nothing is changed.
    """
    if WHOLE not in lists and "whole" not in lists:
        return Posted({}, {}, {}, ())
    flat: dict[str, Any] = {}
    for place, values in lists.items():
        item = _kind_at(definition, place)
        if item is not None and values and item.kind != Kind.FILE:
            flat[place] = list(values) if item.kind == Kind.MANY else values[-1]
    for key, values in lists.items():
        place = key.removeprefix(KEPT)
        if place != key and "[" in place and values[-1].isdecimal() and f"{REMOVE}{place}" not in lists:
            flat[place] = {"file": int(values[-1]), "name": ""}
    changes = nested(definition, flat)
    for field in prepare(definition).fields:
        name, kind = field.item.name, field.item.kind
        if kind in {Kind.FILE, Kind.CALCULATED}:
            changes.pop(name, None)
        elif name not in changes and kind in {Kind.MANY, Kind.ONE, Kind.YESNO, Kind.REPEAT}:
            changes[name] = None
    return Posted(
        flat,
        changes,
        {
            key.removeprefix(EXPLAIN): values[-1]
            for key, values in lists.items()
            if key.startswith(EXPLAIN) and values
        },
        tuple(key.removeprefix(REMOVE) for key in lists if key.startswith(REMOVE)),
    )


def without_entry(changes: Mapping[str, Any], repeat: str, index: int) -> dict[str, Any]:
    """The changes without one entry of a repeat."""
    held = changes.get(repeat)
    if not isinstance(held, list):
        return dict(changes)
    return {**changes, repeat: [entry for at, entry in enumerate(held) if at != index]}
