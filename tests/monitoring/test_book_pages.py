"""Workbooks over the pages: out, filled, uploaded, shown, applied; a stranger's and a foreign file stay out."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from factories import small_region
from monitoring_waves import ANSWERS, answer_of, opened_wave, planned
from people import browser, people_of
from profminimum.journal.models import Entry
from profminimum.monitoring.books import school
from profminimum.monitoring.models import Draft, Wave
from profminimum.monitoring.services import books, drafts, submissions, waves
from profminimum.orgs.models import Role
from profminimum.orgs.services import Newcomer, enrol
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from openpyxl import Workbook
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def sent(client: Client, address: str, book: Workbook | bytes, name: str = "ответы.xlsx") -> Any:
    """Upload and follow to the preview."""
    if not isinstance(book, bytes):
        stream = io.BytesIO()
        book.save(stream)
        book = stream.getvalue()
    return client.post(address, {"file": SimpleUploadedFile(name, book, XLSX)}, follow=True)


def apply(client: Client, address: str, shown: Any) -> Any:
    """Press the button of a preview."""
    context = shown.context
    return client.post(address, {"file": context["file"].token, "seal": context["seen"].seal})


def waiting() -> list[str]:
    """What lies on the disk until somebody decides upon it."""
    return sorted(path.name for path in (Path(settings.FILES) / "waiting").glob("*"))


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    for name in waiting():
        (Path(settings.FILES) / "waiting" / name).unlink()


def fill(book: Workbook, values: dict[str, Any]) -> None:
    """Answers of the template by place."""
    page = book["Форма"]
    assert page["E4"].value == school.ANSWER
    for row in page.iter_rows(min_row=6):
        if row[5].value in values:
            row[4].value = values[str(row[5].value)]


def test_a_school_fills_its_template_and_the_draft_has_it(region: SmallRegion, people: People) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    client, address = browser(people.school), reverse("submission_upload", args=[row.pk])
    book = opened(client.get(reverse("submission_template", args=[row.pk])).content)
    fill(book, {"covered": "90", "has_order": "да", "order": "12-ОД", "level": "основной", "pupils": "сто"})
    shown = sent(client, address, book)
    page = shown.content.decode()
    assert "Форма!E" in page
    assert "целое число цифрами" in page
    assert {change.label for change in shown.context["seen"].changes} == {
        "Охвачено профминимумом", "Издан приказ", "Номер приказа", "Уровень",
    }  # fmt: skip
    assert Draft.objects.get(pk=row.pk).number == 0  # nothing is written before it is confirmed
    client.raise_request_exception = True
    apply(client, address, shown)
    draft = Draft.objects.get(pk=row.pk)
    assert {name: draft.answers[name] for name in ("covered", "has_order", "order", "level", "pupils")} == {
        "covered": 90, "has_order": True, "order": "12-ОД", "level": "main", "pupils": 100,
    }  # fmt: skip
    assert answer_of(row.wave, region.schools[0]).state == "draft"
    again = sent(client, address, book)
    assert "Изменений нет" in again.content.decode()


def test_a_template_shows_what_the_last_wave_said(region: SmallRegion, people: People, december: datetime) -> None:
    first = opened_wave(region, people)
    submissions.submit(answer_of(first, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    second = waves.open_wave(planned(first.campaign, people), by=people.coordinator, at=december)
    row = answer_of(second, region.schools[0])
    book = opened(browser(people.school).get(reverse("submission_template", args=[row.pk])).content)
    last = {str(line[5].value): line[3].value for line in book["Форма"].iter_rows(min_row=6) if line[5].value}
    assert (last["covered"], last["leader.name"], last["has_order"]) == ("90", "Иванова Анна Петровна", "да")
    now = {str(line[5].value): line[4].value for line in book["Форма"].iter_rows(min_row=6) if line[5].value}
    assert (now["covered"], now["leader.name"]) == (90, None)  # what was accepted comes from the register
    assert "В прошлой волне" in [cell.value for (cell,) in book["1. Классы"].iter_rows(min_col=2, max_col=2)]


def test_applying_does_what_was_shown_or_nothing(region: SmallRegion, people: People, december: datetime) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    client, address = browser(people.school), reverse("submission_upload", args=[row.pk])
    book = opened(client.get(reverse("submission_template", args=[row.pk])).content)
    fill(book, {"covered": 90})
    shown = sent(client, address, book)
    drafts.save(row, changes={"covered": 70}, by=people.school, at=december)
    said = apply(client, address, shown)
    assert said.status_code == 302
    assert Draft.objects.get(pk=row.pk).answers["covered"] == 70
    page = client.get(said.url).content.decode()
    assert "ответы изменились" in page
    assert "После скачивания шаблона черновик изменился" in page
    shown = client.get(said.url)
    apply(client, address, shown)
    apply(client, address, shown)  # the second press of the same button
    assert Draft.objects.get(pk=row.pk).number == 2


def test_a_foreign_file_is_refused_with_the_reason(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    row, other = answer_of(wave, region.schools[0]), answer_of(wave, region.by_authority[region.authorities[1].pk][0])
    theirs = browser(people.other_school).get(reverse("submission_template", args=[other.pk])).content
    client, address = browser(people.school), reverse("submission_upload", args=[row.pk])
    answer = sent(client, address, theirs)
    assert (answer.status_code, "МБОУ СОШ № 1 (А2)" in answer.content.decode()) == (422, True)
    book = browser(people.municipal).get(reverse("wave_book", args=[wave.pk])).content
    assert "книга органа управления" in sent(client, address, book).content.decode()
    assert "не книга Excel" in sent(client, address, b"%PDF-1.4").content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.get(address, {"file": "подделка"}).status_code == 422
    assert waiting() == []  # what is refused is not kept


def test_a_stranger_gets_nothing(region: SmallRegion, people: People) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    theirs = people_of(small_region(code="66"), domain="example.net")
    for person, status in ((people.other_school, 404), (theirs.school, 404), (people.municipal, 403)):
        for name in ("submission_template", "submission_upload"):
            assert browser(person).get(reverse(name, args=[row.pk])).status_code == status
    for person, status in ((theirs.municipal, 404), (people.school, 403), (people.coordinator, 403)):
        for name in ("wave_book", "wave_book_upload"):
            assert browser(person).get(reverse(name, args=[row.wave_id])).status_code == status


def test_the_address_of_a_preview_is_good_for_its_person_alone(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    book = browser(people.municipal).get(reverse("wave_book", args=[wave.pk])).content
    address = reverse("wave_book_upload", args=[wave.pk])
    token = sent(browser(people.municipal), address, book).context["file"].token
    answer = browser(people.other_municipal).get(address, {"file": token})
    assert (answer.status_code, "загрузите его ещё раз" in answer.content.decode()) == (422, True)


def test_a_workbook_that_nobody_applies_is_forgotten_when_its_preview_is_no_longer_good(
    region: SmallRegion, people: People, december: datetime
) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    client, address = browser(people.school), reverse("submission_upload", args=[row.pk])
    book = client.get(reverse("submission_template", args=[row.pk])).content
    said = sent(client, address, book)
    assert len(waiting()) == 1
    assert books.forget_unused(december + timedelta(days=6, hours=23)) == 0
    assert client.get(address, {"file": said.context["file"].token}).status_code == 200
    assert books.forget_unused(december + timedelta(days=7, minutes=1)) == 1
    assert waiting() == []
    assert books.forget_unused(december + timedelta(days=7, minutes=1)) == 0
    answer = client.get(address, {"file": said.context["file"].token})
    assert (answer.status_code, "загрузите его ещё раз" in answer.content.decode()) == (422, True)
    sent(client, address, book)
    assert books.forget_unused(december + timedelta(days=1)) == 0  # uploaded anew, it is kept anew


def test_a_sent_answer_takes_no_workbook(region: SmallRegion, people: People, december: datetime) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    client = browser(people.school)
    assert client.get(reverse("submission_upload", args=[row.pk])).status_code == 403
    assert client.get(reverse("submission_template", args=[row.pk])).status_code == 200


# an authority


def twenty(december: datetime) -> tuple[SmallRegion, People, Wave]:
    region = small_region(authorities=2, per_authority=20)
    people = people_of(region)
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools_of(0)[19])
    submissions.submit(row, answers=ANSWERS, by=officer_of(row.organisation, december), at=december)
    return region, people, wave


def officer_of(place: Any, december: datetime) -> Any:
    """A new officer of that school."""
    since = december.date().replace(month=1)
    return enrol([Newcomer("new@example.org", "Новикова Нина Нилова", Role.SCHOOL, place, since)], at=december)[0]


@pytest.mark.django_db
def test_a_workbook_of_twenty_schools_with_three_bad_cells(december: datetime) -> None:
    region, people, wave = twenty(december)
    client, address = browser(people.municipal), reverse("wave_book_upload", args=[wave.pk])
    book = opened(client.get(reverse("wave_book", args=[wave.pk])).content)
    page = book["Ответы"]
    heads = {str(cell.value): int(cell.column or 0) for cell in page[4]}
    rows = {str(page.cell(line, 1).value): line for line in range(5, page.max_row + 1)}
    assert len(rows) == 20
    for code, line in rows.items():
        if code != "А1-Ш20":
            for place, value in (("covered", 50), ("has_order", "нет"), ("grades.g6.all", "1 2")):
                page.cell(line, heads[place]).value = value
    page.cell(rows["А1-Ш3"], heads["covered"]).value = "много"
    page.cell(rows["А1-Ш5"], heads["grades.g7.part"]).value = 7  # of nobody: more than there are
    page.cell(rows["А1-Ш7"], heads["level"]).value = "высший"
    line = page.max_row + 1
    page.cell(line, 1).value, page.cell(line, heads["covered"]).value = "А2-Ш1", 1  # a school of another authority
    shown = sent(client, address, book)
    wheres = {fault.where for _row, fault in shown.context["seen"].faults}
    assert wheres == {
        f"Ответы!{page.cell(rows['А1-Ш3'], heads['covered']).coordinate}",
        f"Ответы!{page.cell(rows['А1-Ш5'], heads['grades.g7.part']).coordinate}",
        f"Ответы!{page.cell(rows['А1-Ш7'], heads['level']).coordinate}",
        f"Ответы!A{line}",
    }
    assert all(where in shown.content.decode() for where in wheres)
    assert [row.code for row in shown.context["seen"].of("skipped")] == ["А1-Ш20"]
    apply(client, address, shown)
    drafted = {row.organisation.code for row in wave.submissions.filter(state="draft").select_related("organisation")}
    assert drafted == set(rows) - {"А1-Ш3", "А1-Ш5", "А1-Ш7", "А1-Ш20"}
    held = answer_of(wave, region.schools_of(0)[0]).draft
    assert (held.answers["covered"], held.answers["has_order"], held.answers["grades"]["g6"]) == (
        50,
        False,
        {"all": 12},
    )
    assert held.answers["pupils"] == 100  # known before, and stays
    assert Entry.objects.filter(action="submission.prepared").count() == 16
    assert answer_of(wave, region.schools_of(1)[0]).state == "expected"
    again = sent(client, address, book).context["seen"]
    assert (len(again.ready), len(again.of("same"))) == (0, 16)


def test_a_school_that_is_typing_is_left_alone(region: SmallRegion, people: People, december: datetime) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    client, address = browser(people.municipal), reverse("wave_book_upload", args=[wave.pk])
    book = opened(client.get(reverse("wave_book", args=[wave.pk])).content)
    page = book["Ответы"]
    heads = {str(cell.value): int(cell.column or 0) for cell in page[4]}
    for line in (5, 6):
        page.cell(line, heads["covered"]).value = 60
    drafts.save(row, changes={"covered": 55}, by=people.school, at=december)
    seen = sent(client, address, book).context["seen"]
    assert [(one.state, "Школьникова" in one.reason) for one in seen.rows] == [("skipped", True), ("ready", False)]


def test_a_workbook_asks_a_constant_number_of_questions(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = opened_wave(region, people)
    other = small_region(code="66", per_authority=6)
    many = people_of(other, domain="example.net")
    large = opened_wave(other, many)
    for person, wave in ((people.municipal, small), (many.municipal, large)):
        client = browser(person)
        address = reverse("wave_book_upload", args=[wave.pk])
        book = client.get(reverse("wave_book", args=[wave.pk])).content
        token = sent(client, address, book).context["file"].token
        with django_assert_num_queries(6):
            client.get(reverse("wave_book", args=[wave.pk]))
        with django_assert_num_queries(6):
            client.get(address, {"file": token})
