"""`make test`: all tests, part by part, and at the end which part could not run (an error under CI=true).

The parts are the suite on SQLite, what touches the database again on PostgreSQL, and the browser tests.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from chromium import NoChromiumError, executable
from throwaway import NoPostgresError, cluster

HERE = Path(__file__).resolve().parent
NOTHING_COLLECTED = 5


@dataclass
class Outcome:
    lines: list[str] = field(default_factory=list)
    failed: bool = False
    left_out: bool = False

    def part(self, title: str, arguments: list[str], database: str = "") -> None:
        """Run pytest once and keep one line about it."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"DATABASE_URL": database} if database else {}
        print(f"\n=== {title}", flush=True)
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "--durations=8", "--durations-min=1", *arguments]
        code = subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode
        good = code in {0, NOTHING_COLLECTED}
        self.failed |= not good
        self.lines.append(f"{'ok    ' if good else 'FAILED'}  {title}, {time.monotonic() - started:.0f} s")

    def missing(self, title: str, why: Exception) -> None:
        self.left_out = True
        self.lines.append(f"NOT RUN {title}: {why}")


def postgres(outcome: Outcome, more: list[str]) -> None:
    """On the database that DATABASE_URL names, else on a throwaway cluster."""
    title = "PostgreSQL: tests that touch the database"
    arguments = ["-n", "2", "-m", "not e2e", "--db-only", *more]
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        outcome.part(title, arguments, given)
        return
    try:
        with cluster() as address:
            outcome.part(title, arguments, address)
    except NoPostgresError as why:
        outcome.missing(title, why)


def browser(outcome: Outcome, more: list[str]) -> None:
    title = "Chromium: the real pages"
    try:
        executable()
    except NoChromiumError as why:
        outcome.missing(title, why)
        return
    outcome.part(title, ["-m", "e2e", *more])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("sqlite", "postgres", "browser"), help="one part instead of all three")
    options, more = parser.parse_known_args()
    outcome = Outcome()
    if options.only in {None, "sqlite"}:
        outcome.part("SQLite: the whole suite", ["-n", "2", "-m", "not e2e", *more])
    if options.only in {None, "postgres"}:
        postgres(outcome, more)
    if options.only in {None, "browser"}:
        browser(outcome, more)
    print("\n" + "\n".join(outcome.lines), flush=True)
    if outcome.left_out:
        print("A part of the tests could not run; under CI=true that is an error.", flush=True)
    return int(outcome.failed or (outcome.left_out and os.environ.get("CI") == "true"))


if __name__ == "__main__":
    sys.exit(main())
