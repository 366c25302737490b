"""What is to be done for an obligation that another app carries, and where? Each such app adds its word itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from profminimum.orgs.access import Seat
    from profminimum.plan.models import Obligation

    Build = Callable[[list[Obligation]], dict[int, "Offer"]]
    Wait = Callable[[Seat, date], list["Waiting"]]


@dataclass(frozen=True, slots=True)
class Offer:
    """`title` is a verb phrase for the list of duties, `action` the word on the button that leads to `url`.

    `note` says where it stands: «черновик», «12 ждут»; `proof`: what it takes, beside the date.
    """

    title: str
    url: str
    action: str
    note: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the check of an organisation besides reports: `count` things, the oldest for `days` days."""

    title: str
    number: str  # of the row of the plan
    url: str
    count: int
    days: int


_builders: list[tuple[Build, Wait]] = []


def add(build: Build, wait: Wait) -> None:
    """Ask `build(obligations)` for what it offers and `wait(seat, today)` for what waits: a few questions each."""
    if (build, wait) not in _builders:
        _builders.append((build, wait))


def offers(obligations: Iterable[Obligation]) -> dict[int, Offer]:
    """Obligation → what is to be done for it. What the row itself says is left out, and then nothing is asked."""
    carried = [one for one in obligations if one.by_form or one.duty]
    found: dict[int, Offer] = {}
    if carried:
        for build, _wait in _builders:
            found |= build(carried)
    return found


def waiting(seat: Seat, today: date) -> list[Waiting]:
    """What else waits for the check of this seat, folded."""
    return [one for _build, wait in _builders for one in wait(seat, today)]
