"""How long do the journal's page and the worker take when the journal is long?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import django
from result import timed

if TYPE_CHECKING:
    from result import Result

ENTRIES = 100_000


def measure() -> list[Result]:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after the settings
    from django.db.models import Q  # noqa: PLC0415 - as above
    from django.utils import timezone  # noqa: PLC0415 - as above

    from profminimum.journal import queries, worker  # noqa: PLC0415 - as above
    from profminimum.journal.models import Delivery, Entry  # noqa: PLC0415 - as above
    from profminimum.journal.scope import Scope  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0, interactive=False)
    begun = timezone.now() - timedelta(days=400)
    entry = {"action": "user.changed", "object_type": "orgs.user", "after": {"post": "завуч"}}
    Entry.objects.bulk_create(
        (
            Entry(
                at=begun + timedelta(minutes=number),
                object_id=number % 500,
                subject=f"№ {number}",
                search=f"№ {number}",
                **entry,
            )
            for number in range(ENTRIES)
        ),
        batch_size=2000,
    )
    everything = Scope("", Q(), lambda _: {}, lambda _: Q(), lambda *_: "")
    note = f"{ENTRIES} entries"
    last = queries.Place(begun + timedelta(minutes=10), 1)

    def idle() -> None:
        assert not worker.step()

    assert not Delivery.objects.exists()
    return [
        timed("journal: first page", lambda: queries.page(everything, queries.Wish()), note=note),
        timed("journal: last page", lambda: queries.page(everything, queries.Wish(), before=last), note=note),
        timed("journal: a word", lambda: queries.page(everything, queries.Wish(words="99999")), note=note),
        timed("worker: a look at an empty queue", idle, times=50),
    ]
