"""Does an authority fill twenty schools in one workbook: three bad cells named, the good rows become drafts?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

ROWS = range(5, 25)  # of the sheet: the first twenty schools, below the headings
GOOD: dict[str, str | int] = {
    "order": "да",
    "order_doc": "приказ от 05.09.2023 № 17-ОД",
    "plan": "да",
    "plan_doc": "приказ от 07.09.2023 № 21-ОД",
    "level_chosen": "да",
    "level_now": "базовый",
    "self": "готова полностью",
    "in_plan": "да",
    "course_hours": 34,
    "in_timetable": "да",
    "leaders": 6,
    "leaders_trained": 4,
    "pupils_611": 60,
    "pupils_will": 55,
    "parents": "да",
    "ovz": "нет",
    "bvb": "да",
    "partners": 2,
}
BAD: dict[int, tuple[str, str | int]] = {  # row → place, what is typed
    7: ("pupils_will", "все"),  # a text in a number
    11: ("self", "почти готова"),  # a choice that the form does not have
    16: ("partners", 900),  # beyond the most that the form takes
}


def test_an_authority_fills_twenty_schools_in_a_workbook(
    visit_asked: Visit, asked_site: tuple[str, int], clean: Check, accessible: Check, tmp_path: Path
) -> None:
    wave = f"/monitoring/waves/{asked_site[1]}/"
    page = visit_asked("municipal")
    page.goto(f"{wave}answers/?state=draft")
    assert page.locator("main tbody tr").count() == 0, "nobody has begun before"
    page.goto(wave)
    clean(page)
    accessible(page)
    page.get_by_role("link", name="Ответы школ из книги").click()
    page.wait_for_url("**/book/")
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать книгу").click()
    book = tmp_path / "ответы.xlsx"
    download.value.save_as(book)
    cells = _fill(book)

    page.locator("input[type=file]").set_input_files(book)
    page.get_by_role("button", name="Показать, что изменится").click()
    page.locator("#mistakes").wait_for()
    assert page.locator("#mistakes b.cell").all_inner_texts() == cells
    clean(page)
    accessible(page)
    _narrow(page, clean)
    page.get_by_role("button", name="Подготовить черновики 17 школ").click()
    page.wait_for_load_state()
    page.get_by_text("Подготовлены черновики 17 школ: ").wait_for()
    assert page.locator("#mistakes b.cell").all_inner_texts() == cells, "the bad rows are still named"
    assert page.get_by_role("button", name="Подготовить черновик").count() == 0

    page.goto(f"{wave}answers/?state=draft")
    states = page.locator('main tbody td[data-label="Состояние"]').all_inner_texts()
    assert states == ["черновик"] * 17
    clean(page)
    accessible(page)


def _fill(path: Path) -> list[str]:
    """Type the values into the twenty rows; the addresses of the bad cells in the order of the sheet."""
    book = load_workbook(path)
    page = book["Ответы"]
    assert page.max_row == 4 + 34, "a row per school of the municipality"
    columns = {str(cell.value): int(cell.column or 0) for cell in page[4]}
    for row in ROWS:
        for place, value in GOOD.items():
            page.cell(row, columns[place]).value = value
    for row, (place, value) in BAD.items():
        page.cell(row, columns[place]).value = value
    book.save(path)
    return [f"Ответы!{get_column_letter(columns[place])}{row}" for row, (place, _value) in BAD.items()]


def _narrow(page: Page, clean: Check) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    clean(page)
    page.set_viewport_size({"width": 1360, "height": 900})
