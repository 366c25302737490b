from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from profminimum.journal import services, worker
from profminimum.journal.models import Delivery, Entry, Timer
from profminimum.web import clock
from reactions_test import RAN

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django.fixtures import SettingsWrapper

    from processes import Fresh


@pytest.fixture(autouse=True)
def _table(settings: SettingsWrapper) -> None:
    settings.JOURNAL_REACTIONS = "reactions_test.REACTIONS"
    settings.JOURNAL_TIMERS = "reactions_test.TIMERS"
    worker._sizes.clear()
    RAN.clear()


def record(action: str, *things: int, reason: str = "") -> list[Entry]:
    rows = [(Entry(id=thing, subject="Школа"), None, {}, {}) for thing in things]
    with transaction.atomic():
        return services.record_many(action, rows, by=None, at=clock.now(), reason=reason)


def traces(*entries: Entry) -> list[str]:
    rows = Delivery.objects.filter(entry__in=entries, reaction__startswith="trace").order_by("id")
    return [row.reaction.split(" ", 2)[2] for row in rows]


@pytest.mark.django_db
def test_entries_that_a_reaction_takes_together_are_given_at_once() -> None:
    entries = record("user.blocked", *range(1, 51))
    assert worker.step() == 50
    assert traces(*entries) == ["together 50"] * 50
    assert worker.step() == 0
    assert set(Delivery.objects.values_list("reaction", "attempts").filter(reaction="together")) == {("together", 1)}


@pytest.mark.django_db
def test_what_was_queued_after_a_moment_is_left_for_later() -> None:
    early = record("user.blocked", *range(1, 4))
    late = record("user.blocked", *range(4, 9))
    newest = early[-1].deliveries.latest("pk").pk
    assert worker.step(newest=newest) == 3
    assert worker.step(newest=newest) == 0
    assert (len(traces(*early)), len(traces(*late))) == (3, 0)
    assert worker.drain() == 5


@pytest.mark.django_db
def test_what_is_broken_hinders_itself_alone() -> None:
    good = record("user.blocked", *range(1, 21))
    bad = record("user.blocked", 21, reason="poison")
    good += record("user.blocked", *range(22, 41))
    assert worker.drain() == 40
    assert len(traces(*good)) == 39
    assert traces(*bad) == []
    delivery = bad[0].deliveries.get()
    assert (delivery.state, delivery.attempts) == (Delivery.State.WAITING, 1)
    assert "this one is broken" in delivery.error
    assert not Delivery.objects.filter(entry__in=good).exclude(state=Delivery.State.DONE).exists()


@pytest.mark.django_db
def test_what_follows_for_one_object_keeps_its_order_across_reactions() -> None:
    """The object 1: signed in (two reactions), then blocked, then signed in; others may go first, it may not."""
    first = record("user.signed_in", 1)[0]
    blocked = record("user.blocked", 1, 2)
    second = record("user.signed_in", 1, 3)
    worker.drain()
    mine = [*first.deliveries.all(), *blocked[0].deliveries.all(), *second[0].deliveries.all()]
    rows = sorted((row for row in mine if row.reaction.startswith("trace")), key=lambda row: row.pk)
    said = [(row.entry_id, row.reaction.split(" ", 2)[2].split()[0]) for row in rows]
    assert said == [
        (first.pk, "first"),
        (first.pk, "second"),
        (blocked[0].pk, "together"),
        (second[0].pk, "first"),
        (second[0].pk, "second"),
    ]


@pytest.mark.django_db
def test_a_long_transaction_makes_the_next_one_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ROWS_ONLY", 1)
    record("user.joined", *range(1, 31))  # each takes 20 ms
    assert 1 <= worker.step() <= 4
    record("user.blocked", *range(101, 301))  # each more than 1 ms
    worker.drain()
    assert worker._sizes["together"] < worker.BATCH


@pytest.mark.django_db
def test_a_timer_runs_in_its_turn_and_one_that_fails_stops_nobody(december: datetime) -> None:
    assert worker.tick() == 1
    assert list(RAN) == [("hourly", december), ("failing", december)]
    assert worker.tick() == 0
    assert len(RAN) == 2  # neither an hour nor a minute has passed
    Timer.objects.filter(name="failing").update(ran=None)
    worker.tick()
    assert [name for name, _now in RAN] == ["hourly", "failing", "failing"]
    worker.tick(december)  # asked for: all of them
    assert [name for name, _now in RAN][3:] == ["hourly", "failing"]


HOLD = """
import time
from profminimum.journal import timers
with timers.alone("hourly") as held:
    print(held, flush=True)
    time.sleep(60)
"""
TRY = "from profminimum.journal import timers\nwith timers.alone('hourly') as held: print(held)"


def test_a_timer_is_run_by_one_process_and_freed_by_its_death(fresh_database: Fresh) -> None:
    holder = fresh_database.start_python(HOLD)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "True"
    assert fresh_database.python(TRY) == "False"
    holder.kill()
    holder.wait(5)
    holder.stdout.close()
    deadline = time.monotonic() + 5  # PostgreSQL needs a moment to see that the line is broken
    while fresh_database.python(TRY) != "True":
        assert time.monotonic() < deadline


ENTRIES = """
from django.db import transaction
from profminimum.journal import services
from profminimum.journal.models import Entry
from profminimum.web import clock
for part in range(30):
    rows = [(Entry(id=part * 100 + number, subject="x"), None, {}, {}) for number in range(20)]
    with transaction.atomic():
        services.record_many("user.blocked", rows, by=None, at=clock.now())
        services.record_many("user.joined", rows[:2], by=None, at=clock.now())
"""
WATCH = """
import time
from profminimum.journal.models import Delivery
left = 1
while left:
    left = Delivery.objects.filter(state="waiting").count()
    print(left, flush=True)
    time.sleep(0.02)
"""
FOUND = """
from profminimum.journal.models import Delivery
for row in Delivery.objects.values_list("entry_id", "reaction", "state"):
    print(*row, sep="|")
"""


def test_each_effect_happens_once_although_workers_are_killed(fresh_database: Fresh) -> None:
    """SIGKILL at random moments, two workers at a time: no effect is lost and none is there twice."""
    fresh = type(fresh_database)(fresh_database.environment | {"DJANGO_SETTINGS_MODULE": "settings_reactions_test"})
    fresh.python(ENTRIES)
    luck = random.Random(3)  # noqa: S311 - chance, no secret
    watch = fresh.start_python(WATCH)
    assert watch.stdout is not None
    workers = [fresh.start("worker") for _ in range(2)]
    watchdog = threading.Timer(120, watch.kill)
    watchdog.start()
    kills, next_kill = 0, 600
    for line in watch.stdout:
        if int(line) < next_kill:  # they are at work
            time.sleep(luck.uniform(0, 0.1))
            workers[0].kill()
            workers.pop(0).communicate(timeout=5)
            workers.append(fresh.start("worker"))
            kills, next_kill = kills + 1, int(line) - 80
    watchdog.cancel()
    assert watch.wait(5) == 0, "the workers did not finish"
    watch.stdout.close()
    for process in workers:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    lines = [line.split("|") for line in fresh.python(FOUND).splitlines()]
    effects = Counter((entry, reaction.split()[2]) for entry, reaction, _state in lines if reaction[:5] == "trace")
    wanted = {(entry, reaction): 1 for entry, reaction, _state in lines if reaction[:5] != "trace"}
    assert effects == wanted
    assert len(wanted) == 660
    assert {state for _entry, _reaction, state in lines} == {"done"}
    assert kills > 2
