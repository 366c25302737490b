"""How a form is drawn for the one who fills it: sections, what stands beside a question, notes at their places."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from monitoring_waves import ANSWERS, definition, words
from profminimum.monitoring import posted, printed
from profminimum.monitoring.queries.filling import Typed, build_form
from profminimum.monitoring.schema.answers import normalise
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Context, Definition, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profminimum.monitoring.filling import Filling
    from profminimum.monitoring.questions import Question

PERSON = {"name": "Иванова Анна Петровна", "post": "завуч"}
CONTEXT = Context(
    "2023-12-02",
    {"covered": 40, "grades": {"g6": {"part": 17}}},
    {"pupils": 100},
    {"responsible": {"person": PERSON}},
)


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def drawn(answers: dict[str, Any], **more: Any) -> Filling:
    return build_form(definition(), answers, more.pop("explanations", {}), CONTEXT, **more)


def question(form: Filling, name: str) -> Question:
    return next(one for section in form.sections for one in section.questions if one.name == name)


def test_the_source_is_named_and_a_difference_marked() -> None:
    same = question(drawn({"pupils": 100, "leader": PERSON}), "pupils")
    assert (same.source, same.given, same.only.value) == ("registry", "", "100")
    other = drawn({"pupils": 90, "leader": {**PERSON, "post": "учитель"}})
    assert question(other, "pupils").given == "100"
    assert question(other, "leader").given == "Иванова Анна Петровна, завуч"
    assert (question(other, "leader").source, question(other, "leader").register) == ("register", "responsible")
    assert question(other, "covered").was == "40"
    assert question(other, "grades").lines[0].cells[1].was == "17"


def test_what_is_missing_is_said_only_when_sending() -> None:
    calm = drawn({})
    assert calm.links == []
    strict = drawn({}, typed=Typed(strict=True))
    assert {link.id for link in strict.links} == {"f-pupils", "f-covered", "f-has_order", "f-leader"}
    assert question(strict, "pupils").only.invalid


def test_mistakes_stand_at_their_cells_and_on_top() -> None:
    form = drawn({**ANSWERS, "grades": {"g6": {"all": 50, "part": 51}}})
    (link,) = form.links
    assert (link.id, link.label) == ("f-grades-g6-part", "Классы — 6 класс — охвачено")
    (note,) = question(form, "grades").notes
    assert (note.where, note.errors) == ("6 класс — охвачено", ["Охвачено больше, чем в классе."])
    assert [cell.invalid for cell in question(form, "grades").lines[0].cells] == [False, True]


def test_a_warning_asks_for_its_explanation() -> None:
    form = drawn(ANSWERS, explanations={"covered": "открыт второй корпус"})
    (note,) = question(form, "covered").notes
    assert (note.errors, note.explain, note.explanation) == ([], True, "открыт второй корпус")
    unexplained = drawn(ANSWERS, typed=Typed(strict=True))
    assert question(unexplained, "covered").notes[0].errors == ["Поясните, почему это верно."]


def test_many_empty_cells_are_one_mistake() -> None:
    made = definition()
    table = item(
        Kind.TABLE,
        "full",
        words("Полная"),
        rows=question_rows(made),
        items=(
            item(Kind.INTEGER, "one", words("раз"), required=True),
            item(Kind.INTEGER, "two", words("два"), required=True),
        ),
    )
    form = build_form(
        Definition("f", words("Форма"), (table,), (), {}),
        {"full": {"g6": {"one": 1}}},
        {},
        CONTEXT,
        typed=Typed(strict=True),
    )
    assert [link.message for link in form.links] == ["Не заполнены 3 ячейки."]
    assert [cell.invalid for line in question(form, "full").lines for cell in line.cells] == [False, True, True, True]


def question_rows(made: Definition) -> Any:
    return next(one for one in made.items[0].items if one.name == "grades").rows


def test_what_could_not_be_read_stays_as_it_was_typed() -> None:
    _typed, unread = normalise(definition(), {"covered": "много", "grades": {"g6": {"all": "?"}}})
    raw = {"covered": "много", "grades.g6.all": "?"}
    form = drawn({"covered": 7}, typed=Typed(raw=raw, unread=unread))
    assert question(form, "covered").only.value == "много"
    assert question(form, "grades").lines[0].cells[0].value == "?"
    assert len(form.links) == 2


def test_sections_count_and_hide() -> None:
    form = drawn({"pupils": 100, "covered": 30, "has_order": False})
    figures, papers = form.sections
    assert (figures.filled, figures.asked, figures.done) == (2, 3, True)
    assert not papers.done  # the person is missing
    assert question(form, "order").hidden
    assert not question(drawn({"has_order": True}), "order").hidden
    assert question(form, "share").only.value == "30"
    assert (form.burden.fields, form.burden.given) == (14, 3)


def test_remarks_stand_at_their_questions() -> None:
    remark = SimpleNamespace(place="grades.g6.all", where="6 класс — обучается", text="Проверьте")
    assert question(drawn(ANSWERS, remarks=[remark]), "grades").remarks == [remark]


@pytest.mark.parametrize(
    ("answers", "extra", "shown"),
    [
        ({}, {}, 1),
        ({"events": [{"event": "А"}, {"event": "Б"}]}, {}, 2),
        ({}, {"events": 3}, 3),
        ({}, {"events": 999}, 50),
    ],
)
def test_a_repeat_shows_its_entries_and_a_blank_one(
    answers: dict[str, Any], extra: dict[str, int], shown: int
) -> None:
    found = question(drawn(answers, typed=Typed(extra=extra)), "events")
    assert len(found.lines) == shown
    assert found.more == (shown < 50)
    assert found.blank is not None
    assert [cell.place for cell in found.blank.cells] == ["events[N].event", "events[N].people"]


def test_in_english_where_there_are_words() -> None:
    form = drawn({}, language="en")
    assert form.sections[0].title == "Figures"
    assert question(form, "level").label == "Level"


@pytest.mark.parametrize(
    ("lists", "changes"),
    [
        ({"covered": ["5"]}, {"covered": "5"}),
        ({"grades.g6.all": ["5"], "grades.g7.all": [""]}, {"grades": {"g6": {"all": "5"}, "g7": {"all": ""}}}),
        ({"leader.name": ["А"]}, {"leader": {"name": "А"}}),
        ({"events[0].event": ["А"], "events[1].event": ["Б"]}, {"events": [{"event": "А"}, {"event": "Б"}]}),
        ({"unknown": ["1"], "share": ["5"], "csrfmiddlewaretoken": ["x"]}, {}),
    ],
)
def test_a_plain_post_is_read(lists: dict[str, list[str]], changes: dict[str, Any]) -> None:
    empty = {"has_order": None, "level": None, "events": None}
    assert posted.read(definition(), lists | {"form:whole": ["1"]}).changes == empty | changes
    assert posted.read(definition(), lists).changes == {}


def test_an_entry_is_taken_out() -> None:
    held = {"events": [{"event": "А"}, {"event": "Б"}], "covered": "5"}
    assert posted.without_entry(held, "events", 0) == {"events": [{"event": "Б"}], "covered": "5"}
    assert posted.without_entry(held, "events", 7) == held
    assert posted.without_entry(held, "covered", 0) == held


def test_on_paper_rows_are_numbered_and_choices_ticked() -> None:
    parts = printed.parts(definition(), ANSWERS, None, "ru")
    rows = {row.label: row for part in parts for row in part.rows}
    assert [row.number for part in parts for row in part.rows] == [str(n) for n in range(1, 11)]
    assert rows["Уровень"].options == [("базовый", False), ("основной", True)]
    assert rows["Классы"].lines == [("6 класс", ["50", "45"]), ("7 класс", ["50", "45"])]
    assert len(printed.parts(definition(), {}, {"figures", "pupils"}, "ru")) == 1
