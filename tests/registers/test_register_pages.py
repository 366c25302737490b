"""The pages of registers: what each shows, exports that cannot harm, entries by hand through the form, files."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from evidence import EXE, PDF
from people import browser
from profminimum.plan.files import Upload
from profminimum.registers.models import Record
from profminimum.registers.services import correct, enter
from register_entries import ANNA, AT, AUGUST, BORIS, DECEMBER, SEPTEMBER, level, member, person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from factories import SmallRegion
    from people import People
    from profminimum.registers.services import Entry

pytestmark = pytest.mark.usefixtures("december")


def put(region: SmallRegion, *entries: Entry, since: date = SEPTEMBER) -> None:
    enter(entries, region=region.region.pk, since=since, by=None, at=AT)


def address(kind: str, query: str = "") -> str:
    return reverse("register", args=[kind]) + query


def seen(user: Any, url: str, status: int = 200) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_the_overview_leads_to_those_who_have_none(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]), level(region.schools[0]))
    page = seen(people.ministry, reverse("registers"))
    assert "1\u00a0из\u00a07, 14" in page
    assert f"{address('responsible')}?view=missing" in page
    assert "основной: 1" in page
    assert "22 сентября" not in page
    assert "20\u00a0сентября" in page


def test_the_overview_of_a_past_day_keeps_the_day_in_its_links(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]), since=SEPTEMBER)
    page = seen(people.ministry, reverse("registers") + "?on=2023-09-19")
    assert f"{address('responsible')}?on=2023-09-19" in page
    assert "0\u00a0из\u00a07" in page


def test_an_institute_is_told_that_no_register_concerns_it(region: SmallRegion, people: People) -> None:
    assert "Реестры вашей организации не касаются" in seen(people.institute, reverse("registers"))


def test_the_list_shows_the_person_with_contacts_and_the_act(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]))
    page = seen(people.municipal, address("responsible"))
    for said in ("Иванова Анна Петровна", "tel:+7 4242 12-34-56", "mailto:ivanova@example.org", "№\u00a012-ОД"):
        assert said in page
    assert "Приказ от 25.08.2023" in page


def test_a_stranger_sees_nothing_of_it(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]))
    for user in (people.other_municipal, people.other_school, people.institute):
        for view in ("", "?view=missing"):
            page = seen(user, address("responsible", view))
            assert "Иванова" not in page
            assert "МБОУ СОШ № 1 (А1)" not in page


def test_those_who_have_none_with_their_contacts(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]))
    page = seen(people.municipal, address("responsible", "?view=missing"))
    assert "МБОУ СОШ № 2 (А1)" in page
    assert "МБОУ СОШ № 1 (А1)" not in page
    assert "Внести вручную" not in page
    assert "Внести вручную" in seen(people.coordinator, address("responsible", "?view=missing"))
    assert "Внести вручную" not in seen(people.coordinator, address("responsible", "?view=missing&on=2023-11-01"))


def test_the_list_by_level_is_numbered_through_and_counted(region: SmallRegion, people: People) -> None:
    first, second, third, _fourth = region.schools
    put(region, level(first), level(second, "advanced", 80), level(third, "base", 40))
    put(region, level(region.state_school))
    answer = browser(people.ministry).get(address("level", "?view=levels"))
    roll = answer.context["roll"]
    said = [
        (group.name, part.unit, [number for number, _row in part.rows])
        for group in roll.groups
        for part in group.parts
    ]
    assert said == [
        ("base", "Округ № 2", [1]),
        ("main", "Округ № 1", [2]),
        ("main", "Государственные школы", [3]),
        ("advanced", "Округ № 1", [4]),
    ]
    lines = [(line.unit, [cell.count for cell in line.cells], line.without, line.total) for line in roll.counts]
    assert lines == [
        ("Округ № 1", [0, 1, 1], 0, 2),
        ("Округ № 2", [1, 0, 0], 1, 2),
        ("Государственные школы", [0, 1, 0], 0, 1),
    ]
    assert roll.totals.total == 5
    assert "Муниципальное бюджетное общеобразовательное учреждение" in answer.content.decode()


def test_a_level_that_the_pack_no_longer_names_is_still_listed(
    region: SmallRegion, people: People, settings: SettingsWrapper, tmp_path: Any
) -> None:
    put(region, level(region.schools[0], "base", 40))
    for path in settings.PACK.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "levels.toml").read_text(encoding="utf-8")
    (tmp_path / "levels.toml").write_text(text.replace('"base"\ntitle', '"basic"\ntitle'), encoding="utf-8")
    settings.PACK = tmp_path
    page = seen(people.ministry, address("level", "?view=levels"))
    assert "МБОУ" in page or "Муниципальное" in page
    assert "Base" in page


def sheet(answer: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    return book.get_sheet_by_index(0).to_python()


def test_the_workbook_has_what_the_page_has(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]), person(region.authorities[1], BORIS))
    url = reverse("register_export", args=["responsible", "xlsx"])
    rows = sheet(browser(people.ministry).get(url))
    assert rows[0][0] == "Ответственные лица, на 02.12.2023"
    assert rows[2][1:5] == [
        "Муниципальное бюджетное общеобразовательное учреждение «Школа № 1» (А1)",
        "МБОУ СОШ № 1 (А1)",
        "А1-Ш1",
        "Округ № 1",
    ]
    assert rows[2][5:9] == list(ANNA.values())
    assert rows[2][9:] == ["Приказ", "12-ОД", AUGUST, SEPTEMBER, "внесено вручную"]
    assert rows[3][4:6] == ["", "Борисов Борис Борисович"]
    assert len(sheet(browser(people.municipal).get(url))) == 3
    assert len(sheet(browser(people.ministry).get(url + "?words=борисов"))) == 3


@pytest.mark.parametrize(
    ("kind", "query", "columns", "rows"),
    [
        ("responsible", "?view=missing", 7, 6),
        ("level", "?view=levels", 6, 2),
        ("level", "", 13, 2),
        ("level", "?on=2023-09-01", 13, 0),
    ],
)
def test_other_views_as_csv(
    region: SmallRegion, people: People, kind: str, query: str, columns: int, rows: int
) -> None:
    put(region, person(region.schools[0]), level(region.schools[0]), level(region.schools[1]))
    answer = browser(people.ministry).get(reverse("register_export", args=[kind, "csv"]) + query)
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == rows + 1
    assert all(line.count(";") == columns - 1 for line in lines)


def test_a_formula_typed_as_a_name_leaves_as_text(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0], {"name": "=HYPERLINK(1)", "post": "@сумма"}))
    text = browser(people.ministry).get(reverse("register_export", args=["responsible", "csv"])).getvalue().decode()
    assert ";'=HYPERLINK(1);'@сумма;" in text


@pytest.mark.parametrize(
    "url", ["/registers/nothing/", "/registers/level/export.pdf", "/registers/nothing/export.csv"]
)
def test_what_there_is_not(people: People, url: str) -> None:
    seen(people.ministry, url, 404)


def test_the_page_of_an_entry_tells_its_history(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, person(school, origin="submission:7:2"), since=AUGUST)
    correct(person(school, BORIS), since=SEPTEMBER, reason="увольнение", by=people.ministry, at=AT)
    first, last = Record.objects.order_by("pk")
    page = seen(people.school, reverse("register_record", args=[last.pk]))
    for said in ("Иванова Анна Петровна", "увольнение", "25.08.2023 – 20.09.2023", "ответ на мониторинг"):
        assert said in page
    assert "Исправить" not in page
    old = seen(people.ministry, reverse("register_record", args=[first.pk]))
    assert "не действует с 20.09.2023" in old
    assert "Исправить" not in old
    assert "Исправить" in seen(people.ministry, reverse("register_record", args=[last.pk]))


def form(**more: Any) -> dict[str, Any]:
    return {
        "person_name": "Новая Нина Николаевна",
        "person_post": "директор",
        "act_kind": "Приказ",
        "act_number": "7",
        "act_date": "2023-11-30",
        "since": "2023-12-01",
        "reason": "приказ пришёл на бумаге",
    } | more


def test_by_hand_through_the_form(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, person(school))
    url = reverse("register_edit", args=["responsible", school.pk])
    shown = seen(people.coordinator, url)
    assert 'value="Иванова Анна Петровна"' in shown
    sent = form(file=SimpleUploadedFile("приказ № 7.pdf", PDF))
    answer = browser(people.coordinator).post(url, sent)
    made = Record.objects.get(until=None)
    assert answer.headers["Location"] == reverse("register_record", args=[made.pk])
    assert made.values == {"person": {"name": "Новая Нина Николаевна", "post": "директор"}}
    assert (made.since, made.act_date, made.file_name) == (DECEMBER, date(2023, 11, 30), "приказ № 7.pdf")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"person_name": ""}, "person_name"),
        ({"person_email": "не почта"}, "person_email"),
        ({"act_number": ""}, "act_number"),
        ({"act_date": "2023-12-31"}, "Дата акта ещё не наступила."),
        ({"since": "вчера"}, "since"),
        ({"reason": " "}, "reason"),
        ({"person_name": "И" * 201}, "person_name"),
    ],
)
def test_the_form_says_what_is_wrong_and_changes_nothing(
    region: SmallRegion, people: People, more: dict[str, str], said: str
) -> None:
    url = reverse("register_edit", args=["responsible", region.schools[0].pk])
    answer = browser(people.coordinator).post(url, form(**more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert answer.context["form"].errors
    assert not Record.objects.exists()


def test_a_bad_file_is_refused_in_the_form(region: SmallRegion, people: People) -> None:
    url = reverse("register_edit", args=["responsible", region.schools[0].pk])
    answer = browser(people.coordinator).post(url, form(file=SimpleUploadedFile("приказ.pdf", EXE)))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def level_form(**more: Any) -> dict[str, Any]:
    sent = form(period="2023/2024", level="main", hours="62,5", **more)
    return {name: value for name, value in sent.items() if not name.startswith("person")}


def test_a_level_by_hand(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    url = reverse("register_edit", args=["level", school.pk])
    answer = browser(people.ministry).post(url, level_form())
    assert answer.status_code == 302
    assert Record.objects.get().values == {"level": "main", "hours": 62.5}
    assert 'value="62,5"' in seen(people.ministry, url)
    for more, field in (({"hours": "59"}, "hours"), ({"level": ""}, "level"), ({"period": "2030/2031"}, "period")):
        again = browser(people.ministry).post(url, level_form() | more)
        assert again.status_code == 422
        assert list(again.context["form"].errors) == [field]


def test_a_base_level_may_not_be_chosen_any_more(region: SmallRegion, people: People) -> None:
    url = reverse("register_edit", args=["level", region.schools[0].pk]) + "?period=2025/2026"
    answer = browser(people.ministry).post(
        url, level_form() | {"period": "2025/2026", "level": "base", "hours": "40"}
    )
    assert answer.context["form"].errors["level"] == ["Уровень «базовый» нельзя выбрать на 2025/2026 учебный год."]


def test_a_register_is_not_kept_for_everybody(region: SmallRegion, people: People) -> None:
    seen(people.ministry, reverse("register_edit", args=["level", region.authorities[0].pk]), 404)
    seen(people.ministry, reverse("register_edit", args=["nothing", region.schools[0].pk]), 404)


def test_one_more_in_the_roster_and_one_corrected(region: SmallRegion, people: People) -> None:
    place = region.coordinator
    put(region, member(place, "А А А", 1, "chair"))
    url = reverse("register_edit", args=["group", place.pk])
    assert f'href="{url}"' in seen(people.coordinator, address("group"))
    assert 'value="А А А"' not in seen(people.coordinator, url)
    assert browser(people.coordinator).post(url, form(role="secretary", organisation="АРЧК")).status_code == 302
    assert 'value="А А А"' in seen(people.coordinator, url + "?number=1")
    assert browser(people.coordinator).post(url + "?number=1", form(role="deputy")).status_code == 302
    rows = Record.objects.filter(until=None).order_by("number")
    assert [(row.number, row.values["role"]) for row in rows] == [(1, "deputy"), (2, "secretary")]


def test_an_entry_is_ended_on_its_page(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]))
    url = reverse("register_record", args=[Record.objects.get().pk])
    assert browser(people.ministry).post(url, {"on": "2023-12-01", "reason": ""}).status_code == 422
    assert browser(people.school).post(url, {"on": "2023-12-01", "reason": "уволена"}).status_code == 403
    assert browser(people.other_school).post(url, {"on": "2023-12-01", "reason": "уволена"}).status_code == 404
    assert browser(people.ministry).post(url, {"on": "2023-12-01", "reason": "уволена"}).status_code == 302
    assert Record.objects.get().until == DECEMBER


def test_the_file_is_handed_out_as_a_download(region: SmallRegion, people: People) -> None:
    entry = person(region.schools[0])
    made = correct(entry, since=AUGUST, reason="так", upload=Upload("приказ.pdf", PDF), by=people.coordinator, at=AT)
    url = reverse("register_file", args=[made.pk])
    answer = browser(people.school).get(url)
    assert answer.getvalue() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browser(people.other_school).get(url).status_code == 404
    other = correct(person(region.schools[1], BORIS), since=AUGUST, reason="так", by=people.ministry, at=AT)
    seen(people.ministry, reverse("register_file", args=[other.pk]), 404)


def test_lists_cost_the_same_for_one_and_for_many(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(people.ministry)
    put(region, level(region.schools[0]))
    costs = {"": 8, "?view=missing": 8, "?view=levels": 9}
    for query, cost in costs.items():
        with django_assert_num_queries(cost):
            client.get(address("level", query))
    put(region, *(level(school) for school in region.schools[1:3]))
    for query, cost in costs.items():
        with django_assert_num_queries(cost):
            client.get(address("level", query))


def test_the_card_of_an_organisation_says_what_the_registers_hold(region: SmallRegion, people: People) -> None:
    url = reverse("organisation", args=[region.schools[0].pk])
    empty = seen(people.school, url)
    assert empty.count("нет записи") == 2
    put(region, person(region.schools[0]), level(region.schools[0], "advanced", 81))
    page = seen(people.school, url)
    for said in ("В реестрах", "Иванова Анна Петровна", "Уровень, 2023/2024", "продвинутый", "81"):
        assert said in page
    assert "нет записи" not in page
    for stranger in (people.observer, people.institute):
        assert "В реестрах" not in seen(stranger, url)
    assert "Иванова" not in seen(people.school, url + "?on=2023-09-01")


def test_the_card_of_one_with_a_long_roster_leads_to_the_register(region: SmallRegion, people: People) -> None:
    put(region, *(member(region.coordinator, f"Человек {number}", number) for number in range(1, 10)))
    page = seen(people.coordinator, reverse("organisation", args=[region.coordinator.pk]))
    assert "Человек 6" in page
    assert "Человек 7" not in page
    assert "и ещё 3" in page


def test_the_pages_speak_english_too(region: SmallRegion, people: People) -> None:
    put(region, level(region.schools[0]))
    client = browser(people.ministry)
    people.ministry.language = "en"
    people.ministry.save()
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        page = client.get(address("level", "?view=levels")).content.decode()
    assert "Levels of schools" in page
    assert "Main" in page
