"""Which step an answer may take from where, and whose turn it is: one pure table.

`expected` is an answer that nobody has begun; lateness is no state, it follows from the date.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from profminimum.plan.transitions import ForbiddenStepError, Transitions

__all__ = ["EDITABLE", "NEEDS_REASON", "SENT", "TRANSITIONS", "ForbiddenStepError", "State", "Step", "after", "steps"]


class State(StrEnum):
    EXPECTED = "expected"  # «ожидается»
    DRAFT = "draft"  # «черновик»
    SUBMITTED = "submitted"  # «отправлено на проверку»
    CHECKED = "checked"  # «проверено» by the authority
    ACCEPTED = "accepted"  # «принято» by the last tier
    RETURNED = "returned"  # «возвращено»
    WITHDRAWN = "withdrawn"  # no longer asked: the organisation has closed or was excepted


class Step(StrEnum):
    BEGIN = "begin"
    SUBMIT = "submit"
    CHECK = "check"
    ACCEPT = "accept"
    RETURN = "return"
    REOPEN = "reopen"
    RESCHEDULE = "reschedule"
    MOVE = "move"
    WITHDRAW = "withdraw"
    RESUME = "resume"  # asked again for what had never been sent
    RESTORE = "restore"  # asked again for what had been sent once


EDITABLE: Final = frozenset({State.EXPECTED, State.DRAFT, State.RETURNED})  # the author's turn
SENT: Final = frozenset({State.SUBMITTED, State.CHECKED, State.ACCEPTED})
NEEDS_REASON: Final = frozenset({Step.RETURN, Step.REOPEN, Step.WITHDRAW})

TRANSITIONS: Final = Transitions[State, Step](
    {
        (State.EXPECTED, Step.BEGIN): State.DRAFT,
        (State.EXPECTED, Step.SUBMIT): State.SUBMITTED,
        (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
        (State.RETURNED, Step.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Step.CHECK): State.CHECKED,
        (State.SUBMITTED, Step.ACCEPT): State.ACCEPTED,  # where one tier checks
        (State.CHECKED, Step.ACCEPT): State.ACCEPTED,
        (State.SUBMITTED, Step.RETURN): State.RETURNED,
        (State.CHECKED, Step.RETURN): State.RETURNED,
        (State.ACCEPTED, Step.REOPEN): State.RETURNED,
        (State.WITHDRAWN, Step.RESUME): State.EXPECTED,
        (State.WITHDRAWN, Step.RESTORE): State.RETURNED,
        **{
            (state, Step.WITHDRAW): State.WITHDRAWN
            for state in (State.EXPECTED, State.DRAFT, State.RETURNED, State.SUBMITTED)
        },
        **{(state, step): state for state in State for step in (Step.RESCHEDULE, Step.MOVE)},
    }
)
after, steps = TRANSITIONS.after, TRANSITIONS.steps
