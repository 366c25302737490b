"""How entries come and go: what is refused, what replaces what, what the journal keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from evidence import EXE, PDF
from profminimum.journal.models import Entry as Told
from profminimum.orgs.access import DeniedError
from profminimum.plan import files
from profminimum.plan.files import Upload
from profminimum.registers.models import Record
from profminimum.registers.services import Act, Entry, correct, end, enter, hand_out, replace_roster
from register_entries import ANNA, AT, AUGUST, BORIS, DECEMBER, ORDER, SEPTEMBER, level, member, person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People


def put(region: SmallRegion, *entries: Entry, since: date = SEPTEMBER) -> int:
    return enter(entries, region=region.region.pk, since=since, by=None, at=AT)


def held(kind: str, on: date, place: Any = None) -> list[dict[str, Any]]:
    rows = Record.objects.filter(kind=kind).on(on).order_by("organisation", "number")
    return [row.values for row in (rows.filter(organisation=place) if place else rows)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"values": {}}, "values"),
        ({"values": {"person": ""}}, "values"),
        ({"values": {"person": ANNA, "passport": "6400 123456"}}, "passport"),
        ({"values": {"person": ANNA | {"birthday": "1980-01-01"}}}, "person"),
        ({"values": {"person": "Иванова"}}, "person"),
        ({"values": {"person": {"name": " ", "post": "директор"}}}, "person"),
        ({"values": {"person": {"name": "И" * 301}}}, "person"),
        ({"period": "2023/2024"}, "period"),
    ],
)
def test_a_responsible_person_is_refused(region: SmallRegion, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        put(region, replace(person(region.schools[0]), **changes))
    assert list(refused.value.error_dict) == [field]
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("name", "hours", "period", "field"),
    [
        ("main", 60, "2023/2024", ""),
        ("base", 40, "2024/2025", ""),
        ("base", 40, "2025/2026", "level"),
        ("advanced", 79.5, "2023/2024", "hours"),
        ("advanced", 80.5, "2023/2024", ""),
        ("main", 0, "2023/2024", "hours"),
        ("main", -1, "2023/2024", "hours"),
        ("main", "60", "2023/2024", "hours"),
        ("main", True, "2023/2024", "hours"),
        ("main", 60, "", "period"),
        ("main", 60, "2023/2025", "period"),
        ("highest", 60, "2023/2024", "level"),
        ([], 60, "2023/2024", "level"),
    ],
)
def test_levels_by_school_year_and_hours(region: SmallRegion, name: Any, hours: Any, period: str, field: str) -> None:
    entry = Entry("level", region.schools[0].pk, {"level": name, "hours": hours}, period=period)
    if not field:
        assert put(region, entry) == 1
        return
    with pytest.raises(ValidationError) as refused:
        put(region, entry)
    assert list(refused.value.error_dict) == [field]


def test_a_level_without_hours_is_taken(region: SmallRegion) -> None:
    assert put(region, Entry("level", region.schools[0].pk, {"level": "main"}, period="2023/2024")) == 1


def test_a_role_that_the_pack_does_not_know(region: SmallRegion) -> None:
    with pytest.raises(ValidationError) as refused:
        put(region, member(region.coordinator, "Иванова", 1, "boss"))
    assert list(refused.value.error_dict) == ["role"]


def test_all_or_nothing(region: SmallRegion) -> None:
    with pytest.raises(ValidationError):
        put(region, person(region.schools[0]), person(region.schools[1], {"post": "директор"}))
    assert not Record.objects.exists()


def test_a_new_value_ends_the_one_before_it(region: SmallRegion) -> None:
    school = region.schools[0]
    put(region, person(school), since=AUGUST)
    assert put(region, person(school, BORIS, act=Act("Приказ", "40-ОД", DECEMBER)), since=DECEMBER) == 1
    assert held("responsible", DECEMBER - timedelta(1)) == [{"person": ANNA}]
    assert held("responsible", DECEMBER) == [{"person": BORIS}]
    assert held("responsible", AUGUST - timedelta(1)) == []
    first = Record.objects.earliest("pk")
    assert (first.until, first.ended) == (DECEMBER, AT)


def test_the_same_again_changes_nothing(region: SmallRegion) -> None:
    school = region.schools[0]
    put(region, person(school), since=AUGUST)
    assert put(region, person(school, origin="submission:1:2"), since=DECEMBER) == 0
    assert Record.objects.count() == 1
    assert Told.objects.filter(action="record.entered").count() == 1


def test_another_act_for_the_same_person_is_a_new_entry(region: SmallRegion) -> None:
    put(region, person(region.schools[0]), since=AUGUST)
    assert put(region, person(region.schools[0], act=Act("Приказ", "40-ОД", DECEMBER)), since=DECEMBER) == 1


def test_twice_on_one_day_only_the_last_holds(region: SmallRegion) -> None:
    put(region, person(region.schools[0]))
    put(region, person(region.schools[0], BORIS))
    assert held("responsible", SEPTEMBER) == [{"person": BORIS}]


def test_what_is_entered_for_a_past_day_ends_all_that_came_after(region: SmallRegion) -> None:
    school = region.schools[0]
    put(region, person(school), since=SEPTEMBER)
    put(region, person(school, BORIS), since=DECEMBER)
    third = {"name": "Третьяков Тимофей", "post": "педагог"}
    put(region, person(school, third), since=AUGUST)
    for day in (AUGUST, SEPTEMBER, DECEMBER, DECEMBER + timedelta(400)):
        assert held("responsible", day) == [{"person": third}]


def test_an_entry_that_will_end_gives_way_to_a_new_one(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, person(school), since=AUGUST)
    end(Record.objects.get(), on=DECEMBER, reason="уволена", by=people.coordinator, at=AT)
    put(region, person(school, BORIS), since=SEPTEMBER)
    assert held("responsible", SEPTEMBER) == [{"person": BORIS}]
    assert held("responsible", DECEMBER - timedelta(1)) == [{"person": BORIS}]


def test_each_school_year_has_its_own_level(region: SmallRegion) -> None:
    school = region.schools[0]
    put(region, level(school, "base", 40), since=AUGUST)
    put(region, level(school, "main", 60, period="2024/2025"), since=DECEMBER)
    rows = Record.objects.filter(kind="level").on(DECEMBER)
    assert {row.period: row.values["level"] for row in rows} == {"2023/2024": "base", "2024/2025": "main"}


def test_a_roster_is_replaced_whole(region: SmallRegion) -> None:
    place = region.coordinator
    put(region, *(member(place, name, number) for number, name in enumerate(("А", "Б", "В"), 1)), since=AUGUST)
    later = Act("Распоряжение", "77-р", DECEMBER)
    put(region, member(place, "А", 1, "chair", act=later), member(place, "Г", 2, act=later), since=DECEMBER)
    assert [row["person"]["name"] for row in held("group", SEPTEMBER)] == ["А", "Б", "В"]
    assert [row["person"]["name"] for row in held("group", DECEMBER)] == ["А", "Г"]
    assert Told.objects.filter(action="record.ended").count() == 1  # who left and was replaced by nobody


def test_the_roster_of_another_organisation_stays(region: SmallRegion) -> None:
    put(region, member(region.coordinator, "А", 1), since=AUGUST)
    put(region, member(region.institute, "Б", 1), since=DECEMBER)
    assert len(held("group", DECEMBER)) == 2


def test_a_roster_may_become_empty(region: SmallRegion) -> None:
    put(region, member(region.coordinator, "А", 1), member(region.coordinator, "Б", 2), since=AUGUST)
    assert replace_roster("group", region.coordinator, [], since=DECEMBER, by=None, at=AT) == 0
    assert held("group", DECEMBER) == []
    assert Told.objects.filter(action="record.ended").count() == 2


def test_a_roster_is_numbered_as_it_comes(region: SmallRegion) -> None:
    entries = [member(region.coordinator, name, 0) for name in ("А", "Б")]
    assert replace_roster("group", region.coordinator, entries, since=AUGUST, by=None, at=AT) == 2
    assert list(Record.objects.values_list("number", flat=True)) == [1, 2]


def test_a_roster_of_two_organisations_is_a_mistake(region: SmallRegion) -> None:
    with pytest.raises(ValueError, match="one organisation"):
        replace_roster("group", region.coordinator, [member(region.institute, "А", 1)], since=AUGUST, by=None, at=AT)
    with pytest.raises(ValidationError):
        replace_roster("responsible", region.coordinator, [], since=AUGUST, by=None, at=AT)


def test_many_cost_as_few_questions_as_one(
    region: SmallRegion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for some in (region.schools[:1], region.schools[1:4]):
        with django_assert_num_queries(5):  # savepoint and release, what holds, the entries, the journal
            put(region, *(person(school) for school in some))


def test_replacing_costs_one_more_for_what_ends(
    region: SmallRegion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(region, *(person(school) for school in region.schools), since=AUGUST)
    for some in (region.schools[:1], region.schools[1:4]):
        with django_assert_num_queries(6):  # as above and the endings
            put(region, *(person(school, BORIS) for school in some))


def test_the_journal_says_what_was_and_what_is(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    put(region, level(school, "base", 40), since=AUGUST)
    put(region, level(school, "advanced", 80.5), since=DECEMBER)
    told = Told.objects.filter(action="record.entered").latest("pk")
    assert told.organisation_id == school.pk
    assert told.before == {
        "register": "Уровни школ",
        "period": "2023/2024",
        "level": "базовый",
        "hours": "40",
    }
    assert told.after["level"] == "продвинутый"
    assert told.after["hours"] == "80,5"
    assert told.after["act_number"] == "12-ОД"
    assert told.after["since"] == "2023-12-01"


def test_the_journal_holds_no_phone_and_no_address_of_a_person(region: SmallRegion) -> None:
    put(region, person(region.schools[0]))
    told = Told.objects.get(action="record.entered")
    assert told.after["person"] == "Иванова Анна Петровна, заместитель директора"
    assert "12-34-56" not in str(told.after) + told.search
    assert "example.org" not in str(told.after)


def test_the_database_keeps_one_entry_in_force(region: SmallRegion) -> None:
    put(region, person(region.schools[0]))
    row = Record.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.update(until=SEPTEMBER - timedelta(1))


def by_hand(people: People, entry: Entry, **more: Any) -> Record:
    given = {"since": SEPTEMBER, "reason": "на бумаге", "by": people.coordinator, "at": AT} | more
    return correct(entry, **given)


def test_by_hand_with_act_and_reason(region: SmallRegion, people: People) -> None:
    made = by_hand(people, person(region.schools[0]), upload=Upload("приказ.pdf", PDF))
    assert (made.reason, made.file_name, made.by, made.origin) == ("на бумаге", "приказ.pdf", people.coordinator, "")
    told = Told.objects.get(action="record.entered")
    assert (told.reason, told.by) == ("на бумаге", people.coordinator)


@pytest.mark.parametrize("name", ["administrator", "controller", "institute", "municipal", "school", "observer"])
def test_others_may_not(region: SmallRegion, people: People, name: str) -> None:
    with pytest.raises(DeniedError):
        by_hand(people, person(region.schools[0]), by=getattr(people, name))
    put(region, person(region.schools[0]))
    with pytest.raises(DeniedError):
        end(Record.objects.get(), on=DECEMBER, reason="так", by=getattr(people, name), at=AT)


@pytest.mark.parametrize(
    ("act", "reason", "fields"),
    [
        (Act(), "", ["act_date", "act_number", "reason"]),
        (Act("Приказ", " ", AUGUST), "на бумаге", ["act_number"]),
        (Act("Приказ", "1", date(2023, 9, 21)), "на бумаге", ["act_date"]),
    ],
)
def test_by_hand_it_wants_an_act_and_a_reason(
    region: SmallRegion, people: People, act: Act, reason: str, fields: list[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        by_hand(people, person(region.schools[0], act=act), reason=reason)
    assert sorted(refused.value.error_dict) == fields
    assert not Record.objects.exists()


def test_a_bad_file_is_refused_beside_its_field(region: SmallRegion, people: People) -> None:
    with pytest.raises(ValidationError) as refused:
        by_hand(people, person(region.schools[0]), upload=Upload("приказ.pdf", EXE))
    assert list(refused.value.error_dict) == ["file"]


def test_the_file_of_the_same_act_stays(region: SmallRegion, people: People) -> None:
    school = region.schools[0]
    by_hand(people, person(school), upload=Upload("приказ.pdf", PDF))
    assert by_hand(people, person(school, ANNA | {"phone": "8 800"})).file_name == "приказ.pdf"
    assert by_hand(people, person(school, BORIS, act=Act("Приказ", "13-ОД", AUGUST))).file is None


def test_the_same_by_hand_is_said_to_be_there(region: SmallRegion, people: People) -> None:
    by_hand(people, person(region.schools[0]))
    with pytest.raises(ValidationError, match="именно это"):
        by_hand(people, person(region.schools[0]))


def test_by_hand_one_line_of_a_roster(region: SmallRegion, people: People) -> None:
    place = region.coordinator
    put(region, member(place, "А", 1), member(place, "Б", 2), since=AUGUST)
    by_hand(people, member(place, "В", 0))
    by_hand(people, member(place, "А", 1, "chair"))
    assert [(row["person"]["name"], row["role"]) for row in held("group", SEPTEMBER)] == [
        ("А", "chair"),
        ("Б", "member"),
        ("В", "member"),
    ]


def test_an_entry_ends_once_with_a_reason_and_not_before_it_began(region: SmallRegion, people: People) -> None:
    put(region, person(region.schools[0]))
    row = Record.objects.get()
    for on, reason, field in ((DECEMBER, " ", "reason"), (AUGUST, "уволена", "on")):
        with pytest.raises(ValidationError) as refused:
            end(row, on=on, reason=reason, by=people.ministry, at=AT)
        assert list(refused.value.error_dict) == [field]
    end(row, on=DECEMBER, reason="уволена", by=people.ministry, at=AT)
    with pytest.raises(ValidationError):
        end(row, on=DECEMBER, reason="уволена", by=people.ministry, at=AT)
    told = Told.objects.get(action="record.ended")
    assert (told.reason, told.after) == ("уволена", {"until": "2023-12-01"})
    assert held("responsible", DECEMBER - timedelta(1)) == [{"person": ANNA}]
    assert held("responsible", DECEMBER) == []


def test_who_took_the_file_is_in_the_journal(region: SmallRegion, people: People) -> None:
    made = by_hand(people, person(region.schools[0]), upload=Upload("приказ.pdf", PDF))
    assert hand_out(made, by=people.school, at=AT).read_bytes() == PDF
    told = Told.objects.get(action="file.downloaded")
    assert (told.by, told.organisation_id) == (people.school, region.schools[0].pk)
    assert told.after["sha256"] == files.StoredFile.objects.get().sha256
    with pytest.raises(DeniedError):
        hand_out(made, by=people.other_school, at=AT)
    other = by_hand(people, person(region.schools[1], act=replace(ORDER, number="7")))
    with pytest.raises(ValueError, match="no file"):
        hand_out(other, by=people.ministry, at=AT)
