"""The demo region: how many, what happens over time, who may sign in, and that it is built quickly."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from profminimum.config.demo_region import PASSWORD, DemoRegion, build_region
from profminimum.journal.models import Entry
from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Membership, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

DECEMBER = date(2023, 12, 2)


@pytest.fixture
def demo(db: None, december: datetime) -> DemoRegion:
    return build_region(december)


def test_as_many_as_the_region_has(demo: DemoRegion) -> None:
    placed = queries.placement(demo.region.pk, DECEMBER)
    assert Counter(place.kind for place in placed.values()) == {
        Kind.MINISTRY: 1,
        Kind.COORDINATOR: 1,
        Kind.INSTITUTE: 1,
        Kind.AUTHORITY: 18,
        Kind.SCHOOL: 165,
        Kind.BRANCH: 4,
    }
    region = demo.region.pk
    assert queries.schools(region, DECEMBER, municipal=False).count() == 8
    assert queries.schools(region, date(2023, 8, 22)).count() == 160
    assert queries.schools(region, date(2024, 7, 1)).count() == 164


def test_territories_have_two_names_and_two_codes(demo: DemoRegion) -> None:
    nevelsk = demo.authorities["МОУО-08"]
    before, after = (queries.states([nevelsk.pk], day)[nevelsk.pk] for day in (date(2024, 12, 31), date(2025, 1, 1)))
    assert (before.short_name, before.oktmo) == ("Невельский городской округ", "64728000")
    assert (after.short_name, after.oktmo) == ("Невельский муниципальный округ", "64528000")
    yuzhno = demo.authorities["МОУО-01"]
    assert len(queries.history(yuzhno.states.order_by("valid_from"))) == 1
    school = demo.schools["ОО-0801"]
    assert queries.states([school.pk], date(2025, 1, 1))[school.pk].oktmo == "64528000"


def test_one_is_renamed_and_one_is_taken_over(demo: DemoRegion) -> None:
    renamed, closed = demo.schools["ОО-0108"], demo.schools["ОО-1606"]
    assert [state.valid_from for state in queries.history(renamed.states.order_by("valid_from"))] == [
        date(2024, 1, 15),
        date(2006, 1, 1),
    ]
    assert queries.states([closed.pk], date(2024, 7, 1)) == {}
    _before, after = queries.successions(closed.pk)
    assert [row.successor_id for row in after] == [demo.schools["ОО-1601"].pk]


def test_named_people_sign_in_and_every_place_has_a_person(demo: DemoRegion) -> None:
    assert all(user.check_password(PASSWORD) for user in demo.users.values())
    assert {seat.role for user in demo.users.values() for seat in access.seats(user)} == set(Role)
    assert len(access.seats(demo.users["school1"])) == 2
    staffed = set(Membership.objects.active(DECEMBER).values_list("organisation_id", flat=True))
    assert {o.pk for o in (*demo.authorities.values(), *demo.schools.values())} <= staffed
    others = User.objects.exclude(pk__in=[user.pk for user in demo.users.values()])
    assert others.count() > 170
    assert not any(user.has_usable_password() for user in others)
    assert others.filter(full_name="").count() == others.filter(post="").count() == 0


def test_all_of_it_is_in_the_journal(demo: DemoRegion) -> None:
    opened = Entry.objects.filter(action="organisation.opened")
    assert opened.count() == 1 + 3 + 18 + 165 + 4
    assert opened.filter(subject="МОСО").exists()
    assert "invented" in str(demo.note) or "вымышлены" in str(demo.note)


def test_it_is_built_in_few_questions(
    db: None, at: Callable[[str], AbstractContextManager[None]], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from profminimum.web import clock  # noqa: PLC0415 - needed here alone

    with at("2023-08-01"), django_assert_max_num_queries(120):
        build_region(clock.now())
