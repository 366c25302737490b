"""Fifty people on the evening of a deadline: signs them in, lets them work and says how long they waited.

A process of its own, which knows of the site only its address: `visitors.py ADDRESS SECONDS < people.json`.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

TOO_MANY = 429
BEGUN = "BEGUN"  # printed when everybody has signed in and the clock starts
THINK = (3.0, 7.0)  # seconds between two pages of one person
MIX: dict[
    str, dict[str, float]
] = {  # who → page → how often, of 100; together 40 duties, 20 obligation, 10 control, 15 list, 10 plan, 5 report
    "school": {"duties": 46.25, "obligation": 22.5, "control": 0, "list": 15, "plan": 10, "report": 6.25},
    "wide": {"duties": 15, "obligation": 10, "control": 50, "list": 15, "plan": 10, "report": 0},
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"


@dataclass
class Visitor:
    """One person with a connection and cookies of their own."""

    address: str
    login: str
    password: str
    kind: str
    obligations: list[int]
    to_report: list[int]
    plan: int
    dice: random.Random
    waited: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        """(status, text); follows nothing. A connection that the site has closed is opened again once."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "ru"}
        headers |= {"Content-Type": kind, "Referer": f"{self.address}{path}"} if kind else {}
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
            try:
                self.connection.request(method, path, body or None, headers)
                answer = self.connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
                continue
            for header in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = header.split(";")[0].partition("=")
                self.cookies[name.strip()] = value
            return answer.status, text
        raise AssertionError("unreachable")

    def sign_in(self) -> None:
        """Through the real form; where too many sign in from one address in a minute, wait and try again."""
        for _ in range(40):
            token = TOKEN.search(self.ask("GET", "/accounts/login/")[1])
            assert token
            form = {"login": self.login, "password": self.password, "csrfmiddlewaretoken": token[1]}
            status, text = self.ask(
                "POST", "/accounts/login/", urlencode(form).encode(), "application/x-www-form-urlencoded"
            )
            if status == TOO_MANY:
                time.sleep(3)
                continue
            if status != 302:
                raise RuntimeError(f"{self.login} cannot sign in: {status}\n{text[:500]}")
            return
        raise RuntimeError(f"{self.login} cannot sign in: the site says that too many do")

    def timed(self, page: str, expected: int, *request: Any) -> str:
        started = time.perf_counter()
        try:
            status, text = self.ask(*request)
        except (http.client.HTTPException, OSError) as error:
            self.errors.append(f"{page}: {error!r}")
            return ""
        self.waited.append((page, time.perf_counter() - started))
        if status != expected:
            self.errors.append(f"{page}: {status} at {request[1]}")
        return text

    def step(self, page: str) -> None:
        if page == "report" and self.to_report:
            self.report(self.to_report.pop())
            return
        paths = {
            "duties": "/duties/",
            "obligation": f"/obligations/{self.dice.choice(self.obligations)}/",
            "control": "/control/",
            "list": self.dice.choice(
                ["/obligations/", "/obligations/?state=overdue", "/obligations/?sort=organisation"]
            ),
            "plan": f"/plans/{self.plan}/",
            "report": "/duties/",
        }
        self.timed("duties" if page == "report" else page, 200, "GET", paths[page])

    def report(self, key: int) -> None:
        """Look at the obligation, then send a small scan with the number of an order."""
        path = f"/obligations/{key}/"
        token = TOKEN.search(self.timed("obligation", 200, "GET", path))
        if token is None:
            self.errors.append(f"report: no form at {path}")
            return
        edge = uuid.uuid4().hex
        fields = {
            "csrfmiddlewaretoken": token[1],
            "action": "report",
            "act_kind": "Приказ",
            "act_number": "17-ОД",
            "act_date": "2023-12-01",
            "comment": "Сделано.",
        }
        lines = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        lines.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="attached"; filename="prikaz.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        paper = PAPER + f"% {edge}\n".encode() * 2000 + b"%%EOF\n"  # about 70 KB, different each time
        body = "".join(lines).encode() + paper + f"\r\n--{edge}--\r\n".encode()
        self.timed("report", 302, "POST", path, body, f"multipart/form-data; boundary={edge}")

    def work(self, until: float) -> None:
        time.sleep(self.dice.uniform(0, THINK[1]))  # people do not come all at once
        pages, weights = list(MIX[self.kind]), list(MIX[self.kind].values())
        while time.monotonic() < until:
            self.step(self.dice.choices(pages, weights)[0])
            time.sleep(self.dice.uniform(*THINK))


def main() -> None:
    address, seconds = sys.argv[1], float(sys.argv[2])
    people = [
        Visitor(address=address, dice=random.Random(number), **each)  # noqa: S311 - the same in every run
        for number, each in enumerate(json.load(sys.stdin))
    ]
    for person in people:
        person.sign_in()
        person.step("duties")  # each kind of page has been given once before the clock starts
    for page in ("obligation", "list", "plan"):
        people[0].step(page)
    for person in people:
        person.waited.clear()
    print(BEGUN, flush=True)
    until, worked = time.monotonic() + seconds, time.process_time()
    threads = [threading.Thread(target=person.work, args=(until,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(
        {
            "worked": time.process_time() - worked,
            "waited": [each for person in people for each in person.waited],
            "errors": [each for person in people for each in person.errors],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
