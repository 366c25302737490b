"""Whom does a row concern, and when?"""

from __future__ import annotations

from datetime import date

import pytest

from profminimum.orgs.models import Kind
from profminimum.orgs.queries import Placement
from profminimum.plan.expansion import Aim, Dated, dates, organisations

MINISTRY, AUTHORITY, SCHOOL, BRANCH, STATE = 2, 3, 4, 5, 6
PLACES = {
    MINISTRY: Placement(Kind.MINISTRY, "/1/2/", MINISTRY, MINISTRY),
    AUTHORITY: Placement(Kind.AUTHORITY, "/1/2/3/", AUTHORITY, MINISTRY),
    SCHOOL: Placement(Kind.SCHOOL, "/1/2/3/4/", AUTHORITY, AUTHORITY),
    BRANCH: Placement(Kind.BRANCH, "/1/2/3/4/5/", AUTHORITY, AUTHORITY),
    STATE: Placement(Kind.SCHOOL, "/1/2/6/", MINISTRY, MINISTRY),
}


@pytest.mark.parametrize(
    ("aims", "expected"),
    [
        ([Aim("schools")], [SCHOOL, STATE]),
        ([Aim("municipal_schools")], [SCHOOL]),
        ([Aim("state_schools")], [STATE]),
        ([Aim("authorities"), Aim("schools")], [AUTHORITY, SCHOOL, STATE]),
        ([Aim("one", MINISTRY)], [MINISTRY]),
        ([Aim("one", MINISTRY), Aim("one", MINISTRY)], [MINISTRY]),
        ([Aim("nobody")], []),
        ([], []),
    ],
)
def test_classes_hold_legal_entities_and_never_branches(aims: list[Aim], expected: list[int]) -> None:
    assert list(organisations(aims, PLACES)) == expected


def test_an_exception_is_left_out() -> None:
    assert list(organisations([Aim("schools")], PLACES, frozenset({STATE}))) == [SCHOOL]


SIGNED = date(2023, 9, 8)
BEFORE, AFTER = date(2023, 8, 22), date(2023, 12, 1)


@pytest.mark.parametrize(
    ("past", "days", "expected"),
    [
        ("keep", None, [Dated(BEFORE), Dated(AFTER)]),
        ("count", 10, [Dated(date(2023, 9, 18), decreed=BEFORE), Dated(AFTER)]),
        ("done", None, [Dated(BEFORE, done=True), Dated(AFTER)]),
    ],
)
def test_a_date_before_the_signature_follows_the_decision(past: str, days: int | None, expected: list[Dated]) -> None:
    assert dates([BEFORE, AFTER], SIGNED, past, days) == expected


def test_a_row_without_a_date_is_due_once_without_one() -> None:
    assert dates([], SIGNED, "", None) == [Dated(None)]


def test_the_day_of_the_signature_is_not_before_it() -> None:
    assert dates([SIGNED], SIGNED, "done", None) == [Dated(SIGNED)]
