from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people import browser
from profminimum.journal import queries, services
from profminimum.journal.models import Entry

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import Organisation, User

SAKHALIN = ZoneInfo("Asia/Sakhalin")
MORNING = datetime(2023, 11, 20, 9, 0, tzinfo=SAKHALIN)
pytestmark = pytest.mark.usefixtures("december")


def write(obj: User, place: Organisation | None, by: User | None, *, hours: int = 0, reason: str = "") -> Entry:
    """Somebody changed a person's post, that many hours after the morning of 20 November."""
    with transaction.atomic():
        return services.record(
            "user.changed",
            obj,
            by=by,
            at=MORNING + timedelta(hours=hours),
            organisation=place.pk if place else None,
            before={"post": "учитель"},
            after={"post": "завуч"},
            reason=reason,
        )


@pytest.fixture
def entries(region: SmallRegion, people: People) -> list[Entry]:
    """One in the first school, one in the last school, one of no organisation."""
    last = region.by_authority[region.authorities[-1].pk][0]
    return [
        write(people.school, region.schools[0], people.municipal, hours=1, reason="Приказ о назначении"),
        write(people.other_school, last, people.other_municipal, hours=2),
        write(people.ministry, None, people.administrator, hours=3),
    ]


def seen(user: User, entries: list[Entry]) -> list[int]:
    """Which of the entries (by their order) the person sees."""
    visible = set(Entry.objects.visible_to(user).values_list("pk", flat=True))
    return [number for number, entry in enumerate(entries) if entry.pk in visible]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("administrator", [0, 1, 2]),
        ("controller", [0, 1, 2]),
        ("ministry", [0, 1, 2]),
        ("coordinator", [0, 1, 2]),
        ("municipal", [0]),
        ("other_municipal", [1]),
        ("school", [0]),
        ("other_school", [1]),
        ("state_school", []),
        ("institute", []),
        ("observer", []),
        ("newcomer", []),
    ],
)
def test_each_sees_the_entries_in_reach(name: str, numbers: list[int], people: People, entries: list[Entry]) -> None:
    assert seen(getattr(people, name), entries) == numbers


def test_the_page_tells_who_what_when_and_the_difference(people: People, entries: list[Entry]) -> None:
    html = browser(people.municipal).get("/journal/").content.decode()
    assert "Муниципальный М. М." in html.replace("\xa0", " ")
    assert "Приказ о назначении" in html
    assert "<del>учитель</del>" in html
    assert "<ins>завуч</ins>" in html
    assert "20.11.2023, 10:00" in html
    assert people.other_school.full_name not in html


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [2, 1, 0]),
        ("words=ПРИКАЗ назначении", [0]),
        ("words=приказ школа", []),
        ("person=муниципальный", [0]),
        ("person=MUNICIPAL@", [1, 0]),
        ("action=user.changed", [2, 1, 0]),
        ("action=user.blocked", []),
        ("since=2023-11-20&until=2023-11-20", [2, 1, 0]),
        ("since=2023-11-21", []),
        ("until=2023-11-19", []),
        ("since=20.11.2023", [2, 1, 0]),
        ("thing=orgs.user:0", []),
        ("thing=nonsense", []),
        ("after=nonsense", [2, 1, 0]),
        ("after=2023-11-20T12:00:00~1", [2, 1, 0]),
    ],
)
def test_the_filter_is_in_the_address(query: str, numbers: list[int], people: People, entries: list[Entry]) -> None:
    assert shown(people.ministry, query, entries) == numbers


def shown(user: User, query: str, entries: list[Entry]) -> list[int]:
    response = browser(user).get(f"/journal/?{query}")
    assert response.status_code == 200
    order = {entry.pk: number for number, entry in enumerate(entries)}
    return [order[line.pk] for line in response.context["found"].lines if line.pk in order]


def test_the_filter_by_organisation_and_by_object(
    region: SmallRegion, people: People, entries: list[Entry], at: object
) -> None:
    name = region.schools[0].states.get().short_name
    assert shown(people.ministry, f"organisation={name.upper()}", entries) == [0]
    assert shown(people.ministry, f"thing=orgs.user:{people.school.pk}", entries) == [0]


