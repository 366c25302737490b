"""`make bench`: runs the benchmarks of this folder, all or those whose name has a word, and prints a table."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FRAME = {"run", "result"}


def main(words: list[str]) -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in FRAME)
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print(f"No such benchmark. There are: {', '.join(names)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="pm-bench-") as folder:
        os.environ |= {
            "PROFMINIMUM_MODE": "test",
            "PROFMINIMUM_VAR": folder,
            "PROFMINIMUM_NOW": "2023-12-02T09:00",
            "DJANGO_SETTINGS_MODULE": "profminimum.config.settings",
        }
        print(f"{'what':44} {'median, ms':>12} {'worst, ms':>12}  note")
        for name in chosen:
            for result in importlib.import_module(name).measure():
                print(f"{result.name:44} {result.median * 1000:12.1f} {result.worst * 1000:12.1f}  {result.note}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
