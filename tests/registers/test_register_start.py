"""A mistake in the pack is named when the programme is started, not by a page that breaks later."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from profminimum.registers.checks import pack_is_in_order

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


def test_our_pack_is_in_order() -> None:
    assert pack_is_in_order() == []


def test_a_mistake_is_named_with_the_folder(settings: SettingsWrapper, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(settings.PACK, folder, ignore=shutil.ignore_patterns("forms"))
    (folder / "levels.toml").write_text('[[level]]\nname = "base"\n', encoding="utf-8")
    settings.PACK = folder
    (error,) = pack_is_in_order()
    assert "levels.toml, level 1 (base), hours" in str(error.msg)
    assert str(folder) in str(error.hint)
