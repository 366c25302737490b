from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

ROLES = ("administrator", "controller", "ministry", "coordinator", "institute", "municipal", "school", "observer")


@pytest.mark.parametrize("role", ROLES)
def test_everybody_signs_in_and_gets_a_first_page(visit: Visit, accessible: Check, clean: Check, role: str) -> None:
    page = visit(role)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "ru"
    accessible(page)
    clean(page)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_navigation_opens(visit: Visit, clean: Check, accessible: Check, role: str) -> None:
    page = visit(role)
    for address in [link.get_attribute("href") for link in page.locator("nav.side a").all()]:
        answer = page.goto(str(address))
        assert answer is not None
        assert answer.status == 200, address
        accessible(page)
        clean(page)


@pytest.mark.parametrize("width", [390, 320])
def test_first_pages_fit_a_phone(visit: Visit, clean: Check, width: int) -> None:
    for role in ("controller", "school"):
        clean(visit(role, width=width))


def test_a_wrong_password_is_said_without_saying_which_half_was_wrong(visit: Visit) -> None:
    page = visit(None)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("ministry@demo.example")
    page.locator("input[name=password]").fill("nonsense-2023")
    page.locator("main form button[type=submit]").first.click()
    assert page.locator("main").inner_text().count("адрес") >= 1
    assert "/login" in page.url


def test_the_language_is_switched_in_the_header(visit: Visit) -> None:
    page = visit("controller")
    page.get_by_role("button", name="In English").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="По-русски").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "ru"


def test_the_journal_is_searched_without_scripts(visit: Visit) -> None:
    page = visit("ministry", script=False)
    page.goto("/journal/")
    rows = page.locator("#journal-lines tbody > tr")
    assert rows.count() > 0
    page.get_by_label("Слова").fill("такого слова нет нигде")
    page.get_by_role("button", name="Показать").click()
    assert page.locator("#journal-lines").inner_text().startswith("Ничего не найдено")


def test_the_journal_leads_from_page_to_page(visit: Visit, clean: Check, accessible: Check) -> None:
    page = visit("ministry")
    page.goto("/journal/")
    newest = page.locator("#journal-lines tbody > tr").first.inner_text()
    page.get_by_role("link", name="Старее").click()
    page.wait_for_url("**after=**")
    assert page.locator("#journal-lines tbody > tr").first.inner_text() != newest
    accessible(page)
    page.get_by_role("link", name="Новее").click()
    page.wait_for_url("**before=**")
    assert page.locator("#journal-lines tbody > tr").first.inner_text() == newest
    clean(page)
