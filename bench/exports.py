"""How fast do all answers of a wave leave as a file, and in how much memory? A step: `exports.py N FIELDS KIND`.

With `list` instead of a kind: how long does a page of 250 answers take?
"""

from __future__ import annotations

import sys
import time

from django.db import connection

import region  # sets Django up
from answers_made import adopt, campaign, more_schools, settle, wave
from board import browser
from figures import Figure, hand_over, peak_memory, share
from profminimum.monitoring.models import Wave

LIMITS = {("csv", 10_000, 250): 10_000, ("xlsx", 100_000, 50): 10_000}  # rows a second, at least
LIST = 0.06  # seconds, 95 % of the visits


def make(answers: int, fields: int) -> None:
    place, people = region.known()
    adopt(place, people)
    more_schools(place, answers)
    wave(*campaign(place, people, fields), 1, answers, fields)
    settle()


def export(answers: int, fields: int, kind: str) -> list[Figure]:
    """As a person downloads it: the view, the journal entry, every byte of the answer."""
    people = region.known()[1]
    latest = Wave.objects.latest("pk")
    client = browser(people.coordinator)
    client.get("/monitoring/")  # what a process loads once
    before, started, size = peak_memory(), time.perf_counter(), 0
    for chunk in client.get(f"/monitoring/waves/{latest.pk}/answers.{kind}"):
        size += len(chunk)
    rate = answers / (time.perf_counter() - started)
    title = f"{connection.vendor}: {kind} of {answers:,} × {fields} ({size / 2**20:.0f} MiB)"
    limit = LIMITS.get((kind, answers, fields))
    return [
        Figure(f"{title}, rows a second", rate, "", limit, at_least=True),
        Figure(f"{title}, memory before", before, "MiB"),
        Figure(f"{title}, memory at its peak", peak_memory(), "MiB"),
    ]


def pages() -> list[Figure]:
    people = region.known()[1]
    address = f"/monitoring/waves/{Wave.objects.latest('pk').pk}/answers/"
    client, taken = browser(people.coordinator), []
    for number in range(61):
        started = time.perf_counter()
        assert client.get(address, {"page": number % 3 + 1}).status_code == 200
        taken.append(time.perf_counter() - started)
    return [Figure(f"{connection.vendor}: a list of 250 answers, p95", share(taken[1:], 95), "s", LIST)]


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
