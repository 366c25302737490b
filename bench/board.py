"""How long do the pages over a large plan take, in process, when nothing is cached but the database's own pages?"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import region  # sets Django up
from figures import Figure, hand_over, peak_memory
from profminimum.plan.models import Obligation
from profminimum.web import clock

if TYPE_CHECKING:
    from profminimum.orgs.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (  # who, address, limit in seconds
    ("controller", "/control/", 1.0),
    ("controller", "/control/?on=2023-10-10", 1.0),
    ("ministry", "/control/?kind=schools", 1.0),
    ("municipal", "/control/", 1.0),
    ("ministry", "/duties/", None),
    ("municipal", "/duties/", None),
    ("school", "/duties/", None),
    ("ministry", "/obligations/", None),
    ("ministry", "/obligations/?state=overdue&sort=organisation", None),
    ("ministry", "/obligations/?words=школа+777", None),
    ("ministry", "/obligations/?on=2023-10-10", None),
    ("municipal", "/obligations/", None),
    ("school", "/obligations/", None),
    ("ministry", "/plans/", None),
    ("ministry", "/organisations/", None),
    ("ministry", "/journal/", None),
)
EXPORTS = (("ministry", "/obligations/xlsx/"), ("controller", "/control/export.xlsx"))


def browser(user: User) -> Client:
    client = Client(headers={"Accept-Language": "ru"})
    client.force_login(user, backend=BACKEND)
    return client


def visit(client: Client, address: str, *, times: int) -> tuple[float, float, int, int]:
    """Median seconds by the clock and of the processor, questions asked, bytes; one visit goes uncounted."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    questions = len(asked)  # the next request empties the list
    assert answer.status_code == 200, (address, answer.status_code)
    taken, busy, size = [], [], 0
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        size = len(client.get(address).getvalue())
        taken.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    return statistics.median(taken), statistics.median(busy), questions, size


def main() -> None:
    people = region.known()[1]
    name = connection.vendor
    found = []
    for who, address, limit in PAGES:
        seconds, busy, questions, size = visit(browser(getattr(people, who)), address, times=7)
        what = f"{name}: {who} {address} ({questions} queries, {size // 1024} KiB, {busy:.2f} s of processor)"
        found.append(Figure(what, seconds, "s", limit))
    before = peak_memory()
    for who, address in EXPORTS:
        started = time.perf_counter()
        answer = browser(getattr(people, who)).get(address)
        size = len(answer.getvalue())
        what = f"{name}: {who} {address} ({size // 1024} KiB)"
        found.append(Figure(what, time.perf_counter() - started, "s"))
    found.append(
        Figure(f"{name}: memory before and at the peak of the exports: {before:.0f} →", peak_memory(), "MiB")
    )
    assert Obligation.objects.exists()
    assert clock.today().year == 2023
    hand_over(found)


if __name__ == "__main__":
    main()
