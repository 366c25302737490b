"""Answers as files: every kind holds the same, nothing becomes a formula, nobody takes what is not theirs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from monitoring_waves import ANSWERS, answer_of, definition, opened_wave
from people import browser
from profminimum.journal.models import Entry
from profminimum.monitoring import exports
from profminimum.monitoring.queries import answered, answers
from profminimum.monitoring.schema.cells import cells, row
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Definition, Kind
from profminimum.monitoring.services import submissions

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Wave

GIVEN: dict[str, Any] = {
    **ANSWERS,
    "comment": "=1+1",
    "order": "+7-ОД",
    "events": [{"event": "Проект; «Билет»", "people": 12}, {"event": "Экскурсия"}],
}


@pytest.fixture
def wave(region: SmallRegion, people: People, december: datetime) -> Wave:
    made = opened_wave(region, people)
    submissions.submit(answer_of(made, region.schools[0]), answers=GIVEN, by=people.school, at=december)
    submissions.submit(answer_of(made, region.state_school), answers=ANSWERS, by=people.state_school, at=december)
    return made


def taken(person: object, wave: Wave, suffix: str, query: str = "") -> bytes:
    answer = browser(person).get(f"/monitoring/waves/{wave.pk}/answers.{suffix}{query}")  # type: ignore[arg-type]  # a user
    assert answer.status_code == 200
    data: bytes = answer.getvalue()
    return data


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def sheet(data: bytes) -> list[dict[str, Any]]:
    page = load_workbook(io.BytesIO(data)).active
    assert page is not None
    head, *rows = page.iter_rows()
    return [{str(name.value): cell for name, cell in zip(head, row, strict=True)} for row in rows]


def test_csv_speaks_to_people_and_holds_no_formula(wave: Wave, people: People) -> None:
    found = {line["Код"]: line for line in lines(taken(people.coordinator, wave, "csv"))}
    assert len(found) == 2
    line = next(line for line in found.values() if line["Примечание"])
    assert line["Примечание"] == "'=1+1"
    assert line["Номер приказа"] == "'+7-ОД"
    assert line["Уровень"] == "основной"
    assert line["Издан приказ"] == "да"
    assert line["6 класс — охвачено"] == "45"
    assert line["Доля охвата, %"] == "90"
    assert line["Ответственное лицо — телефон"] == "'+7 4242 12-34-56"
    assert "Проект; «Билет»" in line["Мероприятия"]
    assert (line["Отправлено"], line["В срок"], line["Состояние"]) == ("02.12.2023", "да", "отправлен на проверку")


def test_xlsx_has_real_numbers_and_texts(wave: Wave, people: People) -> None:
    cells_ = next(line for line in sheet(taken(people.coordinator, wave, "xlsx")) if line["Примечание"].value)
    assert (cells_["Примечание"].value, cells_["Примечание"].data_type) == ("=1+1", "s")
    assert cells_["6 класс — охвачено"].value == 45
    assert cells_["Отправлено"].is_date
    assert cells_["Уровень"].value == "основной"


def test_parquet_has_typed_columns_and_codes(wave: Wave, people: People) -> None:
    table = pq.read_table(io.BytesIO(taken(people.coordinator, wave, "parquet")))
    assert table.num_rows == 2
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["covered"], types["has_order"], types["sent"]) == ("int64", "bool", "date32[day]")
    assert table["level"].to_pylist() == ["main", "main"]
    assert table["grades.g6.part"].to_pylist() == [45, 45]
    assert sorted(value or "" for value in table["comment"].to_pylist()) == ["", "=1+1"]


@pytest.mark.parametrize("suffix", exports.FORMATS)
def test_an_empty_export_has_its_headings(wave: Wave, people: People, suffix: str) -> None:
    data = taken(people.coordinator, wave, suffix, "?state=accepted")
    if suffix == "csv":
        assert lines(data) == []
        assert "Примечание" in data.decode("utf-8-sig")
    elif suffix == "xlsx":
        assert sheet(data) == []
        assert "Примечание" in [cell.value for cell in load_workbook(io.BytesIO(data)).worksheets[0][1]]
    else:
        assert pq.read_table(io.BytesIO(data)).num_rows == 0


def test_everybody_takes_their_own_and_the_journal_knows(wave: Wave, people: People, region: SmallRegion) -> None:
    own = lines(taken(people.municipal, wave, "csv"))
    assert [line["Организация"] for line in own] == [name_of(region.schools[0].pk)]
    assert lines(taken(people.other_municipal, wave, "csv")) == []
    entry = Entry.objects.filter(action="answers.exported").latest("pk")
    assert (entry.by, entry.after["format"], entry.after["answers"]) == (people.other_municipal, "csv", 0)
    assert browser(people.observer).get(f"/monitoring/waves/{wave.pk}/answers.csv").status_code == 403
    assert browser(people.coordinator).get(f"/monitoring/waves/{wave.pk}/answers.exe").status_code == 404


def name_of(place: int) -> str:
    from profminimum.orgs.models import OrganisationState  # noqa: PLC0415 - used here alone

    return OrganisationState.objects.get(organisation=place, valid_to=None).short_name


def test_the_filter_of_the_list_narrows_the_export(wave: Wave, people: People, region: SmallRegion) -> None:
    unit = region.authorities[0].pk
    assert len(lines(taken(people.coordinator, wave, "csv", f"?unit={unit}"))) == 1
    assert len(lines(taken(people.coordinator, wave, "csv", "?on=2023-11-25"))) == 0


def test_the_compiled_row_takes_what_the_cells_name(region: SmallRegion) -> None:
    columns = cells(definition())
    take = exports.taking(columns, lambda _cell: None)
    plain = [index for index, cell in enumerate(columns) if cell.place != "events"]
    samples: list[dict[str, Any]] = [GIVEN, ANSWERS, {}, {"grades": {"g6": {}}, "leader": {}}]
    for given in samples:
        mine, theirs = take.row(given), row(columns, given)
        assert [mine[index] for index in plain] == [theirs[index] for index in plain]


def test_what_is_exported_is_fixed_when_it_begins(
    wave: Wave, people: People, region: SmallRegion, december: datetime
) -> None:
    ask = answered.Ask()
    fixed = answers.fixed(answered.ordered_stages(answers.listed(people.coordinator, wave, ask), ""))
    first = answer_of(wave, region.schools[0])
    submissions.send_back(first, reason="Проверьте охват", by=people.municipal, at=december)
    submissions.submit(
        answer_of(wave, region.schools[0]), answers={**GIVEN, "covered": 5}, by=people.school, at=december
    )
    found = {one.submission: one for one in answers.contents(fixed, ask.today)}
    assert found[first.pk].answers["covered"] == 90
    assert (found[first.pk].number, found[first.pk].state) == (1, "submitted")


@pytest.mark.parametrize(
    ("value", "line", "cell"), [(13.6 + 1.5 + 0.8, "15,9", 15.9), (4, "4", 4), ("да", "да", "да")]
)
def test_what_is_calculated_leaves_without_the_dust_of_its_arithmetic(value: Any, line: Any, cell: Any) -> None:
    hours = item(Kind.CALCULATED, "hours", {"ru": "Часов"})
    columns = cells(Definition("form", {"ru": "Форма"}, (hours,), (), {}))
    assert exports.taking(columns, lambda one: exports._lined(one, "ru")).row({"hours": value}) == [line]
    assert exports.taking(columns, lambda one: exports._sheeted(one, "ru")).row({"hours": value}) == [cell]
