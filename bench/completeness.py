"""Who has answered, over 40,000 schools and 12 waves: how long does it take? A step: `completeness.py SCHOOLS`."""

from __future__ import annotations

import sys
from datetime import date

from django.db import connection

import region  # sets Django up
from answers_made import adopt, campaign, more_schools, settle, wave
from board import browser, visit
from figures import Figure, hand_over, median, once
from profminimum.monitoring.models import Stage
from profminimum.monitoring.queries import answered
from profminimum.web import clock

WAVES = 12
LIMIT = 0.3  # seconds


def main() -> None:
    schools = int(sys.argv[1])
    place, people = region.known()
    adopt(place, people)
    more_schools(place, schools)
    of, version = campaign(place, people, 10)
    waves = [wave(of, version, number, schools).pk for number in range(1, WAVES + 1)]
    settle()
    name, today = connection.vendor, clock.today()
    found = [Figure(f"{name}: stages of {WAVES} waves of {schools:,} schools", Stage.objects.count(), "")]

    def grouped(user: object, wanted: list[int], on: date | None = None) -> None:
        answered.groups(answered.stages(user, wanted, answered.Ask(on=on)), today)  # type: ignore[arg-type]  # a person

    for who in ("ministry", "municipal"):
        user = getattr(people, who)
        seconds = median(lambda user=user: grouped(user, waves), times=7)
        found.append(Figure(f"{name}: completeness by municipality, all waves, {who}", seconds, "s", LIMIT))
    seconds = median(lambda: grouped(people.ministry, waves[:1]), times=7)
    found.append(Figure(f"{name}: the same, one wave", seconds, "s", LIMIT))
    seconds = median(lambda: grouped(people.ministry, waves[:1], date(2023, 11, 25)), times=7)
    found.append(Figure(f"{name}: the same, one wave on a past day", seconds, "s", LIMIT))
    seconds = once(lambda: grouped(people.ministry, waves, date(2023, 11, 25)))
    found.append(Figure(f"{name}: all waves on a past day", seconds, "s"))
    for address in (f"/monitoring/waves/{waves[-1]}/", f"/monitoring/waves/{waves[-1]}/answers/"):
        seconds, busy, questions, size = visit(browser(people.ministry), address, times=5)
        what = f"{name}: {address} ({questions} queries, {size // 1024} KiB, {busy:.2f} s of processor)"
        found.append(Figure(what, seconds, "s"))
    hand_over(found)


if __name__ == "__main__":
    main()
