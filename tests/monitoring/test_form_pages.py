"""The pages of forms: upload, faults by cell, preview, publishing, withdrawal, downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from form_books import broken, small
from monitoring_waves import OPENED
from people import browser
from profminimum.monitoring.models import Draft, FormVersion, Submission
from profminimum.monitoring.services import forms
from profminimum.monitoring.xlsform.reading import read

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import User


def send(user: User, data: bytes, name: str = "охват.xlsx") -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    return browser(user).post(reverse("form_upload"), {"file": file}, follow=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_methodist_uploads_mends_and_publishes(people: People, december: datetime) -> None:
    page = text(send(people.coordinator, broken()))
    assert "survey!E4" in page
    assert "В форме нет вопроса «pupil»" in page
    assert "Опубликовать" not in page
    page = text(send(people.coordinator, small()))
    assert "Обучающихся 6–11 классов" in page
    assert "Опубликовать" in page
    version = FormVersion.objects.get()
    client = browser(people.coordinator)
    done = text(client.post(reverse("form_publish", args=[version.pk]), follow=True))
    assert "Форма опубликована" in done
    version.refresh_from_db()
    assert version.state == "published"
    again = text(client.post(reverse("form_publish", args=[version.pk]), follow=True))
    assert "уже опубликована" in again


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "пусто.xlsx", "пуст"),
        (b"type,name\n", "form.csv", "XLSX"),
        (b"PK\x03\x04\x00", "битый.xlsx", "поврежд"),
    ],
)
def test_a_file_that_is_no_form_comes_back_with_the_reason(
    people: People, december: datetime, data: bytes, name: str, words: str
) -> None:
    response = send(people.coordinator, data, name)
    assert response.status_code == 422
    assert words in text(response)
    assert name in text(response)
    assert not FormVersion.objects.exists()


def test_the_upload_is_refused_with_the_reason(people: People) -> None:
    response = send(people.school, small())
    assert response.status_code == 403
    assert "координатор" in text(response).casefold()


def test_the_workbook_comes_back_as_it_was(region: SmallRegion, people: People, december: datetime) -> None:
    data = small()
    send(people.coordinator, data)
    version = FormVersion.objects.get()
    got = browser(people.coordinator).get(reverse("form_workbook", args=[version.pk]))
    assert b"".join(got.streaming_content) == data  # type: ignore[attr-defined]  # a file streams
    assert "attachment" in got["Content-Disposition"]
    assert browser(people.school).get(reverse("form_workbook", args=[version.pk])).status_code == 404


def test_the_empty_workbook_is_for_everybody(people: People) -> None:
    got = browser(people.school).get(reverse("form_blank"))
    assert [fault.message["en"] for fault in read(got.content, "form.xlsx").faults] == ["The form asks no question."]


def test_withdrawal_wants_a_reason(region: SmallRegion, people: People, december: datetime) -> None:
    draft = forms.upload(small(), "f.xlsx", region=region.region, by=people.coordinator, at=OPENED)
    version = forms.publish(draft, by=people.coordinator, at=OPENED)
    client, address = browser(people.coordinator), reverse("form_withdraw", args=[version.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "отозвана" in text(client.post(address, {"reason": "устарела"}, follow=True)).casefold()
    version.refresh_from_db()
    assert version.state == "withdrawn"


def test_the_forms_of_the_pack_come_by_one_button(people: People, december: datetime) -> None:
    client = browser(people.ministry)
    assert "В пакете есть 6 форм" in text(client.get(reverse("forms")))
    page = text(client.post(reverse("form_pack"), follow=True))
    assert "Опубликовано 6 форм" in page
    assert "В пакете есть" not in page
    for version in FormVersion.objects.all():
        assert client.get(reverse("form_version", args=[version.pk])).status_code == 200


def test_the_shelf_asks_the_same_for_one_form_and_for_many(
    region: SmallRegion, people: People, december: datetime
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("forms")).status_code == 200
        return len(asked)

    client = browser(people.coordinator)
    first = forms.upload(small(), "f.xlsx", region=region.region, by=people.coordinator, at=OPENED)
    forms.publish(first, by=people.coordinator, at=OPENED)
    one = questions()
    for number in range(3):
        forms.upload(small(name=f"f{number}"), "f.xlsx", region=region.region, by=people.coordinator, at=OPENED)
    assert questions() == one <= 12


def test_a_form_can_be_tried_and_nothing_is_kept(region: SmallRegion, people: People, december: datetime) -> None:
    client = browser(people.ministry)
    client.post(reverse("form_pack"))
    version = FormVersion.objects.get(form__name="level")
    address = reverse("form_try", args=[version.pk])
    page = text(client.get(address))
    assert 'name="h_extra"' in page
    assert 'value="34"' in page
    assert "Не меньше" not in page
    sent = {"level": "advanced", "grade_pupils": "300", "h_extra": "34", "h_lessons": "много", "action": "check"}
    page = text(client.post(address, sent))
    assert "Укажите число цифрами" in page
    assert "больше, чем всего обучающихся по реестру" in page
    assert "нельзя было бы отправить" in page
    hours = {f"h_{name}": "20" for name in ("lessons", "parents", "practice", "additional", "profile")}
    right = {"level": "advanced", "grade_pupils": "100", "h_extra": "34", "act_number": "1", "act_date": "01.12.2023"}
    assert "можно было бы отправить" in text(client.post(address, {**right, **hours, "action": "check"}))
    assert client.post(address, {"action": "wipe"}).status_code == 404
    assert not Submission.objects.exists()
    assert not Draft.objects.exists()


def test_entries_of_a_repeat_are_added_and_taken_away_in_a_trial(people: People, december: datetime) -> None:
    client = browser(people.ministry)
    client.post(reverse("form_pack"))
    version = FormVersion.objects.get(form__name="participation")
    address = reverse("form_try", args=[version.pk])
    two = {"events[0].event": "Ярмарка", "events[1].event": "Фестиваль"}
    page = text(client.post(address, {**two, "action": "add:events"}))
    assert 'name="events[2].event"' in page
    page = text(client.post(address, {**two, "action": "drop:events:0"}))
    assert 'value="Фестиваль"' in page
    assert "Ярмарка" not in page
