"""Another date is asked for, granted, refused, withdrawn, or set for many; the date of the plan stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from decrees import adopted
from evidence import order
from profminimum.journal.models import Entry
from profminimum.orgs.access import DeniedError
from profminimum.plan.models import Extension, Obligation, Standing
from profminimum.plan.services import extensions, obligations

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

AT = datetime(2023, 9, 20, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
DUE, NEW = date(2023, 9, 22), date(2023, 10, 16)


@pytest.fixture
def plan(region: SmallRegion, people: People) -> SmallRegion:
    adopted(region, people)
    return region


def of(organisation: Any, number: str = "2") -> Obligation:
    return Obligation.objects.get(measure__number=number, organisation=organisation)


def last(obligation: Obligation) -> Standing:
    return Standing.objects.at().get(obligation=obligation)


def asked(plan: SmallRegion, people: People, number: int = 0) -> Extension:
    by = people.school if number == 0 else people.other_school
    school = plan.schools[0] if number == 0 else plan.schools_of(1)[0]
    return extensions.request(of(school), new_due=NEW, reason="ответственный болен", by=by, at=AT)


def test_until_it_is_decided_the_old_date_holds(plan: SmallRegion, people: People) -> None:
    request = asked(plan, people)
    assert (request.old_due, request.new_due, request.decision) == (DUE, NEW, "")
    assert last(of(plan.schools[0])).due == DUE
    assert Entry.objects.get(action="extension.requested").reason == "ответственный болен"


@pytest.mark.parametrize(
    ("due", "reason", "fields"),
    [
        (DUE, "болен", {"new_due"}),
        (DUE - timedelta(days=1), "болен", {"new_due"}),
        (NEW, "  ", {"reason"}),
        (DUE, "", {"new_due", "reason"}),
    ],
)
def test_a_request_without_sense_is_refused(
    plan: SmallRegion, people: People, due: date, reason: str, fields: set[str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        extensions.request(of(plan.schools[0]), new_due=due, reason=reason, by=people.school, at=AT)
    assert set(caught.value.message_dict) == fields
    assert not Extension.objects.exists()


def test_one_request_at_a_time_and_none_after_the_report(plan: SmallRegion, people: People) -> None:
    asked(plan, people)
    with pytest.raises(ValidationError):
        asked(plan, people)
    duty = of(plan.schools[1])
    duty_of_other = of(plan.schools_of(1)[0])
    obligations.report(duty_of_other, order(), by=people.other_school, at=AT)
    with pytest.raises(ValidationError):
        asked(plan, people, 1)
    with pytest.raises(DeniedError):
        extensions.request(duty, new_due=NEW, reason="так", by=people.school, at=AT)


def test_granted_the_date_moves_and_the_plan_keeps_its_own(plan: SmallRegion, people: People) -> None:
    decided = extensions.decide(asked(plan, people), granted=True, by=people.controller, at=AT)
    duty = of(plan.schools[0])
    assert decided.decision == "granted"
    assert (last(duty).due, duty.original_due, last(duty).state) == (NEW, DUE, "assigned")
    assert last(duty).step == "reschedule"
    assert Entry.objects.get(action="extension.granted").after == {"due": NEW.isoformat()}


def test_the_decider_may_grant_another_date(plan: SmallRegion, people: People) -> None:
    other = date(2023, 10, 2)
    extensions.decide(asked(plan, people), granted=True, new_due=other, by=people.ministry, at=AT)
    assert last(of(plan.schools[0])).due == other


def test_a_grant_is_never_an_earlier_date(plan: SmallRegion, people: People) -> None:
    with pytest.raises(ValidationError) as caught:
        extensions.decide(asked(plan, people), granted=True, new_due=DUE, by=people.ministry, at=AT)
    assert set(caught.value.message_dict) == {"new_due"}


def test_a_refusal_wants_a_reason_and_changes_no_date(plan: SmallRegion, people: People) -> None:
    request = asked(plan, people)
    with pytest.raises(ValidationError) as caught:
        extensions.decide(request, granted=False, by=people.controller, at=AT, reason=" ")
    assert set(caught.value.message_dict) == {"reason"}
    refused = extensions.decide(request, granted=False, by=people.controller, at=AT, reason="замените ответственного")
    assert (refused.decision, refused.decision_reason) == ("refused", "замените ответственного")
    assert last(of(plan.schools[0])).due == DUE


def test_it_is_decided_once(plan: SmallRegion, people: People) -> None:
    request = asked(plan, people)
    extensions.decide(request, granted=True, by=people.controller, at=AT)
    with pytest.raises(ValidationError):
        extensions.decide(request, granted=False, reason="нет", by=people.ministry, at=AT)
    with pytest.raises(ValidationError):
        extensions.withdraw(request, by=people.school, at=AT)


@pytest.mark.parametrize("who", ["municipal", "coordinator", "school", "institute", "observer", "administrator"])
def test_only_the_ministry_and_the_controller_decide(plan: SmallRegion, people: People, who: str) -> None:
    request = asked(plan, people)
    with pytest.raises(DeniedError):
        extensions.decide(request, granted=True, by=getattr(people, who), at=AT)
    with pytest.raises(DeniedError):
        extensions.extend([of(plan.schools[0]).pk], new_due=NEW, reason="так", by=getattr(people, who), at=AT)


def test_withdrawn_by_those_who_asked_and_asked_anew(plan: SmallRegion, people: People) -> None:
    request = asked(plan, people)
    with pytest.raises(DeniedError):
        extensions.withdraw(request, by=people.municipal, at=AT)
    assert extensions.withdraw(request, by=people.school, at=AT).decision == "withdrawn"
    assert asked(plan, people).decision == ""


def test_many_at_once_with_a_waiting_request_among_them(plan: SmallRegion, people: People) -> None:
    request = asked(plan, people)
    ids = [of(school).pk for school in plan.schools]
    later = date(2023, 11, 1)
    assert extensions.extend(ids, new_due=later, reason="карантин", by=people.controller, at=AT) == 4
    assert {last(of(school)).due for school in plan.schools} == {later}
    assert Extension.objects.filter(decision="granted").count() == 4
    request.refresh_from_db()
    assert (request.decision, request.reason, request.new_due) == ("granted", "ответственный болен", later)
    assert Entry.objects.filter(action="extension.granted").count() == 4


def test_many_are_moved_all_or_none(plan: SmallRegion, people: People) -> None:
    first, second = (of(school) for school in plan.schools_of(0))
    obligations.report(first, order(), by=people.school, at=AT)
    with pytest.raises(ValidationError) as caught:
        extensions.extend([first.pk, second.pk], new_due=NEW, reason="карантин", by=people.ministry, at=AT)
    assert set(caught.value.message_dict) == {"new_due"}
    assert last(second).due == DUE
    with pytest.raises(ValidationError):
        extensions.extend([second.pk], new_due=NEW, reason="", by=people.ministry, at=AT)
