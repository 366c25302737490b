from __future__ import annotations

import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone

from profminimum.journal import services, worker
from profminimum.journal.models import Delivery, Entry
from profminimum.web import clock

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from processes import Fresh

WAITING, DONE, FAILED = Delivery.State.WAITING, Delivery.State.DONE, Delivery.State.FAILED


@pytest.fixture(autouse=True)
def _reactions(settings: SettingsWrapper) -> None:
    settings.JOURNAL_REACTIONS = "reactions_test.REACTIONS"


def record(action: str) -> Entry:
    """An entry about itself: the journal does not care what the object is."""
    other = Entry(id=1, subject="Школа № 1")
    with transaction.atomic():
        return services.record(action, other, by=None, at=clock.now())


def states(entry: Entry) -> dict[str, str]:
    return dict(entry.deliveries.exclude(reaction__startswith="trace").values_list("reaction", "state"))


def traces(entry: Entry) -> list[str]:
    rows = entry.deliveries.filter(reaction__startswith="trace").order_by("id").values_list("reaction", flat=True)
    return [row.split(" ", 2)[2] for row in rows]


@pytest.mark.django_db
def test_each_consequence_happens_once_and_in_order() -> None:
    entries = [record("user.signed_in"), record("user.signed_in")]
    assert worker.drain() == 4
    assert worker.drain() == 0
    assert [traces(entry) for entry in entries] == [["first", "second"]] * 2
    assert [states(entry) for entry in entries] == [{"first": DONE, "second": DONE}] * 2


@pytest.mark.django_db
def test_a_failure_leaves_nothing_behind_is_kept_and_stops_nobody() -> None:
    entry = record("user.changed")
    assert worker.drain() == 2
    assert states(entry) == {"broken": WAITING, "first": DONE}
    assert traces(entry) == ["first"]
    delivery = entry.deliveries.get(reaction="broken")
    assert delivery.attempts == 1
    assert "no such school" in delivery.error


@pytest.mark.django_db
def test_a_failure_is_tried_eight_times_at_growing_distances_and_then_given_up() -> None:
    entry = record("user.changed")
    now = worker.present()
    worker.drain(now)
    waits = []
    while states(entry)["broken"] == WAITING:
        due = entry.deliveries.get(reaction="broken").not_before
        assert worker.drain(due - timedelta(seconds=1)) == 0
        waits.append(int((due - now).total_seconds() // 60))
        now = due
        worker.drain(now)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert states(entry)["broken"] == FAILED
    assert entry.deliveries.get(reaction="broken").attempts == worker.ATTEMPTS
    assert worker.backlog()["failed"] == 1


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (7, 64), (9, 256), (10, 360), (60, 360)])
def test_the_distance_is_six_hours_at_most(attempts: int, minutes: int) -> None:
    assert worker.delay(attempts) == timedelta(minutes=minutes)


@pytest.mark.django_db
def test_a_reaction_that_no_longer_exists_is_a_failure_with_a_clear_reason(settings: SettingsWrapper) -> None:
    entry = record("user.joined")
    settings.JOURNAL_REACTIONS = "profminimum.config.reactions.REACTIONS"
    worker.drain()
    assert "has no slow for user.joined" in entry.deliveries.get().error


@pytest.mark.django_db
def test_a_clock_that_stands_in_the_past_does_not_stop_the_queue(december: object) -> None:
    record("user.signed_in")
    assert worker.drain() == 2
    assert worker.present() > timezone.now() - timedelta(minutes=1)


@pytest.mark.django_db
def test_the_backlog_is_counted() -> None:
    record("user.signed_in")
    found = worker.backlog()
    assert (found["waiting"], found["failed"]) == (2, 0)
    assert found["oldest_seconds"] < 60


ENTRIES = """
from django.db import transaction
from profminimum.journal import services
from profminimum.journal.models import Entry
from profminimum.web import clock
for number in range(40):
    with transaction.atomic():
        services.record("user.joined", Entry(id=1, subject="x"), by=None, at=clock.now())
"""
COUNT = "from profminimum.journal.models import Delivery\n"


def test_two_workers_never_do_one_delivery_twice(fresh_database: Fresh) -> None:
    """Real processes on a real database: 40 deliveries, each leaves exactly one trace."""
    fresh = _with_test_reactions(fresh_database)
    fresh.python(ENTRIES)
    workers = [fresh.start("worker") for _ in range(2)]
    try:
        deadline = time.monotonic() + 40
        while fresh.python(COUNT + "print(Delivery.objects.filter(state='waiting').count())") != "0":
            assert time.monotonic() < deadline, "the workers did not finish"
    finally:
        for process in workers:
            process.send_signal(signal.SIGTERM)
    output = "".join(process.communicate(timeout=5)[0] for process in workers)
    assert [process.returncode for process in workers] == [0, 0], output
    found = fresh.python(
        COUNT
        + "print(Delivery.objects.filter(reaction='slow', state='done', attempts=1).count(),"
        + " Delivery.objects.filter(reaction__startswith='trace').count())"
    )
    assert found == "40 40", output


def test_a_worker_waits_for_a_locked_database(fresh_database: Fresh) -> None:
    """Somebody holds the database while the worker wants to write: the delivery is late, not lost."""
    fresh = _with_test_reactions(fresh_database)
    fresh.python(ENTRIES.replace("range(40)", "range(1)"))
    hold = """
import time
from django.db import connection, transaction
with transaction.atomic():
    table = "" if connection.vendor == "sqlite" else "LOCK TABLE journal_delivery IN ACCESS EXCLUSIVE MODE"
    if table:
        connection.cursor().execute(table)
    print("held", flush=True)
    time.sleep(1.5)
"""
    holder = fresh.start_python(hold)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    done = fresh.run("worker", "--once")
    assert done.returncode == 0, done.stderr
    assert "1" in done.stdout
    assert holder.wait(timeout=5) == 0
    holder.stdout.close()


def _with_test_reactions(fresh: Fresh) -> Fresh:
    return type(fresh)(fresh.environment | {"DJANGO_SETTINGS_MODULE": "settings_reactions_test"})
