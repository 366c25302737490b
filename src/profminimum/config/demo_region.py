"""The region of the demonstration: the real bodies of Sakhalin with their names over time, invented schools, people.

Built through the services alone, from the tables in the folder `demo`.
"""

from __future__ import annotations

import csv
import random
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from profminimum.orgs import services
from profminimum.orgs.models import Kind, Organisation, Role
from profminimum.orgs.services import Newcomer, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from profminimum.orgs.models import User

PASSWORD: Final = "sakhalin-2023"  # noqa: S105 - shown on the sign-in page of the demo, which holds no real data
DOMAIN: Final = "demo.example"
FOUNDED: Final = date(2006, 1, 1)
RENAMED: Final = date(2025, 1, 1)  # the city districts became municipal ones
NOTE: Final = _("Demonstration data: the schools and the people are invented.")
_SEED: Final = 1264


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """What has been built; `users` by login («controller» for controller@demo.example), all with PASSWORD."""

    region: Organisation
    ministry: Organisation
    coordinator: Organisation
    institute: Organisation
    authorities: Mapping[str, Organisation]
    schools: Mapping[str, Organisation]  # by code, branches among them
    users: Mapping[str, User]
    note: str | _StrPromise = NOTE


@transaction.atomic
def build_region(at: datetime) -> DemoRegion:
    """Open the organisations, with what is known to change up to 2025, and let the people in. One transaction.

    165 schools exist on 2 December 2023, five of them since 1 September of that year, and four branches.
    """
    region = services.open_organisation(
        kind=Kind.REGION,
        code="65",
        region=None,
        parent=None,
        opened=date(1947, 1, 2),
        by=None,
        at=at,
        name="Сахалинская область",
        short_name="Сахалинская область",
        oktmo="64000000",
    )
    opened = services.open_organisations(list(_openings(region)), region=region, by=None, at=at)
    by_code = {organisation.code: organisation for organisation in opened}
    authorities = {code: o for code, o in by_code.items() if o.kind == Kind.AUTHORITY}
    schools = {code: o for code, o in by_code.items() if o.kind in (Kind.SCHOOL, Kind.BRANCH)}
    _later_changes(by_code, at)
    people = tomllib.loads(_read("people.toml"))
    newcomers = [*_named(people, {**by_code, region.code: region}), *_others(people, authorities, schools)]
    users = services.enrol(newcomers, at=at)
    named = {person["login"]: f"{person['login']}@{DOMAIN}" for person in people["named"]}
    by_email = {user.email: user for user in users}
    return DemoRegion(
        region,
        by_code["МОСО"],
        by_code["АРЧК"],
        by_code["ИРОСО"],
        authorities,
        schools,
        {login: by_email[email] for login, email in named.items()},
    )


def _read(name: str) -> str:
    return resources.files("profminimum.config").joinpath("demo", name).read_text(encoding="utf-8")


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_read(name).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _openings(region: Organisation) -> Iterator[Opening]:
    yield Opening(
        Kind.MINISTRY,
        "МОСО",
        region.pk,
        FOUNDED,
        {"name": "Министерство образования Сахалинской области", "short_name": "МОСО", "oktmo": "64701000"},
    )
    yield Opening(
        Kind.COORDINATOR,
        "АРЧК",
        "МОСО",
        date(2016, 1, 1),
        {
            "name": "Государственное автономное учреждение Сахалинской области "
            "«Агентство по развитию человеческого капитала»",
            "short_name": "ГАУ СО АРЧК",
            "oktmo": "64701000",
        },
    )
    yield Opening(
        Kind.INSTITUTE,
        "ИРОСО",
        "МОСО",
        FOUNDED,
        {
            "name": "Государственное автономное образовательное учреждение дополнительного профессионального "
            "образования «Институт развития образования Сахалинской области»",
            "short_name": "ГАОУ ДПО ИРОСО",
            "oktmo": "64701000",
        },
    )
    yield from _local_openings()


def _local_openings() -> Iterator[Opening]:
    """The authorities by their names of 2023, then the schools and branches."""
    for row in _table("authorities.tsv"):
        yield Opening(
            Kind.AUTHORITY,
            row["code"],
            "МОСО",
            FOUNDED,
            {
                "name": row["name_2023"],
                "short_name": row["short_2023"],
                "oktmo": row["oktmo_2023"],
                "address": row["seat"],
                "email": f"{_mail(row['code'])}@{DOMAIN}",
                "phone": _phone(row["code"]),
            },
        )
    for row in _table("schools.tsv"):
        yield Opening(
            Kind.BRANCH if row["head"] else Kind.SCHOOL,
            row["code"],
            row["head"] or row["authority"],
            date.fromisoformat(row["opened"]) if row["opened"] else FOUNDED,
            {
                "name": row["name"],
                "short_name": row["short_name"],
                "oktmo": row["oktmo"],
                "school_type": row["school_type"],
                "pupils": int(row["pupils"]),
                "address": row["address"],
                "email": f"{_mail(row['code'])}@{DOMAIN}",
                "phone": _phone(row["code"]),
                "act": row["act"],
            },
        )


