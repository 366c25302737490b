"""`profminimum orgs import`: shows, applies, refuses; nothing is written unless asked for and right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from profminimum.config.cli_orgs import orgs
from profminimum.orgs.models import Organisation

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from factories import SmallRegion

HEAD = "Код;Полное наименование;Краткое наименование;Орган управления;Вид;ОКТМО"
GOOD = "Н1;Школа новая;СОШ новая;Округ № 1;муниципальная;64701000"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(orgs, ["import", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "школы.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    return path


def test_shows_then_applies_then_has_nothing_to_do(region: SmallRegion, december: datetime, file: Path) -> None:
    shown = run(str(file))
    assert shown.exit_code == 0, shown.output
    assert "02.12.2023" in shown.output
    assert not Organisation.objects.filter(code="Н1").exists()
    assert run(str(file), "--apply", "--on", "01.09.2023").exit_code == 0
    made = Organisation.objects.get(code="Н1")
    assert made.opened.isoformat() == "2023-09-01"
    again = run(str(file), "--apply")
    assert "Изменений нет" in again.output or "No changes" in again.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}\n{GOOD.replace('64701000', '647')}\n", "ОКТМО"),
        ("что-то;другое\n1;2\n", "школы.csv"),
        (f"{HEAD}\n", "школы.csv"),
    ],
)
def test_refuses_with_the_place_of_the_mistake(
    region: SmallRegion, december: datetime, file: Path, text: str, said: str
) -> None:
    file.write_text(text, encoding="utf-8")
    refused = run(str(file), "--apply")
    assert refused.exit_code == 1
    assert said in refused.output
    assert not Organisation.objects.filter(code="Н1").exists()


def test_asks_which_region_when_there_are_several(region: SmallRegion, december: datetime, file: Path) -> None:
    from factories import small_region  # noqa: PLC0415 - one test

    small_region(code="14", authorities=1, per_authority=1)
    assert run(str(file)).exit_code == 1
    assert run(str(file), "--region", "65").exit_code == 0
    assert run(str(file), "--region", "99").exit_code == 1
