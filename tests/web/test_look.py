"""The gallery in a real browser: accessible in both schemes, whole at every width, silent under the strict policy."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from django.conf import settings
from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore::ResourceWarning")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = "; ".join(f"{name} {' '.join(to)}" for name, to in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items())


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def address(gallery: str) -> Iterator[str]:
    """The gallery and the static files, served with the product's own policy."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body, kind = gallery.encode(), "text/html; charset=utf-8"
            if path.startswith(settings.STATIC_URL):
                found = finders.find(path.removeprefix(settings.STATIC_URL))
                body = Path(str(found)).read_bytes() if found else b""
                kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
                kind = kinds.get(Path(path).suffix, "font/woff2")
                if not found:
                    self.send_error(404)
                    return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/c"
        server.shutdown()


def opened(browser: Browser, address: str, width: int, *, scheme: Any = "light", scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (1360, "dark"), (390, "light"), (320, "dark")])
def test_the_page_is_accessible_and_whole(browser: Browser, address: str, width: int, scheme: str) -> None:
    page = opened(browser, address, width, scheme=scheme)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(item["id"], [node["html"] for node in item["nodes"]][:3]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


def test_no_width_makes_the_page_scroll_sideways(browser: Browser, address: str) -> None:
    page = opened(browser, address, 480)
    for width in (480, 680, 821, 900, 1080, 1200, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


def test_the_policy_stops_nothing(browser: Browser, address: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.get_by_text("Выгрузить").click()
    page.get_by_text("Продлить срок").click()
    page.close()
    assert said == []


def test_targets_are_large_enough(browser: Browser, address: str) -> None:
    page = opened(browser, address, 390)
    small = page.evaluate(
        """[...document.querySelectorAll('button, .btn, select, input:not([type=hidden]), nav a, th a, .chip')]
        .filter(e => e.checkVisibility() && !e.closest('.sr'))
        .filter(e => { const r = e.getBoundingClientRect(); return r.width && Math.min(r.width, r.height) < 24; })
        .filter(e => !['checkbox', 'radio'].includes(e.type)).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    page.context.close()


def test_choosing_rows(browser: Browser, address: str) -> None:
    page = opened(browser, address, 1360)
    remind = page.get_by_role("button", name="Напомнить")
    assert remind.is_disabled()
    page.get_by_label("Выбрать все").check()
    assert page.locator("[data-selected]").inner_text() == "3"
    assert remind.is_enabled()
    page.get_by_label("МБОУ СОШ № 6, Невельский").uncheck()
    assert page.locator("[data-selected]").inner_text() == "2"
    page.context.close()


def test_walking_the_rows_with_the_keyboard(browser: Browser, address: str) -> None:
    page = opened(browser, address, 1360)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent").startswith("Назначение ответственных: министерство")
    assert page.locator("tr.current").count() == 1
    page.context.close()


def test_a_lost_connection_is_said(browser: Browser, address: str) -> None:
    page = opened(browser, address, 1360)
    note = page.get_by_text("Нет связи. Ничего не отправлено.")
    assert not note.is_visible()
    page.route("**/lost", lambda route: route.abort())
    page.evaluate("htmx.ajax('GET', '/lost', 'h1').catch(() => 0)")
    note.wait_for(state="visible", timeout=5000)
    page.evaluate("htmx.ajax('GET', '/c', {target: 'h1', swap: 'none'})")
    note.wait_for(state="hidden", timeout=5000)
    page.context.close()


def test_a_file_that_is_too_large_is_named(browser: Browser, address: str, tmp_path: Path) -> None:
    page = opened(browser, address, 1360)
    large = tmp_path / "скан.pdf"
    with large.open("wb") as stream:
        stream.truncate(settings.UPLOAD_LIMIT + 1)
    page.locator("#id_file").set_input_files(large)
    assert "скан.pdf" in page.locator(".drop-name").inner_text()
    assert page.evaluate("document.querySelector('#id_file').validationMessage").startswith("скан.pdf")
    page.context.close()


def test_all_is_there_without_scripts(browser: Browser, address: str) -> None:
    page = opened(browser, address, 390, scripts=False)
    assert page.get_by_role("button", name="Показать").is_visible()
    assert page.get_by_role("button", name="Напомнить").is_enabled()
    assert page.locator("#id_file").is_visible()
    assert not page.get_by_role("button", name="Печать").is_visible()
    page.context.close()


def test_paper_is_landscape_and_keeps_exact_dates(browser: Browser, address: str) -> None:
    import io  # noqa: PLC0415 - only here

    import pdfplumber  # noqa: PLC0415 - only here

    page = opened(browser, address, 1360)
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
        first = paper.pages[0]
        text = first.extract_text()
    page.context.close()
    assert first.width > first.height
    assert "22.08.2023" in text
    assert "22 августа" not in text
    assert "Мои дела" not in text
    assert "Печать" not in text
