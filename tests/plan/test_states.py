"""Which steps exist from which state; whatever is done, an obligation is always in one of its states."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.plan import states
from profminimum.plan.models import Standing
from profminimum.plan.states import ForbiddenStepError, State, Step

ALLOWED = {
    ("assigned", "report"): "reported",
    ("returned", "report"): "reported",
    ("reported", "report"): "reported",
    ("reported", "accept"): "accepted",
    ("reported", "return"): "returned",
    ("assigned", "waive"): "waived",
    ("returned", "waive"): "waived",
    ("reported", "waive"): "waived",
    ("accepted", "resume"): "returned",
    ("waived", "resume"): "assigned",
}
IN_PLACE = {"reschedule", "move"}


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_step_from_every_state(state: State, step: Step) -> None:
    wanted = state.value if step.value in IN_PLACE else ALLOWED.get((state.value, step.value))
    if wanted is None:
        with pytest.raises(ForbiddenStepError) as refused:
            states.after(state, step)
        assert (refused.value.state, refused.value.step) == (state, step)
    else:
        assert states.after(state, step) == wanted


def test_the_states_of_the_table_are_those_of_the_database() -> None:
    assert {state.value for state in State} == set(Standing.State.values)


def test_open_and_done_leave_only_the_waived() -> None:
    assert set(State) - states.OPEN - states.DONE == {State.WAIVED}
    assert not states.OPEN & states.DONE


@given(st.lists(st.sampled_from(list(Step))))
def test_only_a_report_leads_to_acceptance(steps: list[Step]) -> None:
    state, reported = State.ASSIGNED, False
    for step in steps:
        if step not in states.steps(state):
            continue
        state = states.after(state, step)
        reported = reported or step == Step.REPORT
        if state == State.ACCEPTED:
            assert reported


@pytest.mark.parametrize("state", list(State))
def test_steps_are_those_that_do_not_fail(state: State) -> None:
    possible = set()
    for step in Step:
        try:
            states.after(state, step)
        except ForbiddenStepError:
            continue
        possible.add(step)
    assert states.steps(state) == possible
