"""The worker carries an organisation's changes into the plan, on the day on which they take effect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from decrees import ADOPTED, adopted
from factories import details
from profminimum.journal.models import Delivery
from profminimum.journal.worker import drain
from profminimum.orgs import services as orgs
from profminimum.orgs.models import Kind
from profminimum.plan.models import Obligation, Standing
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from factories import SmallRegion
    from people import People

    At = Callable[[str], AbstractContextManager[None]]

FAR = datetime(2030, 1, 1, tzinfo=UTC)  # late enough for every delivery to be due


def test_a_school_opens_on_its_day(region: SmallRegion, people: People, at: At) -> None:
    adopted(region, people)
    with at("2023-12-02T09:00"):
        school = orgs.open_organisation(
            kind=Kind.SCHOOL,
            code="Н1",
            region=region.region,
            parent=region.authorities[0],
            opened=date(2024, 1, 10),
            by=None,
            at=clock.now(),
            **details("Новая школа"),
        )
        drain(FAR)
        assert not Obligation.objects.filter(organisation=school).exists()
        assert Delivery.objects.filter(state="waiting", entry__object_id=school.pk).exists()
    with at("2024-01-10T00:05"):
        Delivery.objects.filter(state="waiting").update(not_before=clock.now())
        drain(FAR)
        assert Obligation.objects.filter(organisation=school).exists()
    assert not Delivery.objects.exclude(state="done").exists()


def test_a_school_moves_and_closes(region: SmallRegion, people: People, at: At) -> None:
    adopted(region, people)
    moved, closed = region.schools[1], region.state_school
    with at("2024-02-01T09:00"):
        orgs.move_organisation(moved, region.authorities[1], on=date(2024, 2, 1), by=None, at=clock.now())
        orgs.close_organisation(closed, on=date(2024, 2, 1), by=None, at=clock.now())
        drain(FAR)
    now = Standing.objects.at()
    assert set(now.filter(organisation=moved).values_list("unit", flat=True)) == {region.authorities[1].pk}
    assert set(now.filter(organisation=closed).values_list("state", flat=True)) == {"waived"}
    then = Standing.objects.at(ADOPTED)
    assert set(then.filter(organisation=closed).values_list("state", flat=True)) == {"assigned"}
