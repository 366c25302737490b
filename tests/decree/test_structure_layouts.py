"""Each sample of a layout is read into the plan that stands beside it, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from plan_lines import plan_lines
from profminimum.decree.reading import read

DATA = Path(__file__).parents[1] / "data"
LAYOUTS = DATA / "layouts"
JUDGED = DATA / "judged"  # written, with what a careful reader expects, before they were ever read
SAMPLES = sorted(path for path in (*LAYOUTS.iterdir(), *JUDGED.iterdir()) if Path(f"{path}.plan").exists())


def test_there_are_enough_samples() -> None:
    assert len(SAMPLES) >= 65


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_layout(sample: Path) -> None:
    expected = Path(f"{sample}.plan").read_text(encoding="utf-8").splitlines()
    assert plan_lines(read(sample)) == expected
