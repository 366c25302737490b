"""A term, an executor or a result whose cell is merged over rows belongs to every row that it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx import Document
from openpyxl import Workbook

from plan_lines import plan_lines
from profminimum.decree.reading import read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ("№ п/п", "Мероприятие", "Срок", "Исполнители", "Результат")
ROWS = (
    ("1", "Назначить координатора", "до 15.09.2023", "Министерство образования", "приказ"),
    ("2", "Составить план", "", "", "план"),
    ("3", "Провести совещание", "", "МОУО", "протокол"),
)
PLAN = [
    "1 | Назначить координатора | до 15.09.2023 | Министерство образования | приказ",
    "2 | Составить план | до 15.09.2023 | Министерство образования | план",
    "3 | Провести совещание | до 15.09.2023 | МОУО | протокол",
    "finding: no-act",
]


def test_word(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("План на 2023/2024 учебный год")
    table = document.add_table(rows=0, cols=5)
    for row in (HEADER, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(3, 2)).text = "до 15.09.2023"
    table.cell(1, 3).merge(table.cell(2, 3)).text = "Министерство образования"
    document.save(str(tmp_path / "a.docx"))
    assert plan_lines(read(tmp_path / "a.docx"))[2:] == PLAN


def test_page(tmp_path: Path) -> None:
    head = "".join(f"<th>{text}</th>" for text in HEADER)
    (tmp_path / "a.html").write_text(
        f"<p>План на 2023/2024 учебный год</p><table><tr>{head}</tr>"
        "<tr><td>1<td>Назначить координатора<td rowspan=3>до 15.09.2023"
        "<td rowspan=2>Министерство образования<td>приказ"
        "<tr><td>2<td>Составить план<td>план<tr><td>3<td>Провести совещание<td>МОУО<td>протокол</table>",
        encoding="utf-8",
    )
    assert plan_lines(read(tmp_path / "a.html"))[2:] == PLAN


def test_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("План на 2023/2024 учебный год",), (), HEADER, *ROWS):
        sheet.append([text or None for text in row])
    sheet.merge_cells("C4:C6")
    sheet.merge_cells("D4:D5")
    book.save(tmp_path / "a.xlsx")
    assert plan_lines(read(tmp_path / "a.xlsx"))[2:] == PLAN


def test_unnumbered_rows_with_everything_merged_are_no_headings(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<p>План на 2023/2024 учебный год</p><table>"
        "<tr><th>Мероприятие<th>Срок<th>Ответственные</tr>"
        "<tr><td>Назначить координатора<td rowspan=2>май<td rowspan=2>МОУО</tr><tr><td>Составить план</tr></table>",
        encoding="utf-8",
    )
    assert plan_lines(read(tmp_path / "a.html"))[2:4] == [
        "1 | Назначить координатора | май | МОУО | ",
        "2 | Составить план | май | МОУО | ",
    ]
