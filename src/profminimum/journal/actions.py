"""Which actions exist and how they are called: each app adds its own table when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

_labels: dict[str, str | _StrPromise] = {}


def register(labels: Mapping[str, str | _StrPromise]) -> None:
    """Make the actions of an app known: «noun.verb in the past» → label in the user's language."""
    _labels.update(labels)


def labels() -> Mapping[str, str | _StrPromise]:
    return _labels


def label(action: str) -> str:
    return str(_labels.get(action, action))
