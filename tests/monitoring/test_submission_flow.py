"""The way of an answer through the tiers, by the services: what it writes, what it refuses, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from monitoring_waves import ANSWERS, answer_of, opened_wave
from profminimum.journal.models import Entry
from profminimum.journal.worker import drain
from profminimum.monitoring.models import Revision, Stage, Submission
from profminimum.monitoring.services import drafts, submissions
from profminimum.monitoring.services.submissions import RefusedError
from profminimum.orgs.access import DeniedError
from profminimum.plan.models import Obligation, Standing
from profminimum.registers.models import Record

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People


def state_of(obligation: int | None) -> str:
    return Standing.objects.at().get(obligation=obligation).state


def test_an_answer_goes_up_the_tree_and_all_that_follows(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    assert wave.submissions.count() == 5
    row = answer_of(wave, region.schools[0])
    assert (row.checker_id, row.acceptor_id) == (region.authorities[0].pk, region.coordinator.pk)
    assert row.draft.answers["pupils"] == 100  # from the registry of schools
    duties = Obligation.objects.filter(occurrence=wave.occurrence).values_list("duty", "organisation_id")
    assert {duty for duty, _place in duties} == {"answer", "check", "note"}

    saved = drafts.save(row, changes={"covered": "1 000", "has_order": "да"}, by=people.school, at=december)
    assert saved.answers["covered"] == 1000
    assert answer_of(wave, region.schools[0]).state == "draft"
    with pytest.raises(RefusedError) as refused:
        submissions.submit(row, by=people.school, at=december)
    assert {problem.place for problem in refused.value.problems} == {"covered", "order", "leader"}

    revision = submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    assert (revision.number, revision.answers["share"]) == (1, 90)
    drain()
    assert state_of(row.obligation_id) == "reported"
    submissions.remark(row, place="covered", text="Проверьте число", by=people.municipal, at=december)
    submissions.send_back(row, reason="Исправьте охват", by=people.municipal, at=december)
    assert state_of(row.obligation_id) == "returned"
    assert answer_of(wave, region.schools[0]).remarks == 1
    row = answer_of(wave, region.schools[0])
    submissions.submit(row, answers={**ANSWERS, "covered": 80}, by=people.school, at=december)
    submissions.check([row.pk], by=people.municipal, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    assert state_of(row.obligation_id) == "accepted"
    assert [one.state for one in Stage.objects.filter(submission=row)] == [
        "expected", "draft", "submitted", "returned", "submitted", "checked", "accepted",
    ]  # fmt: skip
    assert Record.objects.get(kind="responsible", organisation=row.organisation_id).act_number == "12-ОД"
    assert Record.objects.get(kind="level", organisation=row.organisation_id).period == wave.period

    submissions.reopen(row, reason="Ошибка в отчёте", by=people.coordinator, at=december)
    assert state_of(row.obligation_id) == "returned"
    assert Revision.objects.filter(submission=row).count() == 2
    assert Entry.objects.filter(action="submission.reopened").get().reason == "Ошибка в отчёте"


def test_who_may_not(region: SmallRegion, people: People, december: datetime) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    with pytest.raises(DeniedError):
        submissions.submit(row, answers=ANSWERS, by=people.other_school, at=december)
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    for person in (people.school, people.other_municipal, people.coordinator):
        with pytest.raises(DeniedError):
            submissions.check([row.pk], by=person, at=december)
    with pytest.raises(ValidationError):
        submissions.send_back(row, reason=" ", by=people.municipal, at=december)
    assert Submission.objects.get(pk=row.pk).state == "submitted"


def test_state_schools_skip_the_authority(region: SmallRegion, people: People, december: datetime) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.state_school)
    assert row.checker_id is None
    submissions.submit(row, answers=ANSWERS, by=people.state_school, at=december)
    submissions.accept([row.pk], by=people.coordinator, at=december)
    drain()
    assert state_of(row.obligation_id) == "accepted"


def test_a_checker_has_done_its_part_when_nothing_is_left(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    check = Obligation.objects.get(occurrence=wave.occurrence, duty="check", organisation=region.authorities[0])
    for school in region.schools_of(0):
        row = answer_of(wave, school)
        submissions.submit(
            row, answers=ANSWERS, by=people.school if school == region.schools[0] else _of(school), at=december
        )
        drain()
        assert state_of(check.pk) == "assigned"
        submissions.check([row.pk], by=people.municipal, at=december)
    drain()
    assert state_of(check.pk) == "accepted"


def _of(school: object) -> object:
    from factories import AT  # noqa: PLC0415 - one more person, for this test alone
    from profminimum.orgs.models import Role  # noqa: PLC0415 - as above
    from profminimum.orgs.services import Newcomer, enrol  # noqa: PLC0415 - as above

    from people import SINCE  # noqa: PLC0415, I001 - as above

    (user,) = enrol([Newcomer("second@example.org", "Вторая Вера Ивановна", Role.SCHOOL, school, SINCE)], at=AT)  # type: ignore[arg-type]
    return user
