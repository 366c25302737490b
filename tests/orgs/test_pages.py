"""The pages of organisations and people: who sees them, who is refused, how many queries they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories import AT
from people import browser
from profminimum.orgs import services
from profminimum.orgs.models import Kind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

SEE = 200
WIDE = {"administrator", "controller", "ministry", "coordinator", "institute", "observer"}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        (
            "organisations",
            WIDE | {"municipal", "other_municipal", "school", "other_school", "state_school", "branch"},
        ),
        ("organisation_open", {"administrator", "ministry"}),
        ("registry", {"administrator", "ministry"}),
        ("registry_template", {"administrator", "ministry"}),
        (
            "people",
            WIDE - {"observer"}
            | {"municipal", "other_municipal", "school", "other_school", "state_school", "branch"},
        ),
        ("invite", {"administrator", "ministry", "municipal", "other_municipal"}),
        (
            "profile",
            WIDE | {"municipal", "other_municipal", "school", "other_school", "state_school", "branch", "newcomer"},
        ),
    ],
)
def test_who_may_open_what(people: People, december: datetime, name: str, allowed: set[str]) -> None:
    for who, user in people:
        answer = browser(user).get(reverse(name))
        expected = SEE if who in allowed else (404 if who == "newcomer" and name not in ("people", "invite") else 403)
        assert answer.status_code == expected, who
    assert browser(None).get(reverse(name)).status_code == 302


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("controller", {"school", "other_school", "authority", "ministry", "branch"}),
        ("municipal", {"school", "authority", "ministry", "branch"}),
        ("school", {"school", "authority", "ministry", "branch"}),
        ("other_school", {"other_school", "ministry"}),
        ("newcomer", set()),
    ],
)
def test_a_card_outside_the_scope_is_not_there(
    region: SmallRegion, people: People, december: datetime, who: str, sees: set[str]
) -> None:
    cards = {
        "school": region.schools[0],
        "other_school": region.schools_of(1)[0],
        "authority": region.authorities[0],
        "ministry": region.ministry,
        "branch": region.branch,
    }
    client = browser(getattr(people, who))
    for name, organisation in cards.items():
        answer = client.get(reverse("organisation", args=[organisation.pk]))
        assert answer.status_code == (SEE if name in sees else 404), name


@pytest.mark.parametrize("name", ["organisation_change", "organisation_move", "organisation_close"])
def test_editing_is_refused_with_the_reason(
    region: SmallRegion, people: People, december: datetime, name: str
) -> None:
    address = reverse(name, args=[region.schools[0].pk])
    assert browser(people.ministry).get(address).status_code == SEE
    assert browser(people.other_school).get(address).status_code == 404
    refused = browser(people.school).get(address)
    assert refused.status_code == 403
    assert "администратор" in refused.content.decode()


def test_the_list_counts_by_municipality(region: SmallRegion, people: People, december: datetime) -> None:
    text = browser(people.controller).get(reverse("organisations")).content.decode()
    assert "Округ № 1" in text
    assert "Государственные школы" in text
    found = browser(people.controller).get(reverse("organisations"), {"q": "лицей"}).content.decode()
    assert "Лицей-интернат" in found
    assert "МБОУ СОШ № 1" not in found
    state = browser(people.controller).get(reverse("organisations"), {"authority": "state"}).content.decode()
    assert "Лицей-интернат" in state
    assert "МБОУ СОШ" not in state


def test_a_past_day_shows_the_past_name(region: SmallRegion, people: People, december: datetime) -> None:
    from datetime import date  # noqa: PLC0415 - one test

    school = region.schools[0]
    services.change_organisation(school, on=date(2023, 9, 1), by=None, at=AT, short_name="Гимназия № 1")
    client = browser(people.school)
    address = reverse("organisation", args=[school.pk])
    assert "<h1>Гимназия № 1</h1>" in client.get(address).content.decode()
    past = client.get(address, {"on": "2023-08-31"}).content.decode()
    assert "<h1>МБОУ СОШ № 1 (А1)</h1>" in past


def test_queries_do_not_grow_with_the_list(
    region: SmallRegion, people: People, december: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(people.ministry)
    cases = {
        reverse("organisations"): 5,
        reverse("organisations") + "?view=list": 7,
        reverse("organisation", args=[region.authorities[0].pk]): 11,
        reverse("people"): 8,
    }
    for address, number in cases.items():
        with django_assert_num_queries(number):
            client.get(address)
    for extra in range(3):
        school = services.open_organisation(
            kind=Kind.SCHOOL, code=f"Н{extra}", region=region.region, parent=region.authorities[0],
            opened=december.date(), by=None, at=december, name=f"Школа {extra}", short_name=f"Школа {extra}",
        )  # fmt: skip
        services.enrol(
            [services.Newcomer(f"n{extra}@example.org", f"Новый {extra}", Role.SCHOOL, school, december.date())],
            at=december,
        )
    for address, number in cases.items():
        with django_assert_num_queries(number):
            client.get(address)
