"""An obligation is reported, checked, returned, released and resumed, each step kept with who and why."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from decrees import ADOPTED, adopted
from evidence import PDF, order, word
from profminimum.journal.models import Entry
from profminimum.orgs.access import DeniedError
from profminimum.plan import files
from profminimum.plan.files import Upload
from profminimum.plan.models import Attachment, Obligation, Report, Standing, StoredFile
from profminimum.plan.services import obligations
from profminimum.plan.services.obligations import Answer
from profminimum.plan.states import ForbiddenStepError, Step

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

AT = datetime(2023, 9, 20, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
LATER = AT + timedelta(days=10)


@pytest.fixture
def plan(region: SmallRegion, people: People) -> SmallRegion:
    adopted(region, people)
    return region


def of(organisation: Any, number: str = "2") -> Obligation:
    found = Obligation.objects.filter(measure__number=number, organisation=organisation)
    return found.order_by("occurrence__number")[0]


def last(obligation: Obligation) -> Standing:
    return Standing.objects.at().get(obligation=obligation)


def refusals(caught: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(caught.value.message_dict)


def test_a_report_with_an_order_is_kept_with_its_file(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    made = obligations.report(duty, order(), by=people.school, at=AT)
    assert (made.act_kind, made.act_number, made.act_date) == ("Приказ", "17-ОД", date(2023, 9, 15))
    (attachment,) = made.attachments.all()
    assert attachment.name == "приказ.pdf"
    assert attachment.file.content_type == "application/pdf"
    assert files.path_of(attachment.file.sha256).read_bytes() == PDF
    assert (last(duty).state, last(duty).reported) == ("reported", date(2023, 9, 20))
    entry = Entry.objects.get(action="obligation.reported")
    assert (entry.by, entry.organisation_id) == (people.school, plan.schools[0].pk)
    assert entry.before["state"] == "assigned"
    assert entry.after["state"] == "reported"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"act_number": " "}, {"act_number"}),
        ({"act_date": None}, {"act_date"}),
        ({"act_date": date(2023, 9, 21)}, {"act_date"}),
        ({"files": ()}, {"files"}),
        ({"act_number": "", "act_date": None, "files": ()}, {"act_number", "act_date", "files"}),
        ({"files": (Upload("приказ.pdf", b""),)}, {"files"}),
        ({"files": (Upload("приказ.docx", PDF),)}, {"files"}),
        ({"files": (Upload("приказ.pdf", PDF), Upload("скан.pdf", b"MZ" + bytes(100)))}, {"files"}),
    ],
)
def test_what_is_missing_is_named_by_field_and_nothing_is_kept(
    plan: SmallRegion, people: People, changes: dict[str, Any], fields: set[str]
) -> None:
    duty, kept = of(plan.schools[0]), Report.objects.count()
    with pytest.raises(ValidationError) as caught:
        obligations.report(duty, replace(order(), **changes), by=people.school, at=AT)
    assert refusals(caught) == fields
    assert Report.objects.count() == kept
    assert not Attachment.objects.exists()
    assert last(duty).state == "assigned"


def test_an_act_of_today_is_no_act_from_the_future(plan: SmallRegion, people: People) -> None:
    late_evening = datetime(2023, 9, 20, 23, 30, tzinfo=ZoneInfo("Asia/Sakhalin"))
    obligations.report(of(plan.schools[0]), order(day=date(2023, 9, 20)), by=people.school, at=late_evening)


def test_something_else_is_taken_with_a_reason(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    answer = Answer(no_evidence_reason="Приказ хранится в управлении образования")
    assert obligations.report(duty, answer, by=people.school, at=AT).no_evidence_reason == answer.no_evidence_reason
    assert last(duty).state == "reported"


def test_a_document_needs_no_number_but_a_file(plan: SmallRegion, people: People) -> None:
    duty = of(plan.institute, "6")
    with pytest.raises(ValidationError) as caught:
        obligations.report(duty, Answer(comment="готово"), by=people.institute, at=AT)
    assert refusals(caught) == {"files"}
    obligations.report(duty, Answer(files=(Upload("Отчёт.docx", word()),)), by=people.institute, at=AT)


def test_the_same_content_is_kept_once_under_both_names(plan: SmallRegion, people: People) -> None:
    before = StoredFile.objects.count()
    two = (Upload("приказ.pdf", PDF), Upload("C:\\сканы\\копия.pdf", PDF))
    made = obligations.report(of(plan.schools[0]), order(files=two), by=people.school, at=AT)
    assert StoredFile.objects.count() == before + 1
    assert sorted(made.attachments.values_list("name", flat=True)) == ["копия.pdf", "приказ.pdf"]


@pytest.mark.parametrize(
    "who",
    ["municipal", "ministry", "controller", "coordinator", "observer", "administrator", "other_school", "branch"],
)
def test_only_the_organisation_itself_reports(plan: SmallRegion, people: People, who: str) -> None:
    with pytest.raises(DeniedError) as denied:
        obligations.report(of(plan.schools[0]), order(), by=getattr(people, who), at=AT)
    assert str(denied.value)
    assert not Report.objects.exists()


def test_a_better_answer_keeps_the_day_of_the_first(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.report(duty, order("18-ОД"), by=people.school, at=LATER)
    assert last(duty).reported == date(2023, 9, 20)
    assert duty.reports.count() == 2


def test_after_a_return_the_new_report_has_its_own_day(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.send_back(duty, reason="нет второй страницы", by=people.municipal, at=AT)
    assert (last(duty).state, last(duty).reason, last(duty).by) == (
        "returned",
        "нет второй страницы",
        people.municipal,
    )
    obligations.report(duty, order("18-ОД"), by=people.school, at=LATER)
    assert last(duty).reported == date(2023, 9, 30)


def test_the_whole_way_is_a_chain_without_gaps(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.send_back(duty, reason="неполно", by=people.municipal, at=AT + timedelta(hours=1))
    obligations.report(duty, order(), by=people.school, at=AT + timedelta(hours=2))
    obligations.accept(duty, by=people.municipal, at=AT + timedelta(hours=3))
    obligations.resume(duty, reason="приказ отменён", by=people.controller, at=AT + timedelta(hours=4))
    obligations.waive(duty, reason="школа закрывается", by=people.ministry, at=AT + timedelta(hours=5))
    obligations.resume(duty, reason="ошибка", by=people.ministry, at=AT + timedelta(hours=6))
    chain = list(Standing.objects.filter(obligation=duty).order_by("since", "pk"))
    assert [each.state for each in chain] == [
        "assigned",
        "reported",
        "returned",
        "reported",
        "accepted",
        "returned",
        "waived",
        "assigned",
    ]
    assert all(before.until == after.since for before, after in itertools.pairwise(chain))
    assert chain[-1].until is None
    assert Standing.objects.at(AT + timedelta(hours=3, minutes=30)).get(obligation=duty).state == "accepted"
    assert Standing.objects.at(ADOPTED).get(obligation=duty).state == "assigned"


def test_a_step_dated_before_the_last_one_does_not_break_the_chain(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.accept(duty, by=people.municipal, at=AT - timedelta(hours=5))
    assert last(duty).since == AT


@pytest.mark.parametrize("step", [Step.RETURN, Step.WAIVE])
def test_a_reason_is_wanted(plan: SmallRegion, people: People, step: Step) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    with pytest.raises(ValidationError) as caught:
        obligations.decide([duty.pk], step, by=people.controller, at=AT, reason="  ")
    assert refusals(caught) == {"reason"}
    assert last(duty).state == "reported"


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("controller", True),
        ("ministry", True),
        ("coordinator", True),
        ("municipal", True),
        ("other_municipal", False),
        ("school", False),
        ("institute", False),
        ("administrator", False),
        ("observer", False),
        ("newcomer", False),
    ],
)
def test_who_accepts_a_school(plan: SmallRegion, people: People, who: str, *, allowed: bool) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    if allowed:
        assert obligations.accept(duty, by=getattr(people, who), at=AT).state == "accepted"
        return
    with pytest.raises(DeniedError):
        obligations.accept(duty, by=getattr(people, who), at=AT)
    assert last(duty).state == "reported"


def test_nobody_accepts_what_their_own_organisation_reported(plan: SmallRegion, people: People) -> None:
    mine = of(plan.ministry, "11")
    obligations.report(mine, Answer(files=(Upload("справка.pdf", PDF),)), by=people.ministry, at=AT)
    with pytest.raises(DeniedError):
        obligations.accept(mine, by=people.ministry, at=AT)
    assert obligations.accept(mine, by=people.controller, at=AT).state == "accepted"


def test_many_are_decided_all_or_none(plan: SmallRegion, people: People) -> None:
    first, second, third = (of(school) for school in (*plan.schools_of(0), plan.schools_of(1)[0]))
    obligations.report(first, order(), by=people.school, at=AT)
    obligations.report(third, order(), by=people.other_school, at=AT)
    with pytest.raises(ForbiddenStepError), transaction.atomic():
        obligations.decide([first.pk, second.pk], Step.ACCEPT, by=people.municipal, at=AT)
    with pytest.raises(DeniedError), transaction.atomic():
        obligations.decide([first.pk, third.pk], Step.ACCEPT, by=people.municipal, at=AT)
    assert last(first).state == "reported"
    assert len(obligations.decide([first.pk, third.pk], Step.ACCEPT, by=people.coordinator, at=AT)) == 2
    assert Entry.objects.filter(action="obligation.accepted").count() == 2


def statements(ids: list[int], people: People) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        obligations.decide(ids, Step.WAIVE, by=people.controller, at=AT, reason="не требуется")
    return len(seen)


def test_many_cost_as_many_statements_as_one(plan: SmallRegion, people: People) -> None:
    ids = [of(school).pk for school in plan.schools]
    statements([of(plan.state_school).pk], people)  # what is asked once for the person
    assert statements(ids[:1], people) == statements(ids[1:], people)


@pytest.mark.parametrize("step", [Step.ACCEPT, Step.RETURN, Step.RESUME])
def test_a_step_that_does_not_exist_is_refused(plan: SmallRegion, people: People, step: Step) -> None:
    with pytest.raises(ForbiddenStepError):
        obligations.decide([of(plan.schools[0]).pk], step, by=people.controller, at=AT, reason="так")


def test_what_is_accepted_is_not_reported_again(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.accept(duty, by=people.municipal, at=AT)
    with pytest.raises(ForbiddenStepError):
        obligations.report(duty, order(), by=people.school, at=AT)
    assert duty.reports.count() == 1


@pytest.mark.parametrize("who", ["municipal", "coordinator", "school", "institute", "observer", "administrator"])
def test_only_the_ministry_and_the_controller_release(plan: SmallRegion, people: People, who: str) -> None:
    with pytest.raises(DeniedError):
        obligations.waive(of(plan.schools[0]), reason="не нужно", by=getattr(people, who), at=AT)
