"""`make bench`: measures the product and says of each figure whether it kept its limit.

ARGS="--only reading" narrows it, ARGS="--sqlite" leaves PostgreSQL out.

Exit code 1 when something could not be measured, not when a limit was missed: the machine may be busy.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from figures import environment
from product import ROOT, place

sys.path.insert(0, str(ROOT / "tests"))
from throwaway import NoPostgresError, cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from figures import Figure

LARGE = "40000"
Addresses = list[str]  # of the databases to measure on; «» is SQLite


def reading(_addresses: Addresses) -> Iterator[Figure]:
    """The seed decree, read."""
    with place() as here:
        yield from here.step("reading.py")


def expansion(addresses: Addresses) -> Iterator[Figure]:
    """The seed adopted over a region as large as the first one, and over one 24 times as large."""
    for address in addresses:
        for schools in ("165", "4000"):
            with place(address) as here:
                yield from here.step("region.py", schools)
                yield from here.step("expansion.py")


def demo(addresses: Addresses) -> Iterator[Figure]:
    """The pages of the demo: their questions to the database, and fifty people at once."""
    for address in addresses:
        with place(address) as here:
            here.command("demo")
            if not address:
                yield from here.step("pages.py")
            yield from here.step("load.py")


def large(addresses: Addresses) -> Iterator[Figure]:
    """Everything over 40,000 schools: adopting, an autumn, the pages."""
    for address in addresses:
        with place(address) as here:
            yield from here.step("region.py", LARGE)
            for step in ("expansion.py", "history.py", "board.py"):
                yield from here.step(step)


@contextmanager
def on_disk(address: str) -> Iterator[str]:
    """Instead of the tests' cluster one whose commits are on the disk; SQLite's are there anyway."""
    if not address:
        yield ""
        return
    with cluster(durable=True) as durable:
        yield durable


def forms(addresses: Addresses) -> Iterator[Figure]:
    """A form of 250 fields and a list of 250 answers, one request at a time; then an evening of 183 people."""
    for address in addresses:
        with on_disk(address) as kept:
            with place(kept) as here:
                yield from here.step("region.py", "250")
                yield from here.step("filling.py")
            with place(kept) as here:
                here.command("demo")
                yield from here.step("evening.py", "100")


def answers(addresses: Addresses) -> Iterator[Figure]:
    """Answers of 250 fields, sent by eight at once for a minute; commits that are on the disk."""
    for address in addresses:
        with on_disk(address) as kept, place(kept) as here:
            yield from here.step("region.py", "2000")
            yield from here.step("submissions.py", "60", "16")


def workbook(addresses: Addresses) -> Iterator[Figure]:
    """An authority's workbook of 2,000 schools × 50 fields: made, uploaded with all checks, applied."""
    for address in addresses:
        with place(address) as here:
            yield from here.step("region.py", "100")
            yield from here.step("workbook.py", "2000")


def kill(addresses: Addresses) -> Iterator[Figure]:
    """The whole site killed ten times while drafts and answers are sent: nothing acknowledged is lost."""
    for address in addresses:
        with on_disk(address) as kept, place(kept) as here:
            yield from here.step("region.py", "600")
            yield from here.step("kill.py", "10")


def exports(addresses: Addresses) -> Iterator[Figure]:
    """Answers as CSV, XLSX and Parquet, and a list of 250 of them."""
    for address in addresses:
        for answers_, fields, kinds in (
            ("10000", "250", ("csv", "xlsx", "parquet", "list")),
            ("100000", "50", ("xlsx", "csv", "parquet")),
        ):
            with place(address) as here:
                yield from here.step("region.py", "165")
                yield from here.step("exports.py", answers_, fields, "make")
                for kind in kinds:
                    yield from here.step("exports.py", answers_, fields, kind)


def completeness(addresses: Addresses) -> Iterator[Figure]:
    """Who has answered, over 40,000 schools and 12 waves."""
    for address in addresses:
        with place(address) as here:
            yield from here.step("region.py", "165")
            yield from here.step("completeness.py", LARGE)


PARTS: dict[str, Callable[[Addresses], Iterator[Figure]]] = {
    each.__name__: each
    for each in (reading, expansion, demo, large, forms, answers, workbook, kill, exports, completeness)
}


def shown(name: str, part: Callable[[Addresses], Iterator[Figure]], addresses: Addresses) -> bool:
    """Run a part and print its rows as they come; False when it broke."""
    print(f"\n### {name}: {part.__doc__}\n\n| what | measured | limit | |\n|---|---:|---:|---|", flush=True)
    started = time.monotonic()
    try:
        for figure in part(addresses):
            print(f"| {' | '.join(figure.cells())} |", flush=True)
    except RuntimeError as why:
        print(f"\nNOT MEASURED: {why}", flush=True)
        return False
    print(f"\n{time.monotonic() - started:.0f} s; {environment()}", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="a part instead of all")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    options = parser.parse_args()
    started = time.monotonic()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {environment()}")
    addresses, good = [""], True
    with ExitStack() as kept:
        if not options.sqlite:
            try:
                addresses.append(kept.enter_context(cluster()))
            except NoPostgresError as why:
                print(f"PostgreSQL is left out: {why}")
        for name, part in PARTS.items():
            if options.only is None or name in options.only:
                good &= shown(name, part, addresses)
    print(f"\n{time.monotonic() - started:.0f} s in all")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
