"""Which step an obligation may take from where: one pure table. Overdue is no state; it follows from the date."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from profminimum.plan.transitions import ForbiddenStepError, Transitions

__all__ = ["DONE", "NEEDS_REASON", "OPEN", "TRANSITIONS", "ForbiddenStepError", "State", "Step", "after", "steps"]


class State(StrEnum):
    ASSIGNED = "assigned"
    REPORTED = "reported"  # «исполнено (заявлено)»
    RETURNED = "returned"  # «на доработке»
    ACCEPTED = "accepted"  # «снято с контроля»
    WAIVED = "waived"  # «не требуется»


class Step(StrEnum):
    REPORT = "report"
    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"
    RESUME = "resume"
    RESCHEDULE = "reschedule"
    MOVE = "move"


_OPEN: Final = (State.ASSIGNED, State.RETURNED)
OPEN: Final = frozenset(_OPEN)  # what is still to be done by the organisation; overdue when the date has passed
DONE: Final = frozenset({State.REPORTED, State.ACCEPTED})
NEEDS_REASON: Final = frozenset({Step.RETURN, Step.WAIVE, Step.RESUME})

TRANSITIONS: Final = Transitions[State, Step](
    {
        (State.ASSIGNED, Step.REPORT): State.REPORTED,
        (State.RETURNED, Step.REPORT): State.REPORTED,
        (State.REPORTED, Step.REPORT): State.REPORTED,  # a better answer before anyone has decided
        (State.REPORTED, Step.ACCEPT): State.ACCEPTED,
        (State.REPORTED, Step.RETURN): State.RETURNED,
        (State.ASSIGNED, Step.WAIVE): State.WAIVED,
        (State.RETURNED, Step.WAIVE): State.WAIVED,
        (State.REPORTED, Step.WAIVE): State.WAIVED,
        (State.ACCEPTED, Step.RESUME): State.RETURNED,
        (State.WAIVED, Step.RESUME): State.ASSIGNED,
        **{(state, step): state for state in State for step in (Step.RESCHEDULE, Step.MOVE)},
    }
)
after, steps = TRANSITIONS.after, TRANSITIONS.steps
