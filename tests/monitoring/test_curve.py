"""The model of who will be late, on made-up waves of which the answer is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.monitoring import curve
from profminimum.monitoring.curve import Round

DUE = date(2023, 12, 4)
# ten organisations: one answers each day from -8 to -1, one is late, one never answers
TEN = Round({**{number: number - 8 for number in range(8)}, 8: 3, 9: None})
DAYS = st.one_of(st.none(), st.integers(-70, 30))
ROUNDS = st.builds(Round, st.dictionaries(st.integers(1, 30), DAYS, max_size=30))


@pytest.mark.parametrize(("day", "count"), [(-9, 0), (-8, 1), (-1, 8), (0, 8), (3, 9), (40, 9)])
def test_how_many_had_answered_by_a_day(day: int, count: int) -> None:
    assert TEN.by(day) == count
    assert (TEN.asked, TEN.late) == (10, 2)


def test_what_waves_teach_outweighs_the_default() -> None:
    prompt = curve.learn([Round(dict.fromkeys(range(500), -5))] * 3)
    lazy = curve.learn([Round(dict.fromkeys(range(500), 4))] * 3)
    unknown = curve.learn([])
    assert prompt.stays(-6) < 0.05 < unknown.stays(-6) < 0.5 < lazy.stays(-6)
    assert (prompt.rounds, unknown.rounds) == (3, 0)
    assert prompt.late < 0.01
    assert lazy.late > 0.98


def test_who_was_late_before_is_likelier_to_be_late_again() -> None:
    rounds = [Round({**dict.fromkeys(range(20), -1), 77: 5}) for _ in range(3)]
    model = curve.learn(rounds)
    assert model.chance(77, -2) > model.chance(404, -2) > model.chance(1, -2)
    assert model.chance(77, -2) > 0.5


def test_the_date_itself_decides() -> None:
    model = curve.learn([TEN])
    assert model.chance(1, 0) == model.chance(1, 5) == 1.0
    assert model.stays(0) == 1.0


def test_the_forecast_adds_the_chances_and_names_the_likely_ones_first() -> None:
    model = curve.learn([Round({**dict.fromkeys(range(30), -1), 77: 5, 78: 9})] * 4)
    found = curve.forecast(model, {1: -1, 77: -1, 78: -3, 500: -3})
    assert found.expected == pytest.approx(sum(found.chances.values()))
    assert set(found.likely) == {77, 78}
    assert found.chances[found.likely[0]] >= found.chances[found.likely[1]]


def test_the_proof_says_what_would_have_been_promised() -> None:
    """Taught by one wave, the model is right about a second one that goes the same way."""
    went = Round({**{number: -(number % 5) - 1 for number in range(80)}, **dict.fromkeys(range(80, 100), 2)})
    proof = curve.proof([went, went], -3)
    assert proof is not None
    assert (proof.day, proof.late) == (-3, 20)
    assert proof.promised == pytest.approx(20, abs=3)
    assert curve.proof([], -3) is None
    assert curve.proof([went], 0) is None


def test_what_is_expected_ends_at_the_forecast() -> None:
    model = curve.learn([TEN])
    coming = curve.ahead(model, 4, 6, -4, 2.0)
    assert len(coming) == 4
    assert coming[-1] == pytest.approx(8.0)
    assert coming == sorted(coming)
    assert curve.ahead(model, 4, 6, 0, 6.0) == []


@given(rounds=st.lists(ROUNDS, max_size=4), day=st.integers(-80, 10), place=st.integers(0, 40))
def test_a_chance_is_a_chance_whatever_the_past(rounds: list[Round], day: int, place: int) -> None:
    model = curve.learn(rounds)
    assert 0 < model.chance(place, day) <= 1
    assert 0 <= model.stays(day) <= 1
    assert model.stays(day) <= model.stays(day + 1)


def test_the_drawing_puts_days_and_counts_where_they_belong() -> None:
    first = DUE - timedelta(days=10)
    drawn = curve.chart(
        first, DUE, [0, 5, 10], asked=10, due=DUE, today=first + timedelta(days=2), coming=[10.0], earlier=[0, 10]
    )
    assert drawn.line == "0.0,1000.0 100.0,500.0 200.0,0.0"
    assert drawn.ahead == "200.0,0.0 300.0,0.0"
    assert drawn.before == "0.0,1000.0 100.0,0.0"
    assert (drawn.due, drawn.today) == ("100.00%", "20.00%")
    assert [tick.count for tick in drawn.counts] == [0, 5, 10]
    assert drawn.days[-1].day == DUE


def test_a_wave_of_one_day_without_answers_is_drawn_too() -> None:
    drawn = curve.chart(DUE, DUE, [0], asked=0, due=DUE, today=DUE)
    assert drawn.line == "0.0,1000.0"
    assert drawn.ahead == ""
