"""Which of the chosen obligations can this decision concern, and why not the others?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from profminimum.orgs import access, queries
from profminimum.plan.models import Standing
from profminimum.plan.queries.obligations import Row, rows
from profminimum.plan.states import OPEN, State, Step, steps

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from profminimum.orgs.models import User

VERBS: Final = {
    "accept": "obligation.review",
    "return": "obligation.review",
    "extend": "obligation.decide",
    "waive": "obligation.decide",
}
SHOWN: Final = 50  # names on the page that asks for confirmation
BY_FORM: Final = gettext_lazy(
    "This is fulfilled by the answer to a monitoring: fill, check, return and reopen the answer there."
)


@dataclass(slots=True)
class Choice:
    """`can`: what will change; `states`: how many cannot, by state; `refused`: how many without a right, why."""

    can: list[Standing] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    undated: int = 0
    shown: list[Row] = field(default_factory=list)
    latest: date | None = None

    @property
    def total(self) -> int:
        return len(self.can) + sum(self.states.values()) + sum(self.refused.values()) + self.undated

    @property
    def more(self) -> int:
        return len(self.can) - len(self.shown)

    @property
    def ids(self) -> str:
        """The ids of what can change, for the form."""
        return ",".join(str(standing.obligation_id) for standing in self.can)


def choice(user: User, step: str, ids: Collection[int], today: date) -> Choice:
    """Judged in a fixed number of queries, whatever the number of obligations."""
    found = Choice()
    standings = list(
        Standing.objects.visible_to(user)
        .at()
        .filter(obligation__in=ids)
        .select_related("measure", "obligation")
        .order_by("measure__position", "due", "organisation")
    )
    places = queries.known({standing.organisation_id for standing in standings}, today)
    for standing in standings:
        place = places.get(standing.organisation_id)
        decision = access.can_at(
            user, VERBS[step], standing.organisation_id, place.path if place else "", standing.kind
        )
        if step in {"accept", "return"} and standing.obligation.by_form:
            found.refused[str(BY_FORM)] = found.refused.get(str(BY_FORM), 0) + 1
        elif not _fits(step, State(standing.state)):
            found.states[standing.state] = found.states.get(standing.state, 0) + 1
        elif not decision:
            found.refused[decision.reason] = found.refused.get(decision.reason, 0) + 1
        elif step == "extend" and standing.due is None:
            found.undated += 1
        else:
            found.can.append(standing)
    found.shown = rows(found.can[:SHOWN], today)
    if step == "extend":
        found.latest = max((standing.due for standing in found.can if standing.due), default=None)
    return found


def _fits(step: str, state: State) -> bool:
    return state in OPEN if step == "extend" else Step(step) in steps(state)
