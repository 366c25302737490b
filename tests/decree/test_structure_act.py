"""The head of an act is understood in the many ways in which acts are headed."""

from __future__ import annotations

from datetime import date

import pytest

from profminimum.decree.model import Paragraph, Person, Place, Row, Source, Table
from profminimum.decree.reading import read
from profminimum.decree.structure.people import controller, nominative, person
from profminimum.decree.structure.period import period_of, school_years
from profminimum.decree.structure.requisites import find_date, find_number, unspaced

TABLE = Table(
    (Row(("№", "Мероприятие", "Срок"), Place(row=1)), Row(("1", "Приказ", "до 01.10.2023"), Place(row=2))),
    Place(table=1),
)


def act(text: str) -> tuple[str, str, date | None, str, str]:
    lines = [line.strip() for line in text.strip().splitlines()]
    found = read(Source("a.txt", "text", (*(Paragraph(line, Place()) for line in lines if line), TABLE))).decree
    return found.kind, found.number, found.date, found.place, found.issuer


DAY = date(2023, 9, 8)
HEADS = [
    ("ПРИКАЗ\n08.09.2023 № 456\nг. Саратов\nО плане", ("приказ", "456", DAY, "г. Саратов", "")),
    ("П Р И К А З\n№ 456-п от 08.09.2023\nО плане", ("приказ", "456-п", DAY, "", "")),
    ("ПРИКАЗ от 08.09.2023 № 12/1-о\nО плане", ("приказ", "12/1-о", DAY, "", "")),
    ("АДМИНИСТРАЦИЯ ГОРОДА ТУЛЫ\nПОСТАНОВЛЕНИЕ\nот «8» сентября 2023 г. № 700\nО плане",
     ("постановление", "700", DAY, "", "АДМИНИСТРАЦИЯ ГОРОДА ТУЛЫ")),
    ("ПРАВИТЕЛЬСТВО РОССИЙСКОЙ ФЕДЕРАЦИИ\nРАСПОРЯЖЕНИЕ\nот 8 сентября 2023 года N 3.12-1264-р\nМосква\nО плане",
     ("распоряжение", "3.12-1264-р", DAY, "Москва", "ПРАВИТЕЛЬСТВО РОССИЙСКОЙ ФЕДЕРАЦИИ")),
    ('Приказ Министерства образования Тульской области от 8 сентября 2023 г. N 5 "О плане"',
     ("приказ", "5", DAY, "", "Министерство образования Тульской области")),
    ("ПИСЬМО\nот 08.09.2023 г. № АЗ-323/05\nО направлении плана", ("письмо", "АЗ-323/05", DAY, "", "")),
    ("08.09.2023 № 17\nг. Орёл\nПРИКАЗ\nО плане", ("приказ", "17", DAY, "г. Орёл", "")),
    ("УТВЕРЖДЕН\nприказом департамента образования\nот 08.09.2023 № 9\nПлан мероприятий",
     ("приказ", "9", DAY, "", "Департамент образования")),
    ("УТВЕРЖДАЮ\nДиректор ______ И.И. Петров\n«08» сентября 2023 г.\nПлан работы", ("", "", DAY, "", "")),
    ("План работы на 2023/2024 учебный год", ("", "", None, "", "")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_head(text: str, expected: tuple[str, str, date | None, str, str]) -> None:
    assert act(text) == expected


def test_clauses_signature_and_control_in_lines_cut_by_the_page() -> None:
    text = """МИНИСТЕРСТВО ОБРАЗОВАНИЯ
    ПЕРМСКОГО КРАЯ
    ПРИКАЗ
    08.09.2023 № 5
    Об утверждении плана мероприятий по
    профориентации
    В целях организации работы министерство образования Пермского края
    ПРИКАЗЫВАЮ:
    1. Утвердить прилагаемый план мероприя-
    тий на 2023/2024 учебный год.
    2. Управлениям образования:
    2.1. назначить координаторов;
    2.2. представить отчет.
    3. Контроль за исполнением возложить на первого
    заместителя министра Звереву Н.Е.
    Министр
    Р.А. Кассина"""
    lines = [Paragraph(line.strip(), Place()) for line in text.splitlines()]
    found = read(Source("a.txt", "text", (*lines, TABLE))).decree
    assert found.issuer == "Министерство образования Пермского края"
    assert found.title == "Об утверждении плана мероприятий по профориентации"
    assert found.clauses == (
        "Утвердить прилагаемый план мероприятий на 2023/2024 учебный год.",
        "Управлениям образования:\n2.1. назначить координаторов;\n2.2. представить отчет.",
        "Контроль за исполнением возложить на первого заместителя министра Звереву Н.Е.",
    )
    assert found.signatory == Person("Министр", "Р.А. Кассина", "Министр Р.А. Кассина")
    assert (found.controller.position, found.controller.name) == ("первый заместитель министра", "Зверева Н.Е.")


CONTROL = [
    ("Контроль за исполнением возложить на первого заместителя министра И.А. Шпаченко.",
     "первый заместитель министра", "И.А. Шпаченко"),
    ("Контроль за выполнением приказа возложить на начальника отдела общего образования Петрова П.П.",
     "начальник отдела общего образования", "Петров П.П."),
    ("Контроль исполнения возлагаю на заместителя директора Иванову Анну Петровну.",
     "заместитель директора", "Иванова Анна Петровна"),
    ("Контроль за реализацией осуществляет главный специалист", "", ""),
    ("Возложить контроль на ведущего консультанта отдела Достоевского Ф.М.",
     "ведущий консультант отдела", "Достоевский Ф.М."),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "position", "name"), CONTROL)
def test_controller(clause: str, position: str, name: str) -> None:
    found = controller(clause)
    assert found is not None
    assert (found.position, found.name) == (position, name)


def test_a_clause_about_something_else_has_no_controller() -> None:
    assert controller("Утвердить план контрольных мероприятий.") is None


@pytest.mark.parametrize(
    ("post", "base"),
    [
        ("первого заместителя министра", "первый заместитель министра"),
        ("заместителя главы – начальника управления", "заместитель главы – начальник управления"),
        ("исполняющего обязанности министра", "исполняющий обязанности министра"),
        ("руководителя проектного офиса", "руководитель проектного офиса"),
        ("директора департамента", "директор департамента"),
    ],
)
def test_nominative(post: str, base: str) -> None:
    assert nominative(post) == base


@pytest.mark.parametrize(
    ("text", "position", "name"),
    [
        ("Министр\tА.Н. Киктева", "Министр", "А.Н. Киктева"),
        ("Директор ________ Петров П. П.", "Директор", "Петров П. П."),
        ("И.о. министра А.А. Римский-Корсаков", "И.о. министра", "А.А. Римский-Корсаков"),
    ],
)
def test_person(text: str, position: str, name: str) -> None:
    found = person(text)
    assert (found.position, found.name) == (position, name)


@pytest.mark.parametrize(
    ("text", "year", "start", "end"),
    [
        ("План в 2023/2024 учебном году", "2023/2024", "2023-09-01", "2024-08-31"),
        ("План на 2023-2024 уч. г.", "2023/2024", "2023-09-01", "2024-08-31"),
        ("План на 2023/24 учебный год", "2023/2024", "2023-09-01", "2024-08-31"),
        ("План на 2024 год", "", "2024-01-01", "2024-12-31"),
        ("План на 2023-2025 годы", "", "2023-01-01", "2025-12-31"),
        ("План на период с 01.09.2023 по 31.12.2023", "", "2023-09-01", "2023-12-31"),
    ],
)
def test_period(text: str, year: str, start: str, end: str) -> None:
    named, period = period_of(["без периода", text])
    assert period is not None
    assert (named, str(period.start), str(period.end)) == (year, start, end)


def test_no_period() -> None:
    assert period_of(["План во исполнение приказа от 12.05.2021 № 7", "от 12 мая 2021 года"]) == ("", None)
    assert school_years("с 2021 по 2025") == []


def test_dates_and_numbers() -> None:
    assert find_date("от 31.02.2023, вернее 28.02.2023") == date(2023, 2, 28)
    assert find_date("без даты") is None
    assert find_number("от 08.09.2023 № 3.12-1264-р") == "3.12-1264-р"
    assert find_number("без номера") == ""
    assert unspaced("п р и к а з ы в а ю: о плане и о сроках") == "приказываю: о плане и о сроках"
