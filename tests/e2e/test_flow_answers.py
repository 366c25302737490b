"""Does an answer go from a school's phone with a broken line through its authority to the register and «свод»?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

SCHOOL = "МБОУ СОШ № 1, г. Невельск"
TITLE = "Готовность, повторный сбор"
REASON = "Не сходится число ведущих курса."
REMARK = "По вашему сайту ведущих шестеро."
FIGURES = {"leaders": "4", "leaders_trained": "3", "pupils_611": "180", "pupils_will": "170", "partners": "2"}


def test_an_answer_over_a_bad_line_is_returned_mended_and_accepted(
    visit_asked: Visit, asked_site: tuple[str, int], clean: Check, accessible: Check
) -> None:
    before = _covered(visit_asked("coordinator"), asked_site[1])
    school = visit_asked("school", width=360)
    _begin(school)
    accessible(school)
    _fill_with_the_line_cut(school)
    school.problems[:] = [said for said in school.problems if "ERR_INTERNET_DISCONNECTED" not in said]  # type: ignore[attr-defined]  # the line was cut on purpose
    clean(school)
    _send(school)

    authority = visit_asked("nevelsk")
    _open_the_check(authority)
    authority.locator('a[data-go="remark"][href*="remark=leaders#"]').click()
    authority.get_by_label("Замечание").fill(REMARK)
    authority.get_by_role("button", name="Добавить замечание").click()
    authority.locator("#remarks", has_text=REMARK).wait_for()
    decide = authority.locator("#decide")
    decide.get_by_text("Вернуть на доработку…").click()
    decide.get_by_label("Причина").fill(REASON)
    decide.get_by_role("button", name="Вернуть", exact=True).click()
    authority.wait_for_load_state()
    clean(authority)

    school.goto("/duties/")
    _begin(school)
    told = school.locator("main").inner_text()
    assert REASON in told
    assert REMARK in school.locator('[data-q="leaders"]').inner_text()
    school.locator('input[name="leaders"]').fill("6")
    _saved(school)
    _send(school)

    _open_the_check(authority)
    assert "6" in authority.locator("main").inner_text()
    authority.get_by_role("button", name="Проверено", exact=False).first.click()
    authority.wait_for_load_state()
    coordinator = visit_asked("coordinator")
    coordinator.goto(f"/monitoring/checking/?wave={asked_site[1]}")
    coordinator.get_by_role("link", name=SCHOOL).first.click()
    coordinator.get_by_role("button", name="Принять", exact=True).click()
    coordinator.wait_for_load_state()
    clean(coordinator)

    after = _covered(coordinator, asked_site[1])
    assert (before, after) == (0, 170)
    coordinator.goto(f"/monitoring/waves/{asked_site[1]}/")
    assert re.search(r"\b1\s*принят", coordinator.locator("main").inner_text())
    coordinator.goto("/obligations/?words=Готовность&state=accepted")
    school.goto("/duties/")
    assert not school.get_by_role("link", name=re.compile(TITLE)).count() or "Сделано" in school.inner_text("main")


def _begin(page: Page) -> None:
    page.locator(".duty", has_text=TITLE).locator(".actions a").click()
    page.wait_for_url("**/submissions/**")


def _fill_with_the_line_cut(page: Page) -> None:
    """Yes to everything, then figures; the line is cut in the middle and the tab is closed before it returns."""
    for question in page.locator(".kind-yesno").all():
        question.get_by_label("да", exact=True).check()
    for field in page.locator('.kind-text:visible input[type="text"]').all():
        field.fill("приказ от 05.09.2023 № 17-ОД")
    page.locator('input[name="self"][value="ready"]').check()
    page.locator('input[name="level_now"][value="base"]').check()
    page.locator('input[name="course_hours"]').fill("34")
    _saved(page)
    page.context.set_offline(True)
    for name, value in FIGURES.items():
        page.locator(f'input[name="{name}"]').fill(value)
    page.locator("#fill-state", has_text="Не сохранено").wait_for()
    page.context.set_offline(False)
    _saved(page)
    page.reload()
    assert page.locator('input[name="pupils_will"]').input_value() == FIGURES["pupils_will"]


def _saved(page: Page) -> None:
    page.locator('#fill-state[data-state="saved"]').wait_for()


def _send(page: Page) -> None:
    page.get_by_text("Отправить на проверку", exact=True).click()
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.locator("main", has_text="отправлен").first.wait_for()


def _open_the_check(page: Page) -> None:
    page.goto("/monitoring/checking/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name=SCHOOL).first.click()
    page.locator("#decide").wait_for()


def _covered(page: Page, wave: int) -> int:
    """How many will be covered in the whole region, by «свод» of what is accepted."""
    page.goto(f"/monitoring/waves/{wave}/summary/?base=accepted")
    row = page.locator("tr", has_text="будут охвачены профминимумом").first
    return int(re.sub(r"\D", "", row.locator("td.num").first.inner_text()) or 0)
