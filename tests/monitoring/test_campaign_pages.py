"""Monitorings as pages: set up, planned, opened with consequences, moved, closed; what a school sees of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories import small_region
from monitoring_waves import ANSWERS, answer_of, campaign, opened_wave, planned, published
from people import browser, people_of
from profminimum.monitoring.models import Campaign, Exclusion, Wave
from profminimum.monitoring.services import submissions, waves
from profminimum.plan.models import Measure, Obligation

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import User

pytestmark = pytest.mark.usefixtures("december")


def page(user: User, name: str, *args: int, query: str = "") -> str:
    answer = browser(user).get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_school_sees_its_own_answers_and_what_comes_next(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = planned(campaign(region, people), people)
    Wave.objects.filter(pk=wave.pk).update(opens=date(2023, 12, 3))
    assert "откроется 3" in page(people.school, "campaigns")
    waves.open_wave(wave, by=people.coordinator, at=december)
    shown = page(people.school, "campaigns")
    assert "Ждут вашего ответа" in shown
    assert "осталось 2" in shown.replace("\u00a0", " ")
    assert "Все мониторинги" not in shown
    submissions.submit(answer_of(wave, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    shown = page(people.school, "campaigns")
    assert "Всё отправлено" in shown
    assert "На проверке" in shown


def test_an_officer_sees_all_waves_and_what_the_pack_proposes(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    submissions.submit(answer_of(wave, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    shown = page(people.coordinator, "campaigns").replace("\u00a0", " ")
    assert "1 из 5, 20 %" in shown
    assert "Готовые предложения" in shown
    assert "1 из 2, 50 %" in page(people.municipal, "campaigns").replace("\u00a0", " ")
    assert "0 из 2" in page(people.other_municipal, "campaigns").replace("\u00a0", " ")
    assert "Готовые предложения" not in page(people.municipal, "campaigns")


def test_what_another_row_carries_is_not_proposed_again(region: SmallRegion, people: People) -> None:
    carried = campaign(region, people, number="10")
    shown = browser(people.coordinator).get(reverse("campaigns")).context["proposed"]
    assert [measure.number for measure, _title in shown] == ["1", "2", "3", "4", "11", "12"]
    report = Measure.objects.get(number="5", plan=carried.plan)
    text = page(people.coordinator, "measure", report.pk)
    assert reverse("campaign", args=[carried.pk]) in text
    assert reverse("campaign_new") not in text


def test_a_monitoring_is_set_up_as_the_pack_proposes(region: SmallRegion, people: People) -> None:
    measure = campaign(region, people).measure.plan.measures.get(number="10")
    version = published(region, people)
    version.form.name = "readiness"
    client, address = browser(people.coordinator), reverse("campaign_new") + f"?measure={measure.pk}"
    form = client.get(address).context["form"]
    assert form.initial["author"] == region.coordinator
    assert form.initial["kinds"] == ["school"]
    sent = {
        "measure": measure.pk, "form": version.form.pk, "title": "Готовность", "kinds": ["school", "authority"],
        "by_authority": "on", "last": "coordinator", "late": "close", "days": 10, "check_days": 3,
        "units": [region.authorities[0].pk], "author": region.coordinator.pk,
    }  # fmt: skip
    refused = client.post(address, {**sent, "days": 500, "title": ""})
    assert (refused.status_code, Campaign.objects.filter(title="Готовность").exists()) == (422, False)
    assert client.post(address, sent).status_code == 302
    made = Campaign.objects.get(title="Готовность")
    assert (made.units, made.kinds, made.late) == ([region.authorities[0].pk], ["school", "authority"], "close")
    shown = page(people.coordinator, "campaign", made.pk)
    assert "только в 1" in shown.replace("\u00a0", " ")
    edit = reverse("campaign_edit", args=[made.pk])
    assert client.post(edit, {**sent, "title": "Готовность школ", "units": []}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.units) == ("Готовность школ", [])


def test_a_wave_is_planned_for_a_date_of_the_plan_and_opened_with_its_consequences(
    region: SmallRegion, people: People
) -> None:
    found = campaign(region, people)
    client = browser(people.coordinator)
    shown = page(people.coordinator, "campaign", found.pk)
    occurrence = found.measure.occurrences.earliest("due")
    assert f"?occurrence={occurrence.pk}" in shown
    assert "Запланировать волну" not in page(people.municipal, "campaign", found.pk)
    address = reverse("wave_new", args=[found.pk]) + f"?occurrence={occurrence.pk}"
    initial = client.get(address).context["form"].initial
    assert (occurrence.due, initial["due"]) == (date(2023, 12, 1), date(2023, 12, 16))  # from today
    good = {"title": "Волна", "opens": "2023-12-02", "due": "2023-12-20", "check_due": "2023-12-25"}
    assert client.post(address, {**good, "due": "2023-12-01"}).status_code == 422
    assert client.post(address, good).status_code == 302
    again = client.post(address, good)
    assert (again.status_code, "уже есть волна" in again.content.decode()) == (422, True)
    wave = Wave.objects.get(title="Волна")
    manage = reverse("wave_manage", args=[wave.pk])
    text = " ".join(client.get(manage).content.decode().replace("<b>", "").replace("</b>", "").split())
    assert "Будет создано: 5 поручений школам, 2 — органам управления на проверку, 1 — на приёмку" in text
    assert client.post(manage, {"action": "open"}).status_code == 302
    wave.refresh_from_db()
    assert (wave.state, wave.submissions.count()) == ("open", 5)
    assert Obligation.objects.filter(occurrence=occurrence, duty="check").count() == 3
    assert "5 школ" in page(people.coordinator, "campaign", found.pk).replace("<b>", "").replace("</b>", "")


def test_outside_the_plan_a_wave_wants_a_reason(region: SmallRegion, people: People) -> None:
    found = campaign(region, people)
    client, address = browser(people.coordinator), reverse("wave_new", args=[found.pk])
    sent = {"title": "Вне плана", "opens": "2023-12-02", "due": "2023-12-20", "check_due": "2023-12-25"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "reason": "поручение министра"}).status_code == 302
    assert "поручение министра" in page(people.school, "campaign", found.pk)


def test_a_wave_is_moved_closed_and_cancelled(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    client, address = browser(people.coordinator), reverse("wave_manage", args=[wave.pk])
    refused = client.post(address, {"action": "extend", "due": "2023-12-01", "reason": "паводок"})
    assert (refused.status_code, "04.12.2023" in refused.content.decode()) == (422, True)
    assert client.post(address, {"action": "extend", "due": "2023-12-11", "reason": "паводок"}).status_code == 302
    assert answer_of(wave, region.schools[0]).due == date(2023, 12, 11)
    stale = client.post(address, {"action": "open"})
    assert (stale.status_code, "изменилось" in stale.content.decode()) == (422, True)
    assert client.post(address, {"action": "close"}).status_code == 302
    assert client.post(address, {"action": "cancel", "reason": "ошибка"}).status_code == 422
    assert "волна откроется снова" in client.get(address).content.decode()
    again = client.post(address, {"action": "extend", "due": "2023-12-18", "reason": "паводок не кончился"})
    assert again.status_code == 302
    wave.refresh_from_db()
    assert (wave.state, wave.closed, wave.due) == ("open", None, date(2023, 12, 18))
    assert client.post(address, {"action": "cancel", "reason": "ошибка"}).status_code == 302
    assert "Здесь уже ничего нельзя изменить" in client.get(address).content.decode()
    assert client.post(address, {"action": "delete"}).status_code == 404
    shown = page(people.coordinator, "campaign", wave.campaign_id, query="?part=history")
    assert "Срок волны перенесён" in shown
    assert "паводок" in shown


def test_a_wave_without_a_published_form_cannot_be_opened(region: SmallRegion, people: People) -> None:
    wave = planned(campaign(region, people), people)
    wave.campaign.form.versions.update(state="withdrawn")
    client, address = browser(people.coordinator), reverse("wave_manage", args=[wave.pk])
    assert "опубликуйте" in client.get(address).content.decode()
    assert client.post(address, {"action": "open"}).status_code == 422
    assert client.post(address, {"action": "cancel", "reason": "не нужна"}).status_code == 302


def test_an_exception_is_made_and_ended(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    client, address = browser(people.coordinator), reverse("campaign", args=[wave.campaign_id]) + "?part=exceptions"
    place = region.schools[0]
    assert client.post(address, {"organisation": place.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"organisation": place.pk, "reason": "ремонт"}).status_code == 302
    assert answer_of(wave, place).state == "withdrawn"
    assert "ремонт" in page(people.municipal, "campaign", wave.campaign_id, query="?part=exceptions")
    assert "ремонт" not in page(people.other_school, "campaign", wave.campaign_id, query="?part=exceptions")
    number = Exclusion.objects.get().pk
    assert browser(people.school).post(address, {"end": number}).status_code == 403
    assert client.post(address, {"end": number}).status_code == 302
    assert answer_of(wave, place).state == "expected"
    assert client.post(address, {"end": number}).status_code == 404


def test_a_stranger_sees_no_monitoring_of_another_region(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    theirs = people_of(small_region(code="66"), domain="example.net")
    assert wave.campaign.title not in page(theirs.coordinator, "campaigns")
    for name, pk in (("campaign", wave.campaign_id), ("campaign_edit", wave.campaign_id), ("wave_manage", wave.pk)):
        assert browser(theirs.coordinator).get(reverse(name, args=[pk])).status_code == 404


def test_a_row_of_the_plan_names_its_monitorings(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    shown = page(people.school, "measure", wave.campaign.measure_id)
    assert reverse("campaign", args=[wave.campaign_id]) in shown
    bare = Measure.objects.get(number="10", plan=wave.campaign.plan)
    assert f"?measure={bare.pk}" in page(people.coordinator, "measure", bare.pk)
    assert "Настроить мониторинг" not in page(people.school, "measure", bare.pk)


def test_the_pages_ask_a_constant_number_of_questions(
    region: SmallRegion, people: People, december: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wave = opened_wave(region, people)
    officer, school = browser(people.coordinator), browser(people.school)
    addresses = {
        (officer, reverse("campaigns")): 8,
        (school, reverse("campaigns")): 4,
        (officer, reverse("campaign", args=[wave.campaign_id])): 8,
    }
    for client, address in addresses:
        client.get(address)

    def ask() -> None:
        for (client, address), number in addresses.items():
            with django_assert_num_queries(number):
                client.get(address)

    ask()
    for number in range(2):
        planned(wave.campaign, people, due=date(2023, 12, 5 + number), reason=f"сбор {number}")
    for one in wave.campaign.waves.filter(state="planned"):
        waves.open_wave(one, by=people.coordinator, at=december)
    ask()
