"""What waits for the check of an organisation? The queue with its filter, folded by wave, and one's place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, FilteredRelation, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from profminimum.monitoring import turns
from profminimum.monitoring.models import FollowUp, Submission
from profminimum.monitoring.states import Step
from profminimum.orgs import access, queries
from profminimum.orgs.querysets import folded, valid_on
from profminimum.web import clock, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from profminimum.monitoring.querysets import SubmissionQuerySet
    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import User

VERB: Final = "submission.check"
SORTS: Final = ("changed", "organisation", "due", "doubts")
MANY: Final = 1000  # answers that one good word may concern
RETURNED: Final = 200  # answers that one return may concern: each goes back with remarks of its own
SHOWN: Final = 50  # names on the page that asks for confirmation
BESIDE: Final = 12  # answers of the queue beside an answer
LONGEST: Final = 2000  # answers of the queue among which one's place is looked for


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address; what makes no sense is as if not given.

    `late`: sent after its date; `warned`: with explained warnings; `doubted`: with doubts about its quality that
    nobody has settled; `again`: sent again after a return.
    """

    wave: int | None = None
    unit: int | None = None
    words: str = ""
    late: bool = False
    warned: bool = False
    doubted: bool = False
    again: bool = False
    sort: str = "changed"

    @property
    def narrow(self) -> bool:
        """Is anything asked for besides the wave?"""
        return bool(self.unit or self.words or self.late or self.warned or self.doubted or self.again)


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else None


