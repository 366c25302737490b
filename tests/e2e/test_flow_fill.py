"""Is anything that a school types ever lost? The line is cut, the tab closed, another person comes, no script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from processes import ROOT, Fresh, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Visit = Callable[..., Page]
    Check = Callable[[Page], None]

NAME = "Вторая Вера Викторовна"
COLLEAGUE = f"""
from datetime import date
from profminimum.orgs.models import User
from profminimum.orgs.services import Newcomer, enrol
from profminimum.web import clock
school = User.objects.get(email="school2@demo.example").memberships.first().organisation
more = {{"post": "завуч", "password": "sakhalin-2023"}}
enrol([Newcomer("second@demo.example", "{NAME}", "school", school, date(2023, 9, 1), **more)], at=clock.now())
"""

GROUP = """
from datetime import date
from django.utils import translation
from profminimum.monitoring.models import Form
from profminimum.monitoring.services import campaigns, waves
from profminimum.orgs.models import User
from profminimum.plan.models import Measure
from profminimum.web import clock
by, at = User.objects.get(email="coordinator@demo.example"), clock.now()
details = campaigns.Details(title="Рабочая группа", kinds=["coordinator"], last="ministry")
dates = waves.Dates(at.date(), date(2023, 12, 12), date(2023, 12, 18))
with translation.override("ru"):
    form = Form.objects.get(name="working_group")
    campaign = campaigns.create(Measure.objects.get(number="3"), form, details, by=by, at=at)
    wave = waves.plan_wave(campaign, None, dates, title="Состав группы", reason="Смена состава", by=by, at=at)
    print(waves.open_wave(wave, by=by, at=at).submissions.get().pk)
