"""Names, children and who checks whom, as of a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from factories import AT
from profminimum.orgs import queries, services
from profminimum.orgs.models import Kind, Organisation

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion

ON = date(2023, 10, 2)


def test_placement_of_every_kind_in_one_query(
    region: SmallRegion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        placed = queries.placement(region.region.pk, ON)
    ministry, authority, school = region.ministry.pk, region.authorities[0].pk, region.schools[0].pk
    root = f"/{region.region.pk}/{ministry}/"
    assert placed[school] == queries.Placement(Kind.SCHOOL, f"{root}{authority}/{school}/", authority, authority)
    branch = region.branch.pk
    assert placed[branch] == queries.Placement(
        Kind.BRANCH, f"{root}{authority}/{school}/{branch}/", authority, authority
    )
    assert placed[authority] == queries.Placement(Kind.AUTHORITY, f"{root}{authority}/", authority, ministry)
    for other in (region.state_school, region.coordinator, region.institute, region.ministry):
        assert (placed[other.pk].unit_id, placed[other.pk].reviewer_id) == (ministry, ministry)
    assert region.region.pk not in placed


def test_placement_of_some_agrees_with_that_of_all(
    region: SmallRegion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything = queries.placement(region.region.pk, ON)
    with django_assert_num_queries(2):
        some = queries.placement_of(everything.keys(), ON)
    assert some == everything
    for pk, state in queries.states(everything, ON).items():
        assert queries.unit_of(state) == everything[pk].unit_id
        assert queries.reviewer_of(state) == everything[pk].reviewer_id


@pytest.mark.parametrize(
    ("municipal", "state", "branches", "expected"),
    [
        (True, True, False, ["Лицей-интернат", "МБОУ СОШ № 1 (А1)", "МБОУ СОШ № 2 (А1)"]),
        (True, False, False, ["МБОУ СОШ № 1 (А1)", "МБОУ СОШ № 2 (А1)"]),
        (False, True, False, ["Лицей-интернат"]),
        (True, False, True, ["МБОУ СОШ № 1 (А1)", "МБОУ СОШ № 2 (А1)", "Филиал СОШ № 1"]),
        (False, True, True, ["Лицей-интернат"]),
        (False, False, False, []),
    ],
)
def test_schools_of_municipalities_and_of_the_state(
    region: SmallRegion, *, municipal: bool, state: bool, branches: bool, expected: list[str]
) -> None:
    found = queries.schools(region.region.pk, ON, municipal=municipal, state=state, branches=branches)
    assert [s.state.short_name for s in found if "А2" not in s.state.short_name] == expected


def test_names_on_a_day_before_and_after_a_change(region: SmallRegion) -> None:
    school = region.schools[0]
    services.change_organisation(
        school, on=date(2023, 9, 1), by=None, at=AT, name="Гимназия № 1", short_name="Гимназия № 1"
    )
    assert queries.states([school.pk], date(2023, 8, 31))[school.pk].short_name == "МБОУ СОШ № 1 (А1)"
    assert queries.states([school.pk], date(2023, 9, 1))[school.pk].short_name == "Гимназия № 1"
    assert queries.states([school.pk], date(2019, 12, 31)) == {}
    assert [state.short_name for state in queries.history(school.states.order_by("valid_from"))] == [
        "Гимназия № 1",
        "МБОУ СОШ № 1 (А1)",
    ]


def test_numbers_are_sorted_as_numbers(region: SmallRegion) -> None:
    authority = region.authorities[0]
    for number in (10, 9):
        services.open_organisation(
            kind=Kind.SCHOOL,
            code=f"S{number}",
            region=region.region,
            parent=authority,
            opened=ON,
            by=None,
            at=AT,
            name=f"МБОУ СОШ №{number}",
            short_name=f"МБОУ СОШ №{number} (А1)",
        )
    names = [child.state.short_name for child in queries.children(authority.pk, ON)]
    assert names == ["МБОУ СОШ № 1 (А1)", "МБОУ СОШ № 2 (А1)", "МБОУ СОШ №9 (А1)", "МБОУ СОШ №10 (А1)"]


def test_search_folds_case_and_yo(region: SmallRegion) -> None:
    services.change_organisation(
        region.schools[0], on=ON, by=None, at=AT, name="Школа имени Королёва", short_name="СОШ имени Королёва"
    )
    found = Organisation.objects.as_of(ON).search("КОРОЛЕВА сош")
    assert [o.pk for o in found] == [region.schools[0].pk]
