"""How long does a school wait at a form of 250 fields, an officer at a list of 250 answers? A step, one at a time.

Over the real site with a session of each person; 165 schools of two waves, a third of which have answered.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - as above
from django.db import connection, connections  # noqa: E402 - as above

from answering import AT, answer, ask, keys  # noqa: E402 - as above
from decrees import decided, uploaded  # noqa: E402 - as above
from figures import Figure, hand_over, share  # noqa: E402 - as above
from load import drained  # noqa: E402 - as above
from processes import Fresh, free_port, started  # noqa: E402 - as above
from profminimum.config import demo  # noqa: E402 - as above
from profminimum.journal.worker import drain  # noqa: E402 - as above
from profminimum.monitoring.models import Submission  # noqa: E402 - as above
from profminimum.monitoring.services import submissions  # noqa: E402 - as above
from profminimum.orgs.models import Membership, Role, User  # noqa: E402 - as above
from profminimum.plan.services import adoption  # noqa: E402 - as above
from profminimum.web import clock  # noqa: E402 - as above
from region import known  # noqa: E402 - as above

FIELDS, TIMES = 250, 150
TOKEN = "b" * 32  # of the CSRF cookie and header: what a browser would have been given


def session(user: User) -> str:
    """The key of a session in which the person has signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


class Browser:
    """A kept connection; each request with the cookies of a person."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, key: str, path: str, body: Any = None) -> tuple[float, int, bytes]:
        """(ms, status, answer)."""
        headers = {"Cookie": f"sessionid={key}; csrftoken={TOKEN}", "Accept-Language": "ru"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers |= {"Content-Type": "application/json", "X-CSRFToken": TOKEN}
        begun = time.perf_counter()
        self.connection.request("POST" if data else "GET", path, data, headers)
        got = self.connection.getresponse()
        text = got.read()
        return (time.perf_counter() - begun) * 1000, got.status, text


def measured(name: str, what: str, answers: list[tuple[float, int, bytes]], limit: float) -> list[Figure]:
    times = [each[0] for each in answers[10:]]
    bad = sum(each[1] != 200 for each in answers)
    size = len(answers[-1][2]) / 1024
    return [
        Figure(f"{name}: {what}, p95 of {len(times)} ({size:.0f} KiB)", share(times, 95), "ms", limit),
        Figure(f"{name}: {what}, p50", share(times, 50), "ms"),
        Figure(f"{name}: {what}, refused", bad, "", 0),
    ]


def main() -> None:
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    region, people = known()
    version = decided(uploaded(region, people), region, people)  # type: ignore[arg-type]  # as the tests' own
    adoption.adopt(version, by=people.ministry, at=version.uploaded)
    first, second = ask(region, people, FIELDS, 2)
    keys(region)
    seats = {m.organisation_id: m.user for m in Membership.objects.filter(role=Role.SCHOOL).select_related("user")}
    with clock.at(AT):
        for number, row in enumerate(Submission.objects.filter(wave=first).select_related("wave__campaign")):
            submissions.submit(row, answers=answer(FIELDS, number), by=seats[row.organisation_id], at=AT)
    drain()
    mine = [
        (row.pk, session(seats[row.organisation_id]))
        for row in Submission.objects.filter(wave=second).order_by("pk")[:150]
    ]
    officer, municipal = session(people.coordinator), session(people.municipal)
    demo.marker().write_text("{}", encoding="utf-8")
    connections.close_all()
    port = free_port()
    with started(Fresh(dict(os.environ)), "serve", "--port", str(port)) as (process, _printed):
        drained(process)
        browser = Browser(port)
        forms = [browser.ask(key, f"/submissions/{pk}/") for pk, key in (mine * 2)[:TIMES]]
        saves = []
        for number in range(TIMES * 2):
            pk, key = mine[number % len(mine)]
            change = {
                "changes": {f"f{(number * 5) % FIELDS}": number},
                "explanations": {},
                "number": number // len(mine),
            }
            saves.append(browser.ask(key, f"/submissions/{pk}/draft/", change))
        lists = [browser.ask(officer, f"/monitoring/waves/{first}/answers/?size=250") for _ in range(TIMES)]
        queue = [browser.ask(municipal, "/monitoring/checking/") for _ in range(TIMES)]
        board = [browser.ask(officer, f"/monitoring/waves/{first}/") for _ in range(TIMES)]
        process.terminate()
        process.wait(15)
    hand_over(
        [
            *measured(name, f"open a form of {FIELDS} fields", forms, 150),
            *measured(name, "save a change of it", saves, 30),
            *measured(name, "a list of 250 answers", lists, 60),
            *measured(name, "the queue of an authority", queue, 60),
            *measured(name, "who has answered", board, 150),
        ]
    )


if __name__ == "__main__":
    main()
