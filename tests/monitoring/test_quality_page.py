"""Doubts about a wave: how they come up and go, who works through the list, and what is journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import AT, SmallRegion, small_region
from monitoring_waves import ANSWERS, answer_of, opened_wave
from people import SINCE, browser, people_of
from profminimum.journal.models import Entry
from profminimum.monitoring.models import FollowUp
from profminimum.monitoring.services import follow_ups, submissions
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Role
from profminimum.orgs.services import Newcomer, enrol

if TYPE_CHECKING:
    from datetime import datetime

    from people import People
    from profminimum.monitoring.models import Wave


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    return opened_wave(region, people)


def send(wave: Wave, school: Any, by: Any, at: datetime, **changed: Any) -> int:
    row = answer_of(wave, school)
    submissions.submit(row, answers={**ANSWERS, **changed}, by=by, at=at)
    return row.pk


def doubts(**which: Any) -> list[tuple[int, str, str]]:
    found = FollowUp.objects.filter(**which).order_by("submission", "place", "code")
    return [(one.submission_id, one.place, one.code) for one in found]


def listing(person: Any, wave: Wave, query: str = "") -> Any:
    return browser(person).get(reverse("wave_quality", args=[wave.pk]) + query)


def settle(person: Any, wave: Wave, ids: list[int], reason: str) -> Any:
    return browser(person).post(reverse("wave_quality", args=[wave.pk]), {"id": ids, "reason": reason})


def test_an_outlier_among_comparable_schools(db: None, december: datetime) -> None:
    region = small_region(authorities=2, per_authority=9)
    people = people_of(region)
    wave = opened_wave(region, people)
    told = [people.school, people.other_school]
    others = [school for school in region.schools if not any(_works(user, school) for user in told)]
    users = enrol(
        [
            Newcomer(f"s{number}@example.org", f"Школьная Анна {number}", Role.SCHOOL, school, SINCE)
            for number, school in enumerate(others)
        ],
        at=AT,
    )
    by = {user.memberships.get().organisation_id: user for user in [*told, *users]}
    sent = {}
    for number, school in enumerate(region.schools):
        pupils = 100 * (1 + number % 9)  # as the registry has it
        covered = pupils // 10 if number == 8 else pupils * (90 + number % 3) // 100
        sent[number] = send(wave, school, by[school.pk], december, pupils=pupils, covered=covered)
    follow_ups.refresh(wave, at=december)
    assert doubts() == []  # six schools of 601 pupils and more: too few to compare
    more = {"pupils": 700, "covered": 640}
    for number in (3, 4, 12):  # as if they were larger than the registry knows
        row = answer_of(wave, region.schools[number])
        row.draft.given["registry"]["pupils"] = 700
        row.draft.save(update_fields=["given"])
        submissions.send_back(row, reason="Исправьте", by=_checker(row, region, people), at=december)
        send(wave, region.schools[number], by[region.schools[number].pk], december, **more)
    follow_ups.refresh(wave, at=december)
    assert doubts(place="share") == [(sent[8], "share", "outlier")]
    facts = FollowUp.objects.get(submission=sent[8], place="share").facts
    assert (facts["value"], facts["median"], facts["mad"], facts["size"]) == (10.0, 91.0, 0.4, 9)


def _works(user: Any, school: Any) -> bool:
    return bool(user.memberships.filter(organisation=school).exists())


def _checker(row: Any, region: SmallRegion, people: People) -> Any:
    return people.municipal if row.checker_id == region.authorities[0].pk else people.other_municipal


def test_doubts_come_and_go_with_the_answers(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    mine = send(wave, region.schools[0], people.school, december, pupils=200)
    assert follow_ups.refresh(wave, at=december) == 1
    assert doubts() == [(mine, "pupils", "register")]  # the registry has 100
    first = FollowUp.objects.get()
    assert first.facts == {"value": 200.0, "source": 100.0}
    assert follow_ups.refresh(wave, at=december) == 1
    assert FollowUp.objects.get().pk == first.pk  # again: nothing has changed
    submissions.send_back(first.submission, reason="Исправьте", by=people.municipal, at=december)
    assert follow_ups.refresh(wave, at=december) == 0
    assert doubts() == []
    send(wave, region.schools[0], people.school, december, pupils=104)
    assert follow_ups.refresh(wave, at=december) == 0


def test_what_was_settled_stays_settled_while_the_value_is_the_same(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    mine = send(wave, region.schools[0], people.school, december, pupils=200)
    follow_ups.refresh(wave, at=december)
    follow_ups.settle([FollowUp.objects.get().pk], reason="открыт новый корпус", by=people.municipal, at=december)
    entry = Entry.objects.get(action="follow_up.closed")
    assert (entry.object_id, entry.reason, entry.after["place"]) == (mine, "открыт новый корпус", "pupils")
    row = answer_of(wave, region.schools[0])
    submissions.send_back(row, reason="Исправьте номер", by=people.municipal, at=december)
    send(wave, region.schools[0], people.school, december, pupils=200, order="15-ОД")
    assert follow_ups.refresh(wave, at=december) == 0
    submissions.send_back(answer_of(wave, region.schools[0]), reason="Ещё", by=people.municipal, at=december)
    send(wave, region.schools[0], people.school, december, pupils=300)
    assert follow_ups.refresh(wave, at=december) == 1
    assert FollowUp.objects.filter(settled=None).get().number == 3


def test_the_timer_looks_at_waves_that_have_moved(
    wave: Wave, region: SmallRegion, people: People, december: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_ups, "_seen", {})
    assert follow_ups.refresh_doubts(december) == 0
    send(wave, region.schools[0], people.school, december, pupils=200)
    assert follow_ups.refresh_doubts(december) == 1
    assert len(doubts()) == 1
    assert follow_ups.refresh_doubts(december) == 0


def test_settling_wants_a_reason_and_a_right(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    send(wave, region.schools[0], people.school, december, pupils=200)
    follow_ups.refresh(wave, at=december)
    key = FollowUp.objects.get().pk
    with pytest.raises(ValidationError):
        follow_ups.settle([key], reason=" ", by=people.municipal, at=december)
    for person in (people.school, people.other_municipal, people.controller):
        with pytest.raises(DeniedError):
            follow_ups.settle([key], reason="так", by=person, at=december)
    follow_ups.settle([key], reason="верно", by=people.coordinator, at=december)
    with pytest.raises(ValidationError):
        follow_ups.settle([key], reason="ещё раз", by=people.coordinator, at=december)
    assert Entry.objects.filter(action="follow_up.closed").count() == 1


def test_the_list_is_worked_through(wave: Wave, region: SmallRegion, people: People, december: datetime) -> None:
    mine = send(wave, region.schools[0], people.school, december, pupils=200)
    other = send(wave, region.by_authority[region.authorities[1].pk][0], people.other_school, december, pupils=500)
    follow_ups.refresh(wave, at=december)

    def shown(person: Any, query: str = "") -> list[int]:
        return [row.doubt.submission_id for row in listing(person, wave, query).context["rows"]]

    assert set(shown(people.coordinator)) == {mine, other}
    assert shown(people.coordinator)[0] == other  # farther off
    assert shown(people.coordinator, f"?unit={region.authorities[0].pk}") == [mine]
    assert shown(people.coordinator, "?code=jump") == []
    assert shown(people.coordinator, "?place=covered") == []
    assert shown(people.coordinator, "?code=nonsense&unit=x&settled=perhaps&place=pupils") == [other, mine]
    assert shown(people.municipal) == [mine]
    page = listing(people.municipal, wave)
    assert "200 в ответе, 100 в реестре" in page.content.decode()
    assert page.context["settles"]
    assert not listing(people.controller, wave).context["settles"]

    key = FollowUp.objects.get(submission=mine).pk
    assert settle(people.municipal, wave, [key], "").status_code == 422
    assert settle(people.municipal, wave, [], "верно").status_code == 302
    assert settle(people.other_municipal, wave, [key], "чужое").status_code == 302  # nothing that it sees
    assert FollowUp.objects.get(pk=key).settled is None
    assert settle(people.controller, wave, [key], "верно").status_code == 403
    assert settle(people.municipal, wave, [key], "новый корпус").status_code == 302
    assert shown(people.municipal) == []
    assert shown(people.municipal, "?settled=yes") == [mine]
    assert "новый корпус" in listing(people.municipal, wave, "?settled=all").content.decode()
    assert settle(people.municipal, wave, [key], "ещё раз").status_code == 422


def test_an_empty_list_says_what_is_compared(wave: Wave, people: People) -> None:
    assert "Неснятых сомнений нет" in listing(people.coordinator, wave).content.decode()


def test_strangers(wave: Wave, people: People) -> None:
    other = people_of(small_region(code="66"), domain="example.net")
    assert listing(other.ministry, wave).status_code == 404
    assert settle(other.ministry, wave, [1], "x").status_code == 404
    assert listing(people.school, wave).status_code == 403
    assert listing(people.observer, wave).status_code == 403


def test_the_same_questions_for_one_and_for_three(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    send(wave, region.schools[0], people.school, december, pupils=200)
    follow_ups.refresh(wave, at=december)
    client, counts = browser(people.municipal), []
    client.get(reverse("wave_quality", args=[wave.pk]))
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("wave_quality", args=[wave.pk]))
        counts.append(len(asked))
        first = FollowUp.objects.order_by("pk")[0]
        for code in ("jump", "outlier"):
            if not FollowUp.objects.filter(code=code).exists():
                FollowUp.objects.create(
                    wave=wave,
                    submission=first.submission,
                    number=1,
                    place="pupils",
                    code=code,
                    facts={"value": 1, "last": 2, "median": 3, "size": 9},
                    found=december,
                )
    assert counts[0] == counts[1] <= 12
