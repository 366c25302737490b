"""Who checks whose answer, and what stands in registers and figures when an answer was accepted and opened again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conftest import local
from factories import AT
from monitoring_waves import ANSWERS, answer_of, campaign, opened_wave
from people import SINCE, browser
from profminimum.monitoring.models import Campaign, Submission
from profminimum.monitoring.queries import answered, summary
from profminimum.monitoring.queries.audience import audience
from profminimum.monitoring.services import submissions
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Kind, Organisation, Role
from profminimum.orgs.services import Newcomer, enrol
from profminimum.registers.models import Record
from profminimum.registers.services import Act, Entry, correct
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave


def officer(place: Organisation, role: Role, email: str) -> None:
    enrol([Newcomer(email, "Двухместный Денис Данилович", role, place, SINCE)], at=AT)


def sent(wave: Wave, place: Organisation, by: object, at: datetime, **more: object) -> Submission:
    submissions.submit(answer_of(wave, place), answers=ANSWERS | more, by=by, at=at)  # type: ignore[arg-type]  # a user
    return answer_of(wave, place)


def test_who_fills_the_answer_of_a_school_does_not_check_it_from_another_seat(
    region: SmallRegion, people: People, december: datetime
) -> None:
    officer(region.authorities[0], Role.MUNICIPAL, people.school.email)
    wave = opened_wave(region, people)
    row = sent(wave, region.schools[0], people.school, december)
    client = browser(people.school)
    client.post(reverse("seat"), {"seat": f"municipal:{region.authorities[0].pk}"})
    queue = client.get(reverse("checking"))
    assert (queue.status_code, queue.context["total"]) == (200, 0)
    for act in (submissions.check, submissions.accept):
        with pytest.raises(DeniedError, match="другой сотрудник"):
            act([row.pk], by=people.school, at=december)
    with pytest.raises(DeniedError):
        submissions.send_back(row, reason="так", by=people.school, at=december)
    assert client.post(reverse("check", args=[row.pk]), {"action": "forward"}).status_code == 403
    submissions.check([row.pk], by=people.municipal, at=december)  # a colleague does


@pytest.mark.parametrize(
    ("kinds", "last", "acceptors"),
    [
        (["coordinator", "school"], "coordinator", {"coordinator": "ministry", "school": "coordinator"}),
        (["authority"], "authority", {"authority": "ministry"}),
        (["authority"], "coordinator", {"authority": "coordinator"}),
        (["school"], "authority", {"school": "authority"}),
        (["institute"], "ministry", {"institute": "ministry"}),
    ],
)
def test_nobody_accepts_their_own_answer(
    kinds: list[str], last: str, acceptors: dict[str, str], region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people, kinds=kinds, last=last, schools="municipal")
    who = audience(found, december.date(), "2023/2024")
    assert who
    kind_of = dict(Organisation.objects.values_list("pk", "kind"))
    assert {one.kind: kind_of[one.acceptor_id] for one in who} == acceptors
    assert all(one.organisation_id not in (one.checker_id, one.acceptor_id) for one in who)


def test_a_branch_is_asked_by_the_level_of_its_school(
    region: SmallRegion, people: People, december: datetime
) -> None:
    found = campaign(region, people, kinds=["school", "branch"], levels=["main"])
    for place, level in ((region.schools[0], "main"), (region.schools[1], "base")):
        entry = Entry(
            "level", place.pk, {"level": level}, period="2023/2024", act=Act("Приказ", "1", date(2023, 9, 1))
        )
        correct(entry, since=date(2023, 9, 1), reason="перечень", by=people.coordinator, at=december)
    asked = {one.organisation_id for one in audience(found, december.date(), "2023/2024")}
    assert asked == {region.schools[0].pk, region.branch.pk}
    Campaign.objects.update(levels=["base"])
    found.refresh_from_db()
    assert {one.kind for one in audience(found, december.date(), "2023/2024")} == {Kind.SCHOOL}


def level_on(place: Organisation, day: date) -> list[str]:
    return [row.values["level"] for row in Record.objects.filter(kind="level", organisation=place).on(day)]


def counted(user: object, wave: Wave, on: date | None) -> tuple[int, float | None]:
    """(answers that the summary counts, pupils in all)."""
    made = summary.build(user, wave, answered.Ask(on=on), "passed", "ru")  # type: ignore[arg-type]  # a user
    line = next(line for part in made.parts for line in part.lines if line.column.place == "pupils")
    return made.answers, line.whole.value


def test_what_was_accepted_stays_in_force_until_the_mended_answer_is_and_past_days_stay_as_they_were(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave, place, by = opened_wave(region, people), region.schools[0], people.coordinator
    row = sent(wave, place, people.school, december)
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=by, at=local("2023-12-04T09:00"))
    submissions.reopen(row, reason="ошибка", by=by, at=local("2023-12-06T09:00"))
    submissions.submit(
        answer_of(wave, place), answers=ANSWERS | {"pupils": 120, "level": "base"}, by=people.school,
        at=local("2023-12-07T09:00"),
    )  # fmt: skip
    submissions.check([row.pk], by=people.municipal, at=local("2023-12-08T00:00"))
    submissions.accept([row.pk], by=by, at=local("2023-12-08T23:59"))
    with clock.at(local("2023-12-10T09:00")):
        assert [level_on(place, date(2023, 12, day)) for day in (3, 4, 7, 8, 9)] == [
            [], ["main"], ["main"], ["base"], ["base"],
        ]  # fmt: skip
        figures = [counted(by, wave, date(2023, 12, day)) for day in (1, 2, 5, 6, 7, 8)]
        assert figures == [(0, None), (1, 100), (1, 100), (0, None), (0, None), (1, 120)]
        assert counted(by, wave, None) == (1, 120)
        states = []
        for day in (1, 2, 4, 6, 7, 8):
            tally = answered.completeness(by, [wave.pk], date(2023, 12, day))[wave.pk]
            states.append((tally.checked, tally.accepted, tally.returned, tally.submitted))
        assert states == [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, 1, 0, 0)]


def test_what_the_mended_answer_no_longer_says_ends_in_the_register_and_what_came_by_hand_stays(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave, place = opened_wave(region, people), region.schools[0]
    row = sent(wave, place, people.school, december)
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    assert level_on(place, december.date()) == ["main"]
    later = local("2023-12-06T09:00")
    submissions.reopen(row, reason="школа не участвует", by=people.coordinator, at=later)
    submissions.submit(
        answer_of(wave, place), answers={k: v for k, v in ANSWERS.items() if k != "level"}, by=people.school, at=later
    )
    submissions.check([row.pk], by=people.municipal, at=later)
    by_hand = Entry("level", region.schools[1].pk, {"level": "base"}, "2023/2024", act=Act("", "2", date(2023, 9, 1)))
    correct(by_hand, since=date(2023, 9, 1), reason="перечень", by=people.coordinator, at=later)
    submissions.accept([row.pk], by=people.coordinator, at=later)
    assert [level_on(place, day) for day in (date(2023, 12, 5), later.date())] == [["main"], []]
    assert level_on(region.schools[1], later.date()) == ["base"]
    assert Record.objects.filter(kind="responsible", organisation=place, until=None).count() == 1


def test_of_many_accepted_at_once_one_that_a_register_refuses_holds_back_all(
    region: SmallRegion, people: People, december: datetime
) -> None:
    """A level that may not be chosen in the school year: the refusal names the school, nothing is entered."""
    wave = opened_wave(region, people)
    rows = [
        sent(wave, region.schools[0], people.school, december),
        sent(wave, region.schools_of(1)[0], people.other_school, december, level="base"),
    ]
    submissions.check([rows[0].pk], by=people.municipal, at=december)
    submissions.check([rows[1].pk], by=people.other_municipal, at=december)
    wave.period = "2025/2026"
    wave.save(update_fields=["period"])
    with pytest.raises(ValidationError, match=r"МБОУ СОШ № 1 \(А2\).*2025/2026"):
        submissions.accept([row.pk for row in rows], by=people.coordinator, at=december)
    stamps = [f"{row.pk}.{row.number}" for row in rows]
    page = browser(people.coordinator).post(
        reverse("checking_many"), {"step": "forward", "id": stamps, "confirmed": "1", "reason": ""}
    )
    assert (page.status_code, "МБОУ СОШ № 1 (А2)" in page.content.decode()) == (422, True)
    assert set(wave.submissions.filter(number=1).values_list("state", flat=True)) == {"checked"}
    assert not Record.objects.exists()
    submissions.accept([rows[0].pk], by=people.coordinator, at=december)  # what is ready goes on
