"""How a setting is read from the environment: typed, with secrets from X or from the file that X_FILE names."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

PREFIX = "PROFMINIMUM_"


def text(name: str, default: str = "") -> str:
    """The value of PROFMINIMUM_<name>, or of the file named by PROFMINIMUM_<name>_FILE."""
    file = os.environ.get(f"{PREFIX}{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{PREFIX}{name}_FILE: cannot read {file}: {error.strerror}") from error
    return os.environ.get(PREFIX + name, default).strip()


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{PREFIX}{name} is «{value}»; allowed: {', '.join(options)}")
    return value


def flag(name: str, *, default: bool) -> bool:
    return choice(name, ("0", "1"), "1" if default else "0") == "1"


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{PREFIX}{name} is «{value}»; it takes a whole number from {low} to {high}")
    return int(value)


def table(name: str) -> list[dict[str, object]]:
    """A JSON list of objects; empty when not set."""
    try:
        value = json.loads(text(name) or "[]")
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}{name} is no JSON: {error}") from error
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ImproperlyConfigured(f"{PREFIX}{name} takes a JSON list of objects: [{{…}}]")
    return value


def zone(name: str, default: str) -> str:
    """The name of a time zone, «Asia/Sakhalin»."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        raise ImproperlyConfigured(f"{PREFIX}{name}: there is no time zone «{value}»") from error
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def moment(name: str, zone: str) -> datetime | None:
    """An ISO date or date and time in the region's zone, or None when not set."""
    value = text(name)
    if not value:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}{name} is «{value}»; it takes 2023-12-02 or 2023-12-02T09:00") from error
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))


def database(default: Path) -> dict[str, object]:
    """Django's database settings from DATABASE_URL (postgresql://… or sqlite:///path), the SQLite file by default."""
    url = text("DATABASE_URL") or os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return _sqlite(str(default))
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        return _sqlite("/" + unquote(parts.path).lstrip("/"))
    raise ImproperlyConfigured(
        f"DATABASE_URL: «{parts.scheme}» is not understood; use postgresql://… or sqlite:///absolute/path"
    )


_PLANNED_ONCE: Final = {"server_side_binding": True, "prepare_threshold": 3}  # statements, once a connection


def _postgresql(parts: SplitResult) -> dict[str, object]:
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL: the port must be a number up to 65535") from error
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL: the name of the database is missing, postgresql://host/NAME")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3}
        | dict(parse_qsl(parts.query)),  # statements are planned once
    }


def _sqlite(path: str) -> dict[str, object]:
    """Write-ahead log, writers one after another, as durable as the disk allows."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456"
            ),
        },
    }
