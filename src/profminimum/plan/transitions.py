"""Which step may be taken from where? What every table of states and steps has in common; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


class ForbiddenStepError(Exception):
    """The step does not exist from this state."""

    def __init__(self, state: StrEnum, step: StrEnum) -> None:
        super().__init__(f"{step.value} from {state.value}")
        self.state = state
        self.step = step


class Transitions(dict[tuple[State, Step], State], Generic[State, Step]):
    """(state, step) → the state after it; what is not there is forbidden."""

    def after(self, state: State, step: Step) -> State:
        """The state after `step`; ForbiddenStepError when there is no such step."""
        try:
            return self[state, step]
        except KeyError:
            raise ForbiddenStepError(state, step) from None

    def steps(self, state: State) -> frozenset[Step]:
        """The steps that exist from `state`."""
        return frozenset(step for from_, step in self if from_ == state)
