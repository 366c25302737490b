"""`profminimum forms`: a workbook's remarks by cell with an exit code, and the forms of the pack at one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from form_books import broken, small
from profminimum.config.cli_forms import forms
from profminimum.monitoring.models import FormVersion

if TYPE_CHECKING:
    from pathlib import Path

    from factories import SmallRegion
    from people import People


def run(*arguments: str) -> Result:
    return CliRunner().invoke(forms, list(arguments))


def test_a_right_workbook_gives_its_burden(tmp_path: Path) -> None:
    path = tmp_path / "охват.xlsx"
    path.write_bytes(small())
    done = run("check", str(path))
    assert done.exit_code == 0, done.output
    assert "полей для заполнения 2" in done.output


def test_errors_are_named_by_cell_with_exit_code_two(tmp_path: Path) -> None:
    path = tmp_path / "охват.xlsx"
    path.write_bytes(broken())
    done = run("check", str(path))
    assert done.exit_code == 2
    assert "survey!E4: ошибка: В форме нет вопроса «pupil»" in done.output
    assert "survey!E4: error:" in run("check", str(path), "--lang", "en").output
    path.write_bytes(b"no workbook")
    assert run("check", str(path)).exit_code == 2


def test_the_pack_is_installed_by_who_may(region: SmallRegion, people: People) -> None:
    assert run("install", "--by", "nobody@example.org").exit_code == 1
    assert "нет права" in run("install", "--by", people.school.email).output
    done = run("install", "--by", people.coordinator.email)
    assert done.exit_code == 0, done.output
    assert FormVersion.objects.filter(state="published").count() == 6
    assert "все формы" in run("install", "--by", people.coordinator.email, "--region", "65").output
    assert run("install", "--by", people.coordinator.email, "--region", "99").exit_code == 1