def _later_changes(by_code: Mapping[str, Organisation], at: datetime) -> None:
    """One school is renamed in the school year, one is closed after it, and in 2025 the territories are renamed."""
    services.change_organisation(
        by_code["ОО-0108"],
        on=date(2024, 1, 15),
        by=None,
        at=at,
        name="Муниципальное автономное общеобразовательное учреждение «Гимназия № 8», г. Южно-Сахалинск",
        short_name="МАОУ Гимназия № 8, г. Южно-Сахалинск",
        school_type="gymnasium",
        act="постановление о переименовании от 25.12.2023",
    )
    services.close_organisation(
        by_code["ОО-1606"],
        on=date(2024, 7, 1),
        by=None,
        at=at,
        successors=[by_code["ОО-1601"]],
        act="постановление о реорганизации от 15.04.2024",
    )
    rows = _table("authorities.tsv")
    codes = {row["oktmo_2023"]: row["oktmo_2025"] for row in rows}
    names = {row["code"]: row for row in rows if row["name_2025"]}
    changes: list[tuple[Organisation, services.Details]] = [
        (
            by_code[code],
            {
                "name": row["name_2025"],
                "short_name": row["short_2025"],
                "oktmo": row["oktmo_2025"],
                "act": "областной закон о преобразовании городских округов в муниципальные",
            },
        )
        for code, row in names.items()
    ]
    changes += [
        (by_code[row["code"]], {"oktmo": codes[row["oktmo"]]})
        for row in _table("schools.tsv")
        if codes[row["oktmo"]] != row["oktmo"] and by_code[row["code"]].closed is None
    ]
    services.change_organisations(changes, on=RENAMED, by=None, at=at)


def _named(people: Mapping[str, Any], by_code: Mapping[str, Organisation]) -> Iterator[Newcomer]:
    for number, person in enumerate(people["named"], start=1):
        for code in person["places"]:
            yield Newcomer(
                f"{person['login']}@{DOMAIN}",
                person["full_name"],
                person["role"],
                by_code[code],
                _since(by_code[code]),
                post=person["post"],
                phone=f"+7 (4242) 00-00-{number:02}",
                password=PASSWORD,
            )


def _others(
    people: Mapping[str, Any], authorities: Mapping[str, Organisation], schools: Mapping[str, Organisation]
) -> Iterator[Newcomer]:
    """One responsible person for every authority and school that no named one works in; they cannot sign in."""
    taken = {code for person in people["named"] for code in person["places"]}
    names = _names(people)
    dice = random.Random(_SEED)  # noqa: S311 - invented people, the same in every demo
    for role, places in ((Role.MUNICIPAL, authorities), (Role.SCHOOL, schools)):
        posts: Sequence[str] = people["posts"][role.value]
        for code, place in places.items():
            if code not in taken:
                yield Newcomer(
                    f"otv-{_mail(code)}@{DOMAIN}",
                    next(names),
                    role,
                    place,
                    _since(place),
                    post=dice.choice(posts),
                    phone=_phone(code),
                )


def _names(people: Mapping[str, Any]) -> Iterator[str]:
    """Full names without end, nine of ten of women as in schools, none twice."""
    dice = random.Random(_SEED)  # noqa: S311 - as above
    told = set()
    while True:
        woman = dice.random() < 0.9
        family = dice.choice(people["surnames"]) + ("а" if woman else "")
        given = dice.choice(people["women" if woman else "men"])
        name = f"{family} {given} {dice.choice(people['fathers'])[0 if woman else 1]}"
        if name not in told:
            told.add(name)
            yield name


def _since(place: Organisation) -> date:
    return max(place.opened, date(2023, 1, 9))


def _mail(code: str) -> str:
    """The code as the first half of an address: «ОО-0803» → «oo-0803»."""
    return code.replace("МОУО", "mouo").replace("ОО", "oo").replace("Ф", "f")


def _phone(code: str) -> str:
    """An invented work number made of the code."""
    digits = "".join(sign for sign in code if sign.isdigit()).ljust(4, "0")
    return f"+7 (4242) 0{digits[0]}-{digits[1]}{digits[2]}-{digits[3]}{'1' if code.endswith('Ф') else '0'}"


def logins() -> list[str]:
    """Who can sign in to the demo: a line each, with the post, and the password they share."""
    named = tomllib.loads(_read("people.toml"))["named"]
    lines = [f"{person['login'] + '@' + DOMAIN:28} {person['post']}" for person in named]
    return [*lines, f"Пароль у всех: {PASSWORD}"]
