"""The registry of schools from a file: reading, mistakes by row and column, preview, apply, the same file twice."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from factories import AT
from people import browser
from profminimum.journal.models import Entry
from profminimum.orgs import queries, registry, registry_book, services
from profminimum.orgs.models import Organisation, RegistryUpload
from profminimum.orgs.registry import COLUMNS, STATE, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from factories import SmallRegion
    from people import People

ON = date(2023, 9, 1)
HEAD = [column.heading for column in COLUMNS]


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def row(**given: str) -> list[str]:
    base = {
        "code": "Н1", "name": "Школа новая", "short_name": "СОШ новая",
        "parent": "Округ № 1", "ownership": "муниципальная",
    }  # fmt: skip
    values = {**base, **given}
    return [values.get(column.key, "") for column in COLUMNS]


def sheet(*rows: list[str], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    lines = [HEAD, *rows]
    return "\r\n".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines
    ).encode(encoding)


def book(*rows: list[object]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        page = workbook.add_worksheet()
        for number, line in enumerate([HEAD, *rows]):
            page.write_row(number, 0, line)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(sheet(row()), id="utf-8 and semicolons"),
        pytest.param(sheet(row(), encoding="cp1251"), id="cp1251"),
        pytest.param(sheet(row(), delimiter=",", encoding="utf-8"), id="commas"),
        pytest.param(sheet(["Реестр школ"], row()).split(b"\r\n", 1)[1].replace(b"x", b"x"), id="without headings"),
        pytest.param(book(list(row())), id="xlsx"),
    ],
)
def test_reads_every_form_or_says_that_headings_are_missing(content: bytes) -> None:
    if HEAD[1].encode() not in content and HEAD[1].encode("cp1251") not in content and content[:2] != b"PK":
        with pytest.raises(UnreadableError, match="заголовков"):
            registry.read(content, "школы.csv")
        return
    reading = registry.read(content, "школы.csv")
    assert [str(m) for m in reading.mistakes] == []
    assert [(r.code, r.parent, r.details["short_name"]) for r in reading.rows] == [("Н1", "Округ № 1", "СОШ новая")]


def test_numbers_and_dates_of_a_spreadsheet_are_texts() -> None:
    cells: list[object] = list(row(ownership="государственная", parent=""))
    cells[HEAD.index("ОКТМО")] = 64701000
    cells[HEAD.index("Число обучающихся")] = 540
    cells[HEAD.index("Код")] = 17
    found = registry.read(book(cells), "школы.xlsx").rows[0]
    assert (found.code, found.details["oktmo"], found.details["pupils"]) == ("17", "64701000", 540)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"oktmo": "647"}, "Строка 2, столбец «ОКТМО»: «647» — нужно 8 или 11 цифр."),
        ({"name": ""}, "Строка 2, столбец «Полное наименование»: не заполнено."),
        ({"code": ""}, "Строка 2, столбец «Код»: не заполнено."),
        ({"pupils": "много"}, "Строка 2, столбец «Число обучающихся»: «много» — нужно целое число."),
        ({"ownership": "частная"}, "Строка 2, столбец «Вид»: впишите «муниципальная» или «государственная»."),
        ({"opened": "вчера"}, "Строка 2, столбец «Дата открытия»: «вчера» — не дата. Впишите в виде 01.09.2023."),
        ({"opened": "01.09.2023", "closed": "01.09.2023"},
         "Строка 2, столбец «Дата закрытия»: не позже даты открытия."),
        ({"parent": ""}, "Строка 2, столбец «Орган управления»: не заполнено."),
        ({"parent": "Округ № 9"},
         "Строка 2, столбец «Орган управления»: органа управления «Округ № 9» в регионе на эту дату нет."),
        ({"head": "НЕТ"}, "Строка 2, столбец «Филиал (код головной)»: нет школы с кодом НЕТ."),
        ({"code": "А1"},
         "Строка 2, столбец «Код»: код А1 принадлежит организации другого вида (муниципальный орган управления"),
        ({"email": "почта"}, "Строка 2, столбец «E-mail»: "),
        ({"code": "ГШ1", "parent": "", "ownership": "государственная", "opened": "02.01.2020"},
         "Строка 2, столбец «Дата открытия»: организация открыта 01.01.2020. Очистите ячейку."),
        ({"school_type": "университет"}, "Строка 2, столбец «Тип»: «университет» нет в списке: "),
    ],
)  # fmt: skip
def test_mistakes_name_the_row_and_the_column(region: SmallRegion, given: dict[str, str], expected: str) -> None:
    seen = services.preview(sheet(row(**given)), "школы.csv", region=region.region, on=ON)
    assert any(str(mistake).startswith(expected) for mistake in seen.mistakes), [str(m) for m in seen.mistakes]
    with pytest.raises(ValidationError):
        services.import_registry(sheet(row(**given)), "школы.csv", region=region.region, on=ON, by=None, at=AT)
    assert not Organisation.objects.filter(code="Н1").exists()


def test_all_mistakes_are_gathered_up_to_a_limit(region: SmallRegion) -> None:
    many = [row(code=f"К{n}", oktmo="1") for n in range(registry.MISTAKE_LIMIT + 5)]
    seen = services.preview(sheet(*many), "школы.csv", region=region.region, on=ON)
    assert (len(seen.mistakes), seen.more_mistakes) == (registry.MISTAKE_LIMIT, 5)
    twice = services.preview(sheet(row(), row()), "школы.csv", region=region.region, on=ON)
    assert [str(m) for m in twice.mistakes] == ["Строка 3, столбец «Код»: код Н1 уже есть в строке 2."]


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (registry.INFLATED_LIMIT + 1))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01", b"PK\x03\x04 not a zip", b"a;b\r\n1;2", b"x" * (registry.SIZE_LIMIT + 1), sheet(),
     sheet(row())[:30]],
)  # fmt: skip
def test_what_is_no_registry_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"файл\.csv"):
        registry.read(content, "файл.csv")


def test_a_bomb_is_refused() -> None:
    with pytest.raises(UnreadableError, match="распаковке"):
        registry.read(_bomb(), "файл.xlsx")


def test_opens_changes_moves_and_closes_and_the_second_time_nothing(region: SmallRegion) -> None:
    content = sheet(
        row(oktmo="64701000", pupils="540", school_type="Средняя школа", opened="01.09.2023", act="пост. № 7"),
        row(code="Н1-Ф", name="Филиал", short_name="Филиал новой", head="Н1"),
        row(code="А1-Ш1", name="Гимназия № 1", short_name="Гимназия № 1"),
        row(code="А1-Ш2", name="Школа", short_name="Школа", parent="А2"),
        row(code="А2-Ш1", name="Закрытая", short_name="Закрытая", parent="Округ № 2", closed="01.01.2024"),
        row(code="ГШ1", name="Областной лицей-интернат", short_name="Лицей-интернат", parent="", ownership=STATE),
    )  # fmt: skip
    seen = services.import_registry(content, "школы.csv", region=region.region, on=ON, by=None, at=AT)
    assert (len(seen.openings), len(seen.changes), len(seen.closings), seen.unchanged) == (2, 3, 1, 1)
    assert seen.absent == 2  # А2-Ш2 and the branch of А1-Ш1
    states = {o.code: o.state for o in Organisation.objects.as_of(ON)}
    assert states["Н1"].pupils == 540
    assert states["Н1-Ф"].parent_id == states["Н1"].organisation_id
    assert states["А1-Ш1"].short_name == "Гимназия № 1"
    assert states["А1-Ш2"].parent_id == region.authorities[1].pk
    assert Organisation.objects.get(code="А2-Ш1").closed == date(2024, 1, 1)
    assert Entry.objects.get(action="registry.imported").after["opened"] == 2
    before = Entry.objects.count()
    again = services.import_registry(content, "школы.csv", region=region.region, on=ON, by=None, at=AT)
    assert again.is_empty
    assert Entry.objects.count() == before


def test_an_empty_cell_changes_nothing_and_a_dash_clears(region: SmallRegion) -> None:
    school = region.schools[0]
    services.change_organisation(school, on=ON, by=None, at=AT, phone="+7", address="ул. Мира")
    text = sheet(row(code="А1-Ш1", name="Школа", short_name="Школа", phone="-"))
    services.import_registry(text, "школы.csv", region=region.region, on=ON, by=None, at=AT)
    state = queries.states([school.pk], ON)[school.pk]
    assert (state.phone, state.address, state.pupils) == ("", "ул. Мира", 100)


def test_the_template_has_the_columns_lists_and_an_example_that_is_passed_over() -> None:
    content = registry_book.book(None, authorities=["Округ № 1", "Округ № 2"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == HEAD
    assert rows[1][0] == registry.EXAMPLE
    with pytest.raises(UnreadableError, match="нет строк"):
        registry.read(content, "template.xlsx")
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert xml.count("<dataValidation ") == 3
    assert "<sheetProtection" in xml


def test_the_export_read_back_changes_nothing(region: SmallRegion, people: People, december: datetime) -> None:
    services.change_organisation(region.schools[0], on=ON, by=None, at=AT, address="=1+1", phone="+7 (4242) 1")
    answer = browser(people.ministry).get(reverse("organisations"), {"export": "xlsx"})
    assert answer["Content-Type"].endswith("sheet")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
    seen = services.preview(answer.content, "schools.xlsx", region=region.region, on=december.date())
    assert [str(m) for m in seen.mistakes] == []
    assert seen.is_empty
    assert seen.unchanged == 6
    own = browser(people.school).get(reverse("organisations"), {"export": "xlsx"})
    assert len(registry.read(own.content, "x").rows) == 2


def test_from_upload_to_apply_in_the_browser(region: SmallRegion, people: People, december: datetime) -> None:
    client = browser(people.ministry)
    wrong = SimpleUploadedFile("школы.csv", sheet(row(oktmo="1")))
    page = client.post(reverse("registry"), {"file": wrong, "on": "2023-12-02"}, follow=True)
    assert "Строка 2, столбец «ОКТМО»" in page.content.decode()
    first = RegistryUpload.objects.get()
    client.post(reverse("registry_preview", args=[first.pk]))
    assert not Organisation.objects.filter(code="Н1").exists()
    right = SimpleUploadedFile("школы.csv", sheet(row()))
    page = client.post(reverse("registry"), {"file": right, "on": "2023-12-02"}, follow=True)
    assert "СОШ новая" in page.content.decode()
    assert not Organisation.objects.filter(code="Н1").exists()
    kept = RegistryUpload.objects.get()  # the first one is forgotten
    assert browser(people.administrator).get(reverse("registry_preview", args=[kept.pk])).status_code == 404
    client.post(reverse("registry_preview", args=[kept.pk]))
    assert Organisation.objects.filter(code="Н1").exists()
    broken = SimpleUploadedFile("школы.xlsx", b"PK\x03\x04")
    page = client.post(reverse("registry"), {"file": broken, "on": "2023-12-02"})
    assert "повреждён" in page.content.decode()
