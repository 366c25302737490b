"""The page of an answer: a form for the author, what was sent for the others, nothing for strangers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring_waves import ANSWERS, answer_of, campaign, opened_wave, planned, words
from people import browser
from profminimum.monitoring import definitions
from profminimum.monitoring.models import Submission
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Definition, Kind
from profminimum.monitoring.services import drafts, submissions, waves

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People


@pytest.fixture
def row(region: SmallRegion, people: People, december: datetime) -> Submission:
    return answer_of(opened_wave(region, people), region.schools[0])


def address(row: Submission) -> str:
    return reverse("submission", args=[row.pk])


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


POST = {
    "pupils": "100",
    "covered": "1 0",
    "grades.g6.all": "50",
    "grades.g6.part": "45",
    "has_order": "true",
    "order": "12-ОД",
    "leader.name": "Иванова Анна Петровна",
    "leader.post": "заместитель директора",
    "level": "main",
    "events[0].event": "Ярмарка",
    "events[0].people": "30",
    "form:number": "0",
    "form:whole": "1",
}


def test_the_author_gets_the_form(row: Submission, people: People) -> None:
    html = browser(people.school).get(address(row)).content.decode()
    said = plain(html)
    assert "Число обучающихся 6–11 классов" in said
    assert 'name="pupils" value="100"' in html
    assert "заполнено из реестра школ" in said
    assert 'id="fill-form" type="application/json"' in html
    assert re.search(r'data-q="order"[^>]* hidden', html)  # asked only when there is an order
    assert "Невельск" not in said
    assert "Отправить на проверку" in said


def test_a_plain_post_saves_and_shows_again(row: Submission, people: People) -> None:
    client = browser(people.school)
    answer = client.post(address(row), POST | {"form:action": "save"})
    assert answer.status_code == 302
    row = Submission.objects.select_related("draft").get(pk=row.pk)
    assert row.state == "draft"
    assert row.draft.answers["covered"] == 10
    assert row.draft.answers["grades"] == {"g6": {"all": 50, "part": 45}}
    assert row.draft.answers["leader"]["name"] == "Иванова Анна Петровна"
    assert row.draft.answers["events"] == [{"event": "Ярмарка", "people": 30}]
    html = client.get(address(row)).content.decode()
    assert 'name="order" value="12-ОД"' in html


def test_what_cannot_be_read_stays_on_the_page_and_is_not_sent(row: Submission, people: People) -> None:
    client = browser(people.school)
    answer = client.post(address(row), POST | {"covered": "много", "form:action": "submit"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="covered" value="много"' in html
    assert "Укажите целое число" in plain(html)
    assert Submission.objects.get(pk=row.pk).number == 0


def test_errors_stand_at_their_fields_and_nothing_is_sent(row: Submission, people: People) -> None:
    answer = browser(people.school).post(
        address(row), POST | {"covered": "101", "leader.name": "", "leader.post": "", "form:action": "submit"}
    )
    said = plain(answer.content.decode())
    assert answer.status_code == 422
    assert "Ответ не отправлен" in said
    assert said.count("Охвачено больше, чем обучается.") == 2  # in the list and at the field
    assert Submission.objects.get(pk=row.pk).number == 0


def test_sending_goes_to_the_checker(row: Submission, people: People) -> None:
    client = browser(people.school)
    answer = client.post(address(row), POST | {"form:action": "submit"}, follow=True)
    assert Submission.objects.get(pk=row.pk).state == "submitted"
    said = plain(answer.content.decode())
    assert "Отправлено на проверку" in said
    assert "12-ОД" in said
    again = client.post(address(row), POST | {"covered": "11"}, follow=True)
    assert "можно изменить только после возврата" in plain(again.content.decode()) or again.status_code == 200
    assert Submission.objects.get(pk=row.pk).number == 1


def test_entries_are_added_and_removed_without_a_script(row: Submission, people: People) -> None:
    client = browser(people.school)
    added = client.post(address(row), POST | {"form:action": "add:events"}).content.decode()
    assert 'name="events[1].event"' in added
    two = {"events[1].event": "Экскурсия", "events[1].people": "12", "form:number": "1"}
    client.post(address(row), POST | two | {"form:action": "drop:events:0"})
    row = Submission.objects.select_related("draft").get(pk=row.pk)
    assert row.draft.answers["events"] == [{"event": "Экскурсия", "people": 12}]


def test_questions_may_be_called_as_the_page_calls_its_own_controls(
    region: SmallRegion, people: People, december: datetime
) -> None:
    definitions.definition.cache_clear()
    names = ("number", "action", "whole", "name", "submit", "id", "file", "place")
    made = Definition("odd", words("Форма"), tuple(item(Kind.TEXT, name, words(name)) for name in names), (), {})
    wave = planned(campaign(region, people, made=made), people)
    row = answer_of(waves.open_wave(wave, by=people.coordinator, at=december), region.schools[0])
    sent = {name: f"ответ на {name}" for name in names}
    page = {"form:whole": "1", "form:number": "0", "form:action": "save"}
    assert browser(people.school).post(address(row), sent | page).status_code == 302
    kept = Submission.objects.select_related("draft").get(pk=row.pk).draft
    assert (kept.answers, kept.number) == (sent, 1)
    html = browser(people.school).get(address(row)).content.decode()
    assert all(f'name="{name}" value="ответ на {name}"' in html for name in names)
    assert html.count('name="number"') == 1


def test_an_older_page_does_not_write_over_newer_answers(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 77}, by=people.school, at=december)
    answer = browser(people.school).post(address(row), POST | {"form:action": "save"})
    assert answer.status_code == 409
    assert "сейчас записано «77», у вас «10»" in plain(answer.content.decode()).replace("» ,", "»,")
    assert Submission.objects.select_related("draft").get(pk=row.pk).draft.answers["covered"] == 77
    assert 'name="form:number" value="1"' in answer.content.decode()


def test_others_read_what_was_sent(row: Submission, people: People, december: datetime) -> None:
    waiting = plain(browser(people.municipal).get(address(row)).content.decode())
    assert "Пока ничего не отправлено" in waiting or "не отправлено" in waiting
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    for person in (people.municipal, people.coordinator, people.ministry, people.institute):
        html = browser(person).get(address(row)).content.decode()
        assert "12-ОД" in html
        assert 'id="fill"' not in html


def test_strangers_find_nothing(row: Submission, people: People) -> None:
    for person in (people.other_school, people.other_municipal, people.observer, people.newcomer):
        client = browser(person)
        assert client.get(address(row)).status_code == 404
        assert client.post(address(row), POST).status_code == 404
        assert client.get(reverse("submission_print", args=[row.pk])).status_code == 404
        assert client.post(reverse("submission_draft", args=[row.pk])).status_code == 404
        assert client.post(reverse("submission_attach", args=[row.pk])).status_code == 404


def test_those_who_check_may_not_write(row: Submission, people: People) -> None:
    assert browser(people.municipal).post(address(row), POST).status_code == 403


def test_the_form_speaks_english_too(row: Submission, people: People) -> None:
    people.school.language = "en"
    people.school.save(update_fields=["language"])
    said = plain(browser(people.school).get(address(row)).content.decode())
    for text in ("Send for checking", "Pupils of grades 6–11", "filled in from the registry of schools", "In total"):
        assert text in said


def test_the_page_asks_few_questions(row: Submission, people: People) -> None:
    client = browser(people.school)
    client.get(address(row))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(row))
    assert len(asked) <= 9, [query["sql"][:90] for query in asked.captured_queries]
