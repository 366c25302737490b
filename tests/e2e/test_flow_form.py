"""Does a methodist bring a form from Excel: errors by cell, the mended workbook, a trial, the published version?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from form_books import broken, small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]


def _upload(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Загрузить и прочитать").click()
    page.wait_for_load_state()


def test_a_methodist_uploads_mends_tries_and_publishes(
    visit_fresh: Visit, clean: Check, accessible: Check, tmp_path: Path
) -> None:
    wrong, right = tmp_path / "охват.xlsx", tmp_path / "охват, исправлено.xlsx"
    wrong.write_bytes(broken())
    right.write_bytes(small())
    page = visit_fresh("coordinator")
    page.goto("/monitoring/forms/")
    accessible(page)
    page.get_by_role("link", name="Загрузить форму").click()
    accessible(page)
    _upload(page, wrong)
    faults = page.locator("#faults").inner_text()
    assert "survey!E4" in faults
    assert "«pupil»" in faults
    assert page.get_by_role("button", name="Опубликовать").count() == 0
    accessible(page)

    page.get_by_role("link", name="Загрузить исправленную книгу").click()
    _upload(page, right)
    page.get_by_role("link", name="Попробовать заполнить").click()
    page.get_by_label("Обучающихся 6–11 классов").fill("много")
    page.get_by_role("button", name="Проверить, как при отправке").click()
    page.wait_for_load_state()
    assert "нельзя было бы отправить" in page.locator("main").inner_text()
    page.get_by_label("Обучающихся 6–11 классов").fill("120")
    page.get_by_role("button", name="Проверить, как при отправке").click()
    page.wait_for_load_state()
    assert "можно было бы отправить" in page.locator("main").inner_text()

    page.get_by_role("link", name="Вернуться к форме").click()
    page.get_by_role("button", name="Опубликовать").click()
    page.wait_for_load_state()
    assert "опубликована" in page.locator("main").inner_text()
    clean(page)
    school = visit_fresh("school1", width=390)
    school.goto("/monitoring/forms/")
    school.get_by_role("link", name="Охват обучающихся").click()
    assert "Обучающихся 6–11 классов" in school.locator("main").inner_text()
    assert school.get_by_role("button", name="Опубликовать").count() == 0
    accessible(school)
    clean(school)


def test_rules_follow_what_one_types_in_a_trial(visit: Visit, clean: Check, accessible: Check) -> None:
    page = visit("coordinator", width=390)
    page.goto("/monitoring/forms/")
    page.get_by_role("link", name="Мониторинг готовности").click()
    page.get_by_role("link", name="Попробовать заполнить").click()
    hours = page.get_by_label("Часов курса в учебном году")
    assert not hours.is_visible()
    page.get_by_role("group", name="Курс (34 часа) включён").get_by_label("да").check()
    hours.fill("12")
    assert page.get_by_text("Курсу отводится 34 часа в учебном году").first.is_visible()
    page.get_by_label("Назначено ведущих курса").fill("4")
    page.get_by_label("Из них прошли обучение").fill("1")
    page.locator("[data-calculated=trained_share]").get_by_text("25").wait_for()
    page.get_by_label("Из них прошли обучение").fill("9")
    page.locator("#fill-errors").get_by_text("Обученных больше, чем назначенных").wait_for()
    accessible(page)
    clean(page)
