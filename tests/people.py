"""The people of the tests: one of every role, by the names that all tests use for them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from factories import AT, SmallRegion, small_region
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import Newcomer, enrol

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "Верный-пароль-2023"
SINCE = date(2023, 1, 1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class People:
    """`municipal` and `school` belong to the first authority and its first school, `other_…` to the second authority.

    `newcomer` may sign in but has no role any more or yet.
    """

    administrator: User
    controller: User
    ministry: User
    coordinator: User
    institute: User
    municipal: User
    other_municipal: User
    school: User
    other_school: User
    state_school: User
    branch: User
    observer: User
    newcomer: User

    def __iter__(self) -> Iterator[tuple[str, User]]:
        """(name, user) of each."""
        for each in fields(self):
            yield each.name, getattr(self, each.name)


def people_of(region: SmallRegion, *, domain: str = "example.org") -> People:
    """One person of every role in the small region, all with PASSWORD. A second region needs another `domain`."""
    last = region.authorities[-1]
    places = {
        "administrator": (Role.ADMINISTRATOR, region.ministry, "Админов Андрей Андреевич"),
        "controller": (Role.CONTROLLER, region.ministry, "Первова Полина Павловна"),
        "ministry": (Role.MINISTRY, region.ministry, "Министрова Мария Михайловна"),
        "coordinator": (Role.COORDINATOR, region.coordinator, "Координатов Кирилл Константинович"),
        "institute": (Role.INSTITUTE, region.institute, "Институтова Ирина Ивановна"),
        "municipal": (Role.MUNICIPAL, region.authorities[0], "Муниципальный Михаил Матвеевич"),
        "other_municipal": (Role.MUNICIPAL, last, "Другова Дарья Денисовна"),
        "school": (Role.SCHOOL, region.schools[0], "Школьникова Шура Шамильевна"),
        "other_school": (Role.SCHOOL, region.by_authority[last.pk][0], "Дальний Данила Дмитриевич"),
        "state_school": (Role.SCHOOL, region.state_school, "Лицеева Лидия Львовна"),
        "branch": (Role.SCHOOL, region.branch, "Филиалов Фёдор Филиппович"),
        "observer": (Role.OBSERVER, region.region, "Наблюдателев Николай Никитич"),
    }
    users = enrol(
        [
            Newcomer(f"{name}@{domain}", full_name, role, place, SINCE, post="специалист", password=PASSWORD)
            for name, (role, place, full_name) in places.items()
        ],
        at=AT,
    )
    newcomer = User.objects.create_user(
        f"newcomer@{domain}", PASSWORD, full_name="Новиков Никифор Наумович", created=AT
    )
    return People(**dict(zip(places, users, strict=True)), newcomer=newcomer)


def browser(user: User | None) -> Client:
    """A browser in which that person has signed in; a stranger's when None."""
    client = Client(headers={"Accept-Language": "ru"})
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def region(db: None) -> SmallRegion:
    """Two authorities with two schools each, a state school, a branch: open since 2020, with no end."""
    return small_region()


@pytest.fixture
def people(region: SmallRegion) -> People:
    """One person of every role in the small region, since 2023, with no end."""
    return people_of(region)
