"""A region of any size with one person of each role, made by the product's services. Run as a step: `region.py N`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first

from figures import Figure, hand_over, once, peak_memory  # noqa: E402 - Django first
from profminimum.config import prepare  # noqa: E402 - as above
from profminimum.orgs import services  # noqa: E402 - as above
from profminimum.orgs.models import Kind, Membership, Organisation, Role, User  # noqa: E402 - as above
from profminimum.orgs.services import Newcomer, Opening  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENED = date(2020, 1, 1)
AT = datetime(2023, 8, 1, tzinfo=UTC)
SCHOOLS_EACH = 100  # of a municipal authority, in a large region
PART = 10_000  # organisations opened at once
ROLES = {
    "administrator": (Role.ADMINISTRATOR, "МО"),
    "controller": (Role.CONTROLLER, "МО"),
    "ministry": (Role.MINISTRY, "МО"),
    "coordinator": (Role.COORDINATOR, "РК"),
    "institute": (Role.INSTITUTE, "ИРО"),
    "municipal": (Role.MUNICIPAL, "А1"),
    "school": (Role.SCHOOL, "Ш1"),
    "observer": (Role.OBSERVER, "99"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """As the tests' own regions: what `decrees.decided` asks for."""

    region: Organisation
    ministry: Organisation
    coordinator: Organisation
    institute: Organisation


def known() -> tuple[Region, Any]:
    """The region of this place and its people by role."""
    named = {kind: Organisation.objects.filter(kind=kind).earliest("pk") for kind in ("region", *UPPER)}
    people = {m.user.email.split("@")[0]: m.user for m in Membership.objects.select_related("user")}
    return Region(*named.values()), SimpleNamespace(**people)


UPPER = (Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE)


def openings(region: Organisation, schools: int) -> Iterator[Opening]:
    """The ministry and its bodies, the authorities, the schools by turns."""

    def one(kind: Kind, code: str, parent: int | str, name: str) -> Opening:
        return Opening(kind, code, parent, OPENED, {"name": name, "short_name": name, "oktmo": "64701000"})

    yield one(Kind.MINISTRY, "МО", region.pk, "Министерство образования")
    yield one(Kind.COORDINATOR, "РК", "МО", "Агентство по развитию человеческого капитала")
    yield one(Kind.INSTITUTE, "ИРО", "МО", "Институт развития образования")
    authorities = max(18, schools // SCHOOLS_EACH)
    for number in range(1, authorities + 1):
        yield one(Kind.AUTHORITY, f"А{number}", "МО", f"Управление образования округа № {number}")
    for number in range(1, schools + 1):
        yield one(
            Kind.SCHOOL,
            f"Ш{number}",
            f"А{(number - 1) % authorities + 1}",
            f"МБОУ «Средняя общеобразовательная школа № {number}»",
        )


def build(schools: int) -> None:
    region = services.open_organisation(
        kind=Kind.REGION, code="99", region=None, parent=None, opened=OPENED, by=None, at=AT,
        name="Область", short_name="Область",
    )  # fmt: skip
    places = {region.code: region}
    part: list[Opening] = []

    def flush() -> None:
        here = {opening.code for opening in part}
        ready = [
            opening
            if opening.parent in here or isinstance(opening.parent, int)
            else Opening(opening.kind, opening.code, places[opening.parent].pk, opening.opened, opening.details)
            for opening in part
        ]
        for made in services.open_organisations(ready, region=region, by=None, at=AT):
            places[made.code] = made
        part.clear()

    for opening in openings(region, schools):
        part.append(opening)
        if len(part) == PART:
            flush()
    flush()
    services.enrol(
        [
            Newcomer(f"{name}@bench.example", f"Иванова {name}", role, places[code], OPENED, phone="+7 000")
            for name, (role, code) in ROLES.items()
        ],
        at=AT,
    )
    assert User.objects.count() == len(ROLES)


def main() -> None:
    prepare.everything()
    schools = int(sys.argv[1])
    seconds = once(lambda: build(schools))
    title = f"{connection.vendor}, {schools:,} schools"
    hand_over(
        [
            Figure(f"{title}: open the organisations", seconds, "s"),
            Figure(f"{title}: memory while opening them", peak_memory(), "MiB"),
        ]
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profminimum.config.settings")
    main()
