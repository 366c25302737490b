"""How fast do all answers of a wave leave as a file, and in how much memory? A step: `exports.py N FIELDS KIND`.

With `list` instead of a kind: how long does a page of 250 answers take?
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Self

from django.db import connection

import region  # sets Django up
from answers_made import adopt, campaign, more_schools, settle, wave
from board import browser
from figures import Figure, hand_over, share
from profminimum.monitoring.models import Wave

LIMITS = {("csv", 10_000, 250): 10_000, ("xlsx", 100_000, 50): 10_000}  # rows a second, at least
SHORT = 250  # answers of a wave of usual size
LIST = 0.06  # seconds, 95 % of the visits


def make(answers: int, fields: int) -> None:
    place, people = region.known()
    adopt(place, people)
    more_schools(place, answers)
    asked = campaign(place, people, fields)
    wave(*asked, 1, answers, fields)
    wave(*asked, 2, SHORT, fields)
    settle()


def export(answers: int, fields: int, kind: str) -> list[Figure]:
    """As a person downloads it: the view, the journal entry, every byte of the answer."""
    people = region.known()[1]
    address = f"/monitoring/waves/{Wave.objects.get(number=1).pk}/answers.{kind}"
    client = browser(people.coordinator)
    client.get(f"/monitoring/waves/{Wave.objects.get(number=2).pk}/answers.{kind}").getvalue()  # what is loaded once
    size = 0
    with Anonymous() as memory:
        started, busy = time.perf_counter(), time.process_time()
        for chunk in client.get(address):
            size += len(chunk)
        rate, busy = answers / (time.perf_counter() - started), answers / (time.process_time() - busy)
    title = f"{connection.vendor}: {kind} of {answers:,} × {fields} ({size / 2**20:.0f} MiB)"
    limit = LIMITS.get((kind, answers, fields))
    return [
        Figure(f"{title}, rows a second", rate, "", limit, at_least=True),
        Figure(f"{title}, rows a second of the site's processor", busy, ""),
        Figure(f"{title}, memory of its own before", memory.before, "MiB"),
        Figure(f"{title}, the same at its peak", memory.peak, "MiB"),
    ]


class Anonymous:
    """Memory that is the process's own: files that SQLite has mapped are the system's cache. Sampled, in MiB."""

    def __enter__(self) -> Self:
        self.before = self.peak = own()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self.peak = max(self.peak, own())


def own() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def pages() -> list[Figure]:
    people, found = region.known()[1], []
    for number, limit in ((2, LIST), (1, None)):
        wave_ = Wave.objects.get(number=number)
        address = f"/monitoring/waves/{wave_.pk}/answers/"
        client, taken = browser(people.coordinator), []
        for _ in range(61):
            started = time.perf_counter()
            assert client.get(address).status_code == 200
            taken.append(time.perf_counter() - started)
        title = f"{connection.vendor}: a list of {SHORT} answers out of {wave_.submissions.count():,}, p95"
        found.append(Figure(title, share(taken[1:], 95), "s", limit))
    return found


def main() -> None:
    answers, fields, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if kind == "make":
        make(answers, fields)
        hand_over([])
    elif kind == "list":
        hand_over(pages())
    else:
        hand_over(export(answers, fields, kind))


if __name__ == "__main__":
    main()
