"""The pages of a version: who sees them, what is refused and said, how many questions the database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decrees import adopted, uploaded
from factories import small_region
from people import browser, people_of
from profminimum.plan.models import Executor, PlanVersion
from profminimum.plan.services import versions
from profminimum.web import clock

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")
ACTIONS = ("act", "carry", "notes", "executors", "exempt", "past", "adopt", "discard")


@pytest.fixture
def draft(region: SmallRegion, people: People) -> PlanVersion:
    return uploaded(region, people)


def addresses(version: PlanVersion) -> list[str]:
    """Everything that a form of the draft may be sent to."""
    row = version.wordings.get(number="2")
    found = [reverse(f"version_{name}", args=[version.pk]) for name in ACTIONS]
    return [
        *found,
        reverse("version_row", args=[version.pk, row.pk]),
        reverse("version_add_executor", args=[version.pk, row.pk]),
        reverse("version_drop_executor", args=[version.pk, row.assignments.all()[0].pk]),
        reverse("version_doubt", args=[version.pk, version.findings.all()[0].pk]),
    ]


def test_the_steps_show_the_text_beside_what_was_understood(draft: PlanVersion, people: People) -> None:
    client = browser(people.ministry)
    page = client.get(reverse("version", args=[draft.pk]) + "?row=6").content.decode()
    assert 'class=" linked chosen" id="source-6"' in page
    assert "«До 29.03.2023»" in page
    assert "29.03.2023, среда" in page
    assert "А.Н. Киктева" in page
    assert "И.А. Шпаченко" in page
    for step, words in ((2, "все муниципальные"), (3, "Сроки до подписания"), (4, "Утвердить пока нельзя.")):
        answer = client.get(reverse("version", args=[draft.pk]) + f"?step={step}")
        assert answer.status_code == 200
        assert words in answer.content.decode()


def test_choosing_a_row_with_htmx_brings_the_panes_alone(draft: PlanVersion, people: People) -> None:
    answer = browser(people.ministry).get(reverse("version", args=[draft.pk]) + "?row=1", HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert page.lstrip().startswith('<div class="panes">')
    assert "Пункт 2" in page


@pytest.mark.parametrize(
    "query", ["?step=9", "?step=5", "?step=x&row=y", "?row=999", "?act=1", "?fix=7&row=0", "?q=%00"]
)
def test_odd_addresses_are_answered(draft: PlanVersion, people: People, query: str) -> None:
    assert browser(people.ministry).get(reverse("version", args=[draft.pk]) + query).status_code == 200


def test_a_draft_is_for_those_who_edit(draft: PlanVersion, people: People) -> None:
    for person in (people.controller, people.coordinator, people.municipal, people.school, people.observer):
        client = browser(person)
        answer = client.get(reverse("version", args=[draft.pk]))
        assert answer.status_code == 403
        assert "сотрудник министерства" in answer.content.decode()
        assert client.get(reverse("version_file", args=[draft.pk])).status_code == 403
        assert client.get(reverse("version_upload")).status_code == 403
        for address in addresses(draft):
            assert client.post(address).status_code == 403, address


def test_a_stranger_sees_nothing(draft: PlanVersion, people: People) -> None:
    other = people_of(small_region(code="66"), domain="example.net")
    for person in (other.ministry, people.newcomer):
        client = browser(person)
        assert client.get(reverse("version", args=[draft.pk])).status_code == 404
        assert client.get(reverse("version_file", args=[draft.pk])).status_code == 404
        for address in addresses(draft):
            assert client.post(address).status_code == 404, address
    assert browser(other.ministry).get(reverse("version_upload") + f"?amends={draft.pk}").status_code == 404
    assert browser(None).get(reverse("version", args=[draft.pk])).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("act", {"title": "", "reason": ""}, "Обязательное поле"),
        ("act", {"title": "План", "start": "2024-09-01", "end": "2023-09-01", "reason": "х"}, "раньше"),
        ("notes", {"reason": " "}, "Обязательное поле"),
        ("exempt", {"reason": "х"}, "Обязательное поле"),
        ("past", {"past": "count", "days": "10", "reason": "х"}, "Отметьте пункты"),
        ("adopt", {"act_number": "1", "act_date": "2023-09-08"}, "Подтвердите, что текст сверен"),
        ("adopt", {"act_number": "1", "act_date": "2023-09-08", "confirm": "on"}, "не решено"),
        ("discard", {"reason": ""}, "Обязательное поле"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    draft: PlanVersion, people: People, name: str, data: dict[str, str], said: str
) -> None:
    answer = browser(people.ministry).post(reverse(f"version_{name}", args=[draft.pk]), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    again = PlanVersion.objects.get(pk=draft.pk)
    assert (again.state, again.act_number, again.title) == ("draft", draft.act_number, draft.title)
    assert not draft.findings.exclude(decision="").exists()


def test_refusals_of_rows_doubts_and_executors(draft: PlanVersion, people: People) -> None:
    client = browser(people.ministry)
    row = draft.wordings.get(number="2")
    doubt = draft.findings.get(code="due-outside-plan")
    answer = client.post(reverse("version_doubt", args=[draft.pk, doubt.pk]), {"decision": "kept", "reason": ""})
    assert answer.status_code == 422
    assert "Укажите" in answer.content.decode()
    good = {"number": "2", "title": row.title, "term_kind": "date", "due": "2023-08-22", "reason": "х"}
    results = {f"result_{n}": r["text"] for n, r in enumerate(row.results)}
    results |= {f"owner_{n}": r["owner"] for n, r in enumerate(row.results)}
    for change, said in (
        ({"start": "2023-09-22"}, "раньше"),
        ({"occurrences": "32.13.2023"}, "«32.13.2023» — не дата"),
        ({"occurrences": "22.08.2023"}, "Ничего не изменено"),
    ):
        address = reverse("version_row", args=[draft.pk, row.pk])
        answer = client.post(address, {"occurrences": "22.08.2023", **good, **results, **change})
        assert answer.status_code == 422, change
        assert said in answer.content.decode()
    first = row.assignments.all()[0]
    address = reverse("version_add_executor", args=[draft.pk, row.pk])
    assert client.post(address, {"name": first.executor.name, "reason": "х"}).status_code == 422
    address = reverse("version_drop_executor", args=[draft.pk, first.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    data: dict[str, Any] = {}
    for executor in draft.executors.all():
        data |= {f"e{executor.pk}-target": "one", f"e{executor.pk}-organisation": ""}
    answer = client.post(reverse("version_executors", args=[draft.pk]), data)
    assert answer.status_code == 422
    assert "Выберите организацию для «МОУО»" in answer.content.decode()
    assert Executor.objects.get(version=draft, name="МОУО").target == "authorities"


def test_a_foreign_organisation_cannot_be_chosen(draft: PlanVersion, people: People) -> None:
    foreign = small_region(code="66").schools[0]
    row = draft.wordings.get(number="2")
    data = {"wording": row.pk, "organisation": foreign.pk, "reason": "х"}
    assert browser(people.ministry).post(reverse("version_exempt", args=[draft.pk]), data).status_code == 422


def test_an_unreadable_file_is_refused_in_words(region: SmallRegion, people: People) -> None:
    client = browser(people.ministry)
    for name, data, said in (
        ("пусто.docx", b"", "пуст"),
        ("не план.txt", "Просто письмо без таблицы".encode(), "не найден план"),
        ("картинка.pdf", b"%PDF-1.4 broken", "картинка.pdf"),
    ):
        answer = client.post(reverse("version_upload"), {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422
        assert said in answer.content.decode(), name
    assert client.post(reverse("version_upload")).status_code == 422
    assert not PlanVersion.objects.exists()


def test_a_draft_cannot_be_amended(draft: PlanVersion, people: People) -> None:
    file = SimpleUploadedFile("decree.docx", b"x")
    answer = browser(people.ministry).post(reverse("version_upload") + f"?amends={draft.pk}", {"file": file})
    assert answer.status_code == 422
    assert PlanVersion.objects.count() == 1


def test_an_adopted_version_is_read_only_for_everybody(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    for person in (people.ministry, people.school, people.observer):
        page = browser(person).get(reverse("version", args=[version.pk]) + "?step=4").content.decode()
        assert "Исправить понятое" not in page
        assert "Текст файла" in page
    for address in addresses(version):
        answer = browser(people.ministry).post(address, {"reason": "х"})
        assert answer.status_code in {302, 422}
    assert PlanVersion.objects.get().state == "adopted"
    answer = browser(people.school).get(reverse("version_file", args=[version.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # a FileResponse


@pytest.mark.parametrize(("step", "queries"), [(1, 10), (2, 12), (3, 10), (4, 11)])
def test_constant_queries(
    region: SmallRegion,
    people: People,
    step: int,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browser(people.ministry)
    draft = uploaded(region, people)
    address = reverse("version", args=[draft.pk]) + f"?step={step}"
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    row = draft.wordings.get(number="2")
    for school in region.schools[:3]:
        versions.exempt(row, school, reason="исключение", by=people.ministry, at=clock.now())
    with django_assert_num_queries(queries):
        client.get(address)
