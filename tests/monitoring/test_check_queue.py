"""The queue of the check: filters in the address, folding by wave, many decisions at once, constant questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import AT, small_region
from monitoring_waves import ANSWERS, answer_of, opened_wave
from people import SINCE, browser, people_of
from profminimum.journal.models import Entry
from profminimum.monitoring.models import FollowUp, Remark, Submission
from profminimum.monitoring.queries.checking import Ask, read
from profminimum.monitoring.services import follow_ups, submissions
from profminimum.orgs.models import Role
from profminimum.orgs.services import Newcomer, enrol

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    return opened_wave(region, people)


@pytest.fixture
def second(region: SmallRegion, people: People) -> Any:
    """The officer of the second school of the first authority."""
    (user,) = enrol(
        [Newcomer("second@example.org", "Вторая Вера Ивановна", Role.SCHOOL, region.schools[1], SINCE)], at=AT
    )
    return user


def send(wave: Wave, school: Any, by: Any, at: datetime, **changed: Any) -> Submission:
    row = answer_of(wave, school)
    submissions.submit(row, answers={**ANSWERS, **changed}, by=by, at=at)
    return row


def found(person: Any, query: str = "") -> list[int]:
    answer = browser(person).get(reverse("checking") + query)
    assert answer.status_code == 200
    return [row.pk for row in answer.context["rows"]]


def state(row: Submission) -> str:
    return Submission.objects.get(pk=row.pk).state


def decide(person: Any, step: str, rows: list[Submission], **more: Any) -> Any:
    ids = [f"{row.pk}.{row.number}" for row in rows]
    return browser(person).post(reverse("checking_many"), {"step": step, "id": ids, **more})


def confirm(person: Any, asked: Any, **more: Any) -> Any:
    context = asked.context
    given = {"step": context["step"], "ids": context["choice"].stamps, "confirmed": "1", **more}
    return browser(person).post(reverse("checking_many"), given)


@pytest.mark.parametrize(
    ("params", "ask"),
    [
        ({}, Ask()),
        ({"wave": "7", "unit": "x", "late": "on"}, Ask(wave=7, late=True)),
        ({"sort": "-doubts", "warned": "1", "doubted": "1", "again": "1"},
         Ask(warned=True, doubted=True, again=True, sort="-doubts")),
        ({"sort": "drop table", "wave": "9" * 40, "unit": "²"}, Ask()),
        ({"words": "  лицей "}, Ask(words="лицей")),
    ],
)  # fmt: skip
def test_the_address_is_read_kindly(params: dict[str, str], ask: Ask) -> None:
    assert read(params) == ask


def test_each_tier_sees_what_waits_for_it_alone(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    mine = send(wave, region.schools[0], people.school, december)
    state_school = send(wave, region.state_school, people.state_school, december)
    assert found(people.municipal) == [mine.pk]
    assert found(people.other_municipal) == []
    assert found(people.coordinator) == [state_school.pk]
    assert found(people.ministry) == []
    submissions.check([mine.pk], by=people.municipal, at=december)
    assert found(people.municipal) == []
    assert sorted(found(people.coordinator)) == sorted([mine.pk, state_school.pk])
    for person in (people.school, people.controller, people.observer, people.newcomer):
        assert browser(person).get(reverse("checking")).status_code == 403
    other = people_of(small_region(code="66"), domain="example.net")
    assert found(other.coordinator) == []


def test_an_empty_queue_says_what_is_next(wave: Wave, people: People) -> None:
    page = browser(people.municipal).get(reverse("checking")).content.decode()
    assert "Нет ответов, которые ждут вашей проверки" in page


def test_every_filter_narrows(
    wave: Wave, region: SmallRegion, people: People, second: Any, december: datetime
) -> None:
    first = send(wave, region.schools[0], people.school, december)
    other = send(wave, region.schools[1], second, december)
    Submission.objects.filter(pk=other.pk).update(warnings=1)
    FollowUp.objects.create(
        wave=wave, submission=first, number=1, place="pupils", code="jump", facts={"value": 1}, found=december
    )
    who = people.municipal
    assert set(found(who)) == {first.pk, other.pk}
    assert found(who, f"?wave={wave.pk + 1}") == []
    assert found(who, "?warned=on") == [other.pk]
    assert found(who, "?doubted=on") == [first.pk]
    assert found(who, "?sort=-doubts") == [first.pk, other.pk]
    assert found(who, "?sort=doubts") == [other.pk, first.pk]
    assert found(who, "?words=№ 2") == [other.pk]
    assert found(who, "?sort=organisation") == [first.pk, other.pk]
    assert found(who, "?sort=-organisation") == [other.pk, first.pk]
    assert found(who, "?again=on") == found(who, "?late=on") == []
    submissions.send_back(first, reason="Исправьте", by=who, at=december)
    again = send(wave, region.schools[0], people.school, december)
    Submission.objects.filter(pk=other.pk).update(due="2023-12-01")
    assert found(who, "?again=on") == [again.pk]
    assert found(who, "?late=on") == [other.pk]
    assert found(who, "?doubted=on") == []  # the doubt was about the revision before


def test_many_are_checked_after_a_page_that_says_how_many(
    wave: Wave, region: SmallRegion, people: People, second: Any, december: datetime
) -> None:
    rows = [
        send(wave, region.schools[0], people.school, december),
        send(wave, region.schools[1], second, december),
    ]
    asked = decide(people.municipal, "forward", rows)
    assert asked.status_code == 200
    assert "Проверено: 2 ответа" in asked.content.decode()
    assert [state(row) for row in rows] == ["submitted", "submitted"]
    done = confirm(people.municipal, asked)
    assert done.status_code == 302
    assert [state(row) for row in rows] == ["checked", "checked"]
    assert Entry.objects.filter(action="submission.checked").count() == 2
    everything = browser(people.coordinator).post(
        reverse("checking_many"), {"step": "forward", "all": "1", "query": f"wave={wave.pk}"}
    )
    assert "Принять: 2 ответа" in everything.content.decode()
    assert confirm(people.coordinator, everything).status_code == 302
    assert [state(row) for row in rows] == ["accepted", "accepted"]


def test_many_are_returned_with_one_reason_and_each_with_its_remarks(
    wave: Wave, region: SmallRegion, people: People, second: Any, december: datetime
) -> None:
    rows = [
        send(wave, region.schools[0], people.school, december),
        send(wave, region.schools[1], second, december),
    ]
    submissions.remark(rows[0], place="covered", text="Проверьте", by=people.municipal, at=december)
    asked = decide(people.municipal, "return", rows)
    refused = confirm(people.municipal, asked, reason=" ")
    assert refused.status_code == 422
    assert [state(row) for row in rows] == ["submitted", "submitted"]
    assert confirm(people.municipal, asked, reason="Уточните охват").status_code == 302
    assert [state(row) for row in rows] == ["returned", "returned"]
    assert [Submission.objects.get(pk=row.pk).remarks for row in rows] == [1, 0]
    assert Remark.objects.get().sent == december


def test_what_has_moved_meanwhile_stops_the_whole_decision(
    wave: Wave, region: SmallRegion, people: People, second: Any, december: datetime
) -> None:
    rows = [
        send(wave, region.schools[0], people.school, december),
        send(wave, region.schools[1], second, december),
    ]
    asked = decide(people.municipal, "forward", rows)
    submissions.send_back(rows[0], reason="Исправьте", by=people.municipal, at=december)
    send(wave, region.schools[0], people.school, december)  # another revision than the one that was seen
    answer = confirm(people.municipal, asked)
    assert answer.status_code == 409
    assert answer.context["choice"].gone == 1
    assert [state(row) for row in rows] == ["submitted", "submitted"]


def test_strangers_decide_on_nothing(wave: Wave, region: SmallRegion, people: People, december: datetime) -> None:
    row = send(wave, region.schools[0], people.school, december)
    for person in (people.other_municipal, people.coordinator):
        asked = decide(person, "forward", [row])
        assert (asked.status_code, asked.context["choice"].can) == (200, [])
    assert decide(people.school, "forward", [row]).status_code == 403
    assert decide(people.municipal, "delete", [row]).status_code == 404
    assert decide(people.municipal, "forward", []).status_code == 302
    assert state(row) == "submitted"


def test_the_same_questions_for_one_and_for_three(
    wave: Wave, region: SmallRegion, people: People, second: Any, december: datetime
) -> None:
    client = browser(people.coordinator)
    follow_ups.refresh(wave, at=december)
    send(wave, region.state_school, people.state_school, december)
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("checking"))
        counts.append(len(asked))
        for school, by, checker in (
            (region.schools[0], people.school, people.municipal),
            (region.schools[1], second, people.municipal),
        ):
            row = answer_of(wave, school)
            if row.state == "expected":
                submissions.submit(row, answers=ANSWERS, by=by, at=december)
                submissions.check([row.pk], by=checker, at=december)
    assert len(found(people.coordinator)) == 3
    assert counts[0] <= counts[1] <= counts[0] + 1 <= 12  # the names of a second municipality
