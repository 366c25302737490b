"""The page of the check: what a checker sees, remarks, decisions, conflicts, and who sees what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring_waves import ANSWERS, answer_of, opened_wave, planned
from people import browser
from profminimum.monitoring.models import Campaign, FollowUp, Remark, Stage, Submission
from profminimum.monitoring.services import submissions, waves

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    return opened_wave(region, people)


@pytest.fixture
def row(wave: Wave, region: SmallRegion, people: People, december: datetime) -> Submission:
    """The first school's answer, sent."""
    found = answer_of(wave, region.schools[0])
    submissions.submit(found, answers=ANSWERS, by=people.school, at=december)
    return answer_of(wave, region.schools[0])


def url(row: Submission, query: str = "") -> str:
    return reverse("check", args=[row.pk]) + query


def see(person: Any, row: Submission, query: str = "", **headers: str) -> Any:
    return browser(person).get(url(row, query), headers=headers)


def act(person: Any, row: Submission, action: str, **more: Any) -> Any:
    seen = more.pop("seen", f"{row.state}.{row.number}")
    headers = more.pop("headers", {})
    return browser(person).post(url(row), {"action": action, "seen": seen, **more}, headers=headers)


def now(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def test_a_checker_sees_the_answer_with_its_warnings_and_doubts(
    wave: Wave, row: Submission, region: SmallRegion, people: People, december: datetime
) -> None:
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    later = planned(Campaign.objects.get(pk=wave.campaign_id), people, reason="вторая")
    waves.open_wave(later, by=people.coordinator, at=december)
    again = answer_of(later, region.schools[0])
    changed = {**ANSWERS, "pupils": 300, "covered": 200, "order": "15-ОД"}
    submissions.submit(
        again, answers=changed, explanations={"covered": "Открыты новые классы"}, by=people.school, at=december
    )
    FollowUp.objects.create(
        wave=later,
        submission=again,
        number=1,
        place="pupils",
        code="jump",
        facts={"value": 300, "last": 100},
        found=december,
    )
    page = see(people.municipal, again)
    card, text = page.context["card"], page.content.decode()
    assert (card.differences, card.warnings, len(card.doubts)) == (4, 1, 1)
    assert "Рост больше чем вдвое." in text
    assert "Открыты новые классы" in text
    assert "было 100 в прошлой волне, стало 300" in text
    assert "+200, +200\u00a0%" in text
    assert "в реестре школ" in text  # 300 pupils where the registry has 100
    assert "Проверено" in text


def test_the_last_tier_accepts_and_the_next_one_opens(
    wave: Wave, row: Submission, region: SmallRegion, people: People, december: datetime
) -> None:
    other = answer_of(wave, region.state_school)
    submissions.submit(other, answers=ANSWERS, by=people.state_school, at=december)
    done = act(people.municipal, row, "forward", step="check", reason="проверено по журналам")
    assert (done.status_code, done.url) == (302, reverse("checking"))  # the queue of the authority is empty
    assert now(row).state == "checked"
    assert Stage.objects.get(submission=row, until=None).reason == "проверено по журналам"
    page = see(people.coordinator, now(row))
    assert ">Принять" in page.content.decode().replace("\n", "").replace("</svg>", "</svg>>")
    assert page.context["place"].total == 2
    done = act(people.coordinator, now(row), "forward", step="accept")
    assert done.url.startswith(url(other))
    assert now(row).state == "accepted"


def test_the_filter_of_the_queue_goes_along(wave: Wave, row: Submission, people: People) -> None:
    page = see(people.municipal, row, "?doubted=on&sort=-due&nonsense=1")
    assert (page.context["place"].at, page.context["place"].total) == (0, 0)
    assert page.context["queue_query"] == "?doubted=on&sort=-due"


def test_a_return_wants_a_reason_and_takes_the_remarks_along(
    row: Submission, people: People, december: datetime
) -> None:
    kept = act(people.municipal, row, "remark", place="covered", text="Проверьте по журналам")
    assert kept.status_code == 302
    assert kept.url.endswith("#f-covered")
    page = see(people.municipal, row).content.decode()
    assert "Проверьте по журналам" in page
    assert "уйдёт 1 замечание" in page
    assert "Проверьте по журналам" not in see(people.school, row).content.decode()  # not sent yet
    refused = act(people.municipal, row, "return", reason=" ")
    assert refused.status_code == 422
    assert now(row).state == "submitted"
    act(people.municipal, row, "return", reason="Уточните охват")
    assert (now(row).state, now(row).remarks) == ("returned", 1)
    author = see(people.school, row).content.decode()
    assert "Проверьте по журналам" in author
    assert "Уточните охват" in author


def test_a_remark_can_be_taken_back_until_it_is_sent(row: Submission, people: People, december: datetime) -> None:
    act(people.municipal, row, "remark", place="covered", text="Лишнее")
    mine = Remark.objects.get()
    assert act(people.school, row, "unremark", remark=mine.pk).status_code == 403
    assert act(people.municipal, row, "unremark", remark=mine.pk).status_code == 302
    assert not Remark.objects.exists()
    assert act(people.municipal, row, "unremark", remark=mine.pk).status_code == 404
    assert act(people.municipal, row, "unremark", remark="x").status_code == 404
    assert act(people.municipal, row, "remark", place="covered", text=" ").status_code == 422
    assert act(people.municipal, row, "remark", place="nothing", text="так").status_code == 404


def test_a_remark_by_htmx_changes_the_field_alone(row: Submission, people: People) -> None:
    htmx = {"HX-Request": "true"}
    form = see(people.municipal, row, "?remark=grades.g6.part", **htmx)
    text = form.content.decode()
    assert text.lstrip().startswith("<tbody")
    assert 'name="place" value="grades.g6.part"' in text
    refused = act(people.municipal, row, "remark", place="grades.g6.part", text="", headers=htmx)
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith("<tbody")
    kept = act(people.municipal, row, "remark", place="grades.g6.part", text="Сверьте", headers=htmx)
    assert (kept.status_code, kept["HX-Trigger"]) == (200, "remarked")
    assert "Сверьте" in kept.content.decode()
    told = see(people.municipal, row, "?part=remarks", **htmx).content.decode()
    assert "Сверьте" in told
    assert "<html" not in told
    plain = see(people.municipal, row, "?remark=covered").content.decode()
    assert 'name="place" value="covered"' in plain  # without JavaScript the page opens with the form


def test_somebody_else_was_quicker(row: Submission, people: People, december: datetime) -> None:
    seen = "submitted.1"
    submissions.send_back(row, reason="Исправьте", by=people.municipal, at=december)
    late = act(people.municipal, row, "forward", step="check", seen=seen)
    assert late.status_code == 409
    assert "Состояние уже изменилось" in late.content.decode()
    assert now(row).state == "returned"
    submissions.submit(answer_of(row.wave, row.organisation), answers=ANSWERS, by=people.school, at=december)
    late = act(people.municipal, row, "forward", step="check", seen=seen)
    assert late.status_code == 409  # in the same state, but another revision than the one that was seen
    assert now(row).state == "submitted"
    wrong = act(people.municipal, now(row), "forward", step="accept")
    assert wrong.status_code == 409  # the authority checks, it does not accept


def test_reopening_after_acceptance(row: Submission, people: People, december: datetime) -> None:
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    assert "Открыть заново" not in see(people.municipal, now(row)).content.decode()
    assert "Открыть заново" in see(people.coordinator, now(row)).content.decode()
    assert act(people.municipal, now(row), "reopen", reason="нет").status_code == 403
    assert act(people.coordinator, now(row), "reopen", reason="").status_code == 422
    assert act(people.coordinator, now(row), "reopen", reason="Ошибка в охвате").status_code == 302
    assert now(row).state == "returned"


def test_any_two_revisions_are_compared(row: Submission, people: People, december: datetime) -> None:
    for covered in (80, 70):
        submissions.send_back(now(row), reason="Исправьте", by=people.municipal, at=december)
        mine = answer_of(row.wave, row.organisation)
        submissions.submit(mine, answers={**ANSWERS, "covered": covered}, by=people.school, at=december)
    usual = see(people.municipal, row).context["card"]
    assert (usual.versions.to, usual.versions.base, usual.decides) == (3, 2, True)
    for query, shown, base, said in (
        ("?from=1&to=3", 3, 1, "−20, −22\u00a0%"),
        ("?from=1&to=2", 2, 1, "−10, −11\u00a0%"),
        ("?from=3&to=1", 1, 3, "+20, +29\u00a0%"),
        ("?to=1", 1, 0, ""),
    ):
        card = see(people.municipal, row, query).context["card"]
        assert (card.versions.to, card.versions.base) == (shown, base)
        assert not card.decides
        assert card.line("covered")[2].moved == said
    for query in ("?from=9&to=9", "?from=x&to=-1", "?from=99999999&to=²"):
        assert see(people.municipal, row, query).context["card"].versions == usual.versions


def test_who_sees_what(row: Submission, region: SmallRegion, people: People, december: datetime) -> None:
    FollowUp.objects.create(
        wave=row.wave,
        submission=row,
        number=1,
        place="pupils",
        code="jump",
        facts={"value": 1, "last": 9},
        found=december,
    )
    assert len(see(people.controller, row).context["card"].doubts) == 1
    assert see(people.school, row).context["card"].doubts == []
    for person in (people.school, people.controller, people.coordinator):
        card = see(person, row).context["card"]
        assert not card.decides
        for action in ("forward", "return", "remark", "reopen"):
            told = act(person, row, action, reason="так", place="covered", text="так", step="check")
            assert told.status_code == 403, (person, action)
    for person in (people.other_municipal, people.other_school, people.observer, people.newcomer):
        assert see(person, row).status_code == 404
        assert act(person, row, "forward").status_code == 404
    assert act(people.municipal, row, "delete").status_code == 404
    assert now(row).state == "submitted"


def test_what_has_not_been_sent_is_not_shown(wave: Wave, region: SmallRegion, people: People) -> None:
    row = answer_of(wave, region.schools[1])
    page = see(people.municipal, row)
    assert "Ответ ещё не отправлен" in page.content.decode()
    assert page.context["card"].parts == []


def test_the_same_questions_for_one_remark_and_for_three(row: Submission, people: People, december: datetime) -> None:
    client, counts = browser(people.municipal), []
    client.get(url(row))  # the form is read once by each process
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(url(row))
        counts.append(len(asked))
        for place in () if Remark.objects.exists() else ("covered", "pupils", "grades.g6.part"):
            submissions.remark(row, place=place, text="Проверьте", by=people.municipal, at=december)
            FollowUp.objects.create(
                wave=row.wave, submission=row, number=1, place=place, code="jump", facts={"value": 1, "last": 9},
                found=december,
            )  # fmt: skip
    assert counts[0] == counts[1] <= 12
