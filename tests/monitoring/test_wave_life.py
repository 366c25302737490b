"""What happens to a wave while it lives: exceptions, releases, closings and moves of schools, dates, calling off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conftest import local
from factories import AT, details
from monitoring_waves import ANSWERS, OPENED, answer_of, campaign, opened_wave, planned
from people import SINCE, browser
from profminimum.journal.models import Delivery
from profminimum.journal.worker import drain
from profminimum.monitoring.models import Campaign, Exclusion, Submission, Wave
from profminimum.monitoring.queries import answered, curve
from profminimum.monitoring.services import campaigns, checks, submissions, waves
from profminimum.notices import texts
from profminimum.notices.models import Notice
from profminimum.orgs import services as orgs
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import Newcomer, enrol
from profminimum.plan.models import Obligation, Occurrence, Standing
from profminimum.plan.services import asked, extensions, obligations
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import Organisation

CHECK = Obligation.Duty.CHECK


def standing(obligation: int | None) -> Standing:
    return Standing.objects.at().get(obligation=obligation)


def check_of(wave: Wave, place: Organisation) -> str:
    return standing(Obligation.objects.get(occurrence=wave.occurrence, duty=CHECK, organisation=place).pk).state


def officer(place: Organisation, role: Role = Role.SCHOOL) -> User:
    (user,) = enrol([Newcomer(f"of{place.pk}@example.org", "Вторая Вера Ивановна", role, place, SINCE)], at=AT)
    return user


def sent(wave: Wave, place: Organisation, by: User, at: datetime) -> Submission:
    row = answer_of(wave, place)
    submissions.submit(row, answers=ANSWERS, by=by, at=at)
    return answer_of(wave, place)


def the_day_has_come() -> None:
    """What waits for its day is done."""
    waiting = Delivery.objects.filter(state="waiting")
    assert waiting.exists()
    waiting.update(not_before=clock.now())
    drain()


# exceptions


def test_an_exception_that_ends_gives_back_the_answer_and_what_is_owed(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    made = campaigns.exclude(wave.campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    assert (answer_of(wave, region.schools[0]).state, standing(row.obligation_id).state) == ("withdrawn", "waived")
    campaigns.include(made, by=people.coordinator, at=december)
    again = answer_of(wave, region.schools[0])
    assert (again.state, again.due, standing(row.obligation_id).state) == ("expected", wave.due, "assigned")
    submissions.submit(again, answers=ANSWERS, by=people.school, at=december)
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    assert standing(row.obligation_id).state == "accepted"


def test_what_had_been_sent_before_an_exception_is_the_authors_to_send_again(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    row = sent(wave, region.schools[0], people.school, december)
    made = campaigns.exclude(wave.campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    campaigns.include(made, by=people.coordinator, at=december)
    assert (answer_of(wave, region.schools[0]).state, answer_of(wave, region.schools[0]).number) == ("returned", 1)
    tally = answered.completeness(people.ministry, [wave.pk])[wave.pk]
    assert (tally.asked, tally.begun, tally.sent, tally.unsent) == (5, 1, 1, 4)  # never more sent than begun
    assert submissions.submit(answer_of(wave, region.schools[0]), by=people.school, at=december).number == 2
    assert answer_of(wave, region.schools[0]).pk == row.pk


def test_who_is_asked_again_after_the_date_gets_days_to_answer(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, late="close")
    made = campaigns.exclude(wave.campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    after = local("2023-12-05T10:00")
    with clock.at(after):
        campaigns.include(made, by=people.coordinator, at=after)
        row = answer_of(wave, region.schools[0])
        assert (row.due, standing(row.obligation_id).due) == (date(2023, 12, 19), date(2023, 12, 19))
        assert submissions.submit(row, answers=ANSWERS, by=people.school, at=after).number == 1


def test_the_check_is_done_when_the_last_one_waited_for_is_excepted_and_open_again_when_it_is_asked(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    row = sent(wave, region.schools[0], people.school, december)
    submissions.check([row.pk], by=people.municipal, at=december)
    drain()
    assert check_of(wave, region.authorities[0]) == "assigned"
    made = campaigns.exclude(wave.campaign, region.schools[1], reason="ремонт", by=people.coordinator, at=december)
    assert check_of(wave, region.authorities[0]) == "accepted"
    campaigns.include(made, by=people.coordinator, at=december)
    assert check_of(wave, region.authorities[0]) == "returned"


def test_who_is_released_in_the_plan_is_not_asked(region: SmallRegion, people: People, december: datetime) -> None:
    found = campaign(region, people, number="2")
    occurrence = Occurrence.objects.filter(measure=found.measure).earliest("pk")
    mine = Obligation.objects.get(occurrence=occurrence, organisation=region.schools[0], duty="")
    obligations.waive(mine, reason="школа на ремонте", by=people.ministry, at=OPENED)
    dates = waves.Dates(OPENED.date(), date(2023, 12, 4), date(2023, 12, 11))
    wave = waves.plan_wave(found, occurrence, dates, title="Ответственные", by=people.coordinator, at=OPENED)
    wave = waves.open_wave(wave, by=people.coordinator, at=OPENED)
    assert not wave.submissions.filter(organisation=region.schools[0]).exists()
    assert wave.submissions.count() == 4
    assert standing(mine.pk).state == "waived"


def told(user: User) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(user=user, read=None).order_by("pk")
    return [(row.kind, row.data.get("due") or "") for row in rows if row.kind.startswith("wave")]


def test_who_is_asked_in_a_wave_that_is_open_already_is_told(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    made = campaigns.exclude(wave.campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    drain()
    Notice.objects.update(read=december)
    campaigns.include(made, by=people.coordinator, at=december)
    drain()
    assert told(people.school) == [("wave_opened", "2023-12-04")]
    assert told(people.other_school) == []
    notice = Notice.objects.get(user=people.school, read=None, kind="wave_opened")
    assert texts.said(notice).href == f"/submissions/{answer_of(wave, region.schools[0]).pk}/"


def test_an_exception_cannot_end_while_nobody_accepts_the_answers(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    made = campaigns.exclude(wave.campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    orgs.close_organisation(region.coordinator, on=december.date(), by=people.ministry, at=december)
    client = browser(people.ministry)
    page = client.post(reverse("campaign", args=[wave.campaign_id]), {"end": str(made.pk)}, follow=True)
    assert (page.status_code, "В регионе нет организации" in page.content.decode()) == (200, True)
    made.refresh_from_db()
    assert made.ended is None


# calling off


def test_after_a_wave_was_called_off_another_one_can_be_held_for_the_same_date(
    region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people)
    occurrence = Occurrence.objects.filter(measure=found.measure, due__isnull=False).earliest("due")
    dates = waves.Dates(december.date(), date(2023, 12, 10), date(2023, 12, 15))
    first = waves.plan_wave(found, occurrence, dates, title="первая", by=people.coordinator, at=december)
    first = waves.open_wave(first, by=people.coordinator, at=december)
    waves.cancel(first, reason="не та форма", by=people.coordinator, at=december)
    assert check_of(first, region.authorities[0]) == "waived"
    second = waves.plan_wave(found, occurrence, dates, title="вторая", by=people.coordinator, at=december)
    second = waves.open_wave(second, by=people.coordinator, at=december)
    row = answer_of(second, region.schools[0])
    assert standing(row.obligation_id).state == "assigned"
    assert check_of(second, region.authorities[0]) == "assigned"
    row = sent(second, region.schools[0], people.school, december)
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    assert standing(row.obligation_id).state == "accepted"


def test_what_the_plan_itself_demands_stays_when_a_wave_is_called_off(
    region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people, number="2")
    occurrence = Occurrence.objects.filter(measure=found.measure).earliest("pk")
    mine = Obligation.objects.get(occurrence=occurrence, organisation=region.schools[0], duty="")
    dates = waves.Dates(OPENED.date(), date(2023, 12, 4), date(2023, 12, 11))
    wave = waves.plan_wave(found, occurrence, dates, title="Ответственные", by=people.coordinator, at=OPENED)
    wave = waves.open_wave(wave, by=people.coordinator, at=OPENED)
    assert answer_of(wave, region.schools[0]).obligation_id == mine.pk
    sent(wave, region.schools[0], people.school, december)
    drain()
    assert standing(mine.pk).state == "reported"
    waves.cancel(wave, reason="не та форма", by=people.coordinator, at=december)
    mine.refresh_from_db()
    assert (mine.by_form, standing(mine.pk).state, standing(mine.pk).reason) == (False, "returned", "не та форма")
    Notice.objects.update(read=december)
    drain()
    assert told(people.school) == [("wave_cancelled", "")]
    notice = Notice.objects.get(user=people.school, read=None, kind="wave_cancelled")
    said = texts.said(notice)
    assert (said.href, said.reason) == (f"/obligations/{mine.pk}/", "не та форма")


def test_what_two_monitorings_ask_by_one_date_of_the_plan_is_owed_until_neither_does(
    region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people, number="2")
    occurrence = Occurrence.objects.filter(measure=found.measure).earliest("pk")
    dates = waves.Dates(OPENED.date(), date(2023, 12, 4), date(2023, 12, 11))
    opened = []
    for each in (found, campaign(region, people, number="2", title="Ещё один", author_id=None)):
        wave = waves.plan_wave(each, occurrence, dates, title=each.title, by=people.coordinator, at=OPENED)
        opened.append(waves.open_wave(wave, by=people.coordinator, at=OPENED))
    mine = Obligation.objects.get(occurrence=occurrence, organisation=region.schools[0], duty="")
    assert {answer_of(wave, region.schools[0]).obligation_id for wave in opened} == {mine.pk}
    campaigns.exclude(
        opened[0].campaign, region.schools[0], reason="уже ответила", by=people.coordinator, at=december
    )
    assert standing(mine.pk).state == "assigned"
    waves.cancel(opened[0], reason="лишняя", by=people.coordinator, at=december)
    mine.refresh_from_db()
    assert (standing(mine.pk).state, mine.by_form) == ("assigned", True)
    assert check_of(opened[1], region.authorities[0]) == "assigned"
    note = Obligation.objects.get(occurrence=occurrence, duty=Obligation.Duty.NOTE)
    assert standing(note.pk).state == "waived"  # the other one has no author
    campaigns.exclude(opened[1].campaign, region.schools[0], reason="ремонт", by=people.coordinator, at=december)
    assert standing(mine.pk).state == "waived"


# dates


@pytest.mark.parametrize(
    ("row", "today", "opens", "due", "check_due"),
    [
        ("2023-12-25", "2023-11-01", "2023-12-06", "2023-12-20", "2023-12-25"),
        ("2023-12-25", "2023-12-10", "2023-12-10", "2023-12-20", "2023-12-25"),
        ("2023-12-25", "2023-12-20", "2023-12-20", "2023-12-20", "2023-12-25"),
        ("2023-12-25", "2023-12-21", "2023-12-21", "2024-01-04", "2024-01-09"),  # too late for that date
        ("2023-09-22", "2023-12-02", "2023-12-02", "2023-12-16", "2023-12-21"),
    ],
)
def test_dates_are_proposed_that_have_not_passed(row: str, today: str, opens: str, due: str, check_due: str) -> None:
    found = waves.proposed(Campaign(days=14, check_days=5), date.fromisoformat(row), date.fromisoformat(today))
    assert [str(found.opens), str(found.due), str(found.check_due)] == [opens, due, check_due]


@pytest.mark.parametrize("act", ["plan", "change", "open"])
def test_a_date_that_has_passed_is_refused(act: str, region: SmallRegion, people: People, december: datetime) -> None:
    wave = planned(campaign(region, people), people)
    late = local("2023-12-05T00:00")  # midnight on the island, still the 4th in Moscow
    dates = waves.Dates(OPENED.date(), date(2023, 12, 4), date(2023, 12, 11))
    by = people.coordinator
    acts = {
        "plan": lambda: waves.plan_wave(wave.campaign, None, dates, title="ещё", reason="проба", by=by, at=late),
        "change": lambda: waves.change_wave(wave, dates, title="ещё", by=by, at=late),
        "open": lambda: waves.open_wave(wave, by=by, at=late),
    }
    with pytest.raises(ValidationError):
        acts[act]()
    assert waves.open_due(late) == 0
    assert Wave.objects.get().state == "planned"
    assert waves.open_due(local("2023-12-04T23:59")) == 1


def test_a_date_moved_earlier_than_today_or_by_nobody_is_refused_and_a_later_date_of_the_plan_stays(
    region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people, number="2")
    occurrence = Occurrence.objects.filter(measure=found.measure).earliest("pk")
    mine = Obligation.objects.get(occurrence=occurrence, organisation=region.schools[0], duty="")
    Standing.objects.at().filter(obligation=mine).update(due=date(2023, 12, 25))
    dates = waves.Dates(OPENED.date(), date(2023, 12, 4), date(2023, 12, 11))
    wave = waves.plan_wave(found, occurrence, dates, title="Ответственные", by=people.coordinator, at=OPENED)
    wave = waves.open_wave(wave, by=people.coordinator, at=OPENED)
    with pytest.raises(ValidationError):
        waves.extend(
            wave, due=date(2023, 12, 8), reason="паводок", by=people.coordinator, at=local("2023-12-09T09:00")
        )
    with pytest.raises(DeniedError):
        waves.extend(wave, due=date(2023, 12, 8), reason="паводок", by=people.municipal, at=december)
    waves.extend(wave, due=date(2023, 12, 8), reason="паводок", by=people.coordinator, at=december)
    assert answer_of(wave, region.schools[0]).due == date(2023, 12, 8)
    assert standing(mine.pk).due == date(2023, 12, 25)


def test_a_closed_wave_takes_the_answer_of_whom_a_later_date_was_granted(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, late="close")
    row = answer_of(wave, region.schools[0])
    after = local("2023-12-05T00:00")
    with clock.at(after):
        assert waves.close_due(after) == 1
        assert check_of(wave, region.authorities[0]) == "accepted"  # nothing comes any more
        with pytest.raises(DeniedError):
            submissions.submit(row, answers=ANSWERS, by=people.school, at=after)
        request = extensions.request(
            Obligation.objects.get(submissions=row),
            new_due=date(2023, 12, 20),
            reason="карантин",
            by=people.school,
            at=after,
        )
        extensions.decide(request, granted=True, by=people.controller, at=after)
        drain()
        assert check_of(wave, region.authorities[0]) == "returned"
        assert checks.finish_closed(local("2023-12-20T23:59")) == 0
        row = sent(wave, region.schools[0], people.school, local("2023-12-20T23:59"))
        assert (row.state, row.sent) == ("submitted", date(2023, 12, 20))
        with pytest.raises(DeniedError):
            submissions.submit(
                answer_of(wave, region.state_school), answers=ANSWERS, by=people.state_school, at=after
            )


def test_the_check_does_not_wait_for_what_a_closed_wave_takes_no_more(
    region: SmallRegion, people: People, december: datetime
) -> None:
    """Closed before its date, and then a date granted to one school that let it pass as well."""
    wave = opened_wave(region, people)
    waves.close(wave, by=people.coordinator, at=december)
    assert check_of(wave, region.authorities[0]) == "accepted"
    mine = Obligation.objects.get(submissions=answer_of(wave, region.schools[0]))
    request = extensions.request(mine, new_due=date(2023, 12, 9), reason="карантин", by=people.school, at=december)
    extensions.decide(request, granted=True, by=people.controller, at=december)
    drain()
    assert [check_of(wave, place) for place in region.authorities] == ["returned", "accepted"]
    assert checks.finish_closed(local("2023-12-09T23:59")) == 0
    assert checks.finish_closed(local("2023-12-10T00:00")) == 2  # the authority's and the coordinator's
    assert check_of(wave, region.authorities[0]) == "accepted"
    assert checks.finish_closed(local("2023-12-10T01:00")) == 0


def test_a_wave_that_has_closed_opens_again_with_a_later_date(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, late="close")
    after = local("2023-12-05T09:00")
    with clock.at(after):
        waves.close_due(after)
        waves.extend(wave, due=date(2023, 12, 12), reason="карантин", by=people.coordinator, at=after)
        assert Wave.objects.get(pk=wave.pk).state == "open"
        assert check_of(wave, region.authorities[0]) == "returned"
        assert sent(wave, region.schools[0], people.school, after).state == "submitted"
        assert waves.close_due(after) == 0
    assert waves.close_due(local("2023-12-13T00:00")) == 1


def test_what_is_accepted_before_the_worker_came_counts_as_reported_on_the_day_it_was_sent(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    row, other = (answer_of(wave, place).obligation_id or 0 for place in region.schools[:2])
    assert asked.fulfilled([row, other], by=None, at=december, days={row: date(2023, 11, 30)}) == 2
    found = [(standing(pk).state, standing(pk).reported) for pk in (row, other)]
    assert found == [("accepted", date(2023, 11, 30)), ("accepted", december.date())]


# organisations


def test_a_school_that_will_close_answers_until_then_and_its_authority_goes_on_seeing_it(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, due=date(2023, 12, 11))
    orgs.close_organisation(region.schools[1], on=date(2023, 12, 10), by=people.ministry, at=december)
    drain()
    assert answer_of(wave, region.schools[1]).state == "expected"
    with clock.at(local("2023-12-10T00:00")):
        the_day_has_come()
        assert answer_of(wave, region.schools[1]).state == "withdrawn"
        assert answered.completeness(people.municipal, [wave.pk])[wave.pk].withdrawn == 1
        yesterday = answered.completeness(people.municipal, [wave.pk], date(2023, 12, 9))[wave.pk]
        assert (yesterday.asked, yesterday.expected) == (2, 2)


def test_a_school_that_will_open_is_asked_on_its_first_day(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, due=date(2023, 12, 11))
    school = orgs.open_organisation(
        kind="school",
        code="А1-Ш7",
        region=region.region,
        parent=region.authorities[0],
        opened=date(2023, 12, 10),
        by=people.ministry,
        at=december,
        **details("Школа № 7"),
    )
    drain()
    assert not wave.submissions.filter(organisation=school).exists()
    with clock.at(local("2023-12-10T00:00")):
        the_day_has_come()
        row = answer_of(wave, school)
        assert (row.checker_id, row.due) == (region.authorities[0].pk, wave.due)


def moved(region: SmallRegion, people: People, to: Organisation, at: datetime) -> None:
    orgs.move_organisation(region.schools[0], to, on=at.date(), by=people.ministry, at=at)
    drain()


def test_what_moves_to_another_authority_is_checked_there_also_when_the_wave_has_closed(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    row = sent(wave, region.schools[0], people.school, december)
    waves.close(wave, by=people.coordinator, at=december)
    moved(region, people, region.authorities[1], december)
    row.refresh_from_db()
    assert (row.unit_id, row.checker_id, row.reviewer_id) == (region.authorities[1].pk,) * 3
    submissions.check([row.pk], by=people.other_municipal, at=december)
    assert browser(people.other_municipal).get(reverse("check", args=[row.pk])).status_code == 200
    assert browser(people.municipal).get(reverse("check", args=[row.pk])).status_code == 404


def test_what_moves_under_the_ministry_skips_the_authority_and_comes_back_to_one(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    sent(wave, region.schools[0], people.school, december)
    moved(region, people, region.ministry, december)
    row = answer_of(wave, region.schools[0])
    assert (row.unit_id, row.checker_id, row.reviewer_id) == (region.ministry.pk, None, region.coordinator.pk)
    later = local("2023-12-03T09:00")
    with clock.at(later):
        moved(region, people, region.authorities[1], later)
    row.refresh_from_db()
    assert (row.checker_id, row.reviewer_id) == (region.authorities[1].pk,) * 2


def test_where_the_authority_accepts_the_new_one_does_after_a_move(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people, last="authority")
    sent(wave, region.schools[0], people.school, december)
    later = local("2023-12-03T09:00")
    with clock.at(later):
        moved(region, people, region.authorities[1], later)
        row = answer_of(wave, region.schools[0])
        assert (row.checker_id, row.acceptor_id) == (None, region.authorities[1].pk)
        submissions.accept([row.pk], by=people.other_municipal, at=later)
    assert check_of(wave, region.authorities[1]) == "assigned"


def test_the_curve_of_a_past_day_is_as_it_was(region: SmallRegion, people: People, december: datetime) -> None:
    """As on the board of that day: also of whom it is no longer asked, by the date that held then."""
    wave = opened_wave(region, people)
    sent(wave, region.schools[0], people.school, local("2023-11-25T12:00"))
    waves.withdraw(wave, [region.schools[1].pk], reason="ремонт", by=people.coordinator, at=december)
    waves.extend(wave, due=date(2023, 12, 8), reason="паводок", by=people.coordinator, at=december)
    with clock.at(local("2023-12-07T12:00")):
        for on, asked, came in ((date(2023, 11, 24), 5, 0), (date(2023, 11, 30), 5, 1), (None, 4, 1)):
            drawn = curve.build(people.ministry, Wave.objects.get(pk=wave.pk), answered.Ask(on=on))
            assert (drawn.asked, drawn.sent, drawn.late) == (asked, came, 0)
            board = answered.completeness(people.ministry, [wave.pk], on)[wave.pk]
            assert (drawn.asked, drawn.sent) == (board.asked, board.sent)


def test_of_exceptions_only_those_learn_who_see_the_region(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    campaigns.exclude(wave.campaign, region.schools[0], reason="пожар в школе", by=people.coordinator, at=december)
    assert Exclusion.objects.count() == 1
    address = reverse("campaign", args=[wave.campaign_id]) + "?part=history"
    assert "пожар" in browser(people.ministry).get(address).content.decode()
    for person in (people.school, people.other_school, people.municipal, people.other_municipal):
        page = browser(person).get(address)
        assert (page.status_code, "пожар" in page.content.decode()) == (200, False)
