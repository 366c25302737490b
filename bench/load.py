"""How long do fifty people wait for a page of a real site? A step over a demo that is built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402 - Django first
from django.db import connections  # noqa: E402 - as above

from figures import Figure, descendants, hand_over, machine, memory_of, processor, share  # noqa: E402 - as above
from processes import Fresh, free_port, started  # noqa: E402 - as above
from profminimum.config.demo_region import PASSWORD  # noqa: E402 - as above
from profminimum.orgs.models import Membership, Role, User  # noqa: E402 - as above
from profminimum.plan.models import Obligation, Plan, Standing  # noqa: E402 - as above
from visitors import BEGUN  # noqa: E402 - as above

SECONDS = 60
SCHOOLS, AUTHORITIES = 40, 6
LIMIT = 150.0  # ms, the 95th of a hundred answers
MEMORY_EVERY = 2.0  # seconds


def people() -> list[dict[str, Any]]:
    """Forty schools, six authorities, the four who see the whole region; each can sign in."""
    seats = {
        Role.SCHOOL: SCHOOLS, Role.MUNICIPAL: AUTHORITIES,
        Role.CONTROLLER: 1, Role.MINISTRY: 1, Role.COORDINATOR: 1, Role.OBSERVER: 1,
    }  # fmt: skip
    plan = Plan.objects.get().pk
    everything = list(Obligation.objects.order_by("pk").values_list("pk", flat=True)[:200])
    found: list[dict[str, Any]] = []
    for role, count in seats.items():
        users: dict[str, Membership] = {}
        for seat in Membership.objects.filter(role=role).select_related("user").order_by("pk"):
            if not Membership.objects.filter(user=seat.user_id).exclude(pk=seat.pk).exists() and len(users) < count:
                users[seat.user.email] = seat
        for email, seat in users.items():
            own = Standing.objects.at().filter(organisation=seat.organisation_id)
            wide = role not in {Role.SCHOOL, Role.MUNICIPAL}
            ready = own.filter(state="assigned").values_list("obligation_id", flat=True)
            found.append(
                {
                    "login": email,
                    "password": PASSWORD,
                    "kind": "school" if role == Role.SCHOOL else "wide",
                    "obligations": everything if wide else list(own.values_list("obligation_id", flat=True)),
                    "to_report": list(ready) if role == Role.SCHOOL else [],
                    "plan": plan,
                }
            )
    User.objects.filter(email__in=[each["login"] for each in found]).update(password=make_password(PASSWORD))
    assert len(found) == sum(seats.values())
    return found


class Watch:
    """The memory of the site's processes while they work: the most of all looks."""

    def __init__(self, process: int) -> None:
        self.process, self.stop = process, threading.Event()
        self.resident = self.proportional = 0.0
        self.count = 0
        self.thread = threading.Thread(target=self._look)
        self.thread.start()

    def _look(self) -> None:
        while not self.stop.wait(MEMORY_EVERY):
            sizes = [memory_of(each) for each in descendants(self.process)]
            self.count = len(sizes)
            self.resident = max(self.resident, sum(size[0] for size in sizes))
            self.proportional = max(self.proportional, sum(size[1] for size in sizes))

    def end(self) -> None:
        self.stop.set()
        self.thread.join()


def drained(process: Any) -> None:
    """Read what the site prints from now on, so that its pipe never fills."""
    threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()


def main() -> None:
    name = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    asked = json.dumps(people())
    connections.close_all()
    port = free_port()
    with started(Fresh(dict(os.environ)), "serve", "--port", str(port), timeout=SECONDS * 10) as (process, _printed):
        drained(process)
        watch = Watch(process.pid)
        with subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, str(Path(__file__).with_name("visitors.py")), f"http://127.0.0.1:{port}", str(SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(asked)
            client.stdin.close()
            begun = client.stdout.readline().strip() == BEGUN
            before, (all_before, busy_before) = sum(map(processor, descendants(process.pid))), machine()
            printed = client.stdout.read()
            after, (all_after, busy_after) = sum(map(processor, descendants(process.pid))), machine()
        watch.end()
        process.terminate()
        process.wait(15)
    if client.returncode or not begun:
        raise RuntimeError(f"the visitors have ended with {client.returncode}")
    told = json.loads(printed)
    site = after - before
    others = (busy_after - busy_before - site - told["worked"]) * 100 / (all_after - all_before)
    waited = [(page, seconds * 1000) for page, seconds in told["waited"]]
    found = [
        Figure(f"{name}: answers in {SECONDS} s ({len(waited) / SECONDS:.1f} a second)", len(waited), ""),
        Figure(f"{name}: processor time of the site for an answer", site * 1000 / len(waited), "ms"),
        Figure(f"{name}: of both cores, taken by all but the site and its visitors", others, "%"),
    ]
    for page in ["", *sorted({page for page, _ in waited})]:
        values = [ms for each, ms in waited if page in {"", each}]
        what = f"{name}: {page or 'every page'}, {len(values)} answers"
        found += [
            Figure(f"{what}, p50", share(values, 50), "ms"),
            Figure(f"{what}, p95", share(values, 95), "ms", LIMIT),
            Figure(f"{what}, p99", share(values, 99), "ms"),
        ]
    found += [
        Figure(f"{name}: errors {sorted(set(told['errors']))[:5] or ''}".strip(), len(told["errors"]), "", 0),
        Figure(f"{name}: memory of {watch.count} processes of the site, resident", watch.resident, "MiB"),
        Figure(f"{name}: the same, what they share counted once", watch.proportional, "MiB"),
    ]
    hand_over(found)


if __name__ == "__main__":
    main()
