"""Every state of an answer with every step: where it leads, or that it is refused; written apart from the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.monitoring.states import (
    EDITABLE,
    NEEDS_REASON,
    SENT,
    TRANSITIONS,
    ForbiddenStepError,
    State,
    Step,
    after,
    steps,
)

LEADS = {  # state → step → state, as the specification says; all else is refused
    "expected": {"begin": "draft", "submit": "submitted", "withdraw": "withdrawn"},
    "draft": {"submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"check": "checked", "accept": "accepted", "return": "returned", "withdraw": "withdrawn"},
    "checked": {"accept": "accepted", "return": "returned"},
    "accepted": {"reopen": "returned"},
    "returned": {"submit": "submitted", "withdraw": "withdrawn"},
    "withdrawn": {"resume": "expected", "restore": "returned"},
}
ANYWHERE = {"reschedule", "move"}  # the date and the place in the tree change, the state does not


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_each_state_with_each_step(state: State, step: Step) -> None:
    if step.value in ANYWHERE:
        assert after(state, step) == state
        assert step in steps(state)
        return
    leads = LEADS[state.value].get(step.value)
    if leads is None:
        with pytest.raises(ForbiddenStepError, match=f"{step.value} from {state.value}") as refused:
            after(state, step)
        assert (refused.value.state, refused.value.step) == (state, step)
        assert step not in steps(state)
    else:
        assert after(state, step) == State(leads)
        assert step in steps(state)


def test_the_table_has_nothing_else() -> None:
    assert len(TRANSITIONS) == sum(map(len, LEADS.values())) + len(State) * len(ANYWHERE)


@given(st.lists(st.sampled_from(sorted(Step)), max_size=30))
def test_whatever_is_tried_an_answer_keeps_to_its_way(tried: list[Step]) -> None:
    state, way = State.EXPECTED, [State.EXPECTED]
    for step in tried:
        before = state
        try:
            state = after(state, step)
        except ForbiddenStepError:
            assert step not in steps(before)
            continue
        if state != before:
            way.append(state)
        if state == State.ACCEPTED and before != State.ACCEPTED:
            assert step == Step.ACCEPT
            assert State.SUBMITTED in way
        if before == State.ACCEPTED and state != State.ACCEPTED:
            assert step == Step.REOPEN  # what is accepted is changed only by being reopened, with a reason
        if state == State.SUBMITTED and before != State.SUBMITTED:
            assert before in EDITABLE


def test_who_may_write_and_what_needs_a_reason() -> None:
    assert EDITABLE | SENT | {State.WITHDRAWN} == set(State)
    assert not EDITABLE & SENT
    for state in State:
        assert (Step.SUBMIT in steps(state)) == (state in EDITABLE)
    back = {step for (state, step), led in TRANSITIONS.items() if state in SENT and led == State.RETURNED}
    assert back <= NEEDS_REASON
    assert Step.WITHDRAW in NEEDS_REASON
