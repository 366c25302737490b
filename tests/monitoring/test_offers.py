"""What the plan's pages say of obligations that a monitoring carries: the right verb, the place, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from monitoring_waves import ANSWERS, answer_of, opened_wave, planned
from people import browser
from profminimum.journal.worker import drain
from profminimum.monitoring.models import Campaign
from profminimum.monitoring.services import submissions, waves
from profminimum.plan import offers
from profminimum.plan.models import Obligation, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Iterator[Wave]:
    with translation.override("ru"):
        yield opened_wave(region, people)


def of(wave: Wave, duty: str, organisation: Any) -> Obligation:
    return Obligation.objects.get(occurrence=wave.occurrence, duty=duty, organisation=organisation)


def duties(person: Any) -> Any:
    answer = browser(person).get(reverse("duties"))
    assert answer.status_code == 200
    return answer.context["duties"], answer.content.decode()


def test_each_duty_has_its_own_verb_and_place(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    school, authority = region.schools[0], region.authorities[0]
    mine = [of(wave, "answer", school), of(wave, "check", authority), of(wave, "note", region.coordinator)]
    row = answer_of(wave, school)
    found = offers.offers(mine)
    assert [found[one.pk].title for one in mine] == [
        f"Заполнить: {wave.title}",
        f"Проверить ответы: {wave.title}",
        f"Подготовить аналитическую справку: {wave.title}",
    ]
    assert found[mine[1].pk].url == f"/monitoring/checking/?wave={wave.pk}"
    assert (found[mine[0].pk].note, found[mine[1].pk].note) == ("", "сейчас ничего не ждёт")
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    later = offers.offers(mine)
    assert (later[mine[0].pk].note, later[mine[1].pk].note) == ("отправлен на проверку", "1 ждёт")
    submissions.send_back(row, reason="Исправьте", by=people.municipal, at=december)
    assert offers.offers(mine)[mine[0].pk].action == "Исправить"


def test_an_obligation_of_the_row_itself_has_no_offer_and_asks_nothing(wave: Wave, region: SmallRegion) -> None:
    plain = list(Obligation.objects.filter(duty="", by_form=False)[:5])
    assert plain
    with CaptureQueriesContext(connection) as asked:
        assert offers.offers(plain) == {}
    assert len(asked) == 0


def test_a_cancelled_wave_offers_nothing(wave: Wave, region: SmallRegion, people: People, december: datetime) -> None:
    mine = of(wave, "answer", region.schools[0])
    waves.cancel(wave, reason="ошибка в форме", by=people.coordinator, at=december)
    assert offers.offers([mine]) == {}


def test_duties_of_those_who_answer_and_of_those_who_check(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    found, page = duties(people.school)
    mine = [duty for bundle in found.bundles for duty in bundle.duties if duty.offer]
    assert [duty.title for duty in mine] == [f"Заполнить: {wave.title}"]
    assert f'href="{mine[0].offer.url}"' in page
    assert found.others == []

    submissions.submit(answer_of(wave, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    found, page = duties(people.municipal)
    assert [(one.title, one.count) for one in found.others] == [(f"Проверить ответы: {wave.title}", 1)]
    assert "1 ответ ждёт" in page
    assert not found.idle
    assert duties(people.other_municipal)[0].others == []
    assert duties(people.coordinator)[0].others == []


def test_the_page_of_an_obligation_leads_to_the_form_and_takes_no_report(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    mine = of(wave, "answer", region.schools[0])
    answer = browser(people.school).get(reverse("obligation", args=[mine.pk]))
    page = answer.content.decode()
    assert f"Заполнить: {wave.title}" in page
    assert answer.context["card"].offer.url in page
    assert 'name="action" value="report"' not in page
    submissions.submit(answer_of(wave, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    drain()
    assert Standing.objects.at().get(obligation=mine).state == "reported"
    page = browser(people.coordinator).get(reverse("obligation", args=[mine.pk])).content.decode()
    assert 'value="accept"' not in page
    note = of(wave, "note", region.coordinator)
    assert offers.offers([note])[note.pk].action == "К ответам"  # alone too
    assert 'value="report"' in browser(people.coordinator).get(reverse("obligation", args=[note.pk])).content.decode()


def test_many_at_once_leaves_answers_to_the_monitoring(
    wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    submissions.submit(answer_of(wave, region.state_school), answers=ANSWERS, by=people.state_school, at=december)
    drain()
    mine = of(wave, "answer", region.state_school)
    answer = browser(people.ministry).post(reverse("obligations_many"), {"step": "accept", "id": [mine.pk]})
    choice = answer.context["choice"]
    assert (choice.can, list(choice.refused.values())) == ([], [1])


@pytest.mark.parametrize("who", ["school", "municipal", "coordinator", "ministry"])
def test_the_same_questions_for_one_and_for_three(
    who: str, wave: Wave, region: SmallRegion, people: People, december: datetime
) -> None:
    person = getattr(people, who)
    browser(person).get(reverse("duties"))
    submissions.submit(answer_of(wave, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    counts = []
    for _more in range(2):
        client = browser(person)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("duties"))
        counts.append(len(asked))
        for number in range(2):
            campaign = Campaign.objects.get(pk=wave.campaign_id)
            more = planned(campaign, people, reason=f"ещё {number}")
            waves.open_wave(more, by=people.coordinator, at=december)
            submissions.submit(answer_of(more, region.schools[0]), answers=ANSWERS, by=people.school, at=december)
    assert counts[0] == counts[1] <= 12
