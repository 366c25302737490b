"""Production refuses to start when it is unsafe: real processes, as a service manager would start them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from processes import ROOT, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

SAFE = {
    "PROFMINIMUM_MODE": "production",
    "PROFMINIMUM_SECRET_KEY": "only-for-this-test-" * 3,
    "PROFMINIMUM_HOSTS": "plan.example.ru",
    "PROFMINIMUM_ORIGIN": "https://plan.example.ru",
}


def run(var: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(var) | SAFE | changes
    return subprocess.run(
        [sys.executable, "-m", "profminimum", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"PROFMINIMUM_SECRET_KEY": ""}, "PROFMINIMUM_SECRET_KEY: set a random text"),
        ({"PROFMINIMUM_SECRET_KEY": "short"}, "PROFMINIMUM_SECRET_KEY: set a random text"),
        ({"PROFMINIMUM_SECRET_KEY": "k" * 50}, "PROFMINIMUM_SECRET_KEY: set a random text"),
        ({"PROFMINIMUM_HOSTS": ""}, "PROFMINIMUM_HOSTS: name the hosts"),
        ({"PROFMINIMUM_HOSTS": "*"}, "PROFMINIMUM_HOSTS: name the hosts"),
        ({"PROFMINIMUM_DEBUG": "1"}, "PROFMINIMUM_DEBUG: must be 0"),
        ({"PROFMINIMUM_ORIGIN": "http://plan.example.ru"}, "PROFMINIMUM_ORIGIN: must begin with https://"),
        ({"PROFMINIMUM_NOW": "2023-12-02"}, "PROFMINIMUM_NOW: the demo clock"),
        ({"PROFMINIMUM_MODE": "prod"}, "PROFMINIMUM_MODE is «prod»"),
        ({"PROFMINIMUM_UPLOAD_MB": "many"}, "PROFMINIMUM_UPLOAD_MB is «many»"),
        ({"PROFMINIMUM_DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(changes: dict[str, str], message: str, tmp_path: Path) -> None:
    done = run(tmp_path, "migrate", **changes)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_mode_that_is_not_said_is_production(tmp_path: Path) -> None:
    environment = {k: v for k, v in clean_environment(tmp_path).items() if k != "PROFMINIMUM_MODE"}
    done = subprocess.run(
        [sys.executable, "-m", "profminimum", "serve"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PROFMINIMUM_SECRET_KEY" in done.stderr
    assert "make run" in done.stderr


def test_safe_settings_start_and_the_check_says_what_is_still_missing(tmp_path: Path) -> None:
    before = run(tmp_path, "check")
    assert before.returncode == 1
    assert "✗ Таблицы устарели" in before.stdout
    assert run(tmp_path, "migrate").returncode == 0
    after = run(tmp_path, "check")
    assert "✓ Таблицы соответствуют программе" in after.stdout
    assert "✗ Статические файлы не собраны" in after.stdout


def test_django_finds_nothing_to_warn_of_in_production(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path) | SAFE
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_demo_is_never_built_over_real_data(tmp_path: Path) -> None:
    done = run(tmp_path, "demo")
    assert done.returncode == 1
    assert "не строится в рабочем режиме" in done.stderr
