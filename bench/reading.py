"""How long does it take to read the seed decree, in a process that has read before and as a command of its own?"""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from figures import Figure, hand_over, median, once
from product import SEED
from profminimum.decree.reading import read

FORMATS = ("txt", "docx", "pdf")
WARM, WHOLE = 1.0, 2.0  # seconds


def main() -> None:
    found = []
    for ending in FORMATS:
        file = SEED / f"decree.{ending}"
        assert len([m for s in read(file).plan.sections for m in s.measures]) == 12
        found.append(Figure(f"{ending}: read in a warm process", median(partial(read, file), times=7), "s", WARM))
    for ending in FORMATS:
        command = [sys.executable, "-m", "profminimum", "decree", "read", str(SEED / f"decree.{ending}"), "--json"]

        def whole(command: list[str] = command) -> None:
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own command

        found.append(Figure(f"{ending}: `profminimum decree read --json`", median(whole, times=5), "s", WHOLE))
    hand_over(found)


if __name__ == "__main__":
    once(main)
