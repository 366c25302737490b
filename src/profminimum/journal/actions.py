"""Which actions exist, how they are called and what their data is called: each app adds its own when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    Labels = Mapping[str, str | _StrPromise]

_labels: dict[str, str | _StrPromise] = {}
_fields: dict[str, str | _StrPromise] = {}


def register(labels: Labels, fields: Labels | None = None) -> None:
    """Make the actions of an app known: «noun.verb in the past» → label in the user's language.

    `fields` names what stands in `before` and `after`, where the name of the model's field would not do.
    """
    _labels.update(labels)
    _fields.update(fields or {})


def labels() -> Labels:
    return _labels


def label(action: str) -> str:
    return str(_labels.get(action, action))


def field(name: str) -> str:
    """How a value in `before` and `after` is called, or "" when no app has said it."""
    return str(_fields.get(name, ""))
