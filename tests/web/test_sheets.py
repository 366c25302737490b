"""Exports: real dates and numbers, text that never becomes a formula, and names that a spreadsheet accepts."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.web.sheets import Cell, Column, Sheet, guarded, stream_csv, stream_xlsx, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL = ["=1+1", "+7 4242", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "{=1}", "http://a.org", " =1"]


def book(*sheets: Sheet) -> openpyxl.Workbook:
    file = io.BytesIO()
    write_xlsx(file, sheets)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def test_text_stays_text() -> None:
    page = book(Sheet("Лист", ["Текст"], [[text] for text in EVIL])).active
    assert page is not None
    cells = [page.cell(row, 1) for row in range(2, len(EVIL) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(EVIL)
    assert [str(cell.value).replace("_x000D_", "\r").strip() for cell in cells] == [t.strip() for t in EVIL]


def test_dates_and_numbers_are_real() -> None:
    moment = datetime(2023, 12, 1, 22, 5, tzinfo=UTC)
    row: list[Cell] = [date(2023, 8, 25), moment, 7, 1.5, Decimal("2.5"), True, None, ""]
    page = book(Sheet("Лист", [Column(str(n), 12) for n in range(8)], [row])).active
    assert page is not None
    values = [page.cell(2, n).value for n in range(1, 9)]
    assert values == [datetime(2023, 8, 25), datetime(2023, 12, 2, 9, 5), 7, 1.5, 2.5, True, None, None]  # noqa: DTZ001 - a sheet has no zones
    assert page.cell(2, 1).number_format == "dd.mm.yyyy"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:H2"
    assert page.column_dimensions["A"].width == pytest.approx(12.7, abs=0.1)


def test_a_note_stands_above_the_heading() -> None:
    page = book(Sheet("Лист", ["Школа"], iter([["СОШ № 4"]]), note="Данные на 02.12.2023, 09:00")).active
    assert page is not None
    assert [page.cell(n, 1).value for n in (1, 2, 3)] == ["Данные на 02.12.2023, 09:00", "Школа", "СОШ № 4"]
    assert page.freeze_panes == "A3"


def test_titles_of_sheets_are_made_acceptable() -> None:
    long = "Назначение ответственных в органах управления"
    made = book(*[Sheet(title, ["а"], []) for title in (long, long, "а/б[в]", "", "'")]).sheetnames
    assert made == [long[:31], long[:29] + " 2", "а б в", "1", "1 2"]


def test_a_sheet_without_rows_opens() -> None:
    page = book(Sheet("Пусто", ["Школа"], [])).active
    assert page is not None
    assert page.max_row == 1


def test_the_download_has_its_russian_name() -> None:
    response = stream_xlsx("Контроль на 02.12.2023.xlsx", [Sheet("Лист", ["а"], [["б"]])])
    assert "filename*=utf-8''%D0%9A%D0%BE%D0%BD" in response["Content-Disposition"]
    assert b"".join(response)[:2] == b"PK"
    assert response.file_to_stream
    response.file_to_stream.close()


def test_csv_opens_in_a_russian_spreadsheet() -> None:
    def rows() -> Iterator[list[object]]:
        yield ["=1", 1.5, date(2023, 8, 25)]
        yield ["СОШ; № 4", None, True]

    response = stream_csv("Сведения.csv", ["Школа", "Доля", "Дата"], rows())  # type: ignore[arg-type]  # any cells
    text = b"".join(response)
    assert text == '\ufeffШкола;Доля;Дата\r\n\'=1;1,5;25.08.2023\r\n"СОШ; № 4";;1\r\n'.encode()


def test_csv_goes_out_in_pieces() -> None:
    response = stream_csv("а.csv", ["а"], (["б" * 100] for _ in range(1000)))
    assert len(list(response)) > 5


@given(st.text())
def test_no_text_of_csv_begins_dangerously(text: str) -> None:
    made = guarded(text)
    assert not made.lstrip(" \u00a0\n").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made in (text, "'" + text)
