"""What do other apps show on an organisation's card? Each adds its sections when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.models import Organisation, User

    Build = Callable[[User | AnonymousUser, Organisation, date], "Section | None"]


@dataclass(frozen=True, slots=True)
class Section:
    """A card on the page: `template` is drawn with `context` (and `organisation`, `on`)."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


_builders: dict[int, Build] = {}


def add(order: int, build: Build) -> None:
    """Show what `build(user, organisation, on)` gives, or nothing when None, in the order of the numbers."""
    _builders[order] = build


def sections(user: User | AnonymousUser, organisation: Organisation, on: date) -> list[Section]:
    found = (_builders[order](user, organisation, on) for order in sorted(_builders))
    return [section for section in found if section is not None]
