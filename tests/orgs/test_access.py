"""Every right × every role × every kind of place, computed by `can`, by `can_at` and by `reach`: they must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from profminimum.orgs import access, queries
from profminimum.orgs.access import Reach
from profminimum.orgs.models import Kind, Organisation

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People


@pytest.mark.parametrize("verb", sorted(access.GRANTS))
def test_three_ways_to_ask_give_one_answer(
    region: SmallRegion, people: People, december: datetime, verb: str
) -> None:
    on = december.date()
    everything = {o.pk: o for o in Organisation.objects.as_of(on)}
    for who, user in people:
        reached = set(
            Organisation.objects.as_of(on).filter(access.reach(user, verb, on)).values_list("pk", flat=True)
        )
        for pk, organisation in everything.items():
            one = access.can(user, verb, organisation)
            other = access.can_at(user, verb, pk, organisation.state.path, organisation.kind)
            assert bool(one) == bool(other), (who, organisation.code)
            if verb != "obligation.review":  # there the kind and the own report count too
                assert bool(one) == (pk in reached), (who, organisation.code)
            elif one:
                assert pk in reached
            assert bool(one) or one.reason
        assert bool(access.can(user, verb, None)) == bool(
            {s.role for s in access.seats(user)} & set(access.GRANTS[verb])
        )


def test_the_reach_of_the_table_is_the_reach_in_the_tree(
    region: SmallRegion, people: People, december: datetime
) -> None:
    placed = queries.placement(region.region.pk, december.date())
    for who, user in people:
        for seat in access.seats(user):
            for verb, grants in access.GRANTS.items():
                far = grants.get(seat.role, frozenset())
                for pk, place in placed.items():
                    expected = (
                        (Reach.REGION in far)
                        or (Reach.OWN in far and pk == seat.organisation_id)
                        or (Reach.BELOW in far and f"/{seat.organisation_id}/" in place.path.removesuffix(f"{pk}/"))
                    )
                    found = bool(access.can_at(user, verb, pk, place.path, place.kind))
                    if verb != "obligation.review":
                        assert found == expected, (who, verb, place)


def test_nobody_checks_their_own_and_the_coordinator_not_the_ministry(
    region: SmallRegion, people: People, december: datetime
) -> None:
    verb = "obligation.review"
    assert access.can(people.municipal, verb, region.schools[0])
    assert access.can(people.municipal, verb, region.branch)
    assert not access.can(people.municipal, verb, region.authorities[0])
    assert not access.can(people.ministry, verb, region.ministry)
    assert access.can(people.controller, verb, region.ministry)
    assert access.can(people.coordinator, verb, region.authorities[0])
    for place in (region.ministry, region.institute, region.coordinator):
        assert not access.can(people.coordinator, verb, place)


def test_what_is_seen_is_what_is_in_reach_and_what_is_above(
    region: SmallRegion, people: People, december: datetime
) -> None:
    on = december.date()
    for who, user in people:
        listed = set(Organisation.objects.visible_to(user, on).values_list("pk", flat=True))
        for organisation in Organisation.objects.as_of(on):
            pk = organisation.pk
            assert access.sees(user, pk, organisation.state.path) == (pk in listed), (who, organisation.code)
    school = set(Organisation.objects.visible_to(people.branch, on).values_list("pk", flat=True))
    above = (region.schools[0], region.authorities[0], region.ministry, region.region)
    assert school == {region.branch.pk, *(o.pk for o in above)}


def test_another_region_is_out_of_reach_for_everyone(people: People, december: datetime) -> None:
    from factories import small_region  # noqa: PLC0415 - one test

    far = small_region(code="14", authorities=1, per_authority=1)
    for who, user in people:
        for verb in access.GRANTS:
            for place in (far.region, far.ministry, far.schools[0]):
                assert not access.can(user, verb, place), (who, verb)
        assert not Organisation.objects.visible_to(user, december.date()).filter(region=far.region).exists()


def test_a_refusal_names_who_may(people: People, region: SmallRegion, december: datetime) -> None:
    with pytest.raises(access.DeniedError, match=r"administrator|администратор"):
        access.require(people.school, "organisation.edit", region.schools[0])
    access.require(people.ministry, "organisation.edit", region.schools[0])
    assert Kind.SCHOOL in access.REVIEWED_BY_COORDINATOR
