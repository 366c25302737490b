"""The list of obligations: filters in the address, past days, many decisions at once, the workbook."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from decrees import adopted
from evidence import order
from factories import small_region
from people import browser, people_of
from profminimum.plan.models import Measure, Obligation, Standing
from profminimum.plan.queries.obligations import Ask, read
from profminimum.plan.services import extensions, obligations
from profminimum.web import clock

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")
AT = datetime(2023, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))


@pytest.fixture
def plan(region: SmallRegion, people: People) -> SmallRegion:
    adopted(region, people)
    return region


def of(organisation: Any, number: str = "2") -> Obligation:
    return Obligation.objects.filter(measure__number=number, organisation=organisation).earliest("occurrence__number")


def state(obligation: Obligation) -> str:
    return Standing.objects.at().get(obligation=obligation).state


def found(person: Any, query: str = "") -> set[int]:
    """Ids of the obligations on the page."""
    answer = browser(person).get(reverse("obligations") + query)
    assert answer.status_code == 200
    return {row.standing.obligation_id for row in answer.context["rows"]}


def ids(**which: Any) -> set[int]:
    return set(Standing.objects.at().filter(**which).values_list("obligation_id", flat=True))


@pytest.mark.parametrize(
    ("params", "ask"),
    [
        ({}, Ask()),
        ({"measure": "7", "unit": "x", "state": "late"}, Ask(measure=7, state="overdue")),
        ({"overdue": "1"}, Ask(state="overdue")),
        ({"state": "nonsense", "kind": "schools", "sort": "-due"}, Ask(kind="schools", sort="-due")),
        ({"sort": "drop table", "measure": "9" * 40, "unit": "²"}, Ask()),
        ({"on": "2023-11-01"}, Ask(on=date(2023, 11, 1))),
        ({"on": "2023-12-02"}, Ask()),
        ({"on": "2029-01-01"}, Ask()),
        ({"on": "2023-13-45", "from": "x"}, Ask()),
        ({"from": "2023-09-01", "to": "2023-09-30"}, Ask(due_from=date(2023, 9, 1), due_to=date(2023, 9, 30))),
    ],
)
def test_the_address_is_read_kindly(params: dict[str, str], ask: Ask) -> None:
    assert read(params) == ask


def test_each_sees_what_is_in_reach(plan: SmallRegion, people: People) -> None:
    assert found(people.ministry) == ids()
    assert found(people.school) == ids(organisation=plan.schools[0])
    assert found(people.municipal) == ids(unit=plan.authorities[0])
    assert found(people.institute) == ids(organisation=plan.institute)
    other = people_of(small_region(code="66"), domain="example.net")
    assert found(other.ministry) == set()
    assert browser(people.newcomer).get(reverse("obligations")).status_code == 403
    assert browser(None).get(reverse("obligations")).status_code == 302


def test_every_filter_narrows(plan: SmallRegion, people: People) -> None:
    row = Measure.objects.get(number="2")
    school = plan.schools[0]
    obligations.report(of(school), order(), by=people.school, at=AT)
    extensions.request(
        of(plan.schools_of(1)[0]), new_due=date(2024, 1, 15), reason="так", by=people.other_school, at=AT
    )
    who = people.ministry
    assert found(who, f"?measure={row.pk}") == ids(measure=row)
    assert found(who, f"?unit={plan.authorities[1].pk}") == ids(unit=plan.authorities[1])
    assert found(who, f"?organisation={school.pk}") == ids(organisation=school)
    assert found(who, "?kind=authorities") == ids(kind="authority")
    assert found(who, "?state=reported") == ids(state="reported") == {of(school).pk}
    assert found(who, "?overdue=1") == ids(state="assigned", due__lt=date(2023, 12, 2))
    assert found(who, "?state=done") == ids(state__in=["reported", "accepted"])
    assert found(who, "?state=soon") == ids(state="assigned", due__gte=date(2023, 12, 2), due__lte=date(2023, 12, 31))
    assert found(who, "?from=2023-09-22&to=2023-09-22") == ids(due=date(2023, 9, 22))
    assert found(who, "?words=лицей") == ids(organisation=plan.state_school)
    assert found(who, "?words=ШКОЛА А2 назначение") == ids(organisation__in=plan.schools_of(1), measure=row)
    assert found(who, "?extension=me") == {of(plan.schools_of(1)[0]).pk}
    assert found(people.municipal, "?reviewer=me") == {of(school).pk}
    assert found(who, "?reviewer=me") == set()


@pytest.mark.parametrize(
    "sort", ["due", "-due", "organisation", "-organisation", "measure", "-measure", "since", "-since"]
)
def test_every_order_shows_the_same(plan: SmallRegion, people: People, sort: str) -> None:
    assert found(people.ministry, f"?sort={sort}") == ids()


def test_a_past_day_is_shown_as_it_was_and_only_to_be_read(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    assert duty.pk in found(people.ministry, "?on=2023-11-01&state=overdue")
    assert duty.pk not in found(people.ministry, "?state=overdue")
    answer = browser(people.ministry).get(reverse("obligations") + "?on=2023-11-01")
    assert "Только для просмотра" in answer.content.decode()
    assert answer.context["steps"] == []
    assert found(people.ministry, "?on=2023-09-01") == set(), "before the plan there was nothing"


def test_an_organisation_outside_is_not_named(plan: SmallRegion, people: People) -> None:
    shown = (
        browser(people.school).get(reverse("obligations") + f"?organisation={plan.schools[2].pk}").content.decode()
    )
    assert "(А2)" not in shown


def test_decisions_are_offered_by_right_and_by_state(plan: SmallRegion, people: People) -> None:
    def offered(person: Any, query: str) -> set[str]:
        return {name for name, _title in browser(person).get(reverse("obligations") + query).context["steps"]}

    assert offered(people.ministry, "") == {"accept", "return", "extend", "waive"}
    assert offered(people.ministry, "?state=overdue") == {"extend", "waive"}
    assert offered(people.municipal, "") == {"accept", "return"}
    assert offered(people.municipal, "?state=accepted") == set()
    assert offered(people.school, "") == offered(people.observer, "") == set()


def many(person: Any, step: str, *duties: Obligation, **data: Any) -> Any:
    sent = {"step": step, "id": [duty.pk for duty in duties], **data}
    return browser(person).post(reverse("obligations_many"), sent)


def test_many_are_first_shown_then_accepted(plan: SmallRegion, people: People) -> None:
    mine, other, silent = of(plan.schools[0]), of(plan.schools_of(1)[0]), of(plan.schools[1])
    obligations.report(mine, order(), by=people.school, at=AT)
    obligations.report(other, order(), by=people.other_school, at=AT)
    answer = many(people.coordinator, "accept", mine, other, silent)
    choice = answer.context["choice"]
    assert {standing.obligation_id for standing in choice.can} == {mine.pk, other.pk}
    assert choice.states == {"assigned": 1}
    assert state(mine) == "reported", "nothing happens before it is confirmed"
    answer = many(people.coordinator, "accept", ids=choice.ids, confirmed="1")
    assert answer.status_code == 302
    assert state(mine) == state(other) == "accepted"


def test_many_of_another_authority_cannot_be_touched(plan: SmallRegion, people: People) -> None:
    other = of(plan.schools_of(1)[0])
    obligations.report(other, order(), by=people.other_school, at=AT)
    assert many(people.municipal, "accept", other).status_code == 302, "not seen: nothing is chosen"
    own = of(plan.authorities[0])
    obligations.report(own, order(), by=people.municipal, at=AT)
    choice = many(people.municipal, "accept", own).context["choice"]
    assert not choice.can
    assert sum(choice.refused.values()) == 1
    assert many(people.municipal, "accept", own, confirmed="1").status_code == 403
    assert many(people.municipal, "waive", own).status_code == 403
    assert many(people.school, "accept", own).status_code == 403
    assert many(people.ministry, "explode", own).status_code == 404
    assert browser(people.ministry).get(reverse("obligations_many")).status_code == 405


def test_one_reason_for_all_and_a_change_in_between(plan: SmallRegion, people: People) -> None:
    first, second = of(plan.authorities[0]), of(plan.authorities[1])
    obligations.report(first, order(), by=people.municipal, at=AT)
    obligations.report(second, order(), by=people.other_municipal, at=AT)
    assert many(people.ministry, "return", first, second, confirmed="1", reason="").status_code == 422
    obligations.accept(second, by=people.controller, at=AT)
    answer = many(people.ministry, "return", first, second, confirmed="1", reason="неполно")
    assert answer.status_code == 409
    assert (state(first), state(second)) == ("reported", "accepted")
    assert many(people.ministry, "return", first, confirmed="1", reason="неполно").status_code == 302
    assert state(first) == "returned"


def test_all_that_the_filter_finds_is_moved(plan: SmallRegion, people: People) -> None:
    query = f"measure={Measure.objects.get(number='2').pk}&state=overdue"
    answer = browser(people.ministry).post(
        reverse("obligations_many"), {"step": "extend", "all": "1", "query": query}
    )
    choice = answer.context["choice"]
    assert len(choice.can) == 7
    data = {"step": "extend", "ids": choice.ids, "confirmed": "1", "new_due": "2024-01-15", "reason": "карантин"}
    assert browser(people.ministry).post(reverse("obligations_many"), data).status_code == 302
    assert found(people.ministry, f"?{query}") == set()


def test_the_workbook_holds_what_the_filter_finds(plan: SmallRegion, people: People) -> None:
    answer: Any = browser(people.municipal).get(reverse("obligations_xlsx") + "?overdue=1")
    content = answer.getvalue()
    answer.close()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    table = rows.to_python()
    assert len(table) == 2 + len(found(people.municipal, "?overdue=1"))
    assert date(2023, 9, 22) in table[2]


@pytest.mark.parametrize("name", ["obligations", "obligations_xlsx"])
def test_constant_queries(
    region: SmallRegion, people: People, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    adopted(region, people)
    client = browser(people.ministry)
    client.get(reverse(name)).close()
    costs = {"obligations": 9, "obligations_xlsx": 6}
    one = f"?organisation={region.state_school.pk}&from=2023-09-01&to=2023-09-30"
    for query in (one, "?from=2023-09-01&to=2023-09-30"):
        extra = int(name == "obligations" and query == one) * 2  # the name of the organisation
        with django_assert_num_queries(costs[name] + extra):
            answer: Any = client.get(reverse(name) + query)
            assert answer.status_code == 200
        answer.close()


def test_the_clock_decides_what_is_late(plan: SmallRegion, people: People) -> None:
    with clock.at(datetime(2023, 9, 22, 23, 30, tzinfo=ZoneInfo("Asia/Sakhalin"))):
        assert of(plan.schools[0]).pk not in found(people.school, "?overdue=1"), "«до 22.09» includes that day"
    with clock.at(datetime(2023, 9, 23, 0, 30, tzinfo=ZoneInfo("Asia/Sakhalin"))):
        assert of(plan.schools[0]).pk in found(people.school, "?overdue=1")
