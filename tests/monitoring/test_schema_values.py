"""What a value may be written as, item by item, and what is said when it cannot be read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Choice, Definition, Kind
from profminimum.monitoring.schema.normal import normal
from profminimum.monitoring.schema.reading import exists, nested, normalise
from profminimum.monitoring.schema.values import READERS, blank

LABEL = {"ru": "Вопрос"}
CHOICES = (
    Choice("base", {"ru": "Базовый", "en": "Base"}, {}),
    Choice("main", {"ru": "Основной; полный"}, {}),
    Choice("3", {"ru": "Третий"}, {}),
)


def form(kind: Kind, **more: Any) -> Definition:
    if kind in {Kind.ONE, Kind.MANY}:
        more["choices"] = CHOICES
    return Definition("f", {"ru": "Форма"}, (item(kind, "q", LABEL, **more),), (), {})


@pytest.mark.parametrize(
    ("kind", "came", "typed"),
    [
        (Kind.INTEGER, 5, 5),
        (Kind.INTEGER, 5.0, 5),
        (Kind.INTEGER, "5", 5),
        (Kind.INTEGER, " 1 234 ", 1234),
        (Kind.INTEGER, "1\u00a0234", 1234),
        (Kind.INTEGER, "1\u202f234,0", 1234),
        (Kind.INTEGER, "−7", -7),
        (Kind.INTEGER, "-0", 0),
        (Kind.INTEGER, 999_999_999_999_999, 999_999_999_999_999),
        (Kind.DECIMAL, "1 234,5", 1234.5),
        (Kind.DECIMAL, "12.50", 12.5),
        (Kind.DECIMAL, 3, 3.0),
        (Kind.DECIMAL, 0.1 + 0.2, 0.3),
        (Kind.DECIMAL, -0.0, 0.0),
        (Kind.AMOUNT, "40", 40.0),
        (Kind.TEXT, "  Приказ \n №  5 ", "Приказ № 5"),
        (Kind.TEXT, 12, "12"),
        (Kind.TEXT, 12.0, "12"),
        (Kind.TEXT, "a\x00b\x1f\ud800c", "abc"),
        (Kind.LONG, " первая\r\nвторая\rтретья ", "первая\nвторая\nтретья"),
        (Kind.DATE, "25.08.2023", "2023-08-25"),
        (Kind.DATE, "5.8.2023", "2023-08-05"),
        (Kind.DATE, "2023-08-25", "2023-08-25"),
        (Kind.DATE, date(2023, 8, 25), "2023-08-25"),
        (Kind.DATE, datetime(2023, 8, 25, 12, 0), "2023-08-25"),  # noqa: DTZ001 - as cells of workbooks give it
        (Kind.YESNO, True, True),
        (Kind.YESNO, "Да", True),
        (Kind.YESNO, "нет", False),
        (Kind.YESNO, 1, True),
        (Kind.YESNO, 0.0, False),
        (Kind.ONE, "base", "base"),
        (Kind.ONE, "базовый", "base"),
        (Kind.ONE, "BASE", "base"),
        (Kind.ONE, ["main"], "main"),
        (Kind.ONE, 3.0, "3"),
        (Kind.MANY, ["3", "base", "base"], ["base", "3"]),
        (Kind.MANY, "Третий\nбазовый", ["base", "3"]),
        (Kind.MANY, "base; 3", ["base", "3"]),
        (Kind.MANY, "base 3", ["base", "3"]),
        (
            Kind.FILE,
            {"file": 7, "name": "a\x00.pdf", "size": 10, "more": 1},
            {"file": 7, "name": "a.pdf", "size": 10},
        ),
        (Kind.FILE, {"file": 7, "name": "a.pdf"}, {"file": 7, "name": "a.pdf", "size": 0}),
        (Kind.PERSON, {"name": " Иванова  Анна ", "post": None, "other": 1}, {"name": "Иванова Анна"}),
        (Kind.PERSON, {"name": "Иванова\x00", "phone": 123456}, {"name": "Иванова", "phone": "123456"}),
    ],
)
def test_what_a_person_wrote_is_understood(kind: Kind, came: Any, typed: Any) -> None:
    answers, problems = normalise(form(kind), {"q": came})
    assert problems == []
    assert answers == {"q": typed}
    assert type(answers["q"]) is type(typed)
    assert normalise(form(kind), answers) == (answers, [])


@pytest.mark.parametrize(
    ("kind", "came", "code", "said"),
    [
        (Kind.INTEGER, "пять", "whole", "целое число"),
        (Kind.INTEGER, 2.5, "whole", "целое число"),
        (Kind.INTEGER, True, "whole", "целое число"),
        (Kind.INTEGER, "1e3", "whole", "целое число"),
        (Kind.INTEGER, "٣", "whole", "целое число"),
        (Kind.INTEGER, 10**15, "large", "велико"),
        (Kind.INTEGER, -(10**400), "whole", "целое"),
        (Kind.INTEGER, [1], "whole", "целое"),
        (Kind.DECIMAL, "1,2,3", "number", "например 12,5"),
        (Kind.DECIMAL, float("nan"), "number", "число"),
        (Kind.DECIMAL, float("inf"), "number", "число"),
        (Kind.DECIMAL, 1e16, "large", "велико"),
        (Kind.DECIMAL, "12,345", "decimals", "не больше 2"),
        (Kind.TEXT, "а" * 501, "long", "сократите на 1"),
        (Kind.TEXT, ["a"], "text", "текст"),
        (Kind.TEXT, True, "text", "текст"),
        (Kind.LONG, "а" * 10_001, "long", "длиннее 10000"),
        (Kind.DATE, "30.02.2023", "date", "день.месяц.год"),
        (Kind.DATE, "вчера", "date", "день.месяц.год"),
        (Kind.DATE, 45000, "date", "день.месяц.год"),
        (Kind.DATE, "25.08.0023", "year", "0023"),
        (Kind.DATE, "25.08.2203", "year", "2203"),
        (Kind.YESNO, "возможно", "yesno", "«да» или «нет»"),
        (Kind.YESNO, 2, "yesno", "«да» или «нет»"),
        (Kind.ONE, "четвёртый", "choice", "«четвёртый» нет среди"),
        (Kind.ONE, ["base", "main"], "choice", "один вариант"),
        (Kind.ONE, True, "choice", "один вариант"),
        (Kind.MANY, ["base", "x"], "choice", "«x» нет среди"),
        (Kind.MANY, {"a": 1}, "choice", "нет среди"),
        (Kind.FILE, "a.pdf", "file", "Приложите"),
        (Kind.FILE, {"file": True, "name": "a.pdf"}, "file", "Приложите"),
        (Kind.FILE, {"file": "7", "name": "a.pdf"}, "file", "Приложите"),
        (Kind.FILE, {"file": 7, "name": "a.pdf", "size": "много"}, "file", "Приложите"),
        (Kind.PERSON, "Иванова", "person", "ФИО"),
        (Kind.TABLE, [1], "shape", "загрузите"),
        (Kind.REPEAT, {"a": 1}, "shape", "загрузите"),
    ],
)
def test_what_cannot_be_read_is_named(kind: Kind, came: Any, code: str, said: str) -> None:
    answers, problems = normalise(form(kind), {"q": came})
    assert answers == {}
    assert [(one.place, one.code) for one in problems] == [("q", code)]
    assert said in problems[0].message["ru"]
    assert problems[0].message["en"]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.GROUP, Kind.NOTE}])
@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_nothing_is_no_answer(kind: Kind, nothing: Any) -> None:
    assert normalise(form(kind), {"q": nothing}) == ({}, [])


def test_limits_of_the_item_itself() -> None:
    assert normalise(form(Kind.TEXT, longest=3), {"q": "абв"})[0] == {"q": "абв"}
    assert normalise(form(Kind.TEXT, longest=3), {"q": "абвг"})[1][0].code == "long"
    assert normalise(form(Kind.DECIMAL, decimals=0), {"q": 2.5})[1][0].code == "decimals"
    assert normalise(form(Kind.DECIMAL, decimals=4), {"q": "0,1234"})[0] == {"q": 0.1234}


TABLE = Definition(
    "f",
    LABEL,
    (
        item(
            Kind.TABLE,
            "t",
            LABEL,
            rows=(Choice("r1", LABEL, {}), Choice("r2", LABEL, {})),
            items=(item(Kind.INTEGER, "c1", LABEL), item(Kind.CALCULATED, "c2", LABEL, calculation=["ref", "c1"])),
        ),
        item(Kind.REPEAT, "r", LABEL, items=(item(Kind.TEXT, "e1", LABEL), item(Kind.PERSON, "e2", LABEL))),
        item(Kind.PERSON, "p", LABEL),
        item(Kind.CALCULATED, "c", LABEL, calculation=["lit", 1]),
        item(Kind.NOTE, "n", LABEL),
        item(Kind.TEXT, "x", LABEL),
    ),
    (),
    {},
)


def test_tables_and_repeats_are_read_cell_by_cell() -> None:
    came = {
        "t": {"r1": {"c1": "5", "c2": 9}, "r2": {"c1": "много"}, "r9": {"c1": 1}},
        "r": [{"e1": " a "}, {}, {"e2": {"name": "Иванова", "post": ""}}, {"e1": ""}, {}],
        "c": 100,
        "n": "x",
        "z": 1,
    }
    answers, problems = normalise(TABLE, came)
    assert answers == {"t": {"r1": {"c1": 5}}, "r": [{"e1": "a"}, {}, {"e2": {"name": "Иванова"}}]}
    assert [(one.place, one.code) for one in problems] == [
        ("t.r2.c1", "whole"),
        ("t", "shape"),
        ("n", "unknown"),
        ("z", "unknown"),
    ]


def test_rows_come_in_the_order_of_the_form() -> None:
    answers, _problems = normalise(TABLE, {"t": {"r2": {"c1": 2}, "r1": {"c1": 1}}})
    assert list(answers["t"]) == ["r1", "r2"]


def test_a_plain_post_is_put_together_by_places() -> None:
    flat = {
        "t.r1.c1": "5",
        "t.r2.c1": "",
        "r[3].e1": "b",
        "r[0].e1": "a",
        "r[0].e2.name": "Иванова",
        "p.name": "Петров",
        "p.post": "учитель",
        "x": "да",
        "csrfmiddlewaretoken": "z",
        "r[99999].e1": "x",
        "x[0]": "y",
        "t.r1": "z",
    }
    raw = nested(TABLE, flat)
    assert raw == {
        "t": {"r1": {"c1": "5"}, "r2": {"c1": ""}},
        "p": {"name": "Петров", "post": "учитель"},
        "x": "да",
        "r": [{"e1": "a", "e2": {"name": "Иванова"}}, {"e1": "b"}],
    }
    assert normalise(TABLE, raw)[1] == []


SOME = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-5, 5),
    st.floats(),
    st.decimals(-10, 10, places=2).map(float),
    st.text(),
    st.text("ab \n\r\t\u00a0\u200b\x07«», 12.-", max_size=12),
    st.dates().map(str),
    st.sampled_from(
        ["base", "main", "3", " base", "Базовый", "2023-02-30", "2023-12-01", "12.12.2023", "1899-12-31"]
    ),
    st.lists(st.sampled_from(["base", "main"])),
)


@settings(max_examples=1500)
@given(kind=st.sampled_from(sorted(READERS)), value=SOME, longest=st.sampled_from([0, 3]))
def test_what_is_seen_at_a_glance_is_what_its_reader_gives(kind: Kind, value: Any, longest: int) -> None:
    choices = (*CHOICES, Choice(" odd ", {"ru": "x"}, {}), Choice("", {"ru": "y"}, {}))
    asked = item(kind, "q", LABEL, choices=choices, longest=longest)
    seen = normal(asked)(value)
    if seen is not None:
        read = READERS[kind](asked, value)
        assert (seen, type(seen), str(seen)) == (read, type(read), str(read))
        assert not blank(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.INTEGER, 5),
        (Kind.DECIMAL, 5.25),
        (Kind.AMOUNT, -0.0),
        (Kind.TEXT, "приказ № 214-ОД"),
        (Kind.LONG, "первая строка\n  вторая"),
        (Kind.DATE, "2023-12-01"),
        (Kind.YESNO, False),
        (Kind.ONE, "base"),
    ],
)
def test_what_is_kept_is_seen_at_a_glance(kind: Kind, value: Any) -> None:
    assert normal(item(kind, "q", LABEL, choices=CHOICES))(value) == value


EVERY = Definition(
    "f",
    {"ru": "Форма"},
    (
        item(Kind.TEXT, "q", LABEL),
        item(Kind.PERSON, "who", LABEL),
        item(Kind.TABLE, "t", LABEL, rows=(Choice("r", LABEL, {}),), items=(item(Kind.INTEGER, "c", LABEL),)),
        item(Kind.REPEAT, "e", LABEL, items=(item(Kind.TEXT, "x", LABEL), item(Kind.PERSON, "p", LABEL))),
    ),
    (),
    {},
)


@pytest.mark.parametrize(
    ("place", "there"),
    [
        *[(place, True) for place in ("q", "who", "who.name", "t", "t.r.c", "e", "e[0].x", "e[7].p", "e[7].p.email")],
        *[(place, False) for place in ("", "z", "q.x", "q[0]", "who.age", "t.r", "t.z.c", "t.r.z", "t[0].r.c")],
        *[(place, False) for place in ("e[0]", "e.x", "e[0].z", "e[0].x.name", "e[0].p.age", "q.x.y", "e[99999].x")],
    ],
)
def test_which_places_a_form_has(place: str, there: bool) -> None:  # noqa: FBT001 - a column of the table
    assert exists(EVERY, place) == there