def read(params: Mapping[str, str]) -> Ask:
    """The filter of an address."""
    sort = params.get("sort", "changed")
    return Ask(
        wave=_key(params.get("wave", "")),
        unit=_key(params.get("unit", "")),
        words=params.get("words", "").strip()[:200],
        **{name: bool(params.get(name)) for name in ("late", "warned", "doubted", "again")},
        sort=sort if sort.removeprefix("-") in SORTS else "changed",
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """For which organisation a person checks now, and whose answers they fill themselves: these are for others."""

    place: int
    own: frozenset[int]


def desk(user: User, seat: Seat | None) -> Desk | None:
    """None for those who do not check."""
    if seat is None or seat.role not in access.GRANTS[VERB]:
        return None
    return Desk(seat.organisation_id, turns.own_places(user))


def waiting(desk: Desk) -> SubmissionQuerySet:
    """What waits there for the person's check."""
    return Submission.objects.filter(reviewer=desk.place).exclude(organisation__in=desk.own)


def open_doubts() -> Any:
    """How many doubts about the answer in force nobody has settled, as an expression."""
    counted = (
        FollowUp.objects.filter(submission=OuterRef("pk"), number=OuterRef("number"), settled=None)
        .order_by()
        .values("submission")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)


def narrowed(found: SubmissionQuerySet, ask: Ask, today: date) -> SubmissionQuerySet:
    """All that the filter asks for, with `doubts` and `place`, the names of the organisation today."""
    found = found.annotate(
        doubts=open_doubts(),
        place=FilteredRelation("organisation__states", condition=valid_on(today, "organisation__states__")),
    )
    if ask.wave:
        found = found.filter(wave=ask.wave)
    if ask.unit:
        found = found.filter(unit=ask.unit)
    if ask.late:
        found = found.filter(sent__gt=F("due"))
    if ask.warned:
        found = found.filter(warnings__gt=0)
    if ask.doubted:
        found = found.filter(Q(doubts__gt=0))
    if ask.again:
        found = found.filter(number__gt=1)
    for word in folded(ask.words).split():
        found = found.filter(Q(place__search__contains=word))
    return found


def ordered(found: SubmissionQuerySet, ask: Ask) -> SubmissionQuerySet:
    """In the order asked for, so that pages never overlap; after `narrowed`."""
    down = ask.sort.startswith("-")
    name = {"changed": "changed", "organisation": "place__sort_key", "due": "due", "doubts": "doubts"}[
        ask.sort.removeprefix("-")
    ]
    first = F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
    return found.order_by(first, F("place__sort_key"), "pk")


@dataclass(frozen=True, slots=True)
class Fold:
    """How much waits of a wave; `days` since the oldest was sent."""

    wave: int
    title: str
    measure: str  # number of the row of the plan
    due: date
    count: int
    days: int


def folds(desk: Desk, today: date) -> list[Fold]:
    """The queue folded by wave, the wave whose check is due first above. One query."""
    rows = (
        waiting(desk)
        .order_by("wave__check_due", "wave")
        .values("wave", "wave__title", "wave__check_due", "wave__campaign__measure__number")
        .annotate(count=Count("pk"), oldest=Min("changed"))
    )
    return [
        Fold(
            row["wave"],
            row["wave__title"],
            row["wave__campaign__measure__number"],
            row["wave__check_due"],
            row["count"],
            max(0, (today - wording.as_day(row["oldest"])).days),
        )
        for row in rows
    ]


def units(desk: Desk, today: date) -> list[tuple[int, str]]:
    """The municipalities whose answers wait, by name; none when there is but one. Two queries."""
    keys = set(waiting(desk).order_by().values_list("unit", flat=True).distinct())
    if len(keys) < 2:
        return []
    return list(queries.unit_names(keys, today).items())


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue."""

    pk: int
    organisation: str
    unit: str
    wave: str
    sent: Any  # the moment since which it waits
    day: date  # of the first sending
    due: date
    number: int
    warnings: int
    doubts: int

    @property
    def late(self) -> bool:
        return self.day > self.due

    @property
    def stamp(self) -> str:
        """Which answer it is and which of its revisions: what a decision is about."""
        return f"{self.pk}.{self.number}"


_COLUMNS: Final = (
    "pk",
    "unit_id",
    "kind",
    "wave__title",
    "changed",
    "sent",
    "due",
    "number",
    "warnings",
    "state",
    "checker_id",
)


def rows(found: Iterable[Any], today: date) -> list[Row]:
    """The lines of a page of `lines(…)`. One query for the names of the municipalities."""
    found = list(found)
    known = queries.known({row["unit_id"] for row in found}, today)
    return [
        Row(
            row["pk"],
            row["name"] or "—",
            queries.unit_name(known[row["unit_id"]], row["kind"]) if row["unit_id"] in known else "",
            row["wave__title"],
            row["changed"],
            row["sent"],
            row["due"],
            row["number"],
            row["warnings"],
            row["waits"],
        )
        for row in found
    ]


def steps(found: Iterable[Any]) -> set[Step]:
    """What a good word would do to the answers of a page: check, accept, or one to some and the other to others."""
    kinds = {(row["state"], row["checker_id"]) for row in found}
    return {turns.next_step(Submission(state=state, checker_id=checker)) for state, checker in kinds}


def lines(found: SubmissionQuerySet) -> Any:
    """What `rows` needs, and nothing of the answers themselves; after `narrowed`."""
    return found.values(*_COLUMNS, name=F("place__short_name"), waits=F("doubts"))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An answer of the queue beside the one on the page."""

    pk: int
    organisation: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands in the queue: `at` from 1, 0 when it is not in it (any more)."""

    at: int
    total: int
    before: Neighbour | None
    after: Neighbour | None
    beside: list[Neighbour]


def place(desk: Desk | None, ask: Ask, submission: int, today: date) -> Place:
    """The queue around an answer. One query."""
    if desk is None:
        return Place(0, 0, None, None, [])
    found = ordered(narrowed(waiting(desk), ask, today), ask).values_list("pk", F("place__short_name"))[:LONGEST]
    queue = [Neighbour(pk, name or "—", pk == submission) for pk, name in found]
    at = next((number for number, one in enumerate(queue, 1) if one.current), 0)
    if not at:
        return Place(0, len(queue), None, queue[0] if queue else None, queue[:BESIDE])
    first = max(0, min(at - 1 - BESIDE // 3, len(queue) - BESIDE))
    return Place(
        at,
        len(queue),
        queue[at - 2] if at > 1 else None,
        queue[at] if at < len(queue) else None,
        queue[first : first + BESIDE],
    )


@dataclass(slots=True)
class Choice:
    """What a decision on many would do: `check` and `accept` by tier; `gone`: how many no longer wait here."""

    check: list[Submission] = field(default_factory=list)
    accept: list[Submission] = field(default_factory=list)
    gone: int = 0
    shown: list[tuple[Submission, str]] = field(default_factory=list)
    doubted: int = 0
    warned: int = 0

    @property
    def can(self) -> list[Submission]:
        return [*self.check, *self.accept]

    @property
    def more(self) -> int:
        return len(self.can) - len(self.shown)

    @property
    def stamps(self) -> str:
        """For the form: which answers and which of their revisions the decision is about."""
        return ",".join(f"{row.pk}.{row.number}" for row in self.can)


def stamps(given: Iterable[str]) -> dict[int, int]:
    """«12.1» → {12: 1}: the revision that the person saw; nonsense is left out."""
    found = {}
    for text in given:
        pk, _dot, number = text.partition(".")
        if _key(pk) is not None and _key(number) is not None:
            found[int(pk)] = int(number)
    return found


def choice(user: User, wanted: Mapping[int, int], today: date) -> Choice:
    """Which of these answers the person may decide on now, in the revision that was seen. Two queries."""
    found = Choice()
    known = Submission.objects.visible_to(user).filter(pk__in=wanted)
    listed: Iterable[Any] = known.annotate(doubts=open_doubts()).order_by("pk")
    for row in listed:
        if row.number != wanted[row.pk] or not turns.turn(user, row):
            continue
        (found.check if turns.next_step(row) == Step.CHECK else found.accept).append(row)
        found.doubted += bool(row.doubts)
        found.warned += bool(row.warnings)
    found.gone = len(wanted) - len(found.can)
    first = found.can[:SHOWN]
    names = queries.names({row.organisation_id for row in first}, today)
    found.shown = [(row, names.get(row.organisation_id, "—")) for row in first]
    return found


def chosen(desk: Desk, ask: Ask, most: int) -> dict[int, int]:
    """All that the filter finds, at most so many, with their revisions."""
    today = clock.today()
    found = ordered(narrowed(waiting(desk), ask, today), ask)
    return dict(found.values_list("pk", "number")[:most])
