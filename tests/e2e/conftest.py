"""A real site for the browser tests: the demo built once, served by the product's own command, driven in Chromium."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from processes import Fresh, clean_environment, free_port, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "sakhalin-2023"
NOW = "2023-12-02T09:00"
LOGINS = {  # role → login of the demo
    "administrator": "admin",
    "controller": "controller",
    "ministry": "ministry",
    "coordinator": "coordinator",
    "institute": "institute",
    "municipal": "yuzhno",
    "school": "school1",
    "observer": "observer",
}


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, built once; tests take copies of it."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    done = Fresh(_environment(folder)).run("demo", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _environment(folder: Path) -> dict[str, str]:
    environment = {k: v for k, v in clean_environment(folder).items() if k != "DATABASE_URL"}
    return environment | {"PROFMINIMUM_MODE": "demo", "PROFMINIMUM_NOW": NOW}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a site over that folder."""
    port = free_port()
    with started(Fresh(_environment(folder)), "serve", "--port", str(port), "--workers", "1") as (process, _):
        assert process.stdout is not None
        drain = threading.Thread(
            target=process.stdout.read
        )  # what nobody reads would fill the pipe and stop the site
        drain.start()
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        drain.join(15)


@pytest.fixture(scope="session")
def site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One site for all tests that only look, or write what no other test looks at."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(demo_folder, folder)
    with serving(folder) as address:
        yield address


@pytest.fixture
def fresh_site(demo_folder: Path, tmp_path: Path) -> Iterator[str]:
    """A site of its own for a test that changes what others look at."""
    shutil.copytree(demo_folder, tmp_path / "var")
    with serving(tmp_path / "var") as address:
        yield address


ASK = """
from datetime import date
from django.utils import translation
from profminimum.monitoring.models import Campaign
from profminimum.monitoring.services import waves
from profminimum.orgs.models import User
from profminimum.web import clock

by, at = User.objects.get(email="coordinator@demo.example"), clock.now()
campaign = Campaign.objects.get(form__name="readiness")
dates = waves.Dates(at.date(), date(2023, 12, 12), date(2023, 12, 18))
with translation.override("ru"):
    wave = waves.plan_wave(
        campaign, None, dates, title="Готовность, повторный сбор", reason="Перед вторым полугодием", by=by, at=at
    )
    print(waves.open_wave(wave, by=by, at=at).pk)
"""


@pytest.fixture
def asked_site(demo_folder: Path, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A site of its own in which the readiness is asked for again: (address, id of the wave)."""
    shutil.copytree(demo_folder, tmp_path / "var")
    settings = {"DJANGO_SETTINGS_MODULE": "profminimum.config.settings"}
    wave = int(Fresh(_environment(tmp_path / "var") | settings).python(ASK))
    with serving(tmp_path / "var") as address:
        yield address, wave


class Visitors:
    """Pages by role: each role signs in once a site, through the real form, and keeps its session."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._sessions: dict[tuple[str, str], object] = {}
        self._open: list[BrowserContext] = []

    def page(self, site: str, role: str | None = None, *, width: int = 1360, script: bool = True) -> Page:
        """A page of that width at the site's root, signed in as the role or login; a stranger's when None."""
        key = (site, role or "")
        if role and key not in self._sessions:
            self._sessions[key] = self._sign_in(site, role)
        context = self._browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale="ru-RU",
            java_script_enabled=script,
            storage_state=self._sessions.get(key),  # type: ignore[arg-type]  # what playwright itself has given
        )
        self._open.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.problems = []  # type: ignore[attr-defined]  # what the browser complains of, for `clean`
        page.on("console", lambda m: page.problems.append(m.text) if m.type in {"error", "warning"} else None)  # type: ignore[attr-defined]  # as above
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]  # as above
        page.goto("/")
        return page

    def _sign_in(self, site: str, role: str) -> object:
        context = self._browser.new_context(base_url=site, locale="ru-RU")
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(f"{LOGINS.get(role, role)}@demo.example")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
        state = context.storage_state()
        context.close()
        return state

    def close(self) -> None:
        for context in self._open:
            context.close()
        self._open.clear()


@pytest.fixture(scope="session")
def _visitors(chromium: Browser) -> Visitors:
    return Visitors(chromium)


@pytest.fixture
def visit(_visitors: Visitors, site: str) -> Iterator[Callable[..., Page]]:
    """`visit("school", width=390, script=False)`: a page of the common site as that role."""

    def go(role: str | None = None, **how: object) -> Page:
        return _visitors.page(site, role, **how)  # type: ignore[arg-type]  # passed on as given

    yield go
    _visitors.close()


@pytest.fixture
def visit_fresh(_visitors: Visitors, fresh_site: str) -> Iterator[Callable[..., Page]]:
    """As `visit`, on a site of this test alone."""

    def go(role: str | None = None, **how: object) -> Page:
        return _visitors.page(fresh_site, role, **how)  # type: ignore[arg-type]  # passed on as given

    yield go
    _visitors.close()


@pytest.fixture
def visit_asked(_visitors: Visitors, asked_site: tuple[str, int]) -> Iterator[Callable[..., Page]]:
    """As `visit_fresh`, on the site in which the readiness is asked for again."""

    def go(role: str | None = None, **how: object) -> Page:
        return _visitors.page(asked_site[0], role, **how)  # type: ignore[arg-type]  # passed on as given

    yield go
    _visitors.close()


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Fails with the list of what axe finds on the page (WCAG 2.1 A and AA)."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}

    def check(page: Page) -> None:
        found = Axe().run(page, options=rules).response["violations"]
        told = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]
        assert told == []

    return check


@pytest.fixture(scope="session")
def clean() -> Callable[[Page], None]:
    """Fails when the browser complained (console, policy, script) or the page is wider than the window."""

    def check(page: Page) -> None:
        assert page.problems == []  # type: ignore[attr-defined]  # kept by Visitors
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the window"

    return check
