from __future__ import annotations

import io
from datetime import date, datetime, time
from functools import partial

import openpyxl
import pytest

from profminimum.decree.model import Paragraph, Table, UnreadableError
from profminimum.decree.sources import read_bytes, xlsx

at = partial(datetime, tzinfo=None)  # a sheet knows no time zones


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def plan() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "План"
    sheet["C1"] = "УТВЕРЖДЁН"
    sheet["A3"] = "План-график"
    sheet.merge_cells("A3:D3")
    for row, cells in enumerate(
        [
            ("№", "Мера", "Срок", "Число"),
            ("1. Раздел",),
            (1, "Провести:\n- семинар", date(2023, 8, 22), 40.0),
            (2.0, "а", at(2023, 9, 1, 10, 30), 2.5),
            (3, "б", time(9, 0), True),
            ("Итого:",),
            (4, "в", "по графику", None),
        ],
        start=5,
    ):
        for column, value in enumerate(cells, start=1):
            sheet.cell(row, column, value)
    sheet.merge_cells("A6:D6")
    sheet.merge_cells("D10:D11")
    sheet["A15"] = "Министр"
    return book


def test_plan() -> None:
    source = read_bytes(saved(plan()), "план.xlsx")
    assert source.format == "xlsx"
    assert [block.text if isinstance(block, Paragraph) else "T" for block in source.blocks] == [
        "УТВЕРЖДЁН",
        "План-график",
        "T",
        "Министр",
    ]
    table = source.blocks[2]
    assert isinstance(table, Table)
    assert [row.cells for row in table.rows] == [
        ("№", "Мера", "Срок", "Число"),
        ("1. Раздел", "", "", ""),
        ("1", "Провести:\n- семинар", "22.08.2023", "40"),
        ("2", "а", "01.09.2023 10:30", "2,5"),
        ("3", "б", "09:00", "да"),
        ("Итого:", "", "", ""),
        ("4", "в", "по графику", ""),
    ]
    assert [row.merged for row in table.rows] == [False, True, False, False, False, False, False]
    assert table.rows[2].place.sheet == "План"
    assert table.rows[2].place.row == 7
    assert table.place.table == 1


def test_every_visible_sheet_and_tables_parted_by_empty_rows() -> None:
    book = plan()
    second = book.create_sheet("Второй")
    for row in (1, 2, 8, 9):
        for column in (2, 3, 4):
            second.cell(row, column, f"{row}{column}")
    book.create_sheet("Тайный").sheet_state = "hidden"
    book["Тайный"]["A1"] = "секрет"
    found = read_bytes(saved(book), "план.xlsx").blocks
    tables = [block for block in found if isinstance(block, Table)]
    assert [(table.place.sheet, table.place.table) for table in tables] == [("План", 1), ("Второй", 2), ("Второй", 3)]
    assert [row.cells for row in tables[2].rows] == [("82", "83", "84"), ("92", "93", "94")]
    assert "секрет" not in str(found)


def test_text_in_empty_columns_of_the_table_is_dropped_with_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (1, 2):
        for column in (1, 2, 4):
            sheet.cell(row, column, f"{row}{column}")
    table = read_bytes(saved(book), "a.xlsx").blocks[0]
    assert isinstance(table, Table)
    assert [row.cells for row in table.rows] == [("11", "12", "14"), ("21", "22", "24")]


def test_cells_too_far_apart_are_refused_before_memory_is_taken() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 1
    sheet["XFD1048576"] = 1
    with pytest.raises(UnreadableError, match="слишком много ячеек"):
        read_bytes(saved(book), "a.xlsx")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2023, 8, 22), "22.08.2023"),
        (at(2023, 8, 22), "22.08.2023"),
        (at(2023, 8, 22, 9, 5), "22.08.2023 09:05"),
        (12.0, "12"),
        (0.1 + 0.2, "0,3"),
        (12, "12"),
        (False, "нет"),
        ("текст", "текст"),
    ],
)
def test_written(value: xlsx.Value, shown: str) -> None:
    assert xlsx.written(value) == shown
