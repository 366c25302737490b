"""Dated changes: pure spans by a table of cases, and the whole tree by random histories."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import AT, SmallRegion
from profminimum.orgs import services
from profminimum.orgs.models import Kind, Organisation, OrganisationState
from profminimum.orgs.timeline import GapError, OutsideError, Span, Stretch, end, put, ripple, stretches

JAN, MAR, JUN, SEP = (date(2023, month, 1) for month in (1, 3, 6, 9))


def spans(*rows: tuple[date, date | None, str, str]) -> list[Span]:
    return [Span(start, stop, {"name": name, "oktmo": oktmo, "act": ""}) for start, stop, name, oktmo in rows]


@pytest.mark.parametrize(
    ("before", "on", "changes", "after"),
    [
        pytest.param(
            spans((JAN, None, "а", "1")), MAR, {"name": "б"},
            spans((JAN, MAR, "а", "1"), (MAR, None, "б", "1")), id="a change splits the span",
        ),
        pytest.param(
            spans((JAN, None, "а", "1")), JAN, {"name": "б"}, spans((JAN, None, "б", "1")), id="the same day corrects"
        ),
        pytest.param(
            spans((JAN, None, "а", "1")), MAR, {"name": "а"}, spans((JAN, None, "а", "1")), id="nothing new"
        ),
        pytest.param(
            spans((JAN, JUN, "а", "1"), (JUN, None, "а", "2")), MAR, {"name": "б"},
            spans((JAN, MAR, "а", "1"), (MAR, JUN, "б", "1"), (JUN, None, "б", "2")),
            id="a change of another detail later lets it through",
        ),
        pytest.param(
            spans((JAN, JUN, "а", "1"), (JUN, None, "в", "1")), MAR, {"name": "б"},
            spans((JAN, MAR, "а", "1"), (MAR, JUN, "б", "1"), (JUN, None, "в", "1")),
            id="a later change of the same detail ends it",
        ),
        pytest.param(
            spans((JAN, JUN, "а", "1"), (JUN, SEP, "в", "1"), (SEP, None, "а", "1")), MAR, {"name": "б"},
            spans((JAN, MAR, "а", "1"), (MAR, JUN, "б", "1"), (JUN, SEP, "в", "1"), (SEP, None, "а", "1")),
            id="and it does not come back after it",
        ),
    ],
)  # fmt: skip
def test_put(before: list[Span], on: date, changes: dict[str, Any], after: list[Span]) -> None:
    assert put(before, on, changes) == after


def test_the_act_stays_with_its_own_span() -> None:
    changed = put(spans((JAN, JUN, "а", "1"), (JUN, None, "а", "2")), MAR, {"name": "б", "act": "№ 5"})
    assert [span.values["act"] for span in changed] == ["", "№ 5", ""]
    again = put(changed, MAR, {"name": "в", "act": ""})
    assert again[1].values["act"] == "№ 5"


@pytest.mark.parametrize("on", [date(2022, 12, 31), SEP])
def test_a_day_outside_is_refused(on: date) -> None:
    with pytest.raises(OutsideError):
        put(spans((JAN, SEP, "а", "1")), on, {"name": "б"})
    with pytest.raises(OutsideError):
        end(spans((JAN, SEP, "а", "1")), on)


def test_ripple_cuts_where_the_parent_moves_and_finds_gaps() -> None:
    child = [Span(MAR, None, {"parent_id": 2, "path": ""})]
    parents = {2: [Stretch(JAN, JUN, "/1/2/"), Stretch(JUN, None, "/1/7/2/")]}
    made = ripple(5, child, parents)
    assert [(span.start, span.end, span.values["path"]) for span in made] == [
        (MAR, JUN, "/1/2/5/"),
        (JUN, None, "/1/7/2/5/"),
    ]
    assert stretches(made) == [Stretch(MAR, JUN, "/1/2/5/"), Stretch(JUN, None, "/1/7/2/5/")]
    with pytest.raises(GapError) as caught:
        ripple(5, child, {2: [Stretch(JAN, JUN, "/1/2/")]})
    assert (caught.value.parent, caught.value.day) == (2, JUN)


DAYS = st.dates(date(2022, 1, 1), date(2025, 1, 1))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["open", "rename", "move", "close", "merge"]), st.integers(0, 30), st.integers(0, 30), DAYS
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


@given(acts=ACTS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_keeps_one_state_a_day_and_right_paths(region: SmallRegion, acts: list[Any]) -> None:
    with transaction.atomic():
        for number, (act, one, other, day) in enumerate(acts):
            try:
                with transaction.atomic():
                    _act(region, number, act, one, other, day)
            except ValidationError:
                continue
        _check(region)
        transaction.set_rollback(True)


def _act(region: SmallRegion, number: int, act: str, one: int, other: int, day: date) -> None:
    movable = list(Organisation.objects.filter(kind__in=[Kind.SCHOOL, Kind.BRANCH, Kind.AUTHORITY]).order_by("pk"))
    hosts = list(Organisation.objects.filter(kind__in=[Kind.MINISTRY, Kind.AUTHORITY, Kind.SCHOOL]).order_by("pk"))
    target, host = movable[one % len(movable)], hosts[other % len(hosts)]
    if act == "open":
        kind = {Kind.MINISTRY: Kind.AUTHORITY, Kind.AUTHORITY: Kind.SCHOOL, Kind.SCHOOL: Kind.BRANCH}[Kind(host.kind)]
        services.open_organisation(
            kind=kind, code=f"х{number}", region=region.region, parent=host, opened=day, by=None, at=AT,
            name=f"х{number}", short_name=f"х{number}",
        )  # fmt: skip
    elif act == "rename":
        services.change_organisation(target, on=day, by=None, at=AT, short_name=f"х{number}", name=f"х{number}")
    elif act == "move":
        services.move_organisation(target, host, on=day, by=None, at=AT)
    else:
        successors = [movable[other % len(movable)]] if act == "merge" else []
        services.close_organisation(target, on=day, by=None, at=AT, successors=successors)


def _check(region: SmallRegion) -> None:
    rows: dict[int, list[OrganisationState]] = {}
    for state in OrganisationState.objects.order_by("valid_from").select_related("organisation"):
        rows.setdefault(state.organisation_id, []).append(state)
    for found in rows.values():
        organisation = found[0].organisation
        assert found[0].valid_from == organisation.opened
        assert found[-1].valid_to == organisation.closed
        for earlier, later in pairwise(found):
            assert earlier.valid_to == later.valid_from
        for state in found:
            if state.parent_id is None:
                assert state.path == f"/{state.organisation_id}/"
                continue
            last = (state.valid_to or date(2030, 1, 1)) - timedelta(days=1)
            for day in (state.valid_from, last):
                above = [
                    s for s in rows[state.parent_id] if s.valid_from <= day and (not s.valid_to or day < s.valid_to)
                ]
                assert len(above) == 1, (state, day)
                assert state.path == f"{above[0].path}{state.organisation_id}/"