"""


def fresh(folder: Path) -> Fresh:
    """The product over the folder of the site of this test."""
    settings = {
        "PROFMINIMUM_MODE": "demo",
        "PROFMINIMUM_NOW": "2023-12-02T09:00",
        "DJANGO_SETTINGS_MODULE": "profminimum.config.settings",
    }
    return Fresh({k: v for k, v in clean_environment(folder / "var").items() if k != "DATABASE_URL"} | settings)


def begin(page: Page) -> str:
    """Open the answer that waits on the first page of the second school."""
    page.goto("/duties/")
    page.locator('main a[href^="/submissions/"]').first.click()
    page.wait_for_url(re.compile(r"/submissions/\d+/$"))
    return page.url


def state(page: Page, name: str) -> str:
    """Wait until the page says so, and give its words."""
    element = page.locator(f'#fill-state[data-state="{name}"]')
    element.wait_for()
    return element.inner_text()


def value(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


def test_what_is_typed_without_a_line_is_told_kept_and_sent(
    visit_fresh: Visit, accessible: Check, clean: Check
) -> None:
    page = visit_fresh("school2", width=360)
    begin(page)
    page.locator('[name="diagnostics"]').fill("12")
    assert "Сохранено в 09:00" in state(page, "saved")
    accessible(page)
    clean(page)

    page.context.set_offline(True)
    page.locator('[name="excursions"]').fill("3")
    assert state(page, "offline").endswith("1 поле")
    page.locator('[name="grades.g6.all"]').fill("50")
    page.locator("#fill-state", has_text="2 поля").wait_for()
    assert page.locator('[data-total="grades.all"]').inner_text() == "50"  # rules are answered without a line too
    page.context.set_offline(False)
    state(page, "saved")
    page.reload()
    assert [value(page, name) for name in ("diagnostics", "excursions", "grades.g6.all")] == ["12", "3", "50"]


def test_a_tab_closed_without_a_line_loses_nothing(visit_fresh: Visit) -> None:
    page = visit_fresh("school2", width=360)
    address = begin(page)
    context = page.context
    state(page, "nothing")
    context.set_offline(True)
    page.locator('[name="parent_meetings"], [name="excursions"]').first.fill("7")
    page.locator('[name="practice"], textarea').first.fill("Клуб «Профессии острова»")
    page.locator('[name="diagnostics"]').fill("много")  # cannot be read, and is kept all the same
    state(page, "offline")
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    again.locator("#fill-news", has_text="Возвращено введённое на этом устройстве").wait_for()
    assert value(again, "diagnostics") == "много"
    assert again.locator("textarea").first.input_value() == "Клуб «Профессии острова»"
    assert "исправьте запись: 1 поле" in state(again, "unread")
    again.locator('[name="diagnostics"]').fill("15")
    state(again, "saved")
    again.reload()
    assert value(again, "diagnostics") == "15"
    assert (
        again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('profminimum.outbox')).length") == 0
    )


def test_who_was_signed_out_signs_in_beside_and_loses_nothing(visit_fresh: Visit) -> None:
    page = visit_fresh("school2")
    address = begin(page)
    state(page, "nothing")
    page.context.clear_cookies()
    page.locator('[name="diagnostics"]').fill("21")
    assert "вы вышли из системы" in state(page, "signed_out")
    beside = page.context.new_page()
    beside.goto("/accounts/login/")
    beside.locator("input[name=login]").fill("school2@demo.example")
    beside.locator("input[name=password]").fill("sakhalin-2023")
    beside.locator("main form button[type=submit]").first.click()
    beside.wait_for_url(lambda url: "/login" not in url)
    page.locator('#fill-state[data-state="saved"]').wait_for(timeout=40_000)
    beside.goto(address)
    assert value(beside, "diagnostics") == "21"


def test_two_people_at_one_form(visit_fresh: Visit, tmp_path: Path) -> None:
    fresh(tmp_path).python(COLLEAGUE)
    first = visit_fresh("school2")
    address = begin(first)
    first.locator('[name="diagnostics"]').fill("12")
    state(first, "saved")

    second = visit_fresh("second")
    second.goto(address)
    assert "Сейчас форму заполняет" in second.locator("#fill-busy").inner_text()
    assert second.locator('[name="diagnostics"]').is_disabled()
    second.get_by_role("button", name="Взять заполнение на себя").click()
    second.wait_for_load_state()
    assert value(second, "diagnostics") == "12"
    second.locator('[name="excursions"]').fill("5")
    state(second, "saved")

    first.locator('[name="excursions"]').fill("9")
    assert NAME in state(first, "taken")
    first.get_by_role("button", name="Взять заполнение на себя").click()
    conflict = first.locator('[data-conflict="excursions"]')
    conflict.wait_for()
    assert "5" in conflict.inner_text()
    assert value(first, "excursions") == "9"
    conflict.get_by_role("button", name="Оставить моё").click()
    state(first, "saved")
    first.reload()
    assert value(first, "excursions") == "9"


def test_a_block_from_excel_and_the_keys_of_a_spreadsheet(visit_fresh: Visit, clean: Check) -> None:
    page = visit_fresh("school2")
    begin(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell = page.locator('[name="grades.g6.all"]')
    cell.click()
    page.evaluate("navigator.clipboard.writeText('1\\u00a0050\\t40\\r\\n60\\t50,0\\r\\n')")
    page.keyboard.press("Control+v")
    assert [value(page, f"grades.{row}.all") for row in ("g6", "g7", "g8")] == ["1 050", "60", ""]
    assert page.locator(".picked").count() == 4
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "grades.g7.all"
    page.keyboard.type("70")  # typing replaces
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "grades.g7.covered"
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "40\n50,0"
    page.keyboard.press("Delete")
    assert value(page, "grades.g6.covered") == ""
    cell.fill("50")
    state(page, "saved")
    page.reload()
    assert [value(page, f"grades.{row}.all") for row in ("g6", "g7")] == ["50", "70"]
    assert page.locator('[data-total="grades.all"]').inner_text() == "120"
    page.locator('[name="grades.g10.all"]').click()
    page.evaluate("navigator.clipboard.writeText('1\\n2\\n3\\n4')")
    page.keyboard.press("Control+v")
    assert [value(page, f"grades.{row}.all") for row in ("g10", "g11")] == ["1", "2"]
    assert page.locator('[data-q="grades"] .q-warning[role="status"]').inner_text().endswith(": 2")
    clean(page)


def test_entries_and_a_file_over_a_broken_line(visit_fresh: Visit, tmp_path: Path, accessible: Check) -> None:
    address = f"/submissions/{fresh(tmp_path).python(GROUP)}/"
    page = visit_fresh("coordinator", width=390)
    context = page.context
    page.goto(address)
    page.locator('[name="members[0].member.name"]').fill("Иванов Иван Иванович")
    page.get_by_role("button", name="Добавить запись").click()
    assert page.evaluate("document.activeElement.name") == "members[3].member.name"
    page.keyboard.type("Петрова Анна")
    page.get_by_role("button", name="Удалить № 2").click()
    assert value(page, "members[2].member.name") == "Петрова Анна"
    state(page, "saved")
    accessible(page)

    context.set_offline(True)
    page.locator("input[type=file]").set_input_files(ROOT / "tests" / "data" / "seed" / "decree.pdf")
    page.locator(".drop-name", has_text="decree.pdf ждёт связи").wait_for()
    state(page, "offline")
    page.close()  # the file, too, has been kept on the device
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    again.locator("[data-attached]", has_text="decree.pdf").wait_for()
    state(again, "saved")
    again.reload()
    assert value(again, "members[2].member.name") == "Петрова Анна"
    with again.expect_download() as given:
        again.locator("[data-attached] a").click()
    assert given.value.suggested_filename == "decree.pdf"
    again.locator(".drop-off input").click()
    again.locator("[data-attached]").wait_for(state="detached")


def test_without_any_script(visit_fresh: Visit, accessible: Check) -> None:
    page = visit_fresh("school2", width=320, script=False)
    begin(page)
    page.locator('[name="diagnostics"]').fill("12")
    page.locator('[name="excursions"]').fill("три")
    page.get_by_role("button", name="Сохранить").click()
    assert value(page, "excursions") == "три"
    assert "целое число" in page.locator('[data-q="excursions"]').inner_text()
    page.locator('[name="excursions"]').fill("3")
    page.get_by_role("button", name="Сохранить").click()
    assert "Сохранено в 09:00" in page.locator("main").inner_text()
    page.get_by_text("Отправить на проверку").click()
    page.get_by_role("button", name="Отправить", exact=True).click()
    assert "Ответ не отправлен" in page.locator("#fill-errors").inner_text()
    assert value(page, "diagnostics") == "12"


@pytest.mark.parametrize("width", [1360, 390, 320])
def test_every_state_of_the_page_fits(visit: Visit, clean: Check, accessible: Check, width: int) -> None:
    page = visit("school", width=width)
    begin(page)  # returned, with remarks
    clean(page)
    accessible(page)
    page.goto(f"{page.url}print/")
    clean(page)
    accessible(page)
