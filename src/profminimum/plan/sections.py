"""What do other apps show on the page of a row of the plan? Each adds its sections when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure

    Build = Callable[[User, Measure, date], "Section | None"]


@dataclass(frozen=True, slots=True)
class Section:
    """A card on the page: `template` is drawn with `context` (and `measure`)."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


_builders: dict[int, Build] = {}


def add(order: int, build: Build) -> None:
    """Show what `build(user, measure, today)` gives, or nothing when None, in the order of the numbers."""
    _builders[order] = build


def sections(user: User, measure: Measure, today: date) -> list[Section]:
    found = (_builders[order](user, measure, today) for order in sorted(_builders))
    return [section for section in found if section is not None]
