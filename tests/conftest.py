"""What every test may use: a database of the chosen kind, a clock that stands still, a files folder of its own.

The database is SQLite unless DATABASE_URL says otherwise; `make test` runs both. Tests that need real
transactions or several processes take `fresh_database`: the journal is append-only, so pytest-django's
transactional tests, which empty the tables, cannot work.
"""

from __future__ import annotations

import gettext
import os
import sys
import uuid
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import trans_real

from processes import Fresh, clean_environment
from profminimum.web import clock
from profminimum.web.catalogues import compile_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser

pytest_plugins = ["people"]  # the fixtures `region` and `people`
pytest_plugins = ["people"]
DATABASE_FIXTURES = {"db", "client", "fresh_database", "region", "people"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db-only", action="store_true", help="only tests that touch the database")


def pytest_configure(config: pytest.Config) -> None:
    """The pages speak Russian only with compiled catalogues; one process compiles them for all."""
    if not hasattr(config, "workerinput") and compile_all():
        gettext._translations.clear()  # what was read before
        trans_real._translations.clear()
        trans_real._default = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in _fixtures(item):
            raise pytest.UsageError(f"{item.nodeid}: the journal cannot be emptied; take the fixture fresh_database")
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)  # no database once a browser is driven
    if config.getoption("--db-only"):
        kept = [i for i in items if i.get_closest_marker("django_db") or DATABASE_FIXTURES & set(_fixtures(i))]
        kept = [i for i in kept if i.get_closest_marker("one_database") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run: a second one beside it cannot be driven from the same thread."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is asked for

    from chromium import ARGUMENTS, NoChromiumError, executable  # noqa: PLC0415 - as above

    try:
        path = executable()
    except NoChromiumError as why:
        pytest.skip(str(why))  # `make test` says so at the end and fails under CI=true
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploaded files of tests go to a folder that pytest removes."""
    from django.conf import settings  # noqa: PLC0415 - settings are read only where tests need them

    settings.VAR = tmp_path_factory.mktemp("var")
    settings.FILES = settings.MEDIA_ROOT = settings.VAR / "files"


@pytest.fixture(scope="session", autouse=True)
def _connection_stays_open() -> None:
    """A test lives in one transaction: the end of a response that it closes must not end the connection with it."""
    from django.db import connections  # noqa: PLC0415 - as above

    for each in connections.all():
        each.close_if_unusable_or_obsolete = lambda: None  # type: ignore[method-assign]  # of these objects alone


def local(moment: str) -> datetime:
    """«2023-12-02T09:00» in the demo region's time zone."""
    read = datetime.fromisoformat(moment)
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo("Asia/Sakhalin"))


@pytest.fixture
def at() -> Callable[[str], AbstractContextManager[None]]:
    """`with at("2023-12-02T09:00"): …` lives at that moment of Sakhalin's time."""

    @contextmanager
    def live(moment: str) -> Iterator[None]:
        with clock.at(local(moment)):
            yield

    return live


@pytest.fixture(autouse=True)
def _no_form_of_another_test() -> Iterator[None]:
    """A process keeps published forms by their number; a test that is undone gives its numbers to the next."""
    yield
    if "profminimum.monitoring.definitions" in sys.modules:
        sys.modules["profminimum.monitoring.definitions"].definition.cache_clear()


@pytest.fixture
def december() -> Iterator[datetime]:
    """The whole test lives at 09:00 on 2 December 2023, the demo's moment."""
    moment = local("2023-12-02T09:00")
    with clock.at(moment):
        yield moment


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[Fresh]:
    """A database of the run's kind for real processes: a file of SQLite, or one more database of the cluster."""
    given = os.environ.get("DATABASE_URL", "")
    environment = clean_environment(tmp_path)
    if not given.startswith("postgres"):
        fresh = Fresh(environment)
        assert fresh.run("migrate").returncode == 0
        yield fresh
        return
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is

    name = f"fresh_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # an identifier, made above
        try:
            fresh = Fresh(environment | {"DATABASE_URL": urlunsplit(urlsplit(given)._replace(path=f"/{name}"))})
            done = fresh.run("migrate")
            assert done.returncode == 0, done.stderr
            yield fresh
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]  # as above
