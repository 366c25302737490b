"""How long do people wait on the evening of a deadline? A step over a demo that is built: `evening.py SECONDS`.

Readiness is asked for again. 165 schools fill the form with a save at every few fields and send it, 18 authorities
check what has come, all at once, each with time to think; every page and every save is timed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.db import connection, connections  # noqa: E402 - Django first
from django.utils import translation  # noqa: E402 - as above

from figures import Figure, descendants, hand_over, machine, processor, share  # noqa: E402 - as above
from filling import TOKEN, session  # noqa: E402 - as above
from load import Watch, drained  # noqa: E402 - as above
from processes import Fresh, free_port, started  # noqa: E402 - as above
from profminimum.config import demo_answers  # noqa: E402 - as above
from profminimum.config.demo_plan import people_of  # noqa: E402 - as above
from profminimum.monitoring.models import Campaign, Submission  # noqa: E402 - as above
from profminimum.monitoring.services import waves  # noqa: E402 - as above
from profminimum.orgs.models import Organisation, User  # noqa: E402 - as above
from profminimum.web import clock  # noqa: E402 - as above

LIMIT = 150.0  # ms, the 95th of a hundred answers
PIECES = 6  # fields that are saved together


class Region:
    """What `people_of` asks for."""

    def __init__(self) -> None:
        self.region = Organisation.objects.get(kind="region")


def flat(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """An answer as a browser would post it."""
    found = [("csrfmiddlewaretoken", TOKEN), ("action", "submit"), ("whole", "1")]
    for name, value in answers.items():
        for one in value if isinstance(value, list) else [value]:
            found.append((name, {True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else str(one)))  # noqa: PERF401 - two loops read better
    return found


def crowd() -> list[dict[str, Any]]:
    """Everybody with a session and what they do."""
    by, at = User.objects.get(email="coordinator@demo.example"), clock.now()
    campaign = Campaign.objects.get(form__name="readiness")
    dates = waves.Dates(at.date(), date(2023, 12, 2), date(2023, 12, 8))
    with translation.override("ru"):
        wave = waves.plan_wave(campaign, None, dates, title="Вечер срока", reason="нагрузка", by=by, at=at)
        waves.open_wave(wave, by=by, at=at)
    people = people_of(Region())  # type: ignore[arg-type]  # it asks for the region alone
    found: list[dict[str, Any]] = []
    for row in Submission.objects.filter(wave=wave).select_related("organisation", "draft"):
        answers = demo_answers.readiness(row.organisation.code, row.draft.given)
        names = list(answers)
        pieces = [{name: answers[name] for name in names[n : n + PIECES]} for n in range(0, len(names), PIECES)]
        key = session(people[row.organisation_id])
        found.append({"key": key, "pk": row.pk, "pieces": pieces, "body": urlencode(flat(answers))})
    for authority in Organisation.objects.filter(kind="authority", closed=None):
        found.append({"key": session(people[authority.pk]), "wave": wave.pk})  # noqa: PERF401 - as above
    return found


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 90.0
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    asked = json.dumps(crowd())
    connections.close_all()
    port = free_port()
    with started(Fresh(dict(os.environ)), "serve", "--port", str(port), timeout=seconds * 10) as (process, _printed):
        drained(process)
        watch = Watch(process.pid)
        before, (all_before, busy_before) = sum(map(processor, descendants(process.pid))), machine()
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, str(Path(__file__).with_name("crowd.py")), str(port), str(seconds)],
            input=asked,
            capture_output=True,
            text=True,
            check=False,
        )
        after, (all_after, busy_after) = sum(map(processor, descendants(process.pid))), machine()
        watch.end()
        process.terminate()
        process.wait(15)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told = json.loads(done.stdout)
    waited = [(page, took * 1000) for page, took in told["waited"]]
    others = (busy_after - busy_before - (after - before) - told["worked"]) * 100 / (all_after - all_before)
    found = [
        Figure(f"{name}: people at once", told["people"], ""),
        Figure(f"{name}: pages and saves in {told['took']:.0f} s", len(waited), ""),
        Figure(f"{name}: answers that were sent", told["sent"], ""),
        Figure(f"{name}: answers that were checked", told["checked"], ""),
        Figure(f"{name}: of both cores, taken by all but the site and its people", others, "%"),
    ]
    for page in ["", *sorted({page for page, _ in waited})]:
        values = [ms for each, ms in waited if page in {"", each}]
        what = f"{name}: {page or 'everything'}, {len(values)} answers"
        found += [
            Figure(f"{what}, p95", share(values, 95), "ms", LIMIT),
            Figure(f"{what}, p50", share(values, 50), "ms"),
        ]
    found += [
        Figure(f"{name}: errors {sorted(set(told['errors']))[:5] or ''}".strip(), len(told["errors"]), "", 0),
        Figure(
            f"{name}: memory of {watch.count} processes, what they share counted once", watch.proportional, "MiB", 400
        ),
    ]
    hand_over(found)


if __name__ == "__main__":
    main()
