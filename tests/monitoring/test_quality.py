"""The statistics of doubts: a table of cases for each rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.monitoring import quality
from profminimum.monitoring.quality import disagreement, group, growth, judge, jump, outlier, spread

TEN = [float(value) for value in (88, 90, 91, 92, 93, 94, 95, 96, 97, 99)]


@pytest.mark.parametrize(
    ("school_type", "pupils", "kind", "expected"),
    [
        ("secondary", 100, "school", "secondary:100"),
        ("secondary", 101, "school", "secondary:300"),
        ("secondary", 600, "school", "secondary:600"),
        ("secondary", 601, "branch", "secondary:more"),
        ("primary", 20, "school", "basic:100"),
        ("gymnasium", 900, "school", "advanced:more"),
        ("lyceum", 900, "school", "advanced:more"),
        ("boarding", None, "school", "boarding:"),
        ("", 0, "school", ":100"),
        ("", None, "authority", "authority"),
    ],
)
def test_comparable_schools(school_type: str, pupils: float | None, kind: str, expected: str) -> None:
    assert group(school_type, pupils, kind) == expected


@pytest.mark.parametrize(
    ("values", "value", "score"),
    [
        (TEN, 10.0, 22.5),  # a tenth of what is usual
        (TEN, 980.0, 239.2),  # a zero too many
        (TEN, 75.0, None),  # scored 5.0, but not a fifth away from the median
        (TEN, 93.0, None),
        (TEN[:7], 10.0, None),  # too few to say anything
        ([5.0] * 10, 500.0, None),  # all the same: the value is not of this group
        ([5.0] * 9 + [500.0], 500.0, 8.0),  # MAD 0: by the mean deviation
        ([0.0] * 9 + [1.0], 1.0, None),  # MAD 0, and one event more is nothing
        ([0.0] * 9 + [4.0], 4.0, None),  # nor are four
        ([0.0] * 9 + [14.0], 14.0, 8.0),
        ([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0], -50.0, 17.7),
    ],
)
def test_outliers(values: list[float], value: float, score: float | None) -> None:
    found = outlier(value, spread(values))
    assert (found.facts["score"] if found else None) == score


def test_what_is_said_of_an_outlier() -> None:
    found = outlier(10.0, spread(TEN))
    assert found is not None
    assert found.code == "outlier"
    assert found.facts == {"value": 10.0, "median": 93.5, "mad": 2.5, "size": 10, "score": 22.5}


@pytest.mark.parametrize(
    ("value", "last", "share"),
    [
        (200.0, 100.0, 1.0),
        (50.0, 100.0, -0.5),
        (199.0, 100.0, "none"),
        (5.0, 1.0, "none"),  # five times as much, but four people
        (30.0, 0.0, None),  # from nothing
        (9.0, 0.0, "none"),
        (100.0, None, "none"),
        (100.0, 100.0, "none"),
        (-100.0, 100.0, -2.0),
    ],
)
def test_jumps(value: float, last: float | None, share: float | str | None) -> None:
    found = jump(value, last)
    assert (found.facts["share"] if found else "none") == share


@pytest.mark.parametrize(
    ("value", "last", "grown", "doubtful"),
    [
        (200.0, 100.0, 2.0, False),  # all have doubled
        (500.0, 100.0, 2.0, True),
        (110.0, 100.0, 2.0, False),  # the same as before is no jump
        (30.0, 100.0, 2.0, True),  # a fall while others grew
        (0.0, 300.0, 0.5, True),
        (150.0, 300.0, 0.5, False),
        (5.0, 100.0, 1.0, True),
    ],
)
def test_what_moves_with_all_others_is_no_jump(value: float, last: float, grown: float, *, doubtful: bool) -> None:
    assert (jump(value, last, grown) is not None) == doubtful


def test_the_growth_of_all_is_a_median() -> None:
    assert growth([2.0] * 5 + [1.0] * 4) == 2.0
    assert growth([2.0] * 7) == 1.0  # too few


@pytest.mark.parametrize(
    ("value", "source", "doubtful"),
    [
        (100.0, 100.0, False),
        (104.0, 100.0, False),
        (105.0, 100.0, False),
        (106.0, 100.0, True),
        (0.0, 100.0, True),
        (1.0, 0.0, True),
        (0.0, 0.0, False),
        (7.0, None, False),
    ],
)
def test_disagreements_with_a_source(value: float, source: float | None, *, doubtful: bool) -> None:
    assert (disagreement(value, source) is not None) == doubtful


def test_one_value_may_raise_several_doubts_and_the_worst_weighs_most() -> None:
    found = judge(940.0, spread(TEN), last=94.0, source=95.0)
    assert [doubt.code for doubt in found] == ["outlier", "jump", "register"]
    assert judge(94.0, spread(TEN), last=94.0, source=95.0) == []
    near, far = outlier(30.0, spread(TEN)), outlier(10.0, spread(TEN))
    assert near is not None
    assert far is not None
    assert far.weight > near.weight >= 1


@given(st.lists(st.floats(-1e9, 1e9), min_size=0, max_size=60), st.floats(-1e9, 1e9))
def test_any_numbers_are_borne(values: list[float], value: float) -> None:
    usual = spread(values)
    assert (usual is None) == (len(values) < quality.ENOUGH)
    found = outlier(value, usual)
    assert found is None or found.weight >= 1
    if usual is not None:
        assert outlier(usual.median, usual) is None
    later = jump(value, values[0] if values else None)
    assert later is None or later.weight >= 1
