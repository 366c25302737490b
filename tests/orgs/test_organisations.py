"""Opening, changing, moving, closing: what is kept, what is refused, who may, and what the journal says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from factories import AT
from profminimum.journal.models import Entry
from profminimum.orgs import access, queries, services
from profminimum.orgs.models import Kind, Organisation, OrganisationState
from profminimum.orgs.services.states import sort_key

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

ON = date(2023, 9, 1)


def test_opening_is_journalled_under_the_name_of_the_day(region: SmallRegion) -> None:
    entry = Entry.objects.get(action="organisation.opened", object_id=region.schools[0].pk)
    assert entry.subject == "МБОУ СОШ № 1 (А1)"
    assert entry.organisation_id == region.schools[0].pk
    assert entry.by is None
    assert entry.after["opened"] == "2020-01-01"


def test_a_change_keeps_the_past_and_says_what_it_was(region: SmallRegion) -> None:
    school = region.schools[0]
    assert services.change_organisation(school, on=ON, by=None, at=AT, oktmo="64508000", act="закон № 1")
    old, new = OrganisationState.objects.filter(organisation=school).order_by("valid_from")
    assert (old.oktmo, old.valid_to, new.oktmo, new.act) == ("", ON, "64508000", "закон № 1")
    entry = Entry.objects.get(action="organisation.changed")
    assert entry.before == {"oktmo": "", "act": ""}
    assert entry.after == {"on": "2023-09-01", "oktmo": "64508000", "act": "закон № 1"}


def test_nothing_new_leaves_no_trace(region: SmallRegion) -> None:
    school = region.schools[0]
    assert not services.change_organisation(school, on=ON, by=None, at=AT, short_name="МБОУ СОШ № 1 (А1)")
    assert not services.move_organisation(school, region.authorities[0], on=ON, by=None, at=AT)
    assert not Entry.objects.filter(action__in=["organisation.changed", "organisation.moved"]).exists()


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": " "}, "name"),
        ({"oktmo": "6450800"}, "oktmo"),
        ({"email": "не почта"}, "email"),
        ({"school_type": "университет"}, "school_type"),
        ({"pupils": -1}, "pupils"),
        ({"short_name": "я" * 201}, "short_name"),
    ],
)
def test_wrong_details_are_named(region: SmallRegion, details: services.Details, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.change_organisation(region.schools[0], on=ON, by=None, at=AT, **details)
    assert list(caught.value.message_dict) == [field]
    assert not Entry.objects.filter(action="organisation.changed").exists()


def test_moving_an_authority_moves_all_below_it(region: SmallRegion) -> None:
    school, branch, to = region.schools[0], region.branch, region.authorities[1]
    assert services.move_organisation(school, to, on=ON, by=None, at=AT, act="постановление")
    before, after = (queries.states([school.pk, branch.pk], day) for day in (date(2023, 8, 31), ON))
    assert before[branch.pk].path.endswith(f"/{region.authorities[0].pk}/{school.pk}/{branch.pk}/")
    assert after[branch.pk].path.endswith(f"/{to.pk}/{school.pk}/{branch.pk}/")
    assert queries.unit_of(after[branch.pk]) == to.pk
    assert len(queries.history(branch.states.order_by("valid_from"))) == 1  # its own story has not changed
    entry = Entry.objects.get(action="organisation.moved")
    assert (entry.before["parent"], entry.after["parent"]) == ("Округ № 1", "Округ № 2")


@pytest.mark.parametrize("kind", [Kind.BRANCH, Kind.AUTHORITY, Kind.REGION])
def test_a_place_of_the_wrong_kind_is_refused(region: SmallRegion, kind: Kind) -> None:
    with pytest.raises(ValidationError) as caught:
        services.open_organisation(
            kind=kind, code="новый", region=region.region, parent=region.authorities[0], opened=ON, by=None, at=AT,
            name="н", short_name="н",
        )  # fmt: skip
    assert "parent" in caught.value.message_dict


def test_a_code_is_given_once_in_a_region(region: SmallRegion) -> None:
    with pytest.raises(ValidationError, match="ГШ1"):
        services.open_organisation(
            kind=Kind.SCHOOL, code="ГШ1", region=region.region, parent=region.ministry, opened=ON, by=None, at=AT,
            name="н", short_name="н",
        )  # fmt: skip


def test_closing_needs_its_children_gone_or_one_successor(region: SmallRegion) -> None:
    one, other = region.authorities
    with pytest.raises(ValidationError, match="2"):
        services.close_organisation(one, on=ON, by=None, at=AT)
    assert Organisation.objects.get(pk=one.pk).closed is None
    services.merge_organisations([one], into=other, on=ON, by=None, at=AT, act="закон")
    assert queries.states([one.pk], ON) == {}
    assert {s.state.parent_id for s in queries.schools(region.region.pk, ON, state=False)} == {other.pk}
    assert Entry.objects.filter(action="organisation.merged").count() == 1
    assert Entry.objects.filter(action="organisation.moved").count() == 2


def test_what_is_to_come_under_it_later_passes_on_too(region: SmallRegion) -> None:
    one, two, three = region.schools[:3]
    services.close_organisation(one, on=date(2024, 6, 25), by=None, at=AT, successors=[two])  # the branch goes to two
    services.close_organisation(two, on=date(2022, 1, 1), by=None, at=AT, successors=[three])
    day_before = queries.states([region.branch.pk], date(2024, 6, 24))[region.branch.pk]
    after = queries.states([region.branch.pk], date(2024, 6, 25))[region.branch.pk]
    assert (day_before.parent_id, after.parent_id) == (one.pk, three.pk)


def test_closing_against_the_order_of_time_is_refused(region: SmallRegion) -> None:
    school = region.schools[1]
    services.change_organisation(school, on=date(2024, 1, 1), by=None, at=AT, short_name="новое")
    with pytest.raises(ValidationError) as caught:
        services.close_organisation(school, on=ON, by=None, at=AT)
    assert "on" in caught.value.message_dict
    services.close_organisation(school, on=date(2024, 2, 1), by=None, at=AT)
    with pytest.raises(ValidationError):
        services.close_organisation(Organisation.objects.get(pk=school.pk), on=date(2024, 3, 1), by=None, at=AT)
    with pytest.raises(ValidationError):
        services.change_organisation(school, on=date(2024, 2, 1), by=None, at=AT, short_name="позже")


def test_only_those_with_the_right_edit(region: SmallRegion, people: People, december: datetime) -> None:
    school = region.schools[0]
    for who, user in people:
        if who in ("administrator", "ministry"):
            continue
        with pytest.raises(access.DeniedError):
            services.change_organisation(school, on=ON, by=user, at=december, short_name=who)
        with pytest.raises(access.DeniedError):
            services.close_organisation(school, on=ON, by=user, at=december)
        with pytest.raises(access.DeniedError):
            services.move_organisation(school, region.authorities[1], on=ON, by=user, at=december)
    assert services.change_organisation(school, on=ON, by=people.ministry, at=december, short_name="новое")


def test_what_is_closed_is_judged_by_its_last_place(region: SmallRegion, people: People, december: datetime) -> None:
    school = region.schools[1]
    services.close_organisation(school, on=ON, by=None, at=AT)
    assert access.can(people.municipal, "evidence.see", school)
    assert not access.can(people.other_municipal, "evidence.see", school)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("МБОУ СОШ № 2", "МБОУ СОШ № 10"),
        ("МБОУ СОШ №2", "МБОУ СОШ № 10"),
        ("МБОУ «СОШ № 3»", "МБОУ СОШ №21"),
        ("Ёлочка", "Жар-птица"),
    ],
)
def test_sort_key(one: str, other: str) -> None:
    assert sort_key(one) < sort_key(other)


def test_many_are_opened_in_few_questions(
    region: SmallRegion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        services.Opening(
            Kind.SCHOOL, f"М{n}", region.authorities[n % 2].pk, ON, {"name": f"Школа {n}", "short_name": f"Школа {n}"}
        )
        for n in range(2000)
    ]
    with django_assert_max_num_queries(100):
        made = services.open_organisations(rows, region=region.region, by=None, at=AT)
    assert [o.code for o in made] == [row.code for row in rows]
    assert queries.placement(region.region.pk, ON)[made[1].pk].unit_id == region.authorities[1].pk
