"""An answer as flat columns, as differences, as words, and a form as minutes of work."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_waves import ANSWERS, definition
from profminimum.monitoring.schema.burden import burden
from profminimum.monitoring.schema.cells import cells, repeats, row
from profminimum.monitoring.schema.changes import against, changes
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Choice, Context, Definition, Kind
from profminimum.monitoring.schema.saying import label, said

FORM = definition()
LABEL = {"ru": "Вопрос", "en": "Question"}
FULL = {**ANSWERS, "events": [{"event": "Встреча", "people": 1200}, {"event": "Урок"}], "share": 90}
PLACES = [
    "pupils",
    "covered",
    "share",
    "grades.g6.all",
    "grades.g6.part",
    "grades.g7.all",
    "grades.g7.part",
    "has_order",
    "order",
    "leader.name",
    "leader.post",
    "leader.phone",
    "leader.email",
    "level",
    "events",
    "comment",
]


def test_each_single_value_has_its_column() -> None:
    columns = cells(FORM)
    assert [cell.place for cell in columns] == PLACES
    assert columns[3].title == {"ru": "Классы — 6 класс — обучается", "en": "Grades — grade 6 — pupils"} or (
        columns[3].title["ru"].endswith("6 класс — обучается")
    )
    assert columns[0].section["en"] == "Figures"
    assert row(columns, FULL) == [
        100,
        90,
        90,
        50,
        45,
        50,
        45,
        True,
        "12-ОД",
        "Иванова Анна Петровна",
        "заместитель директора",
        "+7 4242 12-34-56",
        None,
        "main",
        "название: Встреча, участников: 1\u202f200; название: Урок",
        None,
    ]
    assert row(columns, {}) == [None] * len(columns)
    assert [one.name for one in repeats(FORM)] == ["events"]


def test_the_columns_of_several_choices_and_of_files() -> None:
    made = Definition(
        "f",
        LABEL,
        (
            item(Kind.MANY, "m", LABEL, choices=(Choice("a", LABEL, {}), Choice("b", LABEL, {}))),
            item(Kind.FILE, "f", LABEL),
            item(Kind.NOTE, "n", LABEL),
        ),
        (),
        {},
    )
    answers = {"m": ["a", "b"], "f": {"file": 1, "name": "приказ.pdf", "size": 5}}
    assert row(cells(made), answers) == ["a b", "приказ.pdf"]
    assert row(cells(made), {"m": []}) == [None, None]


def test_differences_are_named_place_by_place() -> None:
    after: dict[str, Any] = {
        **FULL,
        "covered": 95,
        "grades": {"g6": {"all": 50, "part": 50}, "g7": {"all": 50}},
        "leader": {**ANSWERS["leader"], "post": "директор", "email": "a@b.ru"},
        "events": [{"event": "Встреча", "people": 1300}],
        "comment": "Уточнено.",
    }
    del after["level"]
    found = [(one.place, one.before, one.after) for one in changes(FORM, FULL, after)]
    assert found == [
        ("covered", 90, 95),
        ("grades.g6.part", 45, 50),
        ("grades.g7.part", 45, None),
        ("leader.post", "заместитель директора", "директор"),
        ("leader.email", None, "a@b.ru"),
        ("level", "main", None),
        ("events[0].people", 1200, 1300),
        ("events[1].event", "Урок", None),
        ("comment", None, "Уточнено."),
    ]
    assert changes(FORM, FULL, FULL) == ()
    back = [(one.place, one.after, one.before) for one in changes(FORM, after, FULL)]
    assert back == found


def test_what_differs_from_its_source_is_marked() -> None:
    person = {"name": "Иванова Анна Петровна", "post": "директор"}
    context = Context("2023-12-01", {"covered": 90}, {"pupils": 120}, {"responsible": {"person": person}})
    assert against(FORM, FULL, context) == ["pupils", "leader.post", "leader.phone"]
    assert against(FORM, {**FULL, "pupils": 120, "leader": person}, context) == []
    assert against(FORM, FULL, Context("2023-12-01", {}, {}, {})) == []


@pytest.mark.parametrize(
    ("place", "russian", "english"),
    [
        ("pupils", "Число обучающихся 6–11 классов", "Pupils of grades 6–11"),
        ("grades.g6.part", "Классы — 6 класс — охвачено", "Grades — grade 6 — covered"),
        ("grades.g6", "Классы — 6 класс", "Grades — grade 6"),
        ("events[1].people", "Мероприятия — № 2 — участников", "Events — № 2 — people"),
        ("leader.post", "Ответственное лицо — должность", "Responsible person — post"),
        ("unknown", "unknown", "unknown"),
        ("", "", ""),
    ],
)
def test_a_place_is_called_as_people_call_it(place: str, russian: str, english: str) -> None:
    assert label(FORM, place) == russian
    assert label(FORM, place, "en") == english


@pytest.mark.parametrize(
    ("kind", "value", "russian", "english"),
    [
        (Kind.INTEGER, 0, "0", "0"),
        (Kind.INTEGER, 1234567, "1\u202f234\u202f567", "1,234,567"),
        (Kind.INTEGER, -1234, "\u22121\u202f234", "\u22121,234"),
        (Kind.DECIMAL, 1234.5, "1\u202f234,5", "1,234.5"),
        (Kind.DECIMAL, -0.5, "\u22120,5", "\u22120.5"),
        (Kind.DECIMAL, 0.1 + 0.2, "0,3", "0.3"),
        (Kind.CALCULATED, -0.0, "0", "0"),
        (Kind.CALCULATED, 200 / 3, "66,666667", "66.666667"),
        (Kind.DECIMAL, 5.0, "5", "5"),
        (Kind.YESNO, True, "да", "yes"),
        (Kind.YESNO, False, "нет", "no"),
        (Kind.CALCULATED, True, "да", "yes"),
        (Kind.CALCULATED, 1e15, "1\u202f000\u202f000\u202f000\u202f000\u202f000", "1,000,000,000,000,000"),
        (Kind.DATE, "2023-08-25", "25.08.2023", "25.08.2023"),
        (Kind.TEXT, "приказ", "приказ", "приказ"),
        (Kind.ONE, "a", "Да — а", "Yes"),
        (Kind.ONE, "gone", "gone", "gone"),
        (Kind.MANY, ["a", "b"], "Да — а, Бэ", "Yes, Бэ"),
        (
            Kind.PERSON,
            {"post": "завуч", "name": "Иванова", "email": "a@b.ru"},
            "Иванова, завуч, a@b.ru",
            "Иванова, завуч, a@b.ru",
        ),
        (Kind.FILE, {"file": 1, "name": "a.pdf", "size": 1}, "a.pdf", "a.pdf"),
        (Kind.TABLE, {"a": {"x": 5}}, "Да — а: Вопрос: 5", "Yes: Question: 5"),
        (Kind.REPEAT, [{"x": 5}, {}], "Вопрос: 5; ", "Question: 5; "),
        (Kind.TEXT, None, "", ""),
        (Kind.TEXT, "", "", ""),
    ],
)
def test_a_value_is_said_as_people_say_it(kind: Kind, value: Any, russian: str, english: str) -> None:
    choices = (Choice("a", {"ru": "Да — а", "en": "Yes"}, {}), Choice("b", {"ru": "Бэ"}, {}))
    made = item(kind, "q", LABEL, choices=choices, rows=choices, items=(item(Kind.INTEGER, "x", LABEL),))
    assert said(made, value) == russian
    assert said(made, value, "en") == english


def test_the_burden_is_what_is_typed_and_looked_at() -> None:
    whole = burden(FORM)
    assert whole.fields == 4 + 1 + 1 + 1 + 6 + 1  # a table, yes/no, text, choice, three entries, a long text
    assert whole.given == 3  # pupils, covered, the person
    known = burden(FORM, given={"grades", "events"})
    assert (known.fields, known.given) == (4, 13)
    assert known.minutes < whole.minutes
    assert burden(Definition("f", LABEL, (), (), {})).minutes == 0


def test_what_is_calculated_or_only_read_is_no_burden() -> None:
    items = (
        item(Kind.CALCULATED, "c", LABEL, calculation=["lit", 1]),
        item(Kind.NOTE, "n", LABEL),
        item(Kind.TEXT, "t", LABEL, read_only=True),
    )
    assert burden(Definition("f", LABEL, items, (), {})).fields == 0
