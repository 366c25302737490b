"""The consolidated form: each rule on answers of which the sum is known, and its pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from monitoring_waves import ANSWERS, answer_of, definition, opened_wave
from people import browser
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Choice, Definition, Kind, Summary
from profminimum.monitoring.services import submissions
from profminimum.monitoring.summary import columns, summed

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.summary import Figure

COLOURS = (Choice("red", {"ru": "красный"}, {}), Choice("blue", {"ru": "синий"}, {}))
FORM = Definition(
    "f",
    {"ru": "Форма"},
    (
        item(Kind.INTEGER, "a", {"ru": "сумма"}, summary=Summary.SUM),
        item(Kind.DECIMAL, "b", {"ru": "среднее"}, summary=Summary.MEAN),
        item(Kind.INTEGER, "c", {"ru": "медиана"}, summary=Summary.MEDIAN),
        item(Kind.YESNO, "d", {"ru": "да или нет"}, summary=Summary.SHARE),
        item(Kind.ONE, "e", {"ru": "одно"}, choices=COLOURS, summary=Summary.SHARE),
        item(Kind.MANY, "f", {"ru": "многое"}, choices=COLOURS, summary=Summary.SHARE),
        item(Kind.TEXT, "g", {"ru": "текст"}, summary=Summary.SUM),
        item(Kind.INTEGER, "h", {"ru": "без свода"}),
        item(Kind.INTEGER, "ovz", {"ru": "из них с ОВЗ"}, summary=Summary.SUM),
        item(
            Kind.REPEAT,
            "r",
            {"ru": "мероприятия"},
            items=(item(Kind.INTEGER, "n", {"ru": "участников"}, summary=Summary.SUM),),
        ),
    ),
    (),
    {},
)
GIVEN: list[tuple[int, dict[str, Any]]] = [
    (1, {"a": 1, "b": 1.5, "c": 1, "d": True, "e": "red", "f": ["red", "blue"], "ovz": 2, "r": [{"n": 2}, {"n": 3}]}),
    (1, {"a": 2, "b": 2.5, "c": 2, "d": False, "e": "red", "f": ["blue"], "r": [{}]}),
    (2, {"a": 4, "c": 90, "d": True}),
    (2, {"a": "4", "c": True, "e": "green"}),
]


def figures(unit: int | None = None, *, guarded: bool = False) -> dict[str, Figure]:
    found = summed(columns(FORM), GIVEN)
    made = found.whole(guarded=guarded) if unit is None else found.unit(unit, guarded=guarded)
    return dict(zip((column.place for column in found.columns), made, strict=True))


@pytest.mark.parametrize(
    ("place", "base", "value"),
    [("a", 3, 7), ("b", 2, 2.0), ("c", 3, 2), ("r.n", 1, 5), ("ovz", 1, 2)],
)
def test_numbers_by_their_rule(place: str, base: int, value: float) -> None:
    assert (figures()[place].base, figures()[place].value) == (base, value)


@pytest.mark.parametrize(
    ("place", "base", "counts"),
    [("d", 3, {"yes": 2, "no": 1}), ("e", 3, {"red": 2, "blue": 0}), ("f", 2, {"red": 1, "blue": 2})],
)
def test_choices_are_counted(place: str, base: int, counts: dict[str, int]) -> None:
    figure = figures()[place]
    assert figure.base == base
    assert {part.name: part.count for part in figure.parts} == counts


def test_a_municipality_has_its_own_figures_and_one_without_answers_none() -> None:
    assert figures(1)["a"].value == 3
    assert figures(2)["c"].value == 90
    assert figures(3)["a"].value is None


def test_fields_without_a_fitting_rule_are_left_out() -> None:
    assert set(figures()) == {"a", "b", "c", "d", "e", "f", "ovz", "r.n"}


def test_small_figures_about_disabled_children_are_hidden_from_those_who_read_no_answers() -> None:
    assert figures(guarded=True)["ovz"].hidden
    assert figures(guarded=True)["ovz"].value is None
    assert not figures()["ovz"].hidden
    assert figures(guarded=True)["a"].value == 7


def test_columns_speak_the_language_asked_for() -> None:
    titles = {column.place: column.title for column in columns(definition(), "en")}
    assert titles["grades.g6.part"] == "grade 6 — covered"
    assert titles["events.people"] == "Events — people"


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    """Two schools of the first authority have answered, one is accepted."""
    made = opened_wave(region, people)
    for school, covered in zip(region.by_authority[region.authorities[0].pk][:2], (90, 70), strict=False):
        row = answer_of(made, school)
        by = people.school if school == region.schools[0] else people.ministry
        if by == people.school:
            submissions.submit(row, answers={**ANSWERS, "covered": covered}, by=by, at=december)
    first = answer_of(made, region.schools[0])
    submissions.check([first.pk], by=people.municipal, at=december)
    state = answer_of(made, region.state_school)
    submissions.submit(state, answers={**ANSWERS, "covered": 50}, by=people.state_school, at=december)
    return made


def test_the_page_counts_by_the_base_that_is_asked_for(wave: Wave, people: People) -> None:
    address = f"/monitoring/waves/{wave.pk}/summary/"
    client = browser(people.coordinator)
    checked = client.get(address).context["made"]
    sent = client.get(address, {"base": "sent"}).context["made"]
    accepted = client.get(address, {"base": "accepted"}).context["made"]
    assert (checked.answers, sent.answers, accepted.answers) == (1, 2, 0)
    assert checked.asked == 5

    def covered(made: Any) -> Any:
        return next(line for part in made.parts for line in part.lines if line.column.place == "covered").whole.value

    assert (covered(checked), covered(sent), covered(accepted)) == (90, 140, None)


def test_a_past_day_has_the_answers_of_that_day(wave: Wave, people: People) -> None:
    made = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/summary/?base=sent&on=2023-11-25").context
    assert made["made"].answers == 0


def test_a_field_leads_to_the_answers_behind_it(wave: Wave, people: People, region: SmallRegion) -> None:
    address = f"/monitoring/waves/{wave.pk}/summary/"
    found = browser(people.coordinator).get(address, {"field": "covered", "base": "sent"})
    assert [row.value for row in found.context["page"]] == [90, 50]
    assert found.context["page"][0].submission == answer_of(wave, region.schools[0]).pk
    chosen = browser(people.coordinator).get(address, {"field": "level", "choice": "main", "base": "sent"})
    assert [row.value for row in chosen.context["page"]] == ["основной", "основной"]
    one = browser(people.coordinator).get(
        address, {"field": "level", "base": "sent", "unit": str(region.authorities[0].pk)}
    )
    assert len(one.context["page"]) == 1
    assert browser(people.coordinator).get(address, {"field": "nothing"}).status_code == 404


def test_an_authority_sees_its_own_and_an_observer_no_answers(wave: Wave, people: People) -> None:
    address = f"/monitoring/waves/{wave.pk}/summary/"
    own = browser(people.municipal).get(address, {"base": "sent"})
    other = browser(people.other_municipal).get(address, {"base": "sent"})
    assert (own.context["made"].answers, other.context["made"].answers) == (1, 0)
    seen = browser(people.observer).get(address, {"field": "covered", "base": "sent"})
    assert seen.status_code == 200
    assert list(seen.context["page"]) == []
    assert browser(people.school).get(address).status_code == 403
    assert browser(people.newcomer).get(address).status_code == 404


def test_the_workbook_has_the_figures_of_the_page(wave: Wave, people: People) -> None:
    file = browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/summary.xlsx?base=sent")
    sheet = load_workbook(io.BytesIO(file.getvalue())).active
    assert sheet is not None
    rows = {row[1]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert rows["Охвачено профминимумом"][4:6] == (2, 140)
    assert rows["Уровень: основной"][5] == 2


def test_the_number_of_questions_does_not_grow_with_answers(
    wave: Wave, people: People, region: SmallRegion, december: datetime
) -> None:
    client = browser(people.coordinator)
    address = f"/monitoring/waves/{wave.pk}/summary/?base=sent"
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    far = answer_of(wave, region.by_authority[region.authorities[-1].pk][0])
    submissions.submit(far, answers=ANSWERS, by=people.other_school, at=december)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(before) == len(after)
