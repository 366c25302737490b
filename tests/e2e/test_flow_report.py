"""Does a report go from a school's phone through its authority to the controller's figures, and is each step told?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

ORDER = ROOT / "tests" / "data" / "seed" / "decree.pdf"
SCHOOL = "МБОУ СОШ № 1, г. Невельск"
REASON = "Нет подписи директора на второй странице."


def test_a_report_is_returned_mended_and_accepted(visit_fresh: Visit, clean: Check, accessible: Check) -> None:
    before = _board(visit_fresh("controller"))
    school = visit_fresh("school", width=390)
    school.locator("#returned").get_by_role("link", name="Исправить").click()
    _report(school, "17-ОД")
    accessible(school)
    clean(school)

    authority = visit_fresh("nevelsk")
    _begin_the_check(authority)
    review = authority.locator("#review")
    review.get_by_text("Вернуть на доработку…").click()
    review.get_by_label("Причина").fill(REASON)
    review.get_by_role("button", name="Вернуть", exact=True).click()
    authority.wait_for_load_state()
    clean(authority)

    school.goto("/")
    assert REASON in school.locator("#returned").inner_text()
    school.locator("#returned").get_by_role("link", name="Исправить").click()
    assert REASON in school.locator("main .alert:visible").first.inner_text()
    _report(school, "18-ОД")

    _begin_the_check(authority)
    authority.locator("#accept").get_by_role("button", name="Снять с контроля").click()
    authority.wait_for_load_state()

    school.reload()
    told = school.locator("#story").inner_text()
    assert told.count("Исполнено, заявлено") == 3  # what the demo had, then these two
    assert told.count("Возвращено на доработку") == 2
    for words in ("Снято с контроля", REASON, "№ 17-ОД", "№ 18-ОД", "Гончарова", "Крапивина"):
        assert words in told, words
    clean(school)

    after = _board(visit_fresh("controller"))
    assert after["late"] == before["late"] - 1
    assert after["in_row"] == before["in_row"] + 1
    assert after["waiting"] == before["waiting"]


def _board(page: Page) -> dict[str, int]:
    figures = [_number(kpi.inner_text()) for kpi in page.locator(".kpi-value").all()]
    second = page.locator("#rows tbody tr", has=page.locator("td.index", has_text=re.compile(r"^2$")))
    return {"late": figures[1], "waiting": figures[2], "in_row": _number(second.locator(".bar-text").inner_text())}


def _number(said: str) -> int:
    """The first number of «168 из 183»."""
    return int(re.sub(r"\D", "", said.split("из", 1)[0]))


def _report(page: Page, number: str) -> None:
    form = page.locator("#report form")
    form.get_by_label("Номер").fill(number)
    form.get_by_label("Дата").fill("2023-12-01")
    form.locator("input[name=attached]").set_input_files(ORDER)
    form.get_by_role("button", name="Сообщить об исполнении").click()
    page.wait_for_load_state()
    said = page.locator("main .alert:visible").first
    assert "Невельский городской округ" in said.inner_text()
    place = said.bounding_box()
    assert place is not None
    assert 0 <= place["y"] < 900  # the answer is seen without scrolling
    assert "decree.pdf" in page.locator("#evidence").inner_text()


def _begin_the_check(page: Page) -> None:
    page.goto("/duties/")
    queue = page.locator("#review .duty", has_text="пункт 2")
    queue.get_by_role("link", name="Проверить").click()
    page.get_by_role("link", name=SCHOOL).click()
    page.locator("#review").wait_for()


def test_a_school_reports_without_scripts(visit: Visit) -> None:
    page = visit("school2", width=390, script=False)
    page.locator("#returned").get_by_role("link", name="Исправить").click()
    page.locator("#report [name=act_number]").fill("5-ОД")
    page.locator("#report form").get_by_role("button", name="Сообщить об исполнении").click()
    errors = page.locator(".alert.errors").inner_text()  # neither a date nor a file: nothing is lost, all is said
    assert "Укажите дату акта" in errors
    assert "Приложите документ" in errors
    assert page.locator("#report [name=act_number]").input_value() == "5-ОД"
    page.locator("#report [name=act_date]").fill("2023-12-01")
    page.locator("#report [name=attached]").set_input_files(ORDER)
    page.locator("#report form").get_by_role("button", name="Сообщить об исполнении").click()
    assert "decree.pdf" in page.locator("#evidence").inner_text()
    assert "5-ОД" in page.locator("#story").inner_text()


def test_a_report_is_closed_to_strangers(visit: Visit) -> None:
    authority = visit("nevelsk")
    authority.goto("/obligations/?state=reported")
    authority.locator("#content tbody .title a").first.click()
    obligation = authority.url
    file = authority.locator("#evidence .attachments a").first.get_attribute("href")
    assert file is not None
    assert authority.request.get(file).ok
    school = visit("school2").request
    assert [school.get(address).status for address in (obligation, file)] == [404, 404]
    assert visit("observer").request.get(file).status == 403
    stranger = visit(None).request.get(file, max_redirects=0)
    assert stranger.status == 302
    assert "/login/" in stranger.headers["location"]


def test_another_date_is_asked_for_and_granted(visit: Visit, clean: Check) -> None:
    school = visit("lyceum", width=390)
    school.get_by_role("link", name="Открыть").first.click()
    ask = school.locator("#extension")
    ask.get_by_text("Попросить продлить срок…").click()
    ask.locator("[name=new_due]").fill("2024-09-30")
    ask.locator("[name=reason]").fill("Курсы педагогов перенесены на сентябрь.")
    ask.get_by_role("button", name="Отправить запрос").click()
    school.wait_for_load_state()
    clean(school)

    controller = visit("controller")
    controller.goto("/duties/")
    controller.locator("#extensions .duty", has_text="Курсы педагогов перенесены").get_by_role("link").first.click()
    decide = controller.locator("#extension")
    decide.get_by_text("Продлить…").click()
    form = decide.locator("form", has=controller.locator("button[value=grant]"))
    form.locator("[name=reason]").fill("Согласовано.")
    form.locator("button[value=grant]").click()
    controller.wait_for_load_state()
    assert "Срок продлён" in controller.locator("main").inner_text()
    clean(controller)

    school.reload()
    dates = school.locator("main .duty-meta").first
    assert "до 30\u00a0сентября\u00a02024" in dates.inner_text()
    assert dates.locator("s").inner_text() == "31\u00a0августа"
    told = school.locator("#story").inner_text()
    assert "Согласовано." in told
    assert "Курсы педагогов перенесены" in told


def test_two_of_three_reports_are_accepted_at_once(visit: Visit, clean: Check, accessible: Check) -> None:
    page = visit("coordinator")
    page.goto("/obligations/?reviewer=me&state=reported")
    before = _waiting(page)
    boxes = page.locator("tbody input[name=id]")
    for index in range(3):
        boxes.nth(index).check()
    assert page.locator("[data-selected]").inner_text() == "3"
    boxes.nth(2).uncheck()
    page.get_by_role("button", name="Снять с контроля").click()
    page.wait_for_load_state()
    assert "2 поручения" in page.locator("h1").inner_text()
    accessible(page)
    clean(page)
    page.locator("main form").get_by_role("button", name="Снять с контроля").click()
    page.wait_for_load_state()
    page.goto("/obligations/?reviewer=me&state=reported")
    assert _waiting(page) == before - 2
    clean(page)


def _waiting(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("nav.tabs [aria-current] .count").inner_text()))


def test_the_board_prints_on_one_landscape_sheet(visit: Visit, tmp_path: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    page = visit("controller")
    sheet = tmp_path / "board.pdf"
    sheet.write_bytes(page.pdf(prefer_css_page_size=True, print_background=True))
    document = pdfium.PdfDocument(sheet)
    try:
        assert len(document) == 1
        width, height = document[0].get_size()
        assert width == pytest.approx(842, abs=2)  # A4 in points
        assert height == pytest.approx(595, abs=2)
        text = document[0].get_textpage().get_text_bounded()
        assert "Контроль исполнения" in text
    finally:
        document.close()