def test_dates_in_the_wrong_order_are_said_and_change_nothing(people: People, entries: list[Entry]) -> None:
    response = browser(people.ministry).get("/journal/?since=2023-11-21&until=2023-11-20")
    assert "Последний день раньше первого" in response.content.decode()


def test_pages_lead_to_all_entries_and_back(people: People, region: SmallRegion) -> None:
    """Seven entries, some of one moment, in pages of three: nothing is left out or shown twice."""
    made = [write(people.school, region.schools[0], None, hours=number // 3) for number in range(7)]
    from profminimum.journal import scope  # noqa: PLC0415 - beside its one use

    seen_by = scope.of(people.school)
    wish = queries.Wish(action="user.changed")
    first = queries.page(seen_by, wish, size=3)
    second = queries.page(seen_by, wish, size=3, after=first.older)
    third = queries.page(seen_by, wish, size=3, after=second.older)
    numbers = [[line.pk for line in page.lines] for page in (first, second, third)]
    assert [pk for page in numbers for pk in page] == [entry.pk for entry in made[::-1]]
    assert (first.newer, third.older) == (None, None)
    back = queries.page(seen_by, wish, size=3, before=third.newer)
    assert [line.pk for line in back.lines] == numbers[1]
    front = queries.page(seen_by, wish, size=3, before=back.newer)
    assert [line.pk for line in front.lines] == numbers[0]
    assert front.newer is None


@pytest.mark.parametrize("text", ["", "x", "2023-11-20", "2023-11-20T09:00~5", "2023-11-20T09:00+11:00~-5", "~"])
def test_a_place_that_makes_no_sense_is_none(text: str) -> None:
    assert queries.place(text) is None


def test_a_place_survives_its_writing() -> None:
    there = queries.Place(MORNING, 15)
    assert queries.place(str(there)) == there


def test_more_entries_ask_no_more_of_the_database(people: People, region: SmallRegion) -> None:
    """One and three entries: the same number of queries, at most twelve."""
    counts, client = [], browser(people.ministry)
    for number in (1, 2):
        for _ in range(number):
            write(people.school, region.schools[0], people.municipal, hours=number)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/journal/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 12, captured.captured_queries


def test_the_workbook_has_what_the_filter_shows_and_no_formulas(
    people: People, region: SmallRegion, entries: list[Entry]
) -> None:
    write(people.school, region.schools[0], people.municipal, hours=4, reason="=HYPERLINK(1)")
    response = browser(people.municipal).get("/journal/export/?words=hyperlink")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:3] == ("Когда", "Кто", "Действие")
    assert len(rows) == 2
    assert rows[1][5] == "=HYPERLINK(1)"
    assert book.active.cell(2, 6).data_type == "s"
    assert rows[1][6:8] == ("Должность: учитель", "Должность: завуч")


def test_the_csv_streams_and_is_guarded(people: People, region: SmallRegion, entries: list[Entry]) -> None:
    write(people.school, region.schools[0], people.municipal, hours=4, reason="=1+1")
    response = browser(people.municipal).get("/journal/export/?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert people.other_school.full_name not in text


def test_the_story_of_objects_is_told_newest_first(people: People, entries: list[Entry], region: SmallRegion) -> None:
    later = write(people.school, region.schools[0], people.municipal, hours=9)
    lines = [line for line in queries.story(people.school, people.other_school) if line.action == "user.changed"]
    assert [line.pk for line in lines] == [later.pk, entries[1].pk, entries[0].pk]
    assert [(c.name, c.before, c.after) for c in lines[0].changes] == [("Должность", "учитель", "завуч")]


def test_a_fragment_is_given_to_htmx(people: People, entries: list[Entry]) -> None:
    html = browser(people.ministry).get("/journal/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "<ins>завуч</ins>" in html


def test_no_right_is_said_with_its_reason(people: People) -> None:
    response = browser(people.observer).get("/journal/")
    assert response.status_code == 403
    assert "нет права" in response.content.decode()
