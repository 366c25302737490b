"""183 people on the evening of a deadline: `crowd.py PORT SECONDS < people.json`; knows of the site only its port."""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

TOKEN = "b" * 32
THINK = (3.0, 9.0)  # seconds between two acts of one person
CHECK = re.compile(r'href="(/submissions/\d+/check/[^"#]*)"')
SEEN = re.compile(r'name="seen" value="([^"]+)"')
NUMBER = re.compile(r'name="number" value="(\d+)"')


@dataclass
class Person:
    port: int
    what: dict[str, Any]
    dice: random.Random
    waited: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sent: int = 0
    checked: int = 0
    connection: http.client.HTTPConnection | None = None

    def ask(self, page: str, path: str, body: str = "", kind: str = "", *, good: tuple[int, ...] = (200,)) -> str:
        headers = {"Cookie": f"sessionid={self.what['key']}; csrftoken={TOKEN}", "Accept-Language": "ru"}
        if body:
            headers |= {"Content-Type": kind, "X-CSRFToken": TOKEN}
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            begun = time.perf_counter()
            try:
                self.connection.request("POST" if body else "GET", path, body.encode() or None, headers)
                answer = self.connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
            except (http.client.HTTPException, OSError) as error:
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    self.errors.append(f"{page}: {error!r}")
                    return ""
                continue
            self.waited.append((page, time.perf_counter() - begun))
            if answer.status not in good:
                self.errors.append(f"{page}: {answer.status}")
            return text
        return ""

    def think(self, until: float) -> bool:
        time.sleep(self.dice.uniform(*THINK))
        return time.monotonic() < until

    def fill(self, until: float) -> None:
        """A school: its duties, the form, a save at every few fields, the sending."""
        path = f"/submissions/{self.what['pk']}/"
        self.ask("duties", "/duties/")
        if not self.think(until):
            return
        found = NUMBER.search(self.ask("open the form", path))
        number = int(found[1]) if found else 0
        for piece in self.what["pieces"]:
            if not self.think(until):
                return
            body = json.dumps({"changes": piece, "explanations": {}, "number": number})
            said = self.ask("save", f"{path}draft/", body, "application/json")
            number = json.loads(said)["number"] if said.startswith("{") else number
        if self.think(until):
            kind = "application/x-www-form-urlencoded"
            self.ask("send", path, f"{self.what['body']}&number={number}", kind, good=(302,))
            self.sent += 1
            self.ask("duties", "/duties/")

    def check(self, until: float) -> None:
        """An authority: its queue, the first answer, a decision, again and again."""
        while self.think(until):
            found = CHECK.search(self.ask("queue", f"/monitoring/checking/?wave={self.what['wave']}"))
            if found is None:
                continue
            path = found[1].replace("&amp;", "&")
            if not self.think(until):
                return
            seen = SEEN.search(self.ask("check an answer", path))
            if seen is None or not self.think(until):
                continue
            body = f"csrfmiddlewaretoken={TOKEN}&action=forward&step=check&seen={seen[1]}&reason="
            self.ask("confirm", path, body, "application/x-www-form-urlencoded", good=(302, 200))
            self.checked += 1

    def work(self, until: float) -> None:
        time.sleep(self.dice.uniform(0, 20))  # people do not come all at once
        if "pk" in self.what:
            self.fill(until)
        else:
            self.check(until)


def main() -> None:
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    people = [
        Person(port, what, random.Random(number))  # noqa: S311 - the same in every run
        for number, what in enumerate(json.load(sys.stdin))
    ]
    begun, worked = time.monotonic(), time.process_time()
    threads = [threading.Thread(target=person.work, args=(begun + seconds,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(
        {
            "people": len(people),
            "took": time.monotonic() - begun,
            "worked": time.process_time() - worked,
            "waited": [each for person in people for each in person.waited],
            "errors": [each for person in people for each in person.errors],
            "sent": sum(person.sent for person in people),
            "checked": sum(person.checked for person in people),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
