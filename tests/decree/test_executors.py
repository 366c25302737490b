"""A cell of executors is cut where bodies part and nowhere else; a cell of results finds its owners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.decree.model import Definition, Executor
from profminimum.decree.structure.executors import executors, split_executors
from profminimum.decree.structure.glossary import definitions, full_form
from profminimum.decree.structure.names import Alias, Names
from profminimum.decree.structure.results import results

GLOSSARY = (
    Definition("МОСО", "Министерство образования Сахалинской области"),
    Definition("ГАУ СО АРЧК", "ГАУ СО «Агентство по развитию человеческого капитала»"),
    Definition("МОУО", "Руководители органов местного самоуправления"),
    Definition("ОО", "образовательных организациях"),
    Definition("ГАОУ ДПО ИРОСО", "Государственное автономное учреждение «Институт развития образования»"),
    Definition("Департамент", "Департамент труда Сахалинской области"),
)
NAMES = Names(GLOSSARY)
AGREED = "органы местного самоуправления (по согласованию)"

SPLIT = [
    ("МОСО ГАУ СО АРЧК МОУО ОО", ["МОСО", "ГАУ СО АРЧК", "МОУО", "ОО"]),
    ("МОСО\nГАУ СО АРЧК\nМОУО\nОО", ["МОСО", "ГАУ СО АРЧК", "МОУО", "ОО"]),
    ("ГАУ СО\nАРЧК, ОО", ["ГАУ СО АРЧК", "ОО"]),
    ("МОСО; МОУО; ОО.", ["МОСО", "МОУО", "ОО"]),
    ("МОСО и МОУО", ["МОСО", "МОУО"]),
    ("МОСО совместно с ГАУ СО АРЧК", ["МОСО", "ГАУ СО АРЧК"]),
    ("Министерство образования и науки", ["Министерство образования и науки"]),
    ("МОСО, ЦОПП ГБУ ДПО КРИПО", ["МОСО", "ЦОПП", "ГБУ ДПО КРИПО"]),
    (f"{AGREED}, школы", [AGREED, "школы"]),
    ("органы местного самоуправления, (по согласованию)", [AGREED]),
    ("Руководители органов области, осуществляющих управление в сфере образования, ОО",
     ["Руководители органов области, осуществляющих управление в сфере образования", "ОО"]),
    ("ГБУ «Центр «Юность», спорта», школы", ["ГБУ «Центр «Юность», спорта»", "школы"]),
    ("Центр (отделы, филиалы), школы", ["Центр (отделы, филиалы)", "школы"]),
    ("Иванов И.И. Петров П.П. Сидорова А.А.", ["Иванов И.И.", "Петров П.П.", "Сидорова А.А."]),
    ("Иванов И.И., директор; Петров П.П., завуч", ["Иванов И.И., директор", "Петров П.П., завуч"]),
    ("Директор Громов П.С., психолог", ["Директор Громов П.С.", "психолог"]),
    ("И.И. Иванов А.А. Петров", ["И.И. Иванов", "А.А. Петров"]),
    ("Министерство образования МОУО ОО", ["Министерство образования", "МОУО", "ОО"]),
    ("Министерство труда Администрация города", ["Министерство труда", "Администрация города"]),
    ("- МОСО;\n- МОУО", ["МОСО", "МОУО"]),
    ("1) МОСО\n2) МОУО", ["МОСО", "МОУО"]),
    ("", []),
    ("—", []),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), SPLIT)
def test_split(cell: str, expected: list[str]) -> None:
    assert split_executors(cell, NAMES) == expected


NAMED = [
    ("Министерство образования Сахалинской области (далее – МОСО)", "МОСО"),
    ("Министерство образования Сахалинской области", "МОСО"),
    ("министерством образования Сахалинской области", "МОСО"),
    ("МОСО (по согласованию)", "МОСО"),
    ("MOCO", "МОСО"),
    ("Руководители ОО", "ОО"),
    ("ГАУСО АРЧК", "ГАУ СО АРЧК"),
    ("Департамент", "Департамент"),
    ("Иванов И.И.", "Иванов И.И."),
    ("образовательные организации", "ОО"),
    ("методический кабинет", "методический кабинет"),
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_name(text: str, name: str) -> None:
    assert NAMES.resolve(text) == (name, None)


@pytest.mark.parametrize("written", ["ГАУ ДПО ИРОСО", "ИРОСО", "ГАОУ ИРОСО", "ГАОУ ДПО ИРОСА", "ГАОУ ДПО ИРСОО"])
def test_alias(written: str) -> None:
    assert NAMES.resolve(written) == ("ГАОУ ДПО ИРОСО", Alias(written, "ГАОУ ДПО ИРОСО"))


@pytest.mark.parametrize("written", ["МОС", "ОУ", "МОУО", "ГАУ ДПО КРИПО", "ГАУ СО ЦОПП"])
def test_no_alias(written: str) -> None:
    assert NAMES.alias(written) == ""


def test_text_of_an_executor_has_no_definition_in_it() -> None:
    found, aliases = executors("Министерство образования Сахалинской области (далее – МОСО), ОО", NAMES)
    assert found == [Executor("Министерство образования Сахалинской области", "МОСО"), Executor("ОО", "ОО")]
    assert aliases == []


RESULTS = [
    ("Распорядительный акт МОСО, ГАУ СО АРЧК",
     [("Распорядительный акт МОСО, ГАУ СО АРЧК", "МОСО"), ("Распорядительный акт МОСО, ГАУ СО АРЧК", "ГАУ СО АРЧК")]),
    ("Информационные письма МОСО. Анонс на сайте ГАУ СО АРЧК.",
     [("Информационные письма МОСО", "МОСО"), ("Анонс на сайте ГАУ СО АРЧК", "ГАУ СО АРЧК")]),
    ("План сопровождения ОО - ГАУ ДПО ИРОСО", [("План сопровождения ОО - ГАУ ДПО ИРОСО", "ГАОУ ДПО ИРОСО")]),
    ("Отчет о готовности МОУО", [("Отчет о готовности МОУО", "")]),
    ("Приказ МОСО об утверждении перечня ОО", [("Приказ МОСО об утверждении перечня ОО", "МОСО")]),
    ("распоряжение Департамента", [("распоряжение Департамента", "Департамент")]),
    ("- приказ;\n- протокол", [("приказ", ""), ("протокол", "")]),
    ("Приказ от 01.09.2023 г. Саратов", [("Приказ от 01.09.2023 г. Саратов", "")]),
    ("-", []),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), RESULTS)
def test_results(cell: str, expected: list[tuple[str, str]]) -> None:
    row = [Executor(name, name) for name in ("МОСО", "ГАУ СО АРЧК", "ОО")]
    found, _ = results(cell, NAMES, row)
    assert [(one.text, one.owner) for one in found] == expected


FULL = [
    ("Назначение лиц в образовательных организациях", "ОО", "образовательных организациях"),
    ("реализацию профориентационного минимума в школах области", "профминимум", "профориентационного минимума"),
    ("Утвердить прилагаемый план мероприятий на год", "План", "план мероприятий на год"),
    ("Школы, центр опережающей профессиональной подготовки", "ЦОПП", "центр опережающей профессиональной подготовки"),
    ("МОСО, ГАУ СО «Агентство развития»", "АРЧК", "ГАУ СО «Агентство развития»"),
]


@pytest.mark.parametrize(("before", "abbr", "full"), FULL)
def test_full_form(before: str, abbr: str, full: str) -> None:
    assert full_form(before, abbr) == full


@pytest.mark.parametrize(
    "bracket", ["(далее – МОУО)", "(далее-МОУО)", "(далее — «МОУО»)", "(далее по тексту – МОУО)", "(далее:МОУО)"]
)
def test_definition(bracket: str) -> None:
    assert [one.abbr for one in definitions([f"Муниципальные органы управления образованием {bracket}"])] == ["МОУО"]


@given(st.lists(st.sampled_from(["МОСО", "ГАУ СО АРЧК", "МОУО", "ОО", "ГАОУ ДПО ИРОСО"]), min_size=1, max_size=6),
       st.sampled_from([" ", ", ", "; ", "\n", ",\n"]))  # fmt: skip
def test_known_names_are_parted_by_any_separator(bodies: list[str], separator: str) -> None:
    assert split_executors(separator.join(bodies), NAMES) == bodies


@given(st.text(alphabet="МОСАУГ абв(«»),;.\n-И.1", max_size=60))
def test_no_letter_is_invented(cell: str) -> None:
    letters = [char for char in cell if char.isalpha()]
    kept = [char for piece in split_executors(cell, NAMES) for char in piece if char.isalpha()]
    assert len(kept) <= len(letters)
    assert set(kept) <= set(letters)
