"""Workbooks of answers without a database: what is written is read back, and what is wrong is named by its cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from monitoring_waves import ANSWERS, definition, words
from profminimum.decree.model import UnreadableError
from profminimum.monitoring.books import identity as identities
from profminimum.monitoring.books import judging, reading, school, targets, wave, wave_reading
from profminimum.monitoring.books.identity import ForeignError, Identity
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Choice, Context, Definition, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl import Workbook

CONTEXT = Context("2023-12-02", {}, {}, {})
MINE = Identity(identities.SCHOOL, 7, 3, 2, "А1-Ш1", 0, "Школа № 1", "Волна", 1)
CHOICES = (
    Choice("1", words("2"), {}),  # labels that are names of others: only the name tells them
    Choice("2", words("да; нет"), {}),
    Choice("base", words("базовый"), {}),
    Choice("other", words("базовый"), {}),
)


def wide() -> Definition:
    """A question of every kind that a workbook can hold, and some that it cannot."""
    person = item(Kind.PERSON, "leader", words("Ответственное лицо"))
    table = item(
        Kind.TABLE,
        "grades",
        words("Классы: охват/часы"),
        rows=(Choice("g6", words("6 класс"), {}), Choice("g7", words("7 класс"), {})),
        items=(
            item(Kind.INTEGER, "all", words("обучается"), least=0),
            item(Kind.AMOUNT, "hours", words("часов"), decimals=1, unit=words("ч")),
            item(Kind.ONE, "level", words("уровень"), choices=CHOICES),
            item(Kind.YESNO, "order", words("приказ")),
        ),
    )
    repeat = item(
        Kind.REPEAT,
        "events",
        words("Мероприятия"),
        at_most=20,
        items=(
            item(Kind.TEXT, "event", words("название")),
            item(Kind.DATE, "held", words("когда")),
            item(Kind.PERSON, "speaker", words("ведущий")),
            item(Kind.FILE, "photo", words("снимок")),
        ),
    )
    plain = (
        item(Kind.INTEGER, "pupils", words("Обучается"), hint=words("на 1 сентября")),
        item(Kind.DECIMAL, "share", words("Доля"), decimals=2),
        item(Kind.TEXT, "number", words("Номер")),
        item(Kind.LONG, "comment", words("Примечание")),
        item(Kind.DATE, "signed", words("Дата")),
        item(Kind.ONE, "level_chosen", words("Уровень"), choices=CHOICES),
        item(Kind.MANY, "formats", words("Форматы"), choices=CHOICES),
        item(Kind.YESNO, "ready", words("Готовы")),
        item(Kind.FILE, "scan", words("Приказ")),
        item(Kind.NOTE, "note", words("Пояснение")),
    )
    group = item(Kind.GROUP, "first", words("Показатели"), items=plain)
    return Definition("wide", words("Широкая форма"), (group, person, table, repeat), (), {})


WIDE = wide()
LINE = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="="), min_size=1, max_size=30)
TEXT = LINE.map(lambda text: " ".join(text.split())).filter(lambda text: text and not text.startswith("'"))
WHOLE = st.integers(-(10**9), 10**9)
DAY = st.dates(date(1901, 1, 1), date(2100, 1, 1)).map(date.isoformat)
ONE = st.sampled_from([choice.name for choice in CHOICES])
MANY = st.sets(ONE, min_size=1).map(lambda taken: [choice.name for choice in CHOICES if choice.name in taken])
PERSON = st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "post", "phone", "email"), TEXT)).filter(bool)
ROW = st.fixed_dictionaries(
    {},
    optional={
        "all": st.integers(0, 10**6),
        "hours": WHOLE.map(lambda n: n / 10),
        "level": ONE,
        "order": st.booleans(),
    },
).filter(bool)
ENTRY = st.fixed_dictionaries({"event": TEXT}, optional={"held": DAY, "speaker": PERSON})
FILLED = st.fixed_dictionaries(
    {},
    optional={
        "pupils": WHOLE,
        "share": WHOLE.map(lambda n: n / 100),
        "number": TEXT,
        "comment": TEXT,
        "signed": DAY,
        "level_chosen": ONE,
        "formats": MANY,
        "ready": st.booleans(),
        "leader": PERSON,
        "grades": st.fixed_dictionaries({}, optional={"g6": ROW, "g7": ROW}).filter(bool),
        "events": st.lists(ENTRY, min_size=1, max_size=4),
    },
)


def made(answers: Mapping[str, Any], form: Definition = WIDE, mine: Identity = MINE) -> bytes:
    return school.template(form, school.Known(answers, {}, ["Школа № 1"]), mine, "ru")


def judged(data: bytes, form: Definition = WIDE, held: Mapping[str, Any] | None = None) -> judging.Judged:
    found = reading.read_school(reading.opened(data, "ответ.xlsx"), form)
    raw = {**targets.raw(found.given, held or {}), **found.entries}
    return judging.judge(form, raw, held or {}, {}, CONTEXT)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells(book: Workbook) -> dict[str, Any]:
    """Place → cell of the template, as its hidden row and column say."""
    found: dict[str, Any] = {}
    for sheet in book.worksheets:
        mark = str(sheet["A4"].value or "")
        if sheet["E4"].value == school.ANSWER:
            found |= {str(row[5].value): row[4] for row in sheet.iter_rows(min_row=6) if row[5].value}
        elif mark.startswith(school.TABLE):
            for row in sheet.iter_rows(min_row=6):
                heads = [cell for cell in sheet[4][2:] if cell.value] if row[0].value else []
                name = mark.removeprefix(school.TABLE)
                found |= {f"{name}.{row[0].value}.{head.value}": row[head.column - 1] for head in heads}
        elif mark.startswith(school.REPEAT):
            name = mark.removeprefix(school.REPEAT)
            for index, row in enumerate(sheet.iter_rows(min_row=6)):
                found |= {
                    f"{name}[{index}].{head.value}": row[head.column - 1] for head in sheet[4][2:] if head.value
                }
    return found


def flat(answers: Mapping[str, Any]) -> dict[str, Any]:
    """«place → value» of every single value."""
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if name == "leader":
            found |= {f"leader.{part}": said for part, said in value.items()}
        elif name == "grades":
            found |= {f"grades.{row}.{column}": one for row, held in value.items() for column, one in held.items()}
        elif name == "events":
            for index, entry in enumerate(value):
                for key, one in entry.items():
                    parts = {f".{part}": said for part, said in one.items()} if key == "speaker" else {"": one}
                    found |= {f"events[{index}].{key}{part}": said for part, said in parts.items()}
        else:
            found[name] = value
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLED)
def test_what_is_written_into_a_template_is_read_back(answers: dict[str, Any]) -> None:
    found = judged(made(answers))
    assert (found.after, found.unread) == (answers, ())
    assert judged(made(answers), held=answers).changes == ()


ITEMS = {target.place: target.item for target in targets.targets(WIDE)}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLED)
def test_a_template_filled_in_a_spreadsheet_gives_the_same_answers(answers: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(made({})))
    by_place = cells(book)
    kinds = {child.name: child for each in WIDE.items for child in each.items if each.kind == Kind.REPEAT}
    for place, value in flat(answers).items():
        asked = ITEMS.get(place) or kinds[place.partition("].")[2].partition(".")[0]]
        by_place[place].value = targets.write(asked, value, "ru") if asked.kind != Kind.PERSON else value
        if isinstance(by_place[place].value, str):
            by_place[place].data_type = "s"
    found = judged(saved(book))
    assert (found.after, found.unread) == (answers, ())


def test_cells_are_protected_except_the_answers_and_offer_what_may_be_chosen() -> None:
    book = load_workbook(io.BytesIO(made({"pupils": 5})))
    page = book["Форма"]
    assert all(sheet.protection.sheet for sheet in book.worksheets if sheet.title != identities.SHEET)
    assert book[identities.SHEET].sheet_state == "veryHidden"
    by_place = cells(book)
    assert by_place["pupils"].value == 5
    assert not by_place["pupils"].protection.locked
    assert page["A8"].protection.locked
    rules = {str(rule.sqref): rule.type for rule in page.data_validations.dataValidation}
    at = {place: cell.coordinate for place, cell in by_place.items() if cell.parent is page}
    assert {name: rules[at[name]] for name in ("pupils", "share", "signed", "level_chosen", "ready")} == {
        "pupils": "whole", "share": "decimal", "signed": "date", "level_chosen": "list", "ready": "list",
    }  # fmt: skip
    assert "scan" not in by_place


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        ("share", "1 234,5", 1234.5),
        ("share", "1\u00a0234,5", 1234.5),
        ("pupils", "1 234", 1234),
        ("signed", "25.08.2023", "2023-08-25"),
        ("signed", date(2023, 8, 25), "2023-08-25"),
        ("number", 12, "12"),
        ("number", date(2023, 8, 25), "25.08.2023"),
        ("ready", "ДА", True),
        ("ready", False, False),
        ("formats", "базовый;  2", ["2", "base"]),
        ("pupils", "  ", None),
    ],
)
def test_people_type_as_they_do(place: str, typed: Any, kept: Any) -> None:
    book = load_workbook(io.BytesIO(made({"pupils": 7} if place == "pupils" else {})))
    cells(book)[place].value = typed
    found = judged(saved(book), held={"pupils": 7} if place == "pupils" else {})
    assert (found.after.get(place), found.unread) == (kept, ())


def test_what_cannot_be_read_is_named_by_its_cell_and_leaves_what_was_there() -> None:
    held = {"pupils": 7, "grades": {"g6": {"all": 20, "hours": 2.5}}}
    book = load_workbook(io.BytesIO(made(held)))
    by_place = cells(book)
    by_place["pupils"].value = "много"
    by_place["grades.g6.all"].value = "двадцать"
    by_place["signed"].value = "=A1+1"  # saved without a value
    data = saved(book)
    opened = reading.opened(data, "ответ.xlsx")
    found = reading.read_school(opened, WIDE)
    assert [fault.where for fault in found.faults] == [f"Форма!{by_place['signed'].coordinate}"]
    where = {one.place: found.where[one.place] for one in judged(data, held=held).unread}
    assert where == {
        "pupils": f"Форма!{by_place['pupils'].coordinate}",
        "grades.g6.all": f"1. Классы  охват часы!{by_place['grades.g6.all'].coordinate}",
    }
    assert judged(data, held=held).after == held


def test_a_file_of_an_entry_stays_with_it() -> None:
    given = judging.entries([{"event": "Экскурсия"}], [{"event": "День", "photo": {"file": 3}}], {"event", "held"})
    assert given == [{"photo": {"file": 3}, "event": "Экскурсия"}]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation": "А2-Ш1", "name": "Чужая"}, "«Чужая» (код А2-Ш1)"),
        ({"wave": 4, "wave_title": "Весна"}, "«Весна», а не «Волна»"),
        ({"version": 9, "version_number": 3}, "редакции 3 формы"),
        ({"submission": 8}, "другого ответа"),
        ({"kind": identities.WAVE}, "органа управления"),
    ],
)
def test_a_file_for_another_is_refused_with_the_reason(change: dict[str, Any], said: str) -> None:
    other = Identity(**{**{name: getattr(MINE, name) for name in Identity.__slots__}, **change})
    seen = identities.found(reading.opened(made({}, mine=other), "x.xlsx").sheets, "x.xlsx")
    assert seen == other
    with pytest.raises(ForeignError, match=said.replace("(", r"\(").replace(")", r"\)")):
        identities.check(seen, MINE)


def test_a_changed_or_missing_service_sheet_is_refused() -> None:
    book = load_workbook(io.BytesIO(made({})))
    book[identities.SHEET]["B3"].value = "4"
    with pytest.raises(ForeignError, match="изменён"):
        identities.found(reading.opened(saved(book), "x.xlsx").sheets, "x.xlsx")
    del book[identities.SHEET]
    with pytest.raises(ForeignError, match="нет служебного листа"):
        identities.found(reading.opened(saved(book), "x.xlsx").sheets, "x.xlsx")


@pytest.mark.parametrize("cell", ["A2000000", "XFD9000", "ZZZ1"])
def test_a_sheet_that_would_not_fit_in_memory_is_refused(cell: str) -> None:

    source, target = zipfile.ZipFile(io.BytesIO(made({}))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = f'<row r="1048576"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
                content = content.replace(b"</sheetData>", far)
            archive.writestr(name, content)
    with pytest.raises(UnreadableError, match="слишком велик"):
        reading.opened(target.getvalue(), "x.xlsx")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.4", b"a;b\n1;2\n"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        reading.opened(data, "x.xlsx")


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin", "word/document.xml"])
def test_a_workbook_of_another_kind_is_to_be_saved_as_xlsx(part: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(UnreadableError, match="Сохраните его как XLSX"):
        reading.opened(stream.getvalue(), "ответы.ods")


def test_every_sheet_shows_its_title_and_prints_on_the_width_of_a_page() -> None:
    book = load_workbook(io.BytesIO(made({})))
    for sheet in book:
        if sheet.sheet_state != "visible":
            continue
        titles = [cell for cell in sheet[1] if cell.value]
        assert titles, sheet.title
        assert not any(sheet.column_dimensions[cell.column_letter].hidden for cell in titles), sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.oddFooter is not None
        assert "&P" in str(getattr(sheet.oddFooter.right, "text", ""))


def test_rows_are_as_high_as_their_texts_want() -> None:
    long = item(Kind.INTEGER, "q", words("Сколько обучающихся приняло участие в профессиональных пробах, экскурсиях"))
    table = item(
        Kind.TABLE,
        "t",
        words("Классы"),
        rows=(Choice("a", words("Класс с очень длинным названием профиля и уточнением"), {}),),
        items=(item(Kind.INTEGER, "c", words("из охваченных с ОВЗ и инвалидностью")),),
    )
    comment = item(Kind.LONG, "why", words("Почему"))
    book = load_workbook(io.BytesIO(made({}, Definition("f", words("Форма"), (long, comment, table), (), {}))))
    form, grid = book["Форма"], book["1. Классы"]
    assert [form.row_dimensions[row].height for row in (6, 7)] == pytest.approx([28, 54], abs=0.5)
    assert form.row_dimensions[8].height is None  # one line
    assert [grid.row_dimensions[row].height for row in (5, 6)] == pytest.approx([41, 28], abs=0.5)


# the workbook of an authority


def lines(number: int) -> list[wave.Line]:
    return [
        wave.Line(f"А1-Ш{n}", f"Школа № {n}", "ожидается", 0, n == 3, {"pupils": 100}) for n in range(1, number + 1)
    ]


def of_wave(number: int = 3) -> bytes:
    return wave.workbook(definition(), lines(number), MINE, ["Волна", "Округ № 1"], "ru")


def test_a_wide_workbook_prints_legibly_with_the_schools_on_each_page() -> None:
    page = load_workbook(io.BytesIO(of_wave()))["Ответы"]
    assert page.page_setup.scale == 70
    assert not getattr(page.sheet_properties.pageSetUpPr, "fitToPage", False)
    assert (page.print_title_cols, page.print_title_rows) == ("$A:$B", "$2:$3")


def test_a_row_per_school_is_read_back_and_an_empty_cell_changes_nothing() -> None:
    form, book = definition(), load_workbook(io.BytesIO(of_wave()))
    page = book["Ответы"]
    heads = {str(cell.value): int(cell.column or 0) for cell in page[4]}
    assert page.cell(2, heads["grades.g6.all"]).value == "Классы"
    assert page.cell(3, heads["grades.g6.all"]).value == "6 класс — обучается"
    for target in wave.asked(form):
        value = wave.value_of(target, ANSWERS)
        page.cell(5, heads[target.place]).value = (
            targets.write(target.item, value, "ru") if not target.part or target.row else value
        )
    table = wave_reading.read_wave(reading.opened(saved(book), "x.xlsx"), form)
    assert [row.code for row in table.rows] == ["А1-Ш1", "А1-Ш2", "А1-Ш3"]
    first = judging.judge(form, targets.raw(table.rows[0].given, {}), {}, {}, CONTEXT)
    assert first.after == ANSWERS
    held = {"pupils": 90, "order": "5-ОД"}
    second = judging.judge(form, targets.raw(table.rows[1].given, held), held, {}, CONTEXT)
    assert second.payload == {"pupils": 100}
    how = " ".join(str(cell.value) for (cell,) in book["Как заполнить"].iter_rows(max_col=1))
    assert "Мероприятия" in how  # a repeat: not in this workbook
    assert page.cell(7, heads["pupils"]).protection.locked


def test_columns_that_are_not_of_the_form_or_are_gone_are_named() -> None:
    book = load_workbook(io.BytesIO(of_wave()))
    page = book["Ответы"]
    heads = {str(cell.value): int(cell.column or 0) for cell in page[4]}
    last = page.max_column + 1
    page.cell(3, last).value, page.cell(5, last).value = "Моё примечание", "позвонить"
    page.cell(4, heads["comment"]).value = None
    table = wave_reading.read_wave(reading.opened(saved(book), "x.xlsx"), definition())
    assert [fault.where for fault in table.foreign] == [f"Ответы!{page.cell(5, last).coordinate}"]
    assert [fault.text for fault in table.foreign] == ["Столбца «Моё примечание» в форме нет: он не загружается."]
    assert [target.place for target in table.lacking] == ["comment"]
    page.delete_rows(4)
    with pytest.raises(ForeignError, match="нет скрытой строки"):
        wave_reading.read_wave(reading.opened(saved(book), "x.xlsx"), definition())
