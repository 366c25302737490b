"""What is late, who holds it, what will be late next? The figures of the control board, all from one grouping.

Rows, matrix and the four numbers are sums over the same groups, so that they agree by construction, for now and for
any past moment.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from django.db.models import Count, F, Min, Q

from profminimum.plan.states import DONE, OPEN, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from typing import TypeVar

    from profminimum.plan.querysets import StandingQuerySet

    Key = TypeVar("Key")

_OPEN: Final = [state.value for state in OPEN]
_DONE: Final = [state.value for state in DONE]
COUNTS: Final = ("accepted", "reported", "working", "returned", "late", "waived", "past", "in_time", "soon")


@dataclass(slots=True)
class Tally:
    """Obligations by where they stand; each is counted in exactly one of the first six.

    `working`: to be done, not late. `returned`: returned, not late. `late`: to be done or returned, the date has
    passed. `past`: of all but the waived, those whose date has passed or that are done; `in_time`: of these, done
    by the date. `soon`: open and due from today to the end of the month. `next_due`: the nearest date still to come
    and open; `waiting_since`: since when the oldest report waits for acceptance.
    """

    accepted: int = 0
    reported: int = 0
    working: int = 0
    returned: int = 0
    late: int = 0
    waived: int = 0
    past: int = 0
    in_time: int = 0
    soon: int = 0
    next_due: date | None = None
    waiting_since: datetime | None = None

    @property
    def total(self) -> int:
        """All that is required (the waived are not)."""
        return self.accepted + self.reported + self.working + self.returned + self.late

    @property
    def done(self) -> int:
        """Reported or taken off control."""
        return self.accepted + self.reported

    def __iadd__(self, other: Tally) -> Self:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("next_due", "waiting_since"):
            known = [value for value in (getattr(self, name), getattr(other, name)) if value is not None]
            setattr(self, name, min(known, default=None))
        return self


@dataclass(frozen=True, slots=True)
class Group:
    """The obligations of one measure in one municipality (or directly under the ministry)."""

    measure_id: int
    unit_id: int
    tally: Tally


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def groups(standings: StandingQuerySet, today: date) -> list[Group]:
    """The tallies by measure and unit, in one query; `today` is the day that decides what is late.

    The names of the sums begin with `n_`, since «reported» is a field of the table too.
    """
    late = Q(state__in=_OPEN, due__lt=today)
    done = Q(state__in=_DONE)
    reported = Q(state=State.REPORTED.value)
    ahead = Q(state__in=_OPEN, due__gte=today)
    rows = (
        standings.order_by()
        .values("measure_id", "unit_id")
        .annotate(
            n_accepted=Count("pk", filter=Q(state=State.ACCEPTED.value)),
            n_reported=Count("pk", filter=reported),
            n_working=Count("pk", filter=Q(state=State.ASSIGNED.value) & (Q(due=None) | Q(due__gte=today))),
            n_returned=Count("pk", filter=Q(state=State.RETURNED.value) & (Q(due=None) | Q(due__gte=today))),
            n_late=Count("pk", filter=late),
            n_waived=Count("pk", filter=Q(state=State.WAIVED.value)),
            n_past=Count("pk", filter=done | late),
            n_in_time=Count("pk", filter=done & (Q(due=None) | Q(reported__lte=F("due")))),
            n_soon=Count("pk", filter=ahead & Q(due__lte=month_end(today))),
            n_next_due=Min("due", filter=ahead),
            n_waiting_since=Min("since", filter=reported),
        )
    )
    found = []
    for row in rows:
        counted: dict[str, Any] = {name[2:]: value for name, value in row.items() if name.startswith("n_")}
        found.append(Group(row["measure_id"], row["unit_id"], Tally(**counted)))
    return found


def summed(found: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, Tally]:
    """The tallies added up by `key`, e.g. lambda group: group.unit_id."""
    sums: dict[Key, Tally] = {}
    for group in found:
        total = sums.setdefault(key(group), Tally())
        total += group.tally
    return sums


def overall(found: Iterable[Group]) -> Tally:
    total = Tally()
    for group in found:
        total += group.tally
    return total


@dataclass(slots=True)
class Holder:
    """An organisation that is late: how many obligations, of which rows, and since which date."""

    organisation_id: int
    count: int
    oldest: date
    numbers: list[str] = field(default_factory=list)


def holders(standings: StandingQuerySet, today: date, limit: int) -> list[Holder]:
    """The organisations that are late, the longest first: at most `limit`, two queries."""
    late = standings.overdue(today).order_by()
    rows = (
        late.values("organisation_id")
        .annotate(count=Count("pk"), oldest=Min("due"))
        .order_by("oldest", "-count", "organisation_id")[:limit]
    )
    found = {row["organisation_id"]: Holder(**row) for row in rows}
    pairs = late.filter(organisation__in=list(found)).values_list("organisation_id", "measure__number")
    for organisation, number in pairs.distinct().order_by("measure__position"):
        if number not in found[organisation].numbers:
            found[organisation].numbers.append(number)
    return list(found.values())


def organisations(standings: StandingQuerySet, today: date) -> tuple[int, int]:
    """(how many organisations owe anything, how many of them are late), in one query."""
    late = Q(state__in=_OPEN, due__lt=today)
    found = standings.order_by().aggregate(
        everybody=Count("organisation", distinct=True), late=Count("organisation", distinct=True, filter=late)
    )
    return found["everybody"], found["late"]
