"""How long does adopting the seed take in the region of this place, and how much memory? A step after region.py."""

from __future__ import annotations

from django.db import connection
from django.utils import translation

import region  # sets Django up
from decrees import ADOPTED, decided, uploaded
from figures import Figure, hand_over, once, peak_memory
from profminimum.orgs.models import Organisation
from profminimum.plan.models import Obligation
from profminimum.plan.services import adoption
from profminimum.web import clock

LIMITS = {165: 2.0, 40_000: 120.0}  # schools → seconds


def main() -> None:
    place, people = region.known()
    schools = Organisation.objects.filter(kind="school").count()
    with clock.at(ADOPTED), translation.override("ru"):
        version = decided(uploaded(place, people), place, people)  # type: ignore[arg-type]  # the fields it reads
        before = peak_memory()
        seconds = once(lambda: adoption.adopt(version, by=people.ministry, at=ADOPTED))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    title = f"{connection.vendor}, {schools:,} schools"
    hand_over(
        [
            Figure(f"{title}: adopt the seed", seconds, "s", LIMITS.get(schools)),
            Figure(f"{title}: obligations", Obligation.objects.count(), ""),
            Figure(f"{title}: memory before adopting", before, "MiB"),
            Figure(f"{title}: memory at its peak", peak_memory(), "MiB"),
        ]
    )


if __name__ == "__main__":
    main()
