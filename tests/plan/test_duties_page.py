"""«My duties»: what is to be done now by whom, what waits for whose check, and at what price."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from decrees import adopted
from evidence import order
from factories import small_region
from people import browser, people_of
from profminimum.orgs import access
from profminimum.plan.models import Obligation
from profminimum.plan.queries.duties import bundle_of, waiting
from profminimum.plan.services import extensions, obligations

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")
AT = datetime(2023, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
SATURDAY = date(2023, 12, 2)


@pytest.fixture
def plan(region: SmallRegion, people: People) -> SmallRegion:
    adopted(region, people)
    return region


def of(organisation: Any, number: str = "2") -> Obligation:
    return Obligation.objects.filter(measure__number=number, organisation=organisation).earliest("occurrence__number")


def page(person: Any) -> str:
    answer = browser(person).get(reverse("duties"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("state", "due", "bundle"),
    [
        ("assigned", date(2023, 12, 1), "overdue"),
        ("assigned", SATURDAY, "week"),
        ("assigned", date(2023, 12, 3), "week"),
        ("assigned", date(2023, 12, 4), "next"),
        ("assigned", date(2023, 12, 10), "next"),
        ("assigned", date(2023, 12, 11), "later"),
        ("assigned", None, "undated"),
        ("returned", date(2023, 9, 1), "returned"),
        ("returned", None, "returned"),
        ("reported", date(2023, 9, 1), "done"),
        ("accepted", None, "done"),
        ("waived", SATURDAY, "done"),
    ],
)
def test_how_urgent_a_duty_is(state: str, due: date | None, bundle: str) -> None:
    assert bundle_of(state, due, SATURDAY) == bundle


def test_a_school_sees_its_own_duties_and_no_others(plan: SmallRegion, people: People) -> None:
    shown = page(people.school)
    assert "Назначить должностных лиц" in shown
    assert 'id="overdue"' in shown
    assert "просрочено на" in shown
    assert "нужен распорядительный акт" in shown
    assert reverse("obligation", args=[of(plan.schools[0]).pk]) in shown
    assert reverse("obligation", args=[of(plan.schools[1]).pk]) not in shown
    assert 'id="review"' not in shown


def test_a_returned_report_says_why_and_who(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    assert 'id="returned"' not in page(people.school)
    obligations.send_back(duty, reason="Нет второй страницы", by=people.municipal, at=AT)
    shown = page(people.school)
    assert 'id="returned"' in shown
    assert "Нет второй страницы" in shown
    assert "Муниципальный" in shown


def test_reports_wait_for_the_one_who_checks(plan: SmallRegion, people: People) -> None:
    for school, who in zip(plan.schools_of(1)[:1], [people.other_school], strict=True):
        obligations.report(of(school), order(), by=who, at=AT)
    assert "1 отчёт ждёт проверки" in page(people.other_municipal)
    assert "1 отчёт ждёт проверки" in page(people.coordinator)
    for person in (people.municipal, people.ministry, people.controller, people.observer, people.other_school):
        assert 'id="review"' not in page(person)


def test_the_ministry_does_not_check_itself_but_the_controller_does(plan: SmallRegion, people: People) -> None:
    obligations.report(of(plan.ministry, "3"), order(), by=people.ministry, at=AT)
    assert 'id="review"' not in page(people.ministry)
    assert 'id="review"' in page(people.controller)


def test_requests_wait_for_those_who_decide(plan: SmallRegion, people: People) -> None:
    extensions.request(of(plan.schools[0]), new_due=date(2024, 1, 15), reason="карантин", by=people.school, at=AT)
    for person in (people.ministry, people.controller):
        assert "карантин" in page(person)
    for person in (people.municipal, people.coordinator, people.observer):
        assert 'id="extensions"' not in page(person)


def test_an_authority_sees_its_schools_folded(plan: SmallRegion, people: People) -> None:
    shown = page(people.municipal)
    assert 'id="schools"' in shown
    assert "исполнено 0 из 2" in shown
    assert "просрочено: 2" in shown


@pytest.mark.parametrize("who", ["controller", "observer", "administrator"])
def test_those_without_duties_are_told_what_the_page_is_for(plan: SmallRegion, people: People, who: str) -> None:
    shown = page(getattr(people, who))
    assert "Вас ничего не ждёт" in shown


def test_when_all_is_done_the_next_date_is_said(plan: SmallRegion, people: People) -> None:
    obligations.report(of(plan.schools[0]), order(), by=people.school, at=AT)
    obligations.waive(of(plan.schools[0], "8"), reason="не проводит", by=people.ministry, at=AT)
    shown = page(people.school)
    assert "На этой неделе всё сделано" in shown
    assert "Сделано недавно" in shown


def test_strangers_and_people_without_a_role(plan: SmallRegion, people: People) -> None:
    assert browser(None).get(reverse("duties")).status_code == 302
    assert browser(people.newcomer).get(reverse("duties")).status_code == 403
    assert browser(people.school).post(reverse("duties")).status_code == 405
    other = people_of(small_region(code="66"), domain="example.net")
    assert "Назначить должностных лиц" not in page(other.school)


def test_the_figure_beside_the_page(plan: SmallRegion, people: People) -> None:
    def figure(person: Any) -> int:
        access.forget(person)
        return waiting(person, access.seats(person)[0])

    assert waiting(people.newcomer, None) == 0
    assert figure(people.school) == 2, "rows 2 and 8 are overdue"
    assert figure(people.observer) == 0
    before = figure(people.municipal)
    obligations.report(of(plan.schools[0]), order(), by=people.school, at=AT)
    assert figure(people.school) == 1
    assert figure(people.municipal) == before + 1
    assert figure(people.controller) == 0
    extensions.request(of(plan.schools[0], "8"), new_due=date(2024, 1, 15), reason="так", by=people.school, at=AT)
    assert figure(people.controller) == 1


def test_constant_queries(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = region
    adopted(region, people)
    browser(people.ministry).get(reverse("duties"))
    obligations.report(of(plan.state_school), order(), by=people.state_school, at=AT)
    client = browser(people.ministry)
    with django_assert_num_queries(10):
        client.get(reverse("duties"))
    for authority, who in zip(plan.authorities, (people.municipal, people.other_municipal), strict=True):
        obligations.report(of(authority), order(), by=who, at=AT)
    extensions.request(of(plan.schools[0]), new_due=date(2024, 1, 15), reason="карантин", by=people.school, at=AT)
    with django_assert_num_queries(10):
        client.get(reverse("duties"))
