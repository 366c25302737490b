"""What stands on a day, who has none, what is prefilled; and how the filter of an address is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from profminimum.orgs import services as orgs
from profminimum.registers import listing, overview
from profminimum.registers.listing import Ask
from profminimum.registers.models import Record
from profminimum.registers.queries import for_prefill, history, in_force, kinds, without
from profminimum.registers.services import correct, enter
from register_entries import ANNA, AT, AUGUST, BORIS, DECEMBER, ORDER, SEPTEMBER, level, member, person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People
    from profminimum.registers.services import Entry

pytestmark = pytest.mark.usefixtures("december")


def put(region: SmallRegion, *entries: Entry, since: date = SEPTEMBER) -> None:
    enter(entries, region=region.region.pk, since=since, by=None, at=AT)


def names(region: SmallRegion, kind: str, on: date, period: str = "") -> set[str]:
    return {one.code for one in without(kinds()[kind], on, region=region.region.pk, period=period)}


def test_who_has_none_as_of_a_day(region: SmallRegion) -> None:
    everyone = {"А1", "А2", "А1-Ш1", "А1-Ш2", "А2-Ш1", "А2-Ш2", "ГШ1"}
    assert names(region, "responsible", SEPTEMBER) == everyone
    put(region, person(region.schools[0]), since=SEPTEMBER)
    put(region, person(region.authorities[0]), since=DECEMBER)
    assert names(region, "responsible", SEPTEMBER) == everyone - {"А1-Ш1"}
    assert names(region, "responsible", DECEMBER) == everyone - {"А1-Ш1", "А1"}
    assert names(region, "responsible", AUGUST) == everyone


def test_a_level_of_another_school_year_is_none(region: SmallRegion) -> None:
    put(region, level(region.schools[0]))
    assert "А1-Ш1" not in names(region, "level", DECEMBER, "2023/2024")
    assert "А1-Ш1" in names(region, "level", DECEMBER, "2024/2025")
    assert not names(region, "level", DECEMBER, "2024/2025") & {"А1", "А1-Ш1-Ф"}


def test_a_school_that_is_closed_is_not_missing(region: SmallRegion, people: People) -> None:
    orgs.close_organisation(region.schools[1], on=SEPTEMBER, act="постановление", by=people.ministry, at=AT)
    assert "А1-Ш2" in names(region, "responsible", SEPTEMBER - timedelta(1))
    assert "А1-Ш2" not in names(region, "responsible", SEPTEMBER)


def test_prefill_gives_values_and_the_act_of_the_school_year(
    region: SmallRegion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    school, other = region.schools[:2]
    put(region, person(school), level(school), level(school, "advanced", 80, period="2024/2025"))
    put(region, person(other, BORIS), since=DECEMBER)
    with django_assert_num_queries(1):
        found = for_prefill([school.pk, other.pk], SEPTEMBER, "2023/2024")
    assert found == {
        school.pk: {
            "responsible": {"person": ANNA, "act_number": "12-ОД", "act_date": "2023-08-25"},
            "level": {"level": "main", "hours": 60, "act_number": "12-ОД", "act_date": "2023-08-25"},
        }
    }
    assert for_prefill([], SEPTEMBER, "2023/2024") == {}


def test_prefill_takes_the_first_of_a_roster(region: SmallRegion) -> None:
    place = region.coordinator
    put(region, member(place, "Б", 2), member(place, "А", 1))
    assert for_prefill([place.pk], SEPTEMBER, "")[place.pk]["group"]["person"]["name"] == "А"


def test_in_force_of_some_organisations(region: SmallRegion) -> None:
    put(region, *(person(school) for school in region.schools))
    some = [region.schools[0].pk, region.schools[3].pk]
    found = in_force("responsible", SEPTEMBER, region=region.region.pk, organisations=some)
    assert sorted(row.organisation_id for row in found) == sorted(some)
    assert in_force("responsible", AUGUST, region=region.region.pk).count() == 0


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("administrator", 7),
        ("controller", 7),
        ("ministry", 7),
        ("coordinator", 7),
        ("institute", 0),
        ("municipal", 3),
        ("school", 1),
        ("state_school", 1),
        ("branch", 0),
        ("observer", 0),
        ("newcomer", 0),
    ],
)
def test_each_sees_the_entries_in_reach(region: SmallRegion, people: People, name: str, seen: int) -> None:
    put(region, *(person(place) for place in (*region.authorities, *region.schools, region.state_school)))
    assert Record.objects.visible_to(getattr(people, name)).count() == seen


def test_the_authority_keeps_seeing_what_a_closed_school_had(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[1]))
    orgs.close_organisation(region.schools[1], on=DECEMBER, act="постановление", by=people.ministry, at=AT)
    assert history(people.municipal, region.schools[1].pk).count() == 1
    assert history(people.other_municipal, region.schools[1].pk).count() == 0


def test_the_history_begins_with_the_newest(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, person(school), level(school), since=AUGUST)
    put(region, person(school, BORIS), since=DECEMBER)
    assert [row.values["person"]["name"][:3] for row in history(people.school, school.pk, "responsible")] == [
        "Бор",
        "Ива",
    ]
    assert history(people.school, school.pk).count() == 3


LEVEL, PERSON = "level", "responsible"


@pytest.mark.parametrize(
    ("kind", "params", "ask"),
    [
        (PERSON, {}, Ask()),
        (LEVEL, {}, Ask(period="2023/2024")),
        (LEVEL, {"on": "2023-07-31"}, Ask(period="2022/2023", on=date(2023, 7, 31))),
        (LEVEL, {"on": "2023-08-25"}, Ask(period="2023/2024", on=AUGUST)),
        (LEVEL, {"period": "2024/2025", "level": "main"}, Ask(period="2024/2025", level="main")),
        (LEVEL, {"period": "2024/2026", "level": "highest"}, Ask(period="2023/2024")),
        (PERSON, {"period": "2024/2025", "level": "main", "view": "levels"}, Ask()),
        (LEVEL, {"view": "levels"}, Ask(period="2023/2024", view="levels")),
        (PERSON, {"view": "missing", "sort": "-since"}, Ask(view="missing", sort="-since")),
        (PERSON, {"view": "nonsense", "sort": "password"}, Ask()),
        (PERSON, {"unit": "state", "words": "  лицей "}, Ask(unit="state", words="лицей")),
        (PERSON, {"unit": "12"}, Ask(unit="12")),
        (PERSON, {"unit": "²"}, Ask()),
        (PERSON, {"unit": "9" * 30}, Ask()),
        (PERSON, {"on": "2023-13-45"}, Ask()),
        (PERSON, {"on": "2024-05-01"}, Ask()),
        (PERSON, {"on": "2023-12-02"}, Ask()),
    ],
)
def test_the_address_is_read_kindly(kind: str, params: dict[str, str], ask: Ask) -> None:
    assert listing.read(params, kinds()[kind]) == ask


def codes(region: SmallRegion, people: People, kind: str, **ask: str) -> list[str]:
    """Codes of the organisations in the list, in its order."""
    one = kinds()[kind]
    wish = replace(listing.read({}, one), **ask)  # type: ignore[arg-type]  # texts, as the address has them
    found = listing.found(people.ministry, region.region.pk, one, wish)
    return [row.code for row in listing.rows(listing.ordered(found, one, wish), one, {})]


def test_filters_and_orders(region: SmallRegion, people: People) -> None:
    first, second, third, fourth = region.schools
    later = replace(ORDER, date=SEPTEMBER, number="99-ОД")
    put(region, level(first, "main", 60), level(second, "advanced", 80), level(third, "base", 40, act=later))
    put(region, level(region.state_school, "base", 40), since=DECEMBER)
    assert codes(region, people, "level") == ["ГШ1", "А1-Ш1", "А2-Ш1", "А1-Ш2"]
    assert codes(region, people, "level", sort="value") == ["ГШ1", "А2-Ш1", "А1-Ш1", "А1-Ш2"]
    assert codes(region, people, "level", sort="-value")[0] == "А1-Ш2"
    assert codes(region, people, "level", sort="-act")[0] == "А2-Ш1"
    assert codes(region, people, "level", sort="-since")[0] == "ГШ1"
    assert codes(region, people, "level", level="base") == ["ГШ1", "А2-Ш1"]
    assert codes(region, people, "level", unit=str(region.authorities[0].pk)) == ["А1-Ш1", "А1-Ш2"]
    assert codes(region, people, "level", unit="state") == ["ГШ1"]
    assert codes(region, people, "level", words="99-од") == ["А2-Ш1"]
    assert codes(region, people, "level", words="продвинутый") == ["А1-Ш2"]
    assert codes(region, people, "level", words="лицей базовый") == ["ГШ1"]
    assert codes(region, people, "level", words="лицей основной") == []
    assert fourth.code not in codes(region, people, "level")


def test_people_are_sorted_and_found_by_name(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0], ANNA), person(region.schools[1], BORIS))
    assert codes(region, people, "responsible", sort="value") == ["А1-Ш2", "А1-Ш1"]
    assert codes(region, people, "responsible", words="иванова анна") == ["А1-Ш1"]


def test_a_roster_stands_by_role(region: SmallRegion, people: People) -> None:
    place = region.coordinator
    put(region, member(place, "А", 1), member(place, "Б", 2, "secretary"), member(place, "В", 3, "chair"))
    one = kinds()["group"]
    rows = listing.ordered(listing.found(people.ministry, region.region.pk, one, Ask()), one, Ask())
    assert [row.values["person"]["name"] for row in rows] == ["В", "Б", "А"]


def test_names_are_those_of_the_day(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, person(school), since=AUGUST)
    details = {"name": "Гимназия имени Чехова", "short_name": "Гимназия"}
    orgs.change_organisation(school, on=DECEMBER, by=people.ministry, at=AT, **details)  # type: ignore[arg-type]  # a part of it
    one = kinds()["responsible"]
    for day, name in ((SEPTEMBER, "МБОУ СОШ № 1 (А1)"), (DECEMBER, "Гимназия")):
        ask = Ask(on=day)
        (row,) = listing.rows(listing.found(people.ministry, region.region.pk, one, ask), one, {})
        assert row.organisation == name


def test_the_overview_counts_as_of_a_day(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(region, person(region.schools[0]), level(region.schools[0]), level(region.schools[1], "base", 40))
    put(region, person(region.authorities[0]), level(region.schools[0], period="2024/2025"), since=DECEMBER)
    put(region, member(region.coordinator, "А", 1), member(region.coordinator, "Б", 2), since=DECEMBER)
    overview.lines(people.ministry, region.region.pk, SEPTEMBER)  # asks for the seats once
    with django_assert_num_queries(3):
        responsible, group, levels = overview.lines(people.ministry, region.region.pk, DECEMBER)
    assert (responsible.due, responsible.having, responsible.missing) == (7, 2, 5)
    assert (group.due, group.having, group.entries) == (1, 1, 2)
    assert (levels.period, levels.due, levels.having) == ("2023/2024", 5, 2)
    assert [(name, count) for name, _words, count in levels.by_level] == [("base", 1), ("main", 1), ("advanced", 0)]
    assert responsible.last == DECEMBER
    before, _group, _levels = overview.lines(people.ministry, region.region.pk, SEPTEMBER)
    assert (before.having, before.last) == (1, SEPTEMBER)


def test_the_last_change_may_be_an_ending(region: SmallRegion, people: People) -> None:
    correct(person(region.schools[0]), since=AUGUST, reason="так", by=people.ministry, at=AT)
    put(region, person(region.schools[1]), since=AUGUST)
    Record.objects.filter(organisation=region.schools[1]).update(until=DECEMBER)
    line = overview.lines(people.ministry, region.region.pk, DECEMBER)[0]
    assert (line.last, line.having) == (DECEMBER, 1)


def test_a_school_is_told_of_its_own_registers_alone(region: SmallRegion, people: People) -> None:
    put(region, *(person(school) for school in region.schools))
    found = {
        line.kind.name: (line.having, line.due) for line in overview.lines(people.school, region.region.pk, SEPTEMBER)
    }
    assert found == {"responsible": (1, 1), "level": (0, 1)}
