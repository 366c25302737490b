"""A draft becomes obligations; an amendment keeps what has been reported; the tree moves and the plan follows."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from decrees import ADOPTED, SEED, adopted, decided, uploaded
from factories import details
from profminimum.journal.models import Entry
from profminimum.orgs import services as orgs
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Kind
from profminimum.plan.models import Measure, Obligation, PlanVersion, Standing
from profminimum.plan.services import adoption, obligations, versions
from profminimum.plan.services.obligations import Answer

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

LATER = datetime(2024, 1, 15, 9, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
WORDS = Answer(comment="сделано", no_evidence_reason="документ в деле")


def owed(number: str) -> Counter[str]:
    """Kinds of the organisations that owe the row, in each occurrence."""
    return Counter(Obligation.objects.filter(measure__number=number).values_list("organisation__kind", flat=True))


def test_the_seed_gives_each_row_to_its_executors(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    assert owed("1") == {"ministry": 1, "coordinator": 1}
    assert owed("2") == {"authority": 2, "school": 5}
    assert owed("6") == {"institute": 1}
    assert owed("9") == {"institute": 1, "authority": 2, "school": 5}
    assert owed("11") == {"ministry": 2, "coordinator": 2}
    dues = set(Standing.objects.at().filter(measure__number="11").values_list("due", flat=True))
    assert sorted(dues) == [date(2023, 12, 1), date(2024, 6, 1)]
    assert Obligation.objects.get(measure__number="7").original_due == date(2024, 3, 29)
    assert set(Standing.objects.filter(measure__number="2").values_list("due", flat=True)) == {date(2023, 9, 22)}


def test_the_preview_says_what_happens(region: SmallRegion, people: People) -> None:
    version = decided(uploaded(region, people), region, people)
    assert adoption.obstacles(version) == []
    promised = adoption.consequence(version, date(2023, 9, 8))
    adoption.adopt(version, by=people.ministry, at=ADOPTED)
    assert Obligation.objects.count() == promised.obligations == 38
    assert promised.organisations == Obligation.objects.values("organisation").distinct().count() == 10
    entry = Entry.objects.get(action="plan.adopted")
    assert entry.after["assigned"] == 38


def test_nothing_is_adopted_while_something_is_undecided(region: SmallRegion, people: People) -> None:
    version = uploaded(region, people)
    with pytest.raises(ValidationError) as refused:
        adoption.adopt(version, by=people.ministry, at=ADOPTED)
    assert len(refused.value.messages) >= 6
    assert not Obligation.objects.exists()
    assert PlanVersion.objects.get(pk=version.pk).state == "draft"


def test_only_the_ministry_adopts_and_only_once(region: SmallRegion, people: People) -> None:
    version = decided(uploaded(region, people), region, people)
    for person in (people.controller, people.coordinator, people.municipal, people.administrator):
        with pytest.raises(DeniedError):
            adoption.adopt(version, by=person, at=ADOPTED)
    adoption.adopt(version, by=people.ministry, at=ADOPTED)
    with pytest.raises(ValidationError):
        adoption.adopt(version, by=people.ministry, at=ADOPTED)


def test_checkers_follow_the_tree(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school, state = region.schools[0], region.state_school
    assert set(Standing.objects.filter(organisation=school).values_list("reviewer", "unit")) == {
        (region.authorities[0].pk, region.authorities[0].pk)
    }
    assert set(Standing.objects.filter(organisation=state).values_list("reviewer", "unit")) == {
        (region.ministry.pk, region.ministry.pk)
    }


def test_an_exception_is_not_asked(region: SmallRegion, people: People) -> None:
    version = decided(uploaded(region, people), region, people)
    row = version.wordings.get(number="2")
    versions.exempt(row, region.schools[0], reason="вечерняя школа", by=people.ministry, at=ADOPTED)
    adoption.adopt(version, by=people.ministry, at=ADOPTED)
    assert not Obligation.objects.filter(measure__number="2", organisation=region.schools[0]).exists()
    assert Obligation.objects.filter(measure__number="9", organisation=region.schools[0]).exists()


def amended(region: SmallRegion, people: People, version: PlanVersion) -> PlanVersion:
    """The same decree again, in which row 9 is due earlier, row 6 is gone and row 12 speaks of schools too."""
    draft = uploaded(region, people, amends=version)
    decided(draft, region, people)
    row = draft.wordings.get(number="9")
    versions.correct(row, changes={"due": date(2024, 5, 31)}, reason="изменение", by=people.ministry, at=LATER)
    draft.wordings.get(number="6").findings.all().delete()
    draft.wordings.get(number="6").assignments.all().delete()
    draft.wordings.get(number="6").delete()
    return draft


def test_an_amendment_keeps_what_is_reported_and_moves_what_is_open(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    done = Obligation.objects.get(measure__number="9", organisation=region.schools[0])
    obligations.report(done, WORDS, by=people.school, at=ADOPTED)
    measures = set(Measure.objects.values_list("pk", flat=True))
    adoption.adopt(amended(region, people, version), by=people.ministry, at=LATER)
    assert PlanVersion.objects.get(pk=version.pk).state == "superseded"
    assert set(Measure.objects.values_list("pk", flat=True)) == measures
    assert Standing.objects.at().get(obligation=done).state == "reported"
    assert Standing.objects.at().get(obligation=done).due == date(2024, 8, 31)
    others = Standing.objects.at().filter(measure__number="9").exclude(obligation=done)
    assert set(others.values_list("due", flat=True)) == {date(2024, 5, 31)}
    assert Standing.objects.at().get(measure__number="6").state == "waived"
    assert Obligation.objects.count() == 38
    assert set(Obligation.objects.filter(measure__number="9").values_list("original_due", flat=True)) == {
        date(2024, 8, 31)
    }


def test_the_past_of_a_board_does_not_change_with_an_amendment(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    before = list(Standing.objects.at(ADOPTED).order_by("obligation_id").values_list("obligation_id", "state", "due"))
    adoption.adopt(amended(region, people, version), by=people.ministry, at=LATER)
    after = list(Standing.objects.at(ADOPTED).order_by("obligation_id").values_list("obligation_id", "state", "due"))
    assert before == after


def test_a_school_that_opens_gets_what_is_still_to_come(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school = orgs.open_organisation(
        kind=Kind.SCHOOL,
        code="Н1",
        region=region.region,
        parent=region.authorities[1],
        opened=date(2023, 10, 1),
        by=None,
        at=LATER,
        **details("Новая школа"),
    )
    assert adoption.extend_to(school, at=LATER) == 1
    assert adoption.extend_to(school, at=LATER) == 0
    assert list(Obligation.objects.filter(organisation=school).values_list("measure__number", flat=True)) == ["9"]


def test_a_school_that_closes_loses_what_it_has_not_reported(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school = region.state_school
    done = Obligation.objects.get(measure__number="2", organisation=school)
    obligations.report(done, WORDS, by=people.state_school, at=ADOPTED)
    orgs.close_organisation(school, on=date(2024, 7, 1), by=None, at=LATER)
    school.refresh_from_db()
    assert adoption.withdraw(school, at=LATER) == 0, "it has not closed yet"
    after = datetime(2024, 7, 1, 9, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
    assert adoption.withdraw(school, at=after) == 2
    states = dict(Standing.objects.at().filter(organisation=school).values_list("measure__number", "state"))
    assert states == {"2": "reported", "8": "waived", "9": "waived"}


def test_a_school_that_moves_is_checked_elsewhere(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school, new = region.schools[0], region.authorities[1]
    orgs.move_organisation(school, new, on=date(2024, 1, 1), by=None, at=LATER)
    assert adoption.relocate([school.pk], at=LATER) == 3
    assert set(Standing.objects.at().filter(organisation=school).values_list("reviewer", flat=True)) == {new.pk}
    then = Standing.objects.at(ADOPTED).filter(organisation=school)
    assert set(then.values_list("reviewer", flat=True)) == {region.authorities[0].pk}


def test_what_is_no_decree_is_refused_and_leaves_nothing(region: SmallRegion, people: People) -> None:
    for name, data in (("план.docx", b""), ("план.pdf", SEED.read_bytes()), ("план.txt", b"\x00\x01\x02")):
        with pytest.raises(ValidationError) as refused:
            uploaded(region, people, data=data, name=name)
        assert name in refused.value.message_dict["file"][0]
    assert not PlanVersion.objects.exists()
