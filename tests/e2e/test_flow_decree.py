"""Does the ministry get from the file of a decree to a plan in force by what the pages themselves offer?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

DECREE = ROOT / "tests" / "data" / "seed" / "decree.docx"


def test_from_the_file_to_a_plan_in_force(visit_fresh: Visit, clean: Check, accessible: Check) -> None:
    page = visit_fresh("ministry")
    _upload(page)
    accessible(page)
    _decide_the_doubts(page, clean, accessible)
    _say_who_the_executors_are(page, clean)
    _decide_the_past(page, clean, accessible)
    promised = _adopt(page, accessible)
    _see_the_plan(page, promised, clean)


def _upload(page: Page) -> None:
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="План").click()
    page.get_by_role("link", name="Загрузить распоряжение").click()
    page.locator("input[type=file]").set_input_files(DECREE)
    page.get_by_role("button", name="Загрузить и прочитать").click()
    page.wait_for_url("**/plans/versions/**")
    assert "1264" in page.locator("h1").inner_text()


def _decide_the_doubts(page: Page, clean: Check, accessible: Check) -> None:
    doubts, panes = page.locator("#doubts"), page.locator("#panes")
    top = doubts.bounding_box()
    below = panes.bounding_box()
    assert top is not None
    assert below is not None
    assert top["y"] < below["y"]  # what is wrong stands above the text

    seventh = panes.locator(".source tr.linked", has_text="29.03.2023").get_by_role("link").first
    seventh.click()
    page.wait_for_url(re.compile(r"row="))
    assert "29.03.2023" in panes.locator(".source tr.chosen").inner_text()
    assert "29.03.2023" in panes.locator(".understood").inner_text()

    page.get_by_role("button", name="29.03.2024").click()
    page.wait_for_load_state()
    while (left := doubts.locator("> ul > li.doubt").filter(has=page.locator("details.confirm"))).count():
        before = left.count()
        form = left.first.locator("details.confirm")
        form.locator("summary").click()
        form.locator("input[name=reason]").fill("Проверено: на исполнение не влияет.")
        form.get_by_role("button", name="Оставить как есть").click()
        page.wait_for_load_state()
        assert left.count() < before
    notes = page.locator("#notes")
    notes.locator("> summary").click()
    notes.get_by_placeholder("Основание, одно для всех").fill("Принято к сведению.")
    notes.get_by_role("button", name="Оставить все сведения как есть").click()
    page.wait_for_load_state()
    assert doubts.locator(".card-head").inner_text().endswith("всё решено")
    accessible(page)
    clean(page)


def _say_who_the_executors_are(page: Page, clean: Check) -> None:
    page.get_by_role("link", name="2. Исполнители").click()
    rows = page.locator("#executors tbody tr")
    assert rows.count() > 0
    assert page.locator("#executors tr.unmatched").count() == 0  # the region's own bodies are known by name
    page.get_by_role("button", name="Сохранить исполнителей").click()
    page.wait_for_load_state()
    clean(page)


def _decide_the_past(page: Page, clean: Check, accessible: Check) -> None:
    page.get_by_role("link", name="3. Сроки до подписания").click()
    accessible(page)
    marked = page.locator("tbody input[name=rows]:checked")
    assert marked.count() > 1  # one decision for several rows
    page.locator("input[name=past][value=count]").check()
    page.locator("input[name=days]").fill("14")
    page.locator("form[data-select] input[name=reason]").fill("Срок отсчитан от подписания.")
    page.get_by_role("button", name="Применить к отмеченным").click()
    page.wait_for_load_state()
    assert page.get_by_text("14 дней").count() > 1
    clean(page)


def _adopt(page: Page, accessible: Check) -> int:
    page.get_by_role("link", name="4. Утверждение").click()
    accessible(page)
    sentence = page.locator(".consequence .sentence").inner_text()
    number = re.search(r"(\d[\d\s\u2009\u202f\u00a0]*)\s+поручени", sentence)
    assert number is not None, sentence
    page.locator("#adopt input[name=confirm]").check()
    page.locator("#adopt").get_by_role("button", name="Утвердить").click()
    page.wait_for_load_state()
    return int(re.sub(r"\D", "", number[1]))


def _see_the_plan(page: Page, promised: int, clean: Check) -> None:
    assert re.search(r"/plans/\d+/$", page.url), page.locator("main").inner_text()[:800]
    assert page.locator("tbody tr[id^=row-]").count() == 12
    assert "29.03.2023" in page.locator("#row-7").inner_text()  # the text of the decree stays as it is
    clean(page)
    page.goto("/plans/")
    assert page.locator("#in-force tbody tr").count() == 2
    plan = page.locator("#in-force tbody tr a").evaluate_all("links => links.map(a => a.pathname.match(/\\d+/)[0])")
    found = []
    for pk in plan:
        page.goto(f"/obligations/?plan={pk}")
        said = page.locator(".pagination-said").inner_text()
        found.append(int(re.sub(r"\D", "", said.rsplit("из", 1)[1])))
    assert promised in found
