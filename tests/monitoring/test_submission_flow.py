"""The way of an answer through the tiers, by the services: what it writes, what it refuses, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from factories import AT
from monitoring_waves import ANSWERS, answer_of, opened_wave
from people import SINCE
from profminimum.journal.models import Entry
from profminimum.journal.worker import drain
from profminimum.monitoring.models import Revision, Stage, Submission
from profminimum.monitoring.services import drafts, submissions
from profminimum.monitoring.services.submissions import RefusedError
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Organisation, Role, User
from profminimum.orgs.services import Newcomer, enrol
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


def _of(school: Organisation) -> User:
    (user,) = enrol([Newcomer("second@example.org", "Вторая Вера Ивановна", Role.SCHOOL, school, SINCE)], at=AT)
    return user


def test_a_sending_writes_what_the_other_steps_write(region: SmallRegion, people: People, december: datetime) -> None:
    """The hot path speaks to the database directly: its rows are those of the model layer."""
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    revision = submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    kept = answer_of(wave, region.schools[0])
    for field in ("state", "number", "sent", "reviewer_id", "changed", "remarks", "warnings"):
        assert getattr(kept, field) == getattr(row, field), field
    stored = Revision.objects.get(pk=revision.pk)
    assert (stored.answers, stored.explanations, stored.marks) == (revision.answers, {}, [])
    assert kept.draft.answers == revision.answers
    stage = Stage.objects.get(submission=row, until=None)
    assert (stage.state, stage.timely, stage.number, stage.step) == ("submitted", True, 1, "submit")
    entry = Entry.objects.filter(action="submission.submitted").get()
    assert (entry.before, entry.after["revision"], entry.by) == ({"state": "expected"}, 1, people.school)
    assert entry.deliveries.filter(reaction="report_answers").count() == 1


def test_nothing_is_written_when_somebody_was_quicker(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    drafts.save(answer_of(wave, region.schools[0]), changes=ANSWERS, by=people.school, at=december)
    mine, theirs = answer_of(wave, region.schools[0]), answer_of(wave, region.schools[0])
    submissions.submit(theirs, by=people.school, at=december)
    with pytest.raises(DeniedError):
        submissions.submit(mine, by=people.school, at=december)
    assert Revision.objects.count() == 1
    assert Entry.objects.filter(action="submission.submitted").count() == 1
