"""Do all top pages speak one language at a time, fit a phone and obey the keyboard, for every role that has them?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

WORK = ("Мои дела", "Контроль", "План", "Мониторинги", "Организации")
FIRST: dict[str, tuple[str, str, tuple[str, ...]]] = {  # role → first page, its heading, the navigation
    "administrator": (
        "/organisations/",
        "Организации",
        (*WORK, "Люди", "Реестры", "Письма", "Журнал"),
    ),
    "controller": ("/control/", "Контроль исполнения", (*WORK, "Реестры", "Журнал")),
    "ministry": ("/control/", "Контроль исполнения", (*WORK, "Люди", "Реестры", "Журнал")),
    "coordinator": ("/duties/", "Мои дела", (*WORK, "Реестры", "Журнал")),
    "institute": ("/duties/", "Мои дела", ("Мои дела", "План", "Мониторинги", "Организации", "Реестры")),
    "municipal": ("/duties/", "Мои дела", (*WORK, "Люди", "Реестры", "Журнал")),
    "school": ("/duties/", "Мои дела", ("Мои дела", "План", "Мониторинги", "Организации", "Реестры", "Журнал")),
    "observer": ("/control/", "Контроль исполнения", WORK),
}
TOP = (  # what a ministry officer reaches from the navigation and its buttons
    "/control/",
    "/duties/",
    "/plans/",
    "/plans/upload/",
    "/plans/1/",
    "/plans/versions/1/?step=2",
    "/plans/measures/2/",
    "/obligations/",
    "/obligations/1/",
    "/organisations/",
    "/organisations/import/",
    "/people/",
    "/people/invite/",
    "/journal/",
    "/profile/",
    "/keys/",
)
COLLECTING: dict[str, tuple[str, ...]] = {  # the pages of monitorings, registers and notices, as those who work there
    "coordinator": (
        "/monitoring/",
        "/monitoring/campaigns/4/",
        "/monitoring/campaigns/4/?part=exceptions",
        "/monitoring/campaigns/4/?part=history",
        "/monitoring/campaigns/4/edit/",
        "/monitoring/campaigns/4/waves/new/",
        "/monitoring/campaigns/new/?measure=12",
        "/monitoring/waves/5/",
        "/monitoring/waves/5/?on=2023-11-25",
        "/monitoring/waves/5/manage/",
        "/monitoring/waves/5/behind/",
        "/monitoring/waves/5/summary/",
        "/monitoring/waves/5/summary/?by=units",
        "/monitoring/waves/5/summary/?field=grades.g9.covered",
        "/monitoring/waves/5/answers/",
        "/monitoring/waves/5/quality/",
        "/monitoring/checking/",
        "/submissions/717/check/",
        "/monitoring/forms/",
        "/monitoring/forms/upload/",
        "/monitoring/forms/versions/1/",
        "/monitoring/forms/versions/6/try/",
        "/remind/?wave=5",
        "/registers/",
        "/registers/responsible/",
        "/registers/responsible/?view=missing",
        "/registers/level/?view=levels",
        "/registers/group/",
        "/registers/records/1/",
        "/notices/",
    ),
    "administrator": ("/letters/",),
    "municipal": ("/monitoring/", "/monitoring/waves/5/", "/monitoring/waves/5/book/", "/monitoring/checking/"),
    "school": (
        "/monitoring/",
        "/submissions/748/",
        "/submissions/748/print/",
        "/submissions/748/upload/",
        "/submissions/418/",
        "/registers/",
        "/notices/",
    ),
}
WORDS = (  # interface, not data: what the pages call things, not what the decree and the organisations say
    "nav.side a span:first-child, .page-head .actions, main button, main .card-title, main label, main legend,"
    "main thead th, .kpi-label, .legend, nav.tabs a, .duties-title, dl.facts dt, footer"
).replace("main thead th", "main table:not(.verbatim):not(.matrix) thead th")
NAMES = {"Enter", "XLSX", "CSV", "OpenAPI", "PDF", "RU", "EN", "English", "Excel", "Parquet"}
DATA = {  # the headings of the decree's own table, shown word for word
    "№",
    "№ п/п",
    "Задачи/ наименование мероприятий",
    "Сроки",
    "Ответственный исполнитель",
    "Планируемый результат",
}


@pytest.mark.parametrize("role", FIRST)
def test_each_role_begins_where_its_work_is(visit: Visit, role: str) -> None:
    page = visit(role)
    address, heading, navigation = FIRST[role]
    assert re.sub(r"^https?://[^/]+", "", page.url) == address
    assert page.locator("h1").inner_text() == heading
    assert page.locator("nav.side a span:first-child").all_inner_texts() == list(navigation)
    assert (
        page.locator("nav.side [aria-current=page] span:first-child").inner_text()
        == heading.split(" исполнения", maxsplit=1)[0]
    )


@pytest.mark.parametrize("role", ["ministry", *COLLECTING])
def test_every_page_speaks_the_chosen_language_alone(visit: Visit, role: str) -> None:
    page, addresses = visit(role), COLLECTING.get(role, TOP)
    russian = {address: _words(page, address) for address in addresses}
    _switch(page, "In English", "en")
    english = {address: _words(page, address) for address in addresses}
    left = {a: [w for w in words if re.search(r"[А-Яа-яЁё]", w)] for a, words in english.items()}
    assert {a: words for a, words in left.items() if words} == {}
    _switch(page, "По-русски", "ru")
    left = {a: [w for w in words if set(re.findall(r"[A-Za-z]{2,}", w)) - NAMES] for a, words in russian.items()}
    assert {a: words for a, words in left.items() if words} == {}
    assert _words(page, addresses[0]) == russian[addresses[0]]  # there and back again


def _words(page: Page, address: str) -> list[str]:
    """What the interface itself says on that page; values, names of measures and of organisations left out."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    found = page.locator(WORDS).evaluate_all(
        """all => all.filter(one => !one.closest("[data-data]")).map(one => {
            const copy = one.cloneNode(true);
            copy.querySelectorAll("select, option, .mute, [data-data]").forEach(data => data.remove());
            return copy.textContent.trim().replace(/\\s+/g, " ");
        })"""
    )
    assert len(found) > 5 or address.endswith("/print/"), address
    return [words for words in found if words and words not in DATA]


