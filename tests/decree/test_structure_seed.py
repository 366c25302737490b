"""The first decree is read whole and alike from every format it comes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from profminimum.decree.contract import reading_json
from profminimum.decree.reading import read

if TYPE_CHECKING:
    from profminimum.decree.model import Measure, Reading

SEED = Path(__file__).parents[1] / "data" / "seed"
FORMATS = ("txt", "docx", "pdf")
APPOINT = "Назначение должностных лиц, ответственных за организацию и реализацию"
REGION = "Сахалинской области"
MAIN_SCHOOLS = "общеобразовательных организациях"


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {ending: read(SEED / f"decree.{ending}") for ending in FORMATS}


def measures(reading: Reading) -> dict[str, Measure]:
    return {measure.number: measure for section in reading.plan.sections for measure in section.measures}


def without_places(reading: Reading) -> dict[str, Any]:
    found = reading_json(reading)
    for section in found["plan"]["sections"]:
        for measure in section["measures"]:
            del measure["source"]
    for one in found["findings"]:
        if one["code"] == "stray-number":  # its message says how often the stamp stands in the file
            one["message"] = one["message"].partition(" (")[0]
    return found


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_formats_agree(readings: dict[str, Reading], ending: str) -> None:
    assert without_places(readings[ending]) == without_places(readings["txt"])


@pytest.mark.parametrize("name", ["browser-ruled.pdf", "browser-no-rules.pdf"])
def test_pages_printed_by_a_browser_agree(readings: dict[str, Reading], name: str) -> None:
    expected = without_places(readings["txt"])
    expected["findings"] = [one for one in expected["findings"] if one["code"] != "stray-number"]  # no stamp printed
    assert without_places(read(SEED.parent / "layouts" / name)) == expected


def test_act(readings: dict[str, Reading]) -> None:
    act = readings["txt"].decree
    assert (act.kind, act.number, str(act.date)) == ("распоряжение", "3.12-1264-р", "2023-09-08")
    assert act.place == "Южно-Сахалинск"
    assert act.issuer == "Министерство образования Сахалинской области"
    assert act.title.startswith("Об утверждении плана-графика мероприятий («дорожной карты»)")
    assert act.title.endswith("Сахалинской области в 2023/2024 учебном году")
    assert [clause.split()[0] for clause in act.clauses] == ["Утвердить", "Ответственным", "Контроль"]
    assert (act.signatory.position, act.signatory.name) == ("Министр", "А.Н. Киктева")
    assert (act.controller.position, act.controller.name) == ("первый заместитель министра", "И.А. Шпаченко")
    assert act.controller.text == "первого заместителя министра И.А. Шпаченко"


def test_plan_and_glossary(readings: dict[str, Reading]) -> None:
    plan = readings["txt"].plan
    assert plan.school_year == "2023/2024"
    assert plan.title.startswith("План-график («дорожная карта») по реализации")
    assert [(section.number, len(section.measures)) for section in plan.sections] == [("1", 7), ("2", 2), ("3", 3)]
    full = {one.abbr: one.full for one in plan.glossary}
    assert set(full) == {"План", "профминимум", "МОСО", "ГАУ СО АРЧК", "МОУО", "ОО", "ГАОУ ДПО ИРОСО"}
    assert full["МОСО"] == "Министерство образования Сахалинской области"
    assert full["ОО"] == "образовательных организациях"
    assert full["профминимум"] == "профориентационного минимума"
    assert full["ГАОУ ДПО ИРОСО"].startswith("Государственное автономное")
    assert full["ГАОУ ДПО ИРОСО"].endswith("имени Заслуженного учителя Российской Федерации В.Д. Гуревича")


TITLES = {
    "1": f"{APPOINT} профориентационного минимума в {MAIN_SCHOOLS} Сахалинской области (далее - профминимум)",
    "2": f"{APPOINT} профминимума в образовательных организациях (далее - ОО)",
    "3": "Создание рабочей группы по реализации профминимума",
    "4": "Утверждение перечня ОО, планирующих внедрение профминимума в 2023/2024 учебном году, с указанием "
    "выбранного уровня профориентационного минимума",
    "5": "Подготовка отчета о готовности ОО к реализации профминимума в 2023/2024 учебном году",
    "6": "Исследование специфики функционирования ОО с разными уровнями реализации профминимума",
    "7": "Разработка дорожной карты о реализации профминимума в 2024/2025 учебном году",
    "8": "Организация и проведение научно-практических конференций, совещаний, семинаров, круглых столов по "
    "актуальным вопросам",
    "9": "Организация обучения педагогов по программам дополнительного профессионального обучения",
    "10": "Проведение мониторинга готовности ОО к реализации профминимума с 01.09.2023",
    "11": "Проведение мониторинга эффективности деятельности по реализации профминимума в 2023/2024 учебном году",
    "12": "Проведение мониторинга участия в региональных, муниципальных мероприятиях",
}
NAMES = {
    "1": "МОСО; ГАУ СО АРЧК", "2": "МОУО; ОО", "3": "МОСО", "4": "МОСО", "5": "ГАУ СО АРЧК", "6": "ГАОУ ДПО ИРОСО",
    "7": "ГАУ СО АРЧК", "8": "МОСО; ГАУ СО АРЧК; МОУО; ОО", "9": "ГАОУ ДПО ИРОСО; МОУО; ОО", "10": "МОСО",
    "11": "МОСО; ГАУ СО АРЧК", "12": "ГАУ СО АРЧК",
}  # fmt: skip
OWNERS = {
    "1": "МОСО; ГАУ СО АРЧК", "2": "МОУО; ОО", "3": "МОСО", "4": "МОСО", "5": "ГАУ СО АРЧК", "6": "ГАОУ ДПО ИРОСО",
    "7": "", "8": "МОСО; ГАУ СО АРЧК; ГАОУ ДПО ИРОСО; ОО", "9": "", "10": "",
    "11": "ГАУ СО АРЧК", "12": "ГАУ СО АРЧК",
}  # fmt: skip
DAYS = {
    "7": ["2023-03-29"], "8": ["2023-08-24"], "9": ["2024-08-31"],
    "11": ["2023-12-01", "2024-06-01"], "12": ["2023-12-02", "2024-06-02"],
}  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
def test_rows_word_for_word(readings: dict[str, Reading], ending: str) -> None:
    found = measures(readings[ending])
    assert {number: measure.title for number, measure in found.items()} == TITLES
    assert {n: "; ".join(one.name for one in measure.executors) for n, measure in found.items()} == NAMES
    assert {n: "; ".join(one.owner for one in measure.results) for n, measure in found.items()} == OWNERS
    assert {number: [day.isoformat() for day in found[number].occurrences] for number in DAYS} == DAYS


@pytest.mark.parametrize("ending", FORMATS)
def test_row_with_items(readings: dict[str, Reading], ending: str) -> None:
    row = measures(readings[ending])["8"]
    assert row.items == (
        "совещание по вопросам реализации профминимума в 2023/2024 учебном году",
        "вебинар: «Особенности реализации профориентационных проектов в Сахалинской области»",
        "вебинар «Реализация профминимума в образовательной организации»",
        f"вебинар «Внедрение профориентационного минимума в {MAIN_SCHOOLS} в Сахалинской области»",
        f"вебинар «Внедрение профориентационного минимума в {MAIN_SCHOOLS} для детей с ОВЗ и инвалидностью»",
        f"вебинар «О проведении мониторинга эффективности реализации профминимума в {MAIN_SCHOOLS} {REGION}»",
        "вебинар «Об итогах реализации профминимума в 2023/2024 учебном году»",
    )
    assert [result.text for result in row.results] == [
        "Информационные письма МОСО",
        "Анонс, программа, пост – релиз на сайте ГАУ СО АРЧК",
        "План мероприятий по методическому сопровождению ОО - ГАУ ДПО ИРОСО",
        "Тиражирование положительного опыта педагогов ОО",
    ]


def test_full_names_stay_as_written(readings: dict[str, Reading]) -> None:
    found = measures(readings["pdf"])
    assert found["1"].executors[0].text == "Министерство образования Сахалинской области"
    assert found["2"].executors[0].text == (
        "Руководители органов местного самоуправления муниципальных образований Сахалинской области, "
        "осуществляющих управление в сфере образования"
    )


def test_every_measure_knows_its_place(readings: dict[str, Reading]) -> None:
    for ending, field in (("txt", "line"), ("docx", "row"), ("pdf", "page")):
        assert all(getattr(measure.source, field) for measure in measures(readings[ending]).values()), ending
