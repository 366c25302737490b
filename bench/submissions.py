"""How many answers of 250 fields are taken a second, checked, with their journal rows? A step: `… SECONDS WAVES`.

A closed loop of eight senders over the real site; afterwards the worker's backlog is watched until it is empty. On
PostgreSQL the same rows are written raw by pgbench, to say what part of the database's own speed is reached.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django

django.setup()

from django.db import connection, connections  # noqa: E402 - Django first

from answering import ask, keys, requests  # noqa: E402 - as above
from decrees import decided, uploaded  # noqa: E402 - as above
from figures import Figure, descendants, hand_over, machine, processor, share  # noqa: E402 - as above
from load import Watch, drained  # noqa: E402 - as above
from processes import Fresh, free_port, started  # noqa: E402 - as above
from profminimum.config import demo  # noqa: E402 - as above
from profminimum.journal.models import Delivery  # noqa: E402 - as above
from profminimum.journal.worker import drain  # noqa: E402 - as above
from profminimum.monitoring.models import Revision, Stage, Submission  # noqa: E402 - as above
from profminimum.notices.models import Letter  # noqa: E402 - as above
from profminimum.plan.services import adoption  # noqa: E402 - as above
from region import known  # noqa: E402 - as above
from throwaway import programs  # noqa: E402 - as above

LANES, FIELDS = 8, 250
WARM = 3  # seconds
RAW = """\\set s random(1, 1000000)
BEGIN;
SELECT 1 FROM raw_submission WHERE id = :s % 1000 FOR UPDATE;
UPDATE raw_submission SET state = 'submitted', number = number + 1 WHERE id = :s % 1000;
INSERT INTO raw_revision (submission, answers, at) VALUES (:s, '{answers}', now());
INSERT INTO raw_stage (submission, state, since) VALUES (:s, 'submitted', now());
INSERT INTO raw_entry (object, action, at) VALUES (:s, 'submission.submitted', now());
INSERT INTO raw_delivery (entry, reaction) VALUES (:s, 'report_answers');
COMMIT;
"""


def raw(answers: str) -> float:
    """Transactions a second of pgbench that writes rows of the same size, with as many clients."""
    address = os.environ["DATABASE_URL"]
    host = parse_qs(urlsplit(address).query)["host"][0]
    name = urlsplit(address).path.strip("/")
    tables = """
        CREATE TABLE raw_submission (id int PRIMARY KEY, state text, number int);
        INSERT INTO raw_submission SELECT g, 'draft', 0 FROM generate_series(0, 999) g;
        CREATE TABLE raw_revision (id bigserial PRIMARY KEY, submission int, answers jsonb, at timestamptz);
        CREATE TABLE raw_stage (id bigserial PRIMARY KEY, submission int, state text, since timestamptz);
        CREATE TABLE raw_entry (id bigserial PRIMARY KEY, object int, action text, at timestamptz);
        CREATE TABLE raw_delivery (id bigserial PRIMARY KEY, entry int, reaction text);
    """
    with connection.cursor() as cursor:
        cursor.execute(tables)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(RAW.replace("{answers}", answers.replace("'", "''").replace(":", ": ")))
        script.flush()
        command = [f"{programs()}/pgbench", "-n", "-c", str(LANES), "-j", "2", "-T", "10", "-f", script.name]
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [*command, "-h", host, "-U", "postgres", name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def send(port: int, lanes: list[list[Any]], seconds: float) -> dict[str, Any]:
    """Let the senders work; what they tell."""
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(Path(__file__).with_name("senders.py")), "127.0.0.1", str(port), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        printed, _nothing = client.communicate(json.dumps(lanes))
    told: dict[str, Any] = json.loads(printed.partition("\n")[2])
    return told


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    region, people = known()
    version = decided(uploaded(region, people), region, people)  # type: ignore[arg-type]  # as the tests' own
    adoption.adopt(version, by=people.ministry, at=version.uploaded)
    begun = time.monotonic()
    opened = ask(region, people, FIELDS, count)
    work = list(requests(opened, keys(region), FIELDS))
    prepared = time.monotonic() - begun
    drain()
    demo.marker().write_text("{}", encoding="utf-8")  # the site builds no demo over what stands here
    connections.close_all()
    port = free_port()
    with started(Fresh(dict(os.environ)), "serve", "--port", str(port), timeout=seconds * 20) as (process, _printed):
        drained(process)
        while Letter.objects.filter(state__in=["waiting", "sending"]).exists():
            time.sleep(0.5)  # the morning's letters are not what is measured
        warm, work = work[: LANES * 60], work[LANES * 60 :]
        send(port, [list(warm[lane::LANES]) for lane in range(LANES)], WARM)
        watch = Watch(process.pid)
        before, (all_before, busy_before) = sum(map(processor, descendants(process.pid))), machine()
        told = send(port, [list(work[lane::LANES]) for lane in range(LANES)], seconds)
        after, (all_after, busy_after) = sum(map(processor, descendants(process.pid))), machine()
        ended = time.monotonic()
        left = Delivery.objects.filter(state="waiting").count()
        while Delivery.objects.filter(state="waiting").exists() and time.monotonic() - ended < 300:
            time.sleep(0.25)
        drained_in = time.monotonic() - ended
        watch.end()
        process.terminate()
        process.wait(15)
    good = [1000 * each[0] for each in told["told"] if each[1] == 200]
    bad = len(told["told"]) - len(good) + told["broken"]
    rate = len(good) / told["took"]
    sent = Submission.objects.exclude(number=0).count()
    assert sent == Revision.objects.count() == Stage.objects.filter(state="submitted").count()
    others = (busy_after - busy_before - (after - before) - told["worked"]) * 100 / (all_after - all_before)
    limit = 60.0
    found = [
        Figure(f"{name}: {len(work):,} answers of {FIELDS} fields prepared", prepared, "s"),
        Figure(
            f"{name}: answers taken a second, {LANES} senders, {told['took']:.0f} s", rate, "/s", 300, at_least=True
        ),
        Figure(f"{name}: sending, p50", share(good, 50), "ms"),
        Figure(f"{name}: sending, p95", share(good, 95), "ms", limit),
        Figure(f"{name}: sending, p99", share(good, 99), "ms"),
        Figure(f"{name}: sendings that failed", bad, "", 0),
        Figure(f"{name}: consequences left at the end of the load", left, ""),
        Figure(f"{name}: until they are carried out", drained_in, "s", 20),
        Figure(
            f"{name}: memory of {watch.count} processes, what they share counted once", watch.proportional, "MiB", 400
        ),
        Figure(f"{name}: the same, resident", watch.resident, "MiB"),
        Figure(
            f"{name}: processor time of the site for an answer", (after - before) * 1000 / max(1, len(good)), "ms"
        ),
        Figure(f"{name}: of both cores, taken by all others (the database among them)", others, "%"),
    ]
    if name == "PostgreSQL":
        body = json.dumps(Revision.objects.latest("pk").answers, ensure_ascii=False)
        speed = raw(body)
        found += [
            Figure(f"{name}: the same rows written raw by pgbench", speed, "/s"),
            Figure(f"{name}: ratio to it", rate / speed, ""),
        ]
    hand_over(found)


if __name__ == "__main__":
    main()
