"""The shelf of plans, the plan in force and its rows: who sees what, and how many questions the database is asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from decrees import adopted, uploaded
from factories import small_region
from people import browser, people_of
from profminimum.plan.models import Measure, Obligation
from profminimum.plan.services import obligations, versions
from profminimum.plan.services.obligations import Answer
from profminimum.web import clock

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")


def test_an_empty_shelf_says_what_to_do(people: People) -> None:
    page = browser(people.ministry).get(reverse("plans")).content.decode()
    assert "Загрузите подписанное распоряжение" in page
    assert reverse("version_upload") in page
    page = browser(people.school).get(reverse("plans")).content.decode()
    assert "когда министерство его утвердит" in page
    assert reverse("version_upload") not in page


def test_drafts_are_shown_to_those_who_edit(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    draft = uploaded(region, people, name="черновой текст.docx")
    address = reverse("version", args=[draft.pk])
    assert address in browser(people.ministry).get(reverse("plans")).content.decode()
    for person in (people.controller, people.school, people.observer):
        page = browser(person).get(reverse("plans")).content.decode()
        assert address not in page
        assert "План-график" in page


def test_people_without_a_role_and_strangers(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    measure = Measure.objects.get(number="2")
    other = people_of(small_region(code="66"), domain="example.net")
    assert browser(people.newcomer).get(reverse("plans")).status_code == 403
    assert "План-график" not in browser(other.school).get(reverse("plans")).content.decode()
    for name, pk in (("plan", version.plan_id), ("plan_xlsx", version.plan_id), ("measure", measure.pk)):
        for person in (other.ministry, other.school, people.newcomer):
            assert browser(person).get(reverse(name, args=[pk])).status_code == 404
        assert browser(None).get(reverse(name, args=[pk])).status_code == 302
        assert browser(people.ministry).post(reverse(name, args=[pk])).status_code == 405


def test_the_plan_is_verbatim_with_corrections_marked(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    page = browser(people.observer).get(reverse("plan", args=[version.plan_id])).content.decode()
    assert "До 29.03.2023" in page, "the decree's words stay"
    assert "29.03.2023</del> → <ins>29.03.2024" in page
    assert "На контроле до 22.09.2023" in page
    assert "Планируемый результат" in page
    assert reverse("version_file", args=[version.pk]) in page
    assert "УТВЕРЖДЁН" in page
    assert "?amends=" not in page
    assert "?amends=" in browser(people.ministry).get(reverse("plan", args=[version.plan_id])).content.decode()


def test_the_workbook_holds_every_row(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    answer = browser(people.school).get(reverse("plan_xlsx", args=[version.plan_id]))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 13
    assert rows[0][0] == "Раздел"
    assert rows[7][3] == "До 29.03.2023"
    assert "29.03.2024" in str(rows[7][6])


def test_a_row_shows_progress_within_ones_reach(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    measure = Measure.objects.get(number="2")
    done = Obligation.objects.get(measure=measure, organisation=region.schools[0])
    answer = Answer(comment="сделано", no_evidence_reason="документ в деле")
    obligations.report(done, answer, by=people.school, at=clock.now())
    page = browser(people.ministry).get(reverse("measure", args=[measure.pk])).content.decode()
    for words in (
        "Округ № 1",
        "Округ № 2",
        "МОО и региональные организации",
        "0 из 7",
        "Принято решение",
        "План утверждён",
    ):
        assert words in page
    page = browser(people.municipal).get(reverse("measure", args=[measure.pk])).content.decode()
    assert "Округ № 1" in page
    assert "Округ № 2" not in page
    assert "0 из 3" in page
    row6 = Measure.objects.get(number="6")
    page = browser(people.municipal).get(reverse("measure", args=[row6.pk])).content.decode()
    assert "у вас нет поручений" in page


def test_a_repeated_row_can_be_narrowed_to_one_date(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    measure = Measure.objects.get(number="11")
    address = reverse("measure", args=[measure.pk])
    client = browser(people.ministry)
    assert "0 из 4" in client.get(address).content.decode()
    assert "0 из 2" in client.get(address + "?occurrence=2").content.decode()
    assert client.get(address + "?occurrence=x").status_code == 200


def test_the_shelf_asks_a_constant_number_of_questions(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    adopted(region, people)
    uploaded(region, people)
    versions.discard(uploaded(region, people), reason="не тот файл", by=people.ministry, at=clock.now())
    client = browser(people.ministry)
    client.get(reverse("plans"))
    with django_assert_num_queries(5):
        client.get(reverse("plans"))
    for _number in range(2):
        uploaded(region, people)
        versions.discard(uploaded(region, people), reason="не тот файл", by=people.ministry, at=clock.now())
    with django_assert_num_queries(5):
        client.get(reverse("plans"))


@pytest.mark.parametrize(("name", "queries"), [("plan", 9), ("measure", 11)])
def test_a_plan_and_a_row_ask_a_constant_number_of_questions(
    people: People, region: SmallRegion, name: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = adopted(region, people)
    client = browser(people.ministry)
    for number in ("6", "8"):  # one organisation, and nine
        pk = version.plan_id if name == "plan" else Measure.objects.get(number=number).pk
        address = reverse(name, args=[pk])
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)
