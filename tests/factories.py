"""A small region for tests, built through the services as the product itself does it: never by raw rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from profminimum.orgs import services
from profminimum.orgs.models import Kind, Organisation, SchoolType

if TYPE_CHECKING:
    from profminimum.orgs.services import Details

OPENED = date(2020, 1, 1)
AT = datetime(2023, 8, 1, 0, 0, tzinfo=UTC)  # when everything here was written down: 11:00 on Sakhalin


@dataclass(frozen=True, slots=True)
class SmallRegion:
    """`schools` are in the order of the authorities: the first `per_authority` belong to the first of them."""

    region: Organisation
    ministry: Organisation
    coordinator: Organisation
    institute: Organisation
    authorities: tuple[Organisation, ...]
    schools: tuple[Organisation, ...]
    state_school: Organisation
    branch: Organisation
    by_authority: dict[int, tuple[Organisation, ...]] = field(default_factory=dict)

    def schools_of(self, number: int) -> tuple[Organisation, ...]:
        """The schools of the authority with that number, from 0."""
        return self.by_authority[self.authorities[number].pk]


def details(name: str, short_name: str = "", **more: object) -> Details:
    return {"name": name, "short_name": short_name or name, **more}  # type: ignore[typeddict-item]  # tests pass what they test


def small_region(
    *, authorities: int = 2, per_authority: int = 2, code: str = "65", opened: date = OPENED
) -> SmallRegion:
    """A region with a ministry, a coordinator, an institute, authorities, schools, a state school and a branch.

    Codes: «МО», «РК», «ИРО», «А1»…, «А1-Ш1»…, «ГШ1», «А1-Ш1-Ф». A second region needs another `code`.
    """

    def one(
        kind: str, code: str, parent: Organisation, name: str, short_name: str = "", **more: object
    ) -> Organisation:
        return services.open_organisation(
            kind=kind,
            code=code,
            region=region,
            parent=parent,
            opened=opened,
            by=None,
            at=AT,
            **details(name, short_name, **more),
        )

    region = services.open_organisation(
        kind=Kind.REGION,
        code=code,
        region=None,
        parent=None,
        opened=opened,
        by=None,
        at=AT,
        **details(f"Область {code}"),
    )
    ministry = one(Kind.MINISTRY, "МО", region, "Министерство образования области", "МОО")
    coordinator = one(Kind.COORDINATOR, "РК", ministry, "Агентство по развитию человеческого капитала", "АРЧК")
    institute = one(Kind.INSTITUTE, "ИРО", ministry, "Институт развития образования", "ИРО")
    bodies = tuple(
        one(
            Kind.AUTHORITY,
            f"А{number}",
            ministry,
            f"Управление образования округа № {number}",
            f"Округ № {number}",
            oktmo=f"647{number:02}000",
        )
        for number in range(1, authorities + 1)
    )
    schools = {
        body.pk: tuple(
            one(
                Kind.SCHOOL,
                f"{body.code}-Ш{number}",
                body,
                f"Муниципальное бюджетное общеобразовательное учреждение «Школа № {number}» ({body.code})",
                f"МБОУ СОШ № {number} ({body.code})",
                school_type=SchoolType.SECONDARY,
                pupils=100 * number,
            )
            for number in range(1, per_authority + 1)
        )
        for body in bodies
    }
    state_school = one(
        Kind.SCHOOL, "ГШ1", ministry, "Областной лицей-интернат", "Лицей-интернат", school_type=SchoolType.LYCEUM
    )
    listed = tuple(school for body in bodies for school in schools[body.pk])
    branch = one(Kind.BRANCH, "А1-Ш1-Ф", listed[0], "Филиал школы № 1 в селе", "Филиал СОШ № 1", pupils=12)
    return SmallRegion(region, ministry, coordinator, institute, bodies, listed, state_school, branch, schools)
