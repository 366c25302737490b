from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from profminimum.config import env

DEFAULT = Path("/srv/my #1 data/db.sqlite3")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"NAME": "/srv/my #1 data/db.sqlite3"}),
        ("sqlite:///srv/data.sqlite3", {"NAME": "/srv/data.sqlite3"}),
        ("sqlite:////srv/data.sqlite3", {"NAME": "/srv/data.sqlite3"}),
        ("sqlite:///srv/a%20b.sqlite3", {"NAME": "/srv/a b.sqlite3"}),
        ("postgresql:///plan", {"NAME": "plan", "USER": "", "HOST": "", "PORT": ""}),
        (
            "postgres://anna:p%40ss%2Fword@db.example.ru:5433/plan?sslmode=require",
            {
                "NAME": "plan",
                "USER": "anna",
                "PASSWORD": "p@ss/word",
                "HOST": "db.example.ru",
                "PORT": "5433",
                "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, "sslmode": "require"},
            },
        ),
        (
            "postgresql://anna@/plan?host=%2Frun%2FPg",
            {"HOST": "", "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, "host": "/run/Pg"}},
        ),
    ],
)
def test_the_database_is_read_from_its_address(
    url: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    read = env.database(DEFAULT)
    assert {key: read[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://x/y", "«mysql» is not understood"),
        ("sqlite://", "is not understood"),
        ("sqlite://relative.sqlite3", "is not understood"),
        ("nonsense", "is not understood"),
        ("postgresql://host", "name of the database is missing"),
        ("postgresql://host:port/plan", "port must be a number"),
    ],
)
def test_an_address_without_sense_is_refused(url: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=message):
        env.database(DEFAULT)


def test_our_own_name_of_the_address_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///other")
    monkeypatch.setenv("PROFMINIMUM_DATABASE_URL", "postgresql:///ours")
    assert env.database(DEFAULT)["NAME"] == "ours"


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("long and random\n", encoding="utf-8")
    monkeypatch.setenv("PROFMINIMUM_THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING") == "long and random"


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROFMINIMUM_THING_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"PROFMINIMUM_THING_FILE: cannot read .*none"):
        env.text("THING")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda: env.flag("THING", default=False), "1", True),
        (lambda: env.flag("THING", default=True), "0", False),
        (lambda: env.number("THING", 5, low=1, high=9), "7", 7),
        (lambda: env.words("THING"), "a, b c", ["a", "b", "c"]),
        (lambda: env.choice("THING", ("a", "b"), "a"), "b", "b"),
        (lambda: str(env.moment("THING", "Asia/Sakhalin")), "2023-12-02T09:00", "2023-12-02 09:00:00+11:00"),
        (lambda: str(env.moment("THING", "Asia/Sakhalin")), "2023-12-02", "2023-12-02 00:00:00+11:00"),
        (lambda: env.zone("THING", "Asia/Sakhalin"), "Europe/Moscow", "Europe/Moscow"),
        (lambda: env.table("THING"), '[{"a": 1}]', [{"a": 1}]),
        (lambda: env.table("THING"), "", []),
    ],
)
def test_a_value_is_read_as_its_kind(
    read: Any, value: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROFMINIMUM_THING", value)
    assert read() == expected


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (lambda: env.flag("THING", default=False), "yes", "allowed: 0, 1"),
        (lambda: env.number("THING", 5, low=1, high=9), "10", "whole number from 1 to 9"),
        (lambda: env.number("THING", 5, low=1, high=9), "x", "whole number from 1 to 9"),
        (lambda: env.choice("THING", ("a", "b"), "a"), "c", "allowed: a, b"),
        (lambda: env.moment("THING", "Asia/Sakhalin"), "tomorrow", "it takes 2023-12-02"),
        (lambda: env.zone("THING", "Asia/Sakhalin"), "Asia/Nowhere", "no time zone"),
        (lambda: env.zone("THING", "Asia/Sakhalin"), "../etc", "no time zone"),
        (lambda: env.table("THING"), "{", "is no JSON"),
        (lambda: env.table("THING"), "[1]", "JSON list of objects"),
    ],
)
def test_nonsense_is_refused_by_name(read: Any, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROFMINIMUM_THING", value)
    with pytest.raises(ImproperlyConfigured, match=f"PROFMINIMUM_THING.*{message}"):
        read()
