"""A form of 250 fields, waves of it over every school of the region, a key for each school: what senders need."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from profminimum.api.models import Key
from profminimum.monitoring.models import Form, FormVersion, Submission
from profminimum.monitoring.schema.loading import dump, item
from profminimum.monitoring.schema.model import Check, Choice, Definition, Kind, Severity
from profminimum.monitoring.schema.rules import Names, compile_rule
from profminimum.monitoring.services import campaigns, waves
from profminimum.orgs.models import Membership, Organisation, Role
from profminimum.orgs.services import Newcomer, enrol
from profminimum.plan.models import Measure
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from region import Region

AT = datetime(2023, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
KINDS = (Kind.INTEGER, Kind.DECIMAL, Kind.TEXT, Kind.YESNO, Kind.ONE)
VALUES: dict[Kind, Any] = {
    Kind.INTEGER: 117, Kind.DECIMAL: 34.5, Kind.TEXT: "приказ № 214-ОД", Kind.YESNO: True, Kind.ONE: "c1",
}  # fmt: skip


def form_of(fields: int) -> Definition:
    """A fifth each of whole numbers, decimals, texts, yes/no and choices; all required, with limits and rules."""
    names = Names({f"f{number}" for number in range(fields)})
    groups = []
    for start in range(0, fields, 25):
        items = []
        for number in range(start, min(start + 25, fields)):
            kind, more = KINDS[number % 5], dict[str, Any]()
            if kind == Kind.ONE:
                more["choices"] = tuple(Choice(f"c{n}", {"ru": f"Вариант {n}"}, {}) for n in range(4))
            if kind == Kind.INTEGER:
                more |= {"least": 0, "most": 100_000}
            if kind == Kind.INTEGER and number > 5:
                tree = compile_rule(f". <= ${{f{number - 5}}} + 1000", names)
                more["checks"] = (Check(tree, {"ru": "Больше, чем в строке выше."}, Severity.ERROR),)
            items.append(item(kind, f"f{number}", {"ru": f"Показатель № {number + 1}"}, required=True, **more))
        groups.append(item(Kind.GROUP, f"g{start}", {"ru": f"Раздел {start // 25 + 1}"}, items=tuple(items)))
    return Definition(f"bench{fields}", {"ru": f"Форма на {fields} полей"}, tuple(groups), (), {})


def answer(fields: int, number: int = 0) -> dict[str, Any]:
    """A right answer; another one for another number."""
    given = {f"f{n}": VALUES[KINDS[n % 5]] for n in range(fields)}
    return given | {"f0": 100 + number % 1000}


def ask(region: Region, people: Any, fields: int, count: int) -> list[int]:
    """Publish the form and open so many waves of it; ids of the waves."""
    made = form_of(fields)
    form = Form.objects.create(region=region.region, name=made.name, title=made.title["ru"], created=AT)
    FormVersion.objects.create(
        form=form,
        number=1,
        state="published",
        title=made.title["ru"],
        definition=json.loads(json.dumps(dump(made))),
        fields=fields,
        uploaded=AT,
        uploaded_by=people.coordinator,
        published=AT,
        published_by=people.coordinator,
    )
    measure = Measure.objects.get(number="11", plan__region=region.region)
    campaign = campaigns.create(
        measure, form, campaigns.Details(title=f"Мониторинг на {fields} полей"), by=people.coordinator, at=AT
    )
    dates = waves.Dates(AT.date(), date(2023, 12, 20), date(2023, 12, 25))
    opened = []
    for number in range(count):
        with clock.at(AT):
            wave = waves.plan_wave(
                campaign, None, dates, title=f"Волна {number + 1}", reason="нагрузка", by=people.coordinator, at=AT
            )
            opened.append(waves.open_wave(wave, by=people.coordinator, at=AT).pk)
    return opened


def keys(region: Region) -> dict[int, str]:
    """A person and a key of the API for each school: id of the school → the key's secret."""
    schools = Organisation.objects.filter(region=region.region, kind="school").exclude(
        pk__in=Membership.objects.filter(role=Role.SCHOOL).values("organisation")
    )
    newcomers = [
        Newcomer(
            f"school{school.pk}@bench.example", f"Школьная Анна {school.pk}", Role.SCHOOL, school, date(2020, 1, 1)
        )
        for school in schools
    ]
    enrol(newcomers, at=AT)
    made, rows = {}, []
    for seat in Membership.objects.filter(role=Role.SCHOOL).select_related("user"):
        secret = f"pm_{secrets.token_urlsafe(32)}"
        made[seat.organisation_id] = secret
        rows.append(
            Key(
                user=seat.user,
                name="нагрузка",
                hash=sha256(secret.encode()).hexdigest(),
                created=AT,
                expires=AT.date() + timedelta(days=300),
            )
        )
    Key.objects.bulk_create(rows)
    return made


def requests(opened: list[int], secrets_: dict[int, str], fields: int) -> Iterator[tuple[str, str, str, str]]:
    """(method, path, key, body) of a sending for each answer of these waves."""
    found = Submission.objects.filter(wave__in=opened, state="expected").order_by("wave", "pk")
    for number, (pk, place) in enumerate(found.values_list("pk", "organisation_id")):
        body = json.dumps({"answers": answer(fields, number)}, ensure_ascii=False)
        yield "POST", f"/api/v1/submissions/{pk}/submit", secrets_[place], body
