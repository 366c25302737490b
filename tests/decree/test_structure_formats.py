"""Plans made in Word and Excel are read as those in text; what holds no plan is refused with advice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from plan_lines import plan_lines
from profminimum.decree.contract import reading_json
from profminimum.decree.model import Paragraph, Place, Row, Source, Table, UnreadableError
from profminimum.decree.reading import read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ("№ п/п", "Мероприятие", "Срок", "Исполнители", "Результат")


def word(path: Path, rows: list[tuple[str, ...]], *, title: str = "План на 2023/2024 учебный год") -> Path:
    document = Document()
    document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def test_word_with_lists_and_lines_in_cells(tmp_path: Path) -> None:
    path = word(tmp_path / "plan.docx", [
        HEADER,
        ("1. Организация",),
        ("1.1", "Провести совещания:\nс директорами;\nс педагогами.", "до 15.10.2023",
         "Министерство образования\nобласти\nМОУО", "Протокол\nСправка"),
        ("II. КОНТРОЛЬ",),
        ("2.1.", "Собрать отчеты", "май", "МОУО", "Отчет"),
    ])  # fmt: skip
    assert plan_lines(read(path)) == [
        "plan: План на 2023/2024 учебный год | 2023-09-01…2024-08-31",
        "§ 1 | Организация",
        "1.1 | Провести совещания | до 15.10.2023 | Министерство образования области; МОУО | Протокол; Справка",
        "  - с директорами",
        "  - с педагогами",
        "§ II | КОНТРОЛЬ",
        "2.1 | Собрать отчеты | май | МОУО | Отчет",
        "finding: no-act",
    ]


def test_word_with_the_table_cut_in_two(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("План на 2023/2024 учебный год")
    for rows in ([HEADER, ("1", "Назначение лиц, ответственных за", "до 15.09.2023", "МОУО,", "Приказы")],
                 [("", "организацию работы", "", "ОО", "МОУО"), ("2", "Отчет", "май", "ОО", "отчет")]):  # fmt: skip
        table = document.add_table(rows=0, cols=5)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("- 2 -")
    document.save(str(tmp_path / "cut.docx"))
    assert plan_lines(read(tmp_path / "cut.docx"))[2:4] == [
        "1 | Назначение лиц, ответственных за организацию работы | до 15.09.2023 | МОУО; ОО | Приказы МОУО @МОУО",
        "2 | Отчет | май | ОО | отчет",
    ]


def test_workbook_with_a_title_above_and_true_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["План мероприятий на 2023/2024 учебный год"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(list(HEADER))
    sheet.append(["Раздел 1. Кадры"])
    sheet.merge_cells("A4:E4")
    sheet.append([1, "Приказ", date(2023, 9, 15), "Министерство", "приказ"])
    sheet.append([2, "Курсы", "в течение года", "ИРО, ОО", "программы"])
    book.save(tmp_path / "plan.xlsx")
    reading = read(tmp_path / "plan.xlsx")
    assert plan_lines(reading)[:4] == [
        "plan: План мероприятий на 2023/2024 учебный год | 2023-09-01…2024-08-31",
        "§ 1 | Кадры",
        "1 | Приказ | 15.09.2023 | Министерство | приказ",
        "2 | Курсы | в течение года | ИРО; ОО | программы",
    ]
    assert reading.plan.sections[0].measures[0].source.row == 5


def test_workbook_with_quarters(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Дорожная карта на 2023-2024 годы"])
    sheet.append(["№", "Мероприятия", "2023 год", None, None, None, "2024 год", None, None, None, "Ответственные"])
    sheet.append([None, None, "1 кв.", "2 кв.", "3 кв.", "4 кв.", "1 кв.", "2 кв.", "3 кв.", "4 кв.", None])
    sheet.append([1, "Ярмарка", "-", "-", "х", "х", "х", "-", "-", "-", "ЦОПП"])
    sheet.append([2, "Отчет", None, None, None, "X", None, None, None, "X", "ОО"])
    for cells in ("C2:F2", "G2:J2"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "q.xlsx")
    assert plan_lines(read(tmp_path / "q.xlsx"))[2:4] == [
        "1 | Ярмарка | III–IV квартал 2023 г., I квартал 2024 г. | ЦОПП | ",
        "2 | Отчет | IV квартал 2023 г., IV квартал 2024 г. | ОО | ",
    ]


SCHOOLS = """ПРИКАЗ
01.09.2023 № 5
О школах
1. Утвердить список.

№\tНаименование школы\tАдрес\tОтветственный
1\tСОШ № 1\tул. Мира, 1\tИванова И.И.
2\tСОШ № 2\tул. Мира, 2\tПетрова П.П.
"""
EMPTY = "План на 2023/2024 учебный год\n\n№\tМероприятие\tСрок\tИсполнитель\n"
LETTER = "Уважаемые коллеги!\n1. Просим дать отчет. Срок – до 01.10.2023.\n2. Просим ответить.\n3. Благодарим.\n"
NO_PLAN = ["Просто письмо о погоде.", SCHOOLS, EMPTY, LETTER]


@pytest.mark.parametrize("text", NO_PLAN)
def test_no_plan_inside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "письмо.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match="не найден план") as caught:
        read(path)
    assert "письмо.txt" in caught.value.message
    assert "письмо.txt" in caught.value.message_en


@pytest.mark.parametrize("text", ["«" * 40_000, "- п;\n" * 9_000])
def test_a_giant_cell_is_refused_at_once(text: str) -> None:
    row = Row(("1", text, "май", "ОО", "приказ"), Place(row=2))
    with pytest.raises(UnreadableError, match="длиннее"):
        read(Source("giant.txt", "text", (Table((Row(HEADER, Place(row=1)), row), Place(line=7)),)))


WORDS = st.sampled_from([
    "", "1", "1.", "2", "II", "№", "№ п/п", "Мероприятие", "Срок", "Исполнитель", "Результат", "до 15.09.2023", "май",
    "МОУО ОО", "Раздел 1. Кадры", "Сентябрь", "I квартал", "х", "(далее – МОУО)", "«", "- пункт;",
    "3.12-1327-р", "ПРИКАЗ", "Об утверждении", "на 2023/2024 учебный год", "образова", "тельных", "план-", "график",
    "от 31.02.2023 № 5",
    "Контроль возложить на",
])  # fmt: skip
CELLS = st.lists(WORDS, min_size=1, max_size=6).map(tuple)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(WORDS, max_size=6),
    st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=3),
    st.sampled_from(["text", "pdf", "docx"]),
)
def test_whatever_the_blocks_only_one_error_is_raised(
    lines: list[str], tables: list[list[tuple[str, ...]]], kind: str
) -> None:
    blocks = [Paragraph(line, Place(line=number)) for number, line in enumerate(lines)]
    rows = [Table(tuple(Row(cells, Place(row=1)) for cells in table), Place()) for table in tables]
    head = Table((Row(HEADER, Place(row=1)),), Place())
    try:
        reading = read(Source("any", kind, (*blocks, head, *rows)))
    except UnreadableError:
        return
    found = reading_json(reading)
    assert found["plan"]["sections"]
    assert all(measure.number for section in reading.plan.sections for measure in section.measures)
