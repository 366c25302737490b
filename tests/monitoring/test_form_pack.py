"""What a pack proposes is read, and every mistake in its campaigns.toml is named by monitoring and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from profminimum.monitoring import pack
from profminimum.monitoring.models import Campaign
from profminimum.monitoring.services.campaigns import ANSWERING
from profminimum.plan.pack import PackError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[[campaign]]
form = "level"
measures = ["4"]
title = { ru = "Выбор уровня" }
kinds = ["school"]
last = "ministry"
"""


def read(folder: Path, text: str) -> list[pack.Proposal]:
    (folder / "campaigns.toml").write_text(text, encoding="utf-8")
    return pack.proposals(folder)


def test_what_is_not_said_is_usual(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD)
    assert (one.by_authority, one.late, one.days, one.check_days, one.author) == (True, "allow", 14, 5, "")


def test_words_are_those_of_campaigns() -> None:
    assert set(pack.KINDS) == {kind.value for kind in ANSWERING}
    assert set(pack.LAST) == set(Campaign.Last.values)
    assert set(pack.LATE) == set(Campaign.Late.values)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('form = "level"\n', "", "form"),
        ('["4"]', '"4"', "measures"),
        ('{ ru = "Выбор уровня" }', '{ en = "Level" }', "title"),
        ('["school"]', '["ministry"]', "kinds"),
        ('last = "ministry"', 'last = "school"', "last"),
        ('last = "ministry"', 'last = "ministry"\nlate = "never"', "late"),
        ('last = "ministry"', 'last = "ministry"\ndays = 0', "days"),
        ('last = "ministry"', 'last = "ministry"\ncheck_days = true', "check_days"),
        ('last = "ministry"', 'last = "ministry"\nauthor = "school"', "author"),
        ('last = "ministry"', 'last = "ministry"\nby_authority = "no"', "by_authority"),
        ('last = "ministry"', 'last = "ministry"\ndeadline = 5', "deadline"),
    ],
)
def test_a_mistake_is_named_by_monitoring_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(PackError, match=rf"campaigns\.toml, campaign 1 \(.*\), {key}: .+ · .+"):
        read(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("text", ["campaign = 5", "[[campaign]\n"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackError, match=r"campaigns\.toml"):
        read(tmp_path, text)
