"""Waves with many answers, written in bulk past the services: what exports and boards are measured over."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone, translation

from answering import answer, form_of
from decrees import ADOPTED, decided, uploaded
from profminimum.monitoring.models import Campaign, Form, FormVersion, Revision, Stage, Submission, Wave
from profminimum.monitoring.schema.loading import dump
from profminimum.orgs.models import Organisation, OrganisationState
from profminimum.plan.models import Measure, Occurrence
from profminimum.plan.services import adoption
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from region import Region

ZONE = ZoneInfo("Asia/Sakhalin")
AT = datetime(2023, 11, 1, 9, 0, tzinfo=ZONE)
DUE = date(2023, 11, 30)
PART = 2000
SEED = 1264


def adopt(place: Region, people: Any) -> None:
    """The seed adopted over the region, when it is not yet."""
    if Measure.objects.exists():
        return
    with clock.at(ADOPTED), translation.override("ru"):
        adoption.adopt(decided(uploaded(place, people), place, people), by=people.ministry, at=ADOPTED)  # type: ignore[arg-type]  # the fields they read


def more_schools(place: Region, count: int) -> None:
    """As many schools as wanted, beside those that there are: no history, nobody works in them."""
    authorities = dict(
        OrganisationState.objects.filter(organisation__kind="authority").values_list("organisation_id", "path")
    )
    known = Organisation.objects.filter(kind="school").count()
    turns = sorted(authorities)
    numbers = iter(range(known + 1, count + 1))
    while part := list(islice(numbers, PART)):
        made = Organisation.objects.bulk_create(
            Organisation(kind="school", code=f"Д{number}", region=place.region, opened=date(2020, 1, 1))
            for number in part
        )
        OrganisationState.objects.bulk_create(
            _state(one, number, turns[number % len(turns)], authorities)
            for one, number in zip(made, part, strict=True)
        )


def _state(one: Organisation, number: int, parent: int, paths: dict[int, str]) -> OrganisationState:
    name = f"МБОУ «Средняя общеобразовательная школа № {number}»"
    return OrganisationState(
        organisation=one,
        valid_from=one.opened,
        parent_id=parent,
        path=f"{paths[parent]}{one.pk}/",
        name=name,
        short_name=name,
        search=name.casefold(),
        sort_key=f"школа {number:09}",
    )


def campaign(place: Region, people: Any, fields: int) -> tuple[Campaign, FormVersion]:
    made = form_of(fields)
    form = Form.objects.create(region=place.region, name=made.name, title=made.title["ru"], created=AT)
    version = FormVersion.objects.create(
        form=form,
        number=1,
        state="published",
        title=made.title["ru"],
        definition=json.loads(json.dumps(dump(made))),
        fields=fields,
        uploaded=AT,
        published=AT,
    )
    measure = Measure.objects.get(number="11", plan__region=place.region)
    return (
        Campaign.objects.create(
            region=place.region,
            plan_id=measure.plan_id,
            measure=measure,
            form=form,
            title=f"Мониторинг на {fields} полей",
            kinds=["school"],
            last="coordinator",
            created=AT,
            by=people.coordinator,
        ),
        version,
    )


def wave(of: Campaign, version: FormVersion, number: int, schools: int, fields: int = 0) -> Wave:
    """A wave in the midst of its answers: nine in ten have come. With `fields`, what they say too."""
    occurrence = Occurrence.objects.create(measure_id=of.measure_id, number=100 * of.pk + number, due=DUE, added=True)
    state = Wave.State.OPEN
    made = Wave.objects.create(
        campaign=of,
        occurrence=occurrence,
        number=number,
        title=f"{of.title}, волна {number}",
        period="2023/2024",
        state=state,
        version=version,
        opens=AT.date(),
        due=DUE,
        check_due=DUE + timedelta(days=7),
        opened=AT,
        created=AT,
    )
    places = OrganisationState.objects.filter(organisation__kind="school").order_by("organisation_id")
    rows = places.values_list("organisation_id", "parent_id")[:schools]
    dice = random.Random(SEED + number)  # noqa: S311 - the same in every run
    iterator: Iterator[tuple[int, int | None]] = iter(list(rows))
    with transaction.atomic():
        while part := list(islice(iterator, PART)):
            _answers(made, part, dice, fields)
    return made


def _answers(made: Wave, part: Sequence[tuple[int, int | None]], dice: random.Random, fields: int) -> None:
    campaign_ = made.campaign
    acceptor = Organisation.objects.get(kind="coordinator").pk
    drawn = [_drawn(dice, certain=bool(fields)) for _ in part]
    submissions = Submission.objects.bulk_create(
        Submission(
            wave=made,
            organisation_id=place,
            kind="school",
            unit_id=unit or 0,
            checker_id=unit,
            acceptor_id=acceptor,
            reviewer_id=unit if state in ("submitted", "checked") else None,
            state=state,
            due=made.due,
            number=0 if sent is None else 1,
            sent=sent,
            changed=AT,
        )
        for (place, unit), (state, sent) in zip(part, drawn, strict=True)
    )
    stages: list[Stage] = []
    for one in submissions:
        moment = timezone.make_aware(datetime.combine(one.sent, datetime.min.time()), ZONE) if one.sent else None
        stages.append(_stage(one, "expected", AT, moment))
        if moment is not None:
            stages.append(_stage(one, one.state, moment, None))
    Stage.objects.bulk_create(stages)
    if fields:
        Revision.objects.bulk_create(
            Revision(submission=one, number=1, answers=answer(fields, one.pk), at=AT, by_id=campaign_.by_id)
            for one in submissions
            if one.sent
        )


def _drawn(dice: random.Random, *, certain: bool) -> tuple[str, date | None]:
    luck = dice.random()
    if luck > 0.9 and not certain:
        return "expected", None
    state = "accepted" if luck < 0.6 else "checked" if luck < 0.75 else "returned" if luck > 0.87 else "submitted"
    return state, DUE + timedelta(days=min(int(dice.gauss(-2, 5)), 12))


def _stage(one: Submission, state: str, since: datetime, until: datetime | None) -> Stage:
    return Stage(
        submission=one,
        wave_id=one.wave_id,
        organisation_id=one.organisation_id,
        unit_id=one.unit_id,
        state=state if until is None else "expected",
        timely=one.sent <= one.due if one.sent and until is None else None,
        due=one.due,
        number=one.number if until is None else 0,
        since=since,
        until=until,
        step="ask",
    )


def settle() -> None:
    """What PostgreSQL's autovacuum does by itself; SQLite is told what its tables hold."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def each(rows: Iterable[Any]) -> int:
    """Read to the end; how many there were."""
    return sum(1 for _ in rows)
