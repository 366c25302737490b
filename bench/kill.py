"""Does a kill lose anything that was acknowledged? A step: `kill.py ROUNDS`; in each the whole site is killed.

Eight senders save drafts and send answers of 250 fields; at a random moment every process of the site gets SIGKILL.
Then: each acknowledged save and sending is there, nothing is half written. At the end the worker carries out what is
left, each consequence once. Prints a line for each round.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402 - Django first
from django.db.models import Count, F, Q  # noqa: E402 - as above

from answering import ask, keys, requests  # noqa: E402 - as above
from decrees import decided, uploaded  # noqa: E402 - as above
from figures import Figure, descendants, hand_over  # noqa: E402 - as above
from load import drained  # noqa: E402 - as above
from processes import Fresh, free_port  # noqa: E402 - as above
from profminimum.config import demo  # noqa: E402 - as above
from profminimum.journal.models import Delivery, Entry  # noqa: E402 - as above
from profminimum.journal.worker import drain  # noqa: E402 - as above
from profminimum.monitoring.models import Draft, Revision, Stage, Submission  # noqa: E402 - as above
from profminimum.plan.models import Standing  # noqa: E402 - as above
from profminimum.plan.services import adoption  # noqa: E402 - as above
from region import known  # noqa: E402 - as above

LANES, FIELDS = 8, 250
LONGEST = 4.0  # seconds from the first request to the kill
DICE = random.Random()  # noqa: S311 - another moment in every run


def serve(port: int) -> subprocess.Popen[str]:
    """A site that answers."""
    process = Fresh(dict(os.environ)).start("serve", "--port", str(port))
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().startswith("http://"):
            break
    drained(process)
    return process


def kill(process: subprocess.Popen[str]) -> int:
    """SIGKILL to the site and all that it has started; how many processes there were."""
    doomed = descendants(process.pid)
    for each in doomed:
        os.kill(each, signal.SIGKILL)
    process.wait(10)
    return len(doomed)


def round_of(lanes: list[list[Any]]) -> tuple[dict[str, Any], float, int]:
    """Send until the kill: (what the senders tell, seconds to the kill, processes killed)."""
    port = free_port()
    process = serve(port)
    moment, killed = DICE.uniform(0.3, LONGEST), [0]
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(Path(__file__).with_name("senders.py")), "127.0.0.1", str(port), "60"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(json.dumps(lanes))
        client.stdin.close()
        client.stdout.readline()
        timer = threading.Timer(moment, lambda: killed.insert(0, kill(process)))
        timer.start()
        told: dict[str, Any] = json.loads(client.stdout.read())
        timer.join()
    process.wait(30)
    return told, moment, killed[0]


def lost(told: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """What was acknowledged and is not there; a draft that was sent afterwards is the answer."""
    found = []
    good = [path for _seconds, status, path in told["told"] if status == 200]
    for path in good:
        pk = int(path.split("/")[4])
        wanted = asked[path]
        if path.endswith("/submit"):
            revision = Revision.objects.filter(submission=pk).order_by("-number").first()
            if revision is None or revision.answers["f0"] != wanted:
                found.append(path)
        elif not Submission.objects.get(pk=pk).number and Draft.objects.get(pk=pk).answers.get("f0") != wanted:
            found.append(path)
    return found


def half_written() -> list[str]:
    """Answers whose parts do not agree with each other, and entries without their consequences."""
    wrong = [
        f"{pk}: {number} and {count} revisions"
        for pk, number, count in Submission.objects.annotate(n=Count("revisions")).values_list("pk", "number", "n")
        if number != count
    ]
    open_ = Stage.objects.filter(until=None)
    wrong += [
        f"stage of {pk}" for pk in open_.exclude(state=F("submission__state")).values_list("submission", flat=True)
    ]
    wrong += ["stages"] * abs(open_.count() - Submission.objects.count())
    sent = Entry.objects.filter(action="submission.submitted")
    wrong += ["entries"] * abs(sent.count() - Revision.objects.count())
    wrong += ["deliveries"] * sent.annotate(n=Count("deliveries")).filter(n=0).count()
    return wrong


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    region, people = known()
    version = decided(uploaded(region, people), region, people)  # type: ignore[arg-type]  # as the tests' own
    adoption.adopt(version, by=people.ministry, at=version.uploaded)
    opened = ask(region, people, FIELDS, rounds)
    secrets = keys(region)
    drain()
    demo.marker().write_text("{}", encoding="utf-8")
    connections.close_all()
    begun, gone, wrong, acknowledged = time.monotonic(), list[str](), list[str](), 0
    for number in range(rounds):
        lanes: list[list[Any]] = [[] for _ in range(LANES)]
        here = []
        for at, (method, path, key, body) in enumerate(requests([opened[number]], secrets, FIELDS)):
            saved = json.dumps({"changes": {"f0": json.loads(body)["answers"]["f0"] + 5000}})
            pair = [["PATCH", path.replace("/submit", "/draft"), key, saved], [method, path, key, body]]
            lanes[at % LANES] += pair
            here += pair
        asked = {
            path: json.loads(body).get("answers", json.loads(body).get("changes"))["f0"]
            for _m, path, _k, body in here
        }
        told, moment, killed = round_of([lane[::-1] for lane in lanes])
        answers = Counter(status for _seconds, status, _path in told["told"])
        here_gone, here_wrong = lost(told, asked), half_written()
        acknowledged += answers[200]
        print(
            f"round {number + 1}: killed {killed} processes after {moment:.2f} s; acknowledged {answers[200]},"
            f" others {dict(answers - Counter({200: answers[200]}))}, cut off {told['broken']};"
            f" lost {len(here_gone)}, half written {len(here_wrong)}",
            file=sys.stderr,
            flush=True,
        )
        gone += here_gone
        wrong += here_wrong
    left = Delivery.objects.filter(state="waiting").count()
    process = serve(free_port())
    ended = time.monotonic()
    while (
        Delivery.objects.filter(state="waiting", reaction="report_answers").exists()
        and time.monotonic() - ended < 120
    ):
        time.sleep(0.2)
    process.terminate()
    process.wait(15)
    reported = Standing.objects.filter(step="report", obligation__by_form=True)
    twice = reported.values("obligation").annotate(n=Count("pk")).filter(n__gt=1).count()
    missed = Submission.objects.filter(Q(state="submitted")).exclude(obligation__standings__state="reported").count()
    failed = Delivery.objects.filter(state="failed").count()
    hand_over(
        [
            Figure(f"{name}: kills of the whole site, {time.monotonic() - begun:.0f} s in all", rounds, ""),
            Figure(f"{name}: acknowledged saves and sendings", acknowledged, ""),
            Figure(f"{name}: acknowledged and lost", len(gone), "", 0),
            Figure(f"{name}: half written", len(wrong), "", 0),
            Figure(f"{name}: consequences that waited after the last kill", left, ""),
            Figure(f"{name}: consequences carried out twice", twice, "", 0),
            Figure(f"{name}: consequences never carried out", missed + failed, "", 0),
        ]
    )


if __name__ == "__main__":
    main()
