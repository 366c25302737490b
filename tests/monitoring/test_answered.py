"""Who has answered: the figures of a wave now and on a past day, the organisations, whom to call."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from monitoring_waves import ANSWERS, OPENED, answer_of, opened_wave
from people import browser
from profminimum.monitoring.queries import answered, campaigns
from profminimum.monitoring.queries.answered import Ask, Tally
from profminimum.monitoring.services import drafts, submissions, waves
from profminimum.registers.models import Record
from profminimum.web import clock

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave

ZONE = ZoneInfo("Asia/Sakhalin")
EARLY = datetime(2023, 11, 22, 12, tzinfo=ZONE)
LATER = datetime(2023, 12, 6, 12, tzinfo=ZONE)


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    """Of five, due on the 4th: by the first one is accepted, one sent, one begun; two have done nothing."""
    made = opened_wave(region, people)
    first, far, state = (
        answer_of(made, place)
        for place in (region.schools[0], region.by_authority[region.authorities[-1].pk][0], region.state_school)
    )
    submissions.submit(first, answers=ANSWERS, by=people.school, at=EARLY)
    submissions.check([first.pk], by=people.municipal, at=EARLY)
    submissions.accept([first.pk], by=people.coordinator, at=december)
    submissions.submit(state, answers=ANSWERS, by=people.state_school, at=december)
    drafts.save(far, changes={"covered": 4}, by=people.other_school, at=december)
    return made


def tally(person: object, wave: Wave, on: date | None = None) -> Tally:
    return answered.completeness(person, [wave.pk], on).get(wave.pk, Tally())  # type: ignore[arg-type]  # a user


def test_each_answer_is_counted_once_where_it_stands(wave: Wave, people: People) -> None:
    found = tally(people.ministry, wave)
    assert (found.expected, found.draft, found.submitted, found.checked, found.accepted) == (2, 1, 1, 0, 1)
    assert (found.asked, found.begun, found.sent, found.passed, found.unsent) == (5, 3, 2, 1, 3)
    assert (found.timely, found.tardy, found.overdue) == (2, 0, 0)


def test_a_past_day_is_as_it_was(wave: Wave, people: People) -> None:
    found = tally(people.ministry, wave, date(2023, 11, 25))
    assert (found.expected, found.draft, found.submitted, found.checked, found.accepted) == (4, 0, 0, 1, 0)
    assert tally(people.ministry, wave, date(2023, 11, 19)).asked == 0


def test_after_the_date_answers_are_late_and_the_missing_overdue(
    wave: Wave, people: People, region: SmallRegion
) -> None:
    with clock.at(LATER):
        far = answer_of(wave, region.by_authority[region.authorities[-1].pk][0])
        submissions.submit(far, answers=ANSWERS, by=people.other_school, at=LATER)
        found = tally(people.ministry, wave)
    assert (found.timely, found.tardy, found.overdue) == (2, 1, 2)


def test_those_no_longer_asked_do_not_count(wave: Wave, people: People, region: SmallRegion) -> None:
    waves.withdraw(wave, [region.schools[1].pk], reason="закрыта на ремонт", by=people.coordinator, at=OPENED)
    found = tally(people.ministry, wave)
    assert (found.asked, found.withdrawn, found.unsent) == (4, 1, 2)


def test_piles_agree_with_the_tally(wave: Wave, people: People) -> None:
    stages = answered.stages(people.ministry, [wave.pk], Ask())
    counts = answered.piled(stages, clock.today())
    found = tally(people.ministry, wave)
    for name in ("expected", "draft", "begun", "sent", "unsent", "passed", "timely", "tardy", "overdue", "returned"):
        assert counts[name] == getattr(found, name), name
        assert answered.pile(stages, name, clock.today()).count() == counts[name], name
    assert counts[""] == found.asked == answered.pile(stages, "", clock.today()).count()


def test_the_list_of_campaigns_says_the_same_of_what_was_sent(wave: Wave, people: People, december: datetime) -> None:
    sent = wave.submissions.get(state="submitted")
    submissions.send_back(sent, reason="Уточните.", by=people.coordinator, at=december)
    ((_wave, listed),) = campaigns.listed(people.ministry)[0].waves
    found = tally(people.ministry, wave)
    assert (listed.returned, listed.sent) == (1, 2) == (found.returned, found.sent)


def test_an_authority_counts_its_own_schools(wave: Wave, people: People, region: SmallRegion) -> None:
    own = len(region.by_authority[region.authorities[0].pk])
    assert tally(people.municipal, wave).asked == own < 5
    assert tally(people.school, wave).asked == 0


def test_the_page_shows_municipalities_and_state_schools(wave: Wave, people: People, region: SmallRegion) -> None:
    found = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/")
    assert [unit.state_schools for unit in found.context["units"]] == [False] * len(region.authorities) + [True]
    assert "Государственные школы" in found.content.decode()
    assert [link.count for link in found.context["chain"]] == [5, 3, 2, 1, 1]
    by = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/?sort=-accepted").context["units"]
    assert [unit.tally.accepted for unit in by] == sorted((unit.tally.accepted for unit in by), reverse=True)


def test_a_municipality_shows_its_organisations(wave: Wave, people: People, region: SmallRegion) -> None:
    unit = region.authorities[0].pk
    found = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/?unit={unit}")
    assert {row.organisation_id for row, _place in found.context["rows"]} == {
        school.pk for school in region.by_authority[unit]
    }
    assert browser(people.municipal).get(f"/monitoring/waves/{wave.pk}/").context["page"] is not None


def test_the_page_of_a_past_day_says_so(wave: Wave, people: People) -> None:
    found = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/?on=2023-11-25")
    assert [link.count for link in found.context["chain"]] == [5, 1, 1, 1, 0]
    assert found.context["as_of"] == date(2023, 11, 25)


def test_the_same_page_is_not_sent_twice(wave: Wave, people: People, region: SmallRegion) -> None:
    client = browser(people.coordinator)
    address = f"/monitoring/waves/{wave.pk}/"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    submissions.accept([answer_of(wave, region.state_school).pk], by=people.coordinator, at=LATER)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_those_behind_come_with_whom_to_call(wave: Wave, people: People, region: SmallRegion) -> None:
    Record.objects.create(
        kind="responsible",
        region=region.region,
        organisation=region.schools[1],
        values={"person": {"name": "Петрова Мария Ивановна", "phone": "+7 4242 00-00-00"}},
        since=date(2023, 9, 1),
        entered=OPENED,
    )
    rows = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/behind/").context["rows"]
    known = {row.organisation_id: row.contact for row in rows}
    far = region.by_authority[region.authorities[-1].pk][0].pk
    assert len(rows) == 3
    assert known[region.schools[1].pk].official
    assert known[region.schools[1].pk].name == "Петрова Мария Ивановна"
    assert known[far].name == people.other_school.full_name
    assert not known[far].official


def test_contacts_are_not_for_everybody(wave: Wave, people: People) -> None:
    rows = browser(people.observer).get(f"/monitoring/waves/{wave.pk}/behind/").context["rows"]
    assert {row.contact for row in rows} == {None}


@pytest.mark.parametrize(("state", "count"), [("expected", 2), ("draft", 1), ("overdue", 0), ("nonsense", 3)])
def test_the_list_is_narrowed(wave: Wave, people: People, state: str, count: int) -> None:
    found = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/behind/?state={state}")
    assert len(found.context["rows"]) == count


def test_an_open_wave_has_a_forecast_and_a_past_one_its_result(wave: Wave, people: People) -> None:
    address = f"/monitoring/waves/{wave.pk}/"
    shown = browser(people.coordinator).get(address).context
    assert shown["forecast"]
    assert shown["curve"].model.rounds == 0
    assert len(shown["curve"].forecast.chances) == 3
    likely = browser(people.coordinator).get(f"{address}behind/?state=likely").context["rows"]
    assert {row.organisation_id for row in likely} == set(shown["curve"].forecast.likely)
    with clock.at(LATER):
        assert not browser(people.coordinator).get(address).context["forecast"]


def test_the_curve_counts_each_day(wave: Wave, people: People) -> None:
    days = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/").context["curve"].days
    assert [(day.day.day, day.all) for day in days] == [(20, 0), (22, 1), (2, 2)]


def test_the_workbook_lists_everybody(wave: Wave, people: People) -> None:
    file = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/board.xlsx")
    book = load_workbook(io.BytesIO(file.getvalue()))
    units, organisations = book.worksheets
    assert [cell.value for cell in units[units.max_row]][:4] == ["Всего", 5, 3, 2]
    assert organisations.max_row == 2 + 5


def test_questions_do_not_grow_with_answers(wave: Wave, people: People, region: SmallRegion) -> None:
    client = browser(people.coordinator)
    for address in ("", "behind/", "answers/", f"?unit={region.authorities[0].pk}"):
        path = f"/monitoring/waves/{wave.pk}/{address}"
        client.get(path)
        waves.withdraw(wave, [region.schools[1].pk], reason="проба", by=people.coordinator, at=OPENED)
        with CaptureQueriesContext(connection) as fewer:
            client.get(path)
        waves.add(wave, [region.schools[1].pk], by=people.coordinator, at=OPENED)
        with CaptureQueriesContext(connection) as more:
            client.get(path)
        assert len(fewer) == len(more), path


def test_the_list_of_answers_is_narrowed_searched_and_sorted(wave: Wave, people: People, region: SmallRegion) -> None:
    client, address = browser(people.coordinator), f"/monitoring/waves/{wave.pk}/answers/"
    everything = client.get(address)
    assert everything.context["counts"][""] == len(everything.context["rows"]) == 5
    assert "&lt;" not in everything.content.decode()
    assert len(client.get(address, {"state": "sent"}).context["rows"]) == 2
    assert len(client.get(address, {"unit": str(region.authorities[0].pk), "state": "accepted"}).context["rows"]) == 1
    assert client.get(address, {"words": "нет такой школы"}).context["rows"] == []
    assert len(client.get(address, {"on": "2023-11-25", "state": "checked"}).context["rows"]) == 1
    with clock.at(LATER):
        far = answer_of(wave, region.by_authority[region.authorities[-1].pk][0])
        submissions.submit(far, answers=ANSWERS, by=people.other_school, at=LATER)
        late = client.get(address, {"state": "tardy", "sort": "-sent"})
    assert len(late.context["rows"]) == 1
    assert 'class="tardy">с опозданием' in late.content.decode()
    assert "&lt;" not in late.content.decode()


def test_a_school_lists_its_own_answer_alone(wave: Wave, people: People) -> None:
    assert len(browser(people.school).get(f"/monitoring/waves/{wave.pk}/answers/").context["rows"]) == 1
    assert browser(people.observer).get(f"/monitoring/waves/{wave.pk}/answers/").status_code == 403


def test_strangers_find_nothing(wave: Wave, people: People) -> None:
    for address in ("", "behind/", "answers/", "summary/", "answers.csv"):
        assert browser(people.newcomer).get(f"/monitoring/waves/{wave.pk}/{address}").status_code == 404
