"""The control board: its figures agree with each other, with the lists and with themselves on a past day."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from decrees import ADOPTED, adopted
from people import browser
from profminimum.plan import board, control
from profminimum.plan.control import Ask
from profminimum.plan.models import Obligation, PlanVersion, Standing
from profminimum.plan.services import extensions, obligations
from profminimum.plan.services.obligations import Answer
from profminimum.plan.states import Step
from profminimum.web import clock

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.plan.querysets import StandingQuerySet

NOW = datetime(2023, 12, 2, 9, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
WORDS = Answer(comment="сделано", no_evidence_reason="документ в деле")
DAYS = [date(2023, 9, 11), date(2023, 9, 22), date(2023, 9, 23), date(2023, 10, 15), date(2023, 12, 1)]


@pytest.fixture
def lived(region: SmallRegion, people: People) -> PlanVersion:
    """A plan in which a random half has been reported, some of it accepted, returned, waived or put off."""
    version = adopted(region, people)
    dice = random.Random(11)  # noqa: S311 - a test's own dice
    authors = {
        region.ministry.pk: people.ministry,
        region.coordinator.pk: people.coordinator,
        region.institute.pk: people.institute,
        region.authorities[0].pk: people.municipal,
        region.schools[0].pk: people.school,
        region.state_school.pk: people.state_school,
        region.by_authority[region.authorities[1].pk][0].pk: people.other_school,
    }
    for obligation in Obligation.objects.filter(organisation__in=authors).order_by("pk"):
        author = authors[obligation.organisation_id]
        at = ADOPTED + timedelta(days=dice.randint(1, 60))
        luck = dice.random()
        if luck < 0.2:
            continue
        if luck < 0.3 and obligation.original_due and obligation.original_due > at.date():
            later = obligation.original_due + timedelta(days=30)
            asked = extensions.request(obligation, new_due=later, reason="причина", by=author, at=at)
            extensions.decide(asked, granted=luck < 0.27, reason="решено", by=people.controller, at=at)
            continue
        obligations.report(obligation, WORDS, by=author, at=at)
        step = dice.choice([Step.ACCEPT, Step.RETURN, Step.WAIVE, None])
        if step is not None:
            later_at = at + timedelta(days=2)
            obligations.decide([obligation.pk], step, by=people.controller, at=later_at, reason="решение")
    return version


@pytest.mark.parametrize("on", [None, *DAYS])
def test_all_views_agree(lived: PlanVersion, people: People, on: date | None) -> None:
    with clock.at(NOW):
        ask = Ask(on=on)
        shown = control.build(people.controller, lived, ask)
        rows = control.standings(people.controller, lived, ask)
        _agree(shown, rows, ask.today)


def _agree(shown: control.Board, rows: StandingQuerySet, today: date) -> None:
    total = shown.total
    lines = [line for part in shown.parts for line in part.lines]
    for name in board.COUNTS:
        assert getattr(total, name) == sum(getattr(line.tally, name) for line in lines), name
    columns = {line.measure_id for line in shown.columns}
    for row in shown.matrix:
        assert row.total.done == sum(tally.done for _line, tally in row.cells if tally)
        assert row.total.late == sum(tally.late for _line, tally in row.cells if tally)
    for line in lines:
        if line.measure_id in columns:
            cells = [t for row in shown.matrix for one, t in row.cells if one.measure_id == line.measure_id and t]
            assert sum(tally.total for tally in cells) == line.tally.total
    listed = list(rows)
    assert len(listed) == total.total + total.waived
    assert total.late == rows.overdue(today).count() == sum(1 for one in listed if late(one, today))
    assert total.reported == sum(1 for one in listed if one.state == "reported")
    assert shown.late_organisations == len({one.organisation_id for one in listed if late(one, today)})
    assert sum(holder.count for holder in shown.held) == total.late
    assert total.in_time <= total.past <= total.total


def late(standing: Standing, today: date) -> bool:
    return standing.state in {"assigned", "returned"} and standing.due is not None and standing.due < today


def test_the_lists_say_the_same_as_the_board(lived: PlanVersion, people: People) -> None:
    client = browser(people.controller)
    with clock.at(NOW):
        shown = control.build(people.controller, lived, Ask())
        page = client.get("/obligations/?state=late")
        api = client.get("/api/v1/obligations?state=late").json()
        figures = client.get("/api/v1/control").json()
    assert page.status_code == 200
    assert api["count"] == shown.total.late == figures["total"]["late"]
    assert figures["total"]["reported"] == shown.total.reported
    assert [row["tally"]["done"] for row in figures["rows"]] == [
        line.tally.done for part in shown.parts for line in part.lines
    ]


def test_a_past_day_stays_as_it_was(lived: PlanVersion, people: People) -> None:
    """What the board says of a day is what it said on the evening of that day."""
    then = datetime(2023, 10, 15, 23, 59, 59, tzinfo=ZoneInfo("Asia/Sakhalin"))
    with clock.at(NOW):
        back = control.build(people.controller, lived, Ask(on=date(2023, 10, 15)))
    Standing.objects.filter(since__gt=then).delete()
    Standing.objects.filter(until__gt=then).update(until=None)
    with clock.at(then):
        live = control.build(people.controller, lived, Ask())
    assert [line.tally for part in back.parts for line in part.lines] == [
        line.tally for part in live.parts for line in part.lines
    ]


def test_a_municipality_sees_itself_alone(lived: PlanVersion, people: People, region: SmallRegion) -> None:
    with clock.at(NOW):
        shown = control.build(people.municipal, lived, Ask())
        assert control.build(people.municipal, lived, Ask(unit=region.authorities[1].pk)).total.total == 0
    assert [name for _key, name in shown.units] == ["Округ № 1"]
    assert shown.organisations == 3


def test_the_page_answers_in_both_languages_and_from_the_past(lived: PlanVersion, people: People) -> None:
    client = browser(people.controller)
    with clock.at(NOW):
        page = client.get("/control/")
        past = client.get("/control/?on=2023-10-01&kind=schools")
        future = client.get("/control/?on=2030-01-01&unit=abc&kind=nobody")
        client.post(reverse("set_language"), {"language": "en", "next": "/control/"})
        english = client.get("/control/")
    assert "Контроль исполнения" in page.content.decode()
    assert "Так было на конец дня" in past.content.decode()
    assert "Так было на конец дня" not in future.content.decode()
    assert "Control of execution" in english.content.decode()
    assert lived.act_number in page.content.decode()


def test_the_page_is_not_sent_twice(lived: PlanVersion, people: People) -> None:
    client = browser(people.controller)
    with clock.at(NOW):
        first = client.get("/control/")
        again = client.get("/control/", headers={"if-none-match": first["ETag"]})
        last = Obligation.objects.filter(standings__until=None, standings__state="reported").first()
        assert last is not None
        obligations.accept(last, by=people.controller, at=NOW)
        changed = client.get("/control/", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert lived.state == "adopted"


def test_the_board_asks_a_fixed_number_of_questions(
    lived: PlanVersion, people: People, django_assert_max_num_queries: object
) -> None:
    client = browser(people.controller)
    with clock.at(NOW):
        client.get("/control/")
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
            client.get("/control/?kind=schools")
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # as above
            client.get("/control/")
    assert lived.plan_id


def test_the_workbook_has_the_same_figures(lived: PlanVersion, people: People) -> None:
    client = browser(people.controller)
    with clock.at(NOW):
        shown = control.build(people.controller, lived, Ask())
        answer = client.get("/control/export.xlsx")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a FileResponse
    assert book.sheetnames == ["План", "Муниципалитеты", "Просрочено"]
    overdue = [row for row in book["Просрочено"].iter_rows(values_only=True) if row[5] is not None]
    assert len([row for row in overdue if isinstance(row[5], int)]) == shown.total.late


@pytest.mark.parametrize(
    ("name", "status"),
    [("observer", 200), ("coordinator", 200), ("municipal", 200), ("school", 403), ("institute", 403)],
)
def test_who_may_look(lived: PlanVersion, people: People, name: str, status: int) -> None:
    with clock.at(NOW):
        assert browser(getattr(people, name)).get("/control/").status_code == status
    assert lived.pk


def test_without_a_plan_the_page_says_what_is_next(people: People) -> None:
    answer = browser(people.controller).get("/control/")
    assert answer.status_code == 200
    assert "Действующего плана пока нет" in answer.content.decode()
    assert browser(people.controller).get("/control/?plan=99").status_code == 404


def test_an_observer_sees_no_contacts(lived: PlanVersion, people: People) -> None:
    with clock.at(NOW):
        shown = control.build(people.observer, lived, Ask())
    assert all(not held.contact and not held.phone for held in shown.held)