def _switch(page: Page, name: str, language: str) -> None:
    page.get_by_role("button", name=name).click()
    page.locator(f"html[lang={language}]").wait_for()


@pytest.mark.parametrize("width", [390, 320])
def test_every_page_fits_a_phone(visit: Visit, clean: Check, width: int) -> None:
    page = visit("ministry", width=width)
    for address in TOP:
        page.goto(address)
        clean(page)


@pytest.mark.parametrize("role", COLLECTING)
def test_every_page_of_collecting_fits_the_narrowest_phone_and_reads_aloud(
    visit: Visit, clean: Check, accessible: Check, role: str
) -> None:
    page = visit(role, width=320)
    page.emulate_media(color_scheme="dark" if role in {"school", "municipal"} else "light")
    for address in COLLECTING[role]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        clean(page)
        accessible(page)


def test_the_keyboard_skips_to_the_content_and_to_the_work(visit: Visit) -> None:
    page = visit("school")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "К содержанию"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # the first duty's title, then its button
    assert page.locator(":focus").inner_text() in {"Исправить", "Отчитаться", "Открыть"}


def test_j_and_k_walk_the_list_and_enter_opens(visit: Visit) -> None:
    page = visit("ministry")
    page.goto("/obligations/")
    links = page.locator("main tbody .title a")
    titles = [links.nth(index).get_attribute("href") for index in range(2)]
    for key, expected in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        assert page.locator(":focus").get_attribute("href") == titles[expected]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{titles[1]}")


@pytest.mark.parametrize(
    ("role", "address", "status"), [("school", "/plans/upload/", 403), ("school", "/nonsense/", 404)]
)
def test_a_refusal_is_a_page_with_a_way_out(
    visit: Visit, accessible: Check, role: str, address: str, status: int
) -> None:
    page = visit(role, width=390)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    accessible(page)
    page.get_by_role("link", name="На главную").click()
    assert page.locator("h1").inner_text() == "Мои дела"
