"""What the script of a form asks the server: to keep changes, to say who is there, to take files and give them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence import PDF
from factories import AT
from monitoring_waves import ANSWERS, answer_of, opened_wave, words
from people import browser
from profminimum.journal.models import Entry
from profminimum.monitoring import definitions
from profminimum.monitoring.models import Draft, FormVersion, Submission, SubmissionFile
from profminimum.monitoring.schema.loading import dump, item, load
from profminimum.monitoring.schema.model import Definition, Kind
from profminimum.monitoring.services import drafts, submissions
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import Newcomer, enrol
from profminimum.plan.files import Upload

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from factories import SmallRegion
    from people import People


@pytest.fixture
def row(region: SmallRegion, people: People, december: datetime) -> Submission:
    definitions.definition.cache_clear()
    wave = opened_wave(region, people)
    version = wave.version
    assert version is not None
    form = load(version.definition or {})
    with_file = Definition(
        form.name, form.title, (*form.items, item(Kind.FILE, "act", words("Приказ"))), form.checks, form.note
    )
    FormVersion.objects.filter(pk=version.pk).update(definition=dump(with_file))
    definitions.definition.cache_clear()
    return answer_of(wave, region.schools[0])


@pytest.fixture
def colleague(region: SmallRegion, people: People) -> User:
    (made,) = enrol(
        [Newcomer("second@example.org", "Вторая Вера Викторовна", Role.SCHOOL, region.schools[0], AT.date())], at=AT
    )
    return made


def post(client: Client, row: Submission, **sent: Any) -> Any:
    return client.post(reverse("submission_draft", args=[row.pk]), json.dumps(sent), content_type="application/json")


def test_a_change_is_kept_and_told(row: Submission, people: People) -> None:
    client = browser(people.school)
    answer = post(
        client, row, number=0, changes={"covered": "12", "grades.g6.all": "x"}, explanations={"covered": "так"}
    )
    assert answer.status_code == 200
    said = answer.json()
    assert (said["number"], said["saved"]) == (1, "09:00")
    assert [one["place"] for one in said["problems"]] == ["grades.g6.all"]
    assert "целое число" in said["problems"][0]["message"]
    assert Draft.objects.get(pk=row.pk).answers["covered"] == 12


def test_an_older_number_gets_the_draft_and_writes_nothing(
    row: Submission, people: People, december: datetime
) -> None:
    drafts.save(row, changes={"covered": 5}, by=people.school, at=december)
    answer = post(browser(people.school), row, number=0, changes={"covered": 12})
    assert answer.status_code == 409
    assert answer.json()["number"] == 1
    assert answer.json()["answers"]["covered"] == 5
    assert Draft.objects.get(pk=row.pk).answers["covered"] == 5


def test_the_second_person_waits_watches_or_takes_over(
    row: Submission, people: People, colleague: User, december: datetime
) -> None:
    first, second = browser(people.school), browser(colleague)
    assert post(first, row, number=0).status_code == 200  # a sign of life claims the form
    refused = post(second, row, number=0, changes={"covered": 1})
    assert (refused.status_code, refused.json()) == (423, {"busy": people.school.full_name})
    assert post(second, row, number=0).status_code == 423
    watching = post(second, row, number=0, watch=True)
    assert (watching.status_code, watching.json()["busy"]) == (200, people.school.full_name)
    page = second.get(reverse("submission", args=[row.pk])).content.decode()
    assert f"Сейчас форму заполняет {people.school.full_name}." in page
    assert 'class="fill-all" disabled' in page
    taken = second.post(reverse("submission", args=[row.pk]), {"form:action": "take_over"})
    assert taken.status_code == 302
    assert Draft.objects.get(pk=row.pk).answers["pupils"] == 100  # closed fields are not sent and not wiped out
    told = post(first, row, number=0, changes={"covered": 1})
    assert (told.status_code, told.json()["busy"]) == (423, colleague.full_name)
    second.post(reverse("submission_draft", args=[row.pk]), {"leave": "1"})
    assert post(first, row, number=Draft.objects.get(pk=row.pk).number, changes={"covered": 1}).status_code == 200


def test_a_sign_of_life_brings_what_is_new(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 5}, by=people.school, at=december)
    client = browser(people.school)
    assert post(client, row, number=0).json()["answers"]["covered"] == 5
    assert "answers" not in post(client, row, number=1).json()


def test_what_is_sent_is_closed_with_the_reason(row: Submission, people: People, december: datetime) -> None:
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    answer = post(browser(people.school), row, number=1, changes={"covered": 1})
    assert answer.status_code == 403
    assert "после возврата" in answer.json()["reason"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"changes":{"remarks":' + "[" * 5000 + "]" * 5000 + "}}",
        "[]",
        "{",
        '"x"',
        '{"changes": 5}',
        '{"explanations": {"covered": 5}}',
        "null",
    ],
)
def test_nonsense_is_refused(row: Submission, people: People, body: str) -> None:
    address = reverse("submission_draft", args=[row.pk])
    answer = browser(people.school).post(address, body, content_type="application/json")
    assert answer.status_code == 400


def test_a_save_asks_few_questions(row: Submission, people: People) -> None:
    client = browser(people.school)
    post(client, row, number=0, changes={"covered": 1})
    with CaptureQueriesContext(connection) as asked:
        post(client, row, number=1, changes={"covered": 2})
    said = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 7, said


def attach(client: Client, row: Submission, **sent: Any) -> Any:
    return client.post(reverse("submission_attach", args=[row.pk]), sent)


def test_a_file_goes_up_and_comes_back_only_to_those_who_may(
    row: Submission, people: People, december: datetime
) -> None:
    client = browser(people.school)
    answer = attach(client, row, place="act", file=SimpleUploadedFile("приказ.pdf", PDF))
    assert answer.status_code == 201
    value = answer.json()["value"]
    assert value == {"file": SubmissionFile.objects.get().pk, "name": "приказ.pdf", "size": len(PDF)}
    address = reverse("submission_file", args=[row.pk, value["file"]])
    assert browser(people.municipal).get(address).status_code == 404  # of a draft
    given = client.get(address)
    assert b"".join(given.streaming_content) == PDF  # type: ignore[attr-defined]  # a file streams
    given.close()
    assert given["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(action="file.downloaded", by=people.school).count() == 1

    submissions.submit(row, answers={**ANSWERS, "act": value}, by=people.school, at=december)
    checked = browser(people.municipal).get(address)
    assert b"".join(checked.streaming_content) == PDF  # type: ignore[attr-defined]  # as above
    checked.close()
    assert browser(people.other_municipal).get(address).status_code == 404
    assert browser(people.observer).get(address).status_code == 404
    assert Entry.objects.filter(action="file.downloaded").count() == 2


def test_a_file_of_another_answer_is_not_found(row: Submission, people: People, december: datetime) -> None:
    other = answer_of(row.wave, people.other_school.memberships.get().organisation)
    kept = drafts.attach(other, place="act", upload=Upload("a.pdf", PDF), by=people.other_school, at=december)
    client = browser(people.school)
    assert client.get(reverse("submission_file", args=[row.pk, kept.pk])).status_code == 404
    assert client.get(reverse("submission_file", args=[other.pk, kept.pk])).status_code == 404


def test_a_file_that_is_none_is_refused_with_the_reason(row: Submission, people: People) -> None:
    answer = attach(browser(people.school), row, place="act", file=SimpleUploadedFile("virus.exe", b"MZ"))
    assert answer.status_code == 422
    assert "virus.exe" in answer.json()["reason"]
    assert attach(browser(people.school), row, place="act").status_code == 400


def test_a_file_goes_with_the_plain_form_too(row: Submission, people: People) -> None:
    client, address = browser(people.school), reverse("submission", args=[row.pk])
    sent = {
        "form:whole": "1",
        "form:number": "0",
        "form:action": "save",
        "act": SimpleUploadedFile("приказ.pdf", PDF),
    }
    assert client.post(address, sent).status_code == 302
    assert Draft.objects.get(pk=row.pk).answers["act"]["name"] == "приказ.pdf"
    assert client.post(address, {"form:whole": "1", "form:number": "1", "form:action": "save"}).status_code == 302
    assert "act" in Draft.objects.get(pk=row.pk).answers  # nothing chosen: what is attached stays
    client.post(address, {"form:whole": "1", "form:number": "2", "form:action": "save", "remove:act": "1"})
    assert "act" not in Draft.objects.get(pk=row.pk).answers
    refused = client.post(address, sent | {"form:number": "3", "act": SimpleUploadedFile("x.exe", b"MZ")})
    assert refused.status_code == 422
    assert "x.exe" in refused.content.decode()


def test_a_form_on_paper(row: Submission, people: People, december: datetime) -> None:
    client, address = browser(people.school), reverse("submission_print", args=[row.pk])
    drafts.save(row, changes={"covered": 77, "level": "main"}, by=people.school, at=december)
    full = client.get(address).content.decode()
    assert "77" in full
    assert "Черновик" in full
    assert "☒" in full
    empty = client.get(address, {"empty": "1"}).content.decode()
    assert "77" not in empty
    assert "☒" not in empty
    assert "Номер приказа" in empty  # asked only when there is an order: on paper it must be there
    theirs = browser(people.municipal).get(address).content.decode()
    assert "77" not in theirs  # a draft is its author's
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    assert "12-ОД" in browser(people.municipal).get(address).content.decode()
