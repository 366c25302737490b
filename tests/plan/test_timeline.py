"""Where on the line of the year does a date stand?"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from profminimum.plan.timeline import LANES, Dot, line

START, END = date(2023, 9, 1), date(2024, 8, 31)


def test_a_date_before_the_year_widens_the_line() -> None:
    drawn = line(START, END, date(2023, 12, 2), [Dot("1", date(2023, 8, 22), "late")])
    assert [month.first.month for month in drawn.months][:2] == [8, 9]
    assert drawn.marks[0].x == "5.42%"  # 21.5 of 397 days
    assert drawn.today == "31.11%"  # 123.5 of 397 days


def test_today_outside_the_line_is_not_drawn() -> None:
    assert line(START, END, date(2025, 1, 1), []).today == ""


@given(st.lists(st.dates(START, END), max_size=30))
def test_close_dates_stand_in_different_lanes_while_there_are_any(days: list[date]) -> None:
    drawn = line(START, END, START, [Dot(str(number), day, "ahead") for number, day in enumerate(days)])
    assert len(drawn.marks) == len(days)
    assert all(0 <= mark.lane < LANES and 0 <= float(mark.x[:-1]) <= 100 for mark in drawn.marks)
    assert sum(float(month.width[:-1]) for month in drawn.months) - 100 < 0.1
    if len(days) <= LANES:
        places = {(mark.lane, mark.x) for mark in drawn.marks}
        assert len(places) == len(days)
