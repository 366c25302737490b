"""How is the demo made? An empty database, then its parts: the region, its people, the plan, the monitorings."""

from __future__ import annotations

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.db import connection, connections

from profminimum.config import demo_monitoring, demo_plan, demo_region, occupancy, prepare
from profminimum.journal.worker import drain

if TYPE_CHECKING:
    from collections.abc import Callable

FOUNDED = datetime(2023, 8, 1, 9, 0, tzinfo=UTC)  # when the demo's region is said to have been written down


def marker() -> Path:
    """Written last: a database without it is a demo that was not finished."""
    path: Path = settings.VAR / "demo.json"
    return path


def is_built() -> bool:
    return marker().exists()


def build(say: Callable[[str], Any]) -> None:
    """Build the demo anew in VAR; what was there is removed. Only in demo mode, only while no site is running."""
    if settings.MODE == "production":
        raise click.ClickException("Показательный регион не строится в рабочем режиме: PROFMINIMUM_MODE=demo.")
    with occupancy.hold(settings.VAR, alone=True):
        started = time.monotonic()
        _empty()
        prepare.everything()
        say(f"  {time.monotonic() - started:5.1f} с  Пустая база, переводы, статические файлы")
        begun = time.monotonic()
        region = demo_region.build_region(FOUNDED)
        say(f"  {time.monotonic() - begun:5.1f} с  Регион, организации, люди")
        drain()
        begun = time.monotonic()
        demo_plan.build_plan(region)
        say(f"  {time.monotonic() - begun:5.1f} с  Распоряжение, план, поручения")
        begun = time.monotonic()
        done = drain()
        say(f"  {time.monotonic() - begun:5.1f} с  Следствия из журнала: {done}")
        begun = time.monotonic()
        asked = demo_monitoring.build(region)
        say(f"  {time.monotonic() - begun:5.1f} с  Мониторинги и пять волн, ответов спрошено: {asked}")
        marker().write_text(json.dumps({"now": str(settings.NOW or "")}), encoding="utf-8")
        say(f"  {time.monotonic() - started:5.1f} с  Показательный регион готов")


def _empty() -> None:
    """Remove the database and the files of an earlier demo."""
    marker().unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        connections.close_all()
        for ending in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{ending}").unlink(missing_ok=True)
    elif connection.introspection.table_names():
        name = settings.DATABASES["default"]["NAME"]
        raise click.ClickException(
            f"База {name} не пуста. Создайте её заново: dropdb {name} && createdb {name} · The database is not empty."
        )
    if settings.FILES.exists():
        shutil.rmtree(settings.FILES)


def logins() -> list[str]:
    """Lines that name who can sign in to the demo; empty when the region's part is not there."""
    return demo_region.logins()
