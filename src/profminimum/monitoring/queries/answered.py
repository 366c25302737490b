"""Who has answered? The figures of waves, all from one grouping over the stages, for now and for any past day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from django.db.models import Count, F, FilteredRelation, Q
from django.utils import timezone
from django.utils.dateparse import parse_date

from profminimum.monitoring.models import Answer, Stage, Wave
from profminimum.monitoring.states import EDITABLE, State
from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Membership
from profminimum.orgs.querysets import valid_on
from profminimum.registers.models import Record
from profminimum.web import clock
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet

    from profminimum.monitoring.querysets import StageQuerySet
    from profminimum.orgs.models import User

OPEN: Final = [state.value for state in EDITABLE]
BEGUN: Final = [state.value for state in State if state not in (State.EXPECTED, State.WITHDRAWN)]
# what a list can be narrowed to → the condition; «overdue» depends on the day
PILES: Final[Mapping[str, Q]] = {
    "expected": Q(state=State.EXPECTED.value),
    "draft": Q(state=State.DRAFT.value),
    "submitted": Q(state=State.SUBMITTED.value),
    "checked": Q(state=State.CHECKED.value),
    "accepted": Q(state=State.ACCEPTED.value),
    "returned": Q(state=State.RETURNED.value),
    "withdrawn": Q(state=State.WITHDRAWN.value),
    "begun": Q(state__in=BEGUN),
    "sent": Q(timely__isnull=False) & ~Q(state=State.WITHDRAWN.value),
    "unsent": Q(timely=None) & ~Q(state=State.WITHDRAWN.value),
    "passed": Q(state__in=[State.CHECKED.value, State.ACCEPTED.value]),
    "timely": Q(timely=True) & ~Q(state=State.WITHDRAWN.value),
    "tardy": Q(timely=False) & ~Q(state=State.WITHDRAWN.value),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address; what makes no sense, and a day that has not come, is as if not given."""

    on: date | None = None
    unit: int | None = None
    state: str = ""
    words: str = ""
    sort: str = ""

    @property
    def today(self) -> date:
        return self.on or clock.today()

    @property
    def moment(self) -> datetime | None:
        """The end of the day asked for; None for now."""
        if self.on is None:
            return None
        following = timezone.make_aware(datetime.combine(self.on + timedelta(days=1), time.min))
        return following - timedelta(microseconds=1)


def read(params: Mapping[str, str]) -> Ask:
    try:
        on = parse_date(params.get("on", ""))
    except ValueError:
        on = None
    unit, state = params.get("unit", ""), params.get("state", "")
    return Ask(
        on=on if on and on < clock.today() else None,
        unit=int(unit) if unit.isdecimal() and unit.isascii() and len(unit) < 16 else None,
        state=state if state in PILES or state == "overdue" else "",
        words=params.get("words", "").strip()[:200],
        sort=params.get("sort", "")[:20],
    )


@dataclass(slots=True)
class Tally:
    """Answers by where they stand. `timely` and `tardy`: came by their date, or after it; `overdue`: did neither."""

    expected: int = 0
    draft: int = 0
    submitted: int = 0
    checked: int = 0
    accepted: int = 0
    returned: int = 0
    withdrawn: int = 0
    timely: int = 0
    tardy: int = 0
    overdue: int = 0

    @property
    def asked(self) -> int:
        """All that are expected to answer: those no longer asked are not."""
        return self.expected + self.draft + self.submitted + self.checked + self.accepted + self.returned

    @property
    def begun(self) -> int:
        return self.asked - self.expected

    @property
    def sent(self) -> int:
        """Ever sent, whatever has become of it."""
        return self.timely + self.tardy

    @property
    def unsent(self) -> int:
        return self.asked - self.sent

    @property
    def passed(self) -> int:
        """Checked at the first tier, or accepted."""
        return self.checked + self.accepted

    @property
    def waiting(self) -> int:
        """For somebody's check."""
        return self.submitted + self.checked

    @property
    def working(self) -> int:
        """Begun or not, never sent, and the date has not passed."""
        return self.expected + self.draft - self.overdue

    def __iadd__(self, other: Tally) -> Self:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of a wave in one municipality (or directly under the ministry)."""

    wave_id: int
    unit_id: int
    tally: Tally


def stages(user: User, waves: Collection[int], ask: Ask, verb: str = "wave.see") -> StageQuerySet:
    """Where the answers stand that the person may see, at the moment, within the filter but the state."""
    found = Stage.objects.visible_to(user, verb).filter(wave__in=waves).at(ask.moment)
    return found if ask.unit is None else found.filter(unit=ask.unit)


def groups(found: StageQuerySet, today: date) -> list[Group]:
    """The tallies by wave and municipality: one query, grouped along the index that covers it."""
    rows = (
        found.order_by()
        .values("wave_id", "unit_id", "state", "timely", "due")
        .annotate(n=Count("*"))
        .values_list("wave_id", "unit_id", "state", "timely", "due", "n")
    )
    tallies: dict[tuple[int, int], Tally] = {}
    for wave, unit, state, timely, due, count in rows:
        tally = tallies.get((wave, unit))
        if tally is None:
            tally = tallies[wave, unit] = Tally()
        setattr(tally, state, getattr(tally, state) + count)
        if state == State.WITHDRAWN.value:
            continue
        if timely is None:
            tally.overdue += count if due < today else 0
        elif timely:
            tally.timely += count
        else:
            tally.tardy += count
    return [Group(wave, unit, tally) for (wave, unit), tally in tallies.items()]


def summed(found: Iterable[Group]) -> Tally:
    total = Tally()
    for group in found:
        total += group.tally
    return total


def completeness(user: User, waves: Collection[int], on: date | None = None) -> dict[int, Tally]:
    """Wave → where its answers stand, as far as the person sees them. One query."""
    if not waves or not access.can(user, "wave.see", None):
        return {}
    ask = Ask(on=on)
    found: dict[int, Tally] = {}
    for group in groups(stages(user, waves, ask), ask.today):
        tally = found.setdefault(group.wave_id, Tally())
        tally += group.tally
    return found


def pile(found: StageQuerySet, state: str, today: date) -> StageQuerySet:
    """Only those of that pile: a state, or one of the words of the board."""
    if state == "overdue":
        return found.filter(PILES["unsent"], due__lt=today)
    return found.filter(PILES[state]) if state else found.exclude(state=State.WITHDRAWN.value)


def piled(found: StageQuerySet, today: date) -> dict[str, int]:
    """How many are in each pile: one grouped query."""
    counts = dict.fromkeys((*PILES, "overdue", ""), 0)
    rows = found.order_by().values("state", "timely", "due").annotate(n=Count("*"))
    for row in rows:
        state, timely, count = row["state"], row["timely"], row["n"]
        counts[state] += count
        if state == State.WITHDRAWN.value:
            continue
        names = ["", "unsent" if timely is None else "sent"]
        names += ["begun"] if state in BEGUN else []
        names += ["passed"] if state in (State.CHECKED.value, State.ACCEPTED.value) else []
        names += [] if timely is None else ["timely" if timely else "tardy"]
        names += ["overdue"] if timely is None and row["due"] < today else []
        for name in names:
            counts[name] += count
    return counts


def named(found: StageQuerySet, ask: Ask) -> StageQuerySet:
    """With `place`, the names of the organisation that hold on that day, and only those whose name has the words."""
    found = found.annotate(
        place=FilteredRelation("organisation__states", condition=valid_on(ask.today, "organisation__states__"))
    )
    for word in folded(ask.words).split():
        found = found.filter(Q(place__search__contains=word))
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """A municipality on the board; the ministry stands for the state schools."""

    pk: int
    name: str
    state_schools: bool
    sort_key: str
    tally: Tally


def asked_kind(wave: Wave) -> str:
    """The kind of organisations that a wave asks: schools where it asks any."""
    kinds = wave.campaign.kinds
    return str(next((kind for kind in kinds if kind in (Kind.SCHOOL, Kind.BRANCH)), kinds[0]))


def units(found: Iterable[Group], wave: Wave, on: date) -> list[Unit]:
    """By name, the state schools last. One query for the names; of what has closed the last ones."""
    found = list(found)
    names, kind = queries.known({group.unit_id for group in found}, on), asked_kind(wave)
    made = [
        Unit(
            group.unit_id,
            queries.unit_name(names[group.unit_id], kind),
            names[group.unit_id].organisation.kind != Kind.AUTHORITY,
            names[group.unit_id].sort_key,
            group.tally,
        )
        for group in found
    ]
    return sorted(made, key=lambda unit: (unit.state_schools, unit.sort_key, unit.pk))


class Counted(Sequence[Any]):
    """Rows whose number is known already: a page of them asks for no count."""

    def __init__(self, rows: QuerySet[Any], count: int) -> None:
        self._rows, self._count = rows, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: Any) -> Any:
        return self._rows[part]


SORTS: Final = (
    "asked", "begun", "sent", "passed", "accepted", "returned", "timely", "tardy", "overdue",
)  # fmt: skip


def sorted_units(found: list[Unit], sort: str) -> list[Unit]:
    """By a column, «-» before it for the largest first; by name when there is no such column."""
    name = sort.removeprefix("-")
    down = sort.startswith("-")
    if name in SORTS:
        return sorted(found, key=lambda unit: getattr(unit.tally, name), reverse=down)
    return found[::-1] if down and name == "name" else found


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, and how it is known: «the register» of responsible persons, or the people of the organisation."""

    name: str
    post: str
    phone: str
    email: str
    official: bool


@dataclass(slots=True)
class Behind:
    """An organisation that has not answered yet; `chance` that it will be late, when that is asked."""

    submission_id: int
    organisation_id: int
    name: str
    unit: str
    state: str
    due: date
    contact: Contact | None = None
    chance: float | None = None

    @property
    def word(self) -> str:
        return str(Answer(self.state).label)


def behind(rows: Sequence[Stage], user: User, on: date, chances: Mapping[int, float] | None = None) -> list[Behind]:
    """These with names and contacts, as far as the person may know them: three queries for any number."""
    keys = {row.organisation_id for row in rows}
    names = queries.known(keys | {row.unit_id for row in rows}, on)
    people = contacts(keys, user, on)

    return [
        Behind(
            submission_id=row.submission_id,
            organisation_id=row.organisation_id,
            name=names[row.organisation_id].short_name if row.organisation_id in names else "",
            unit=queries.unit_beside(row.organisation_id, row.unit_id, names),
            state=row.state,
            due=row.due,
            contact=people.get(row.organisation_id),
            chance=(chances or {}).get(row.organisation_id),
        )
        for row in rows
    ]


def contacts(places: Collection[int], user: User, on: date) -> dict[int, Contact]:
    """Organisation → the responsible person in force, else one of its people who fill forms. Two queries."""
    found: dict[int, Contact] = {}
    if access.can(user, "person.see", None):
        people = (
            Membership.objects.visible_to(user)
            .active(on)
            .filter(role__in=access.GRANTS["submission.fill"], organisation__in=places)
        )
        for membership in people.select_related("user").order_by("-pk"):
            person = membership.user
            found[membership.organisation_id] = Contact(
                person.full_name, person.post, person.phone, person.email, official=False
            )
    if access.can(user, "register.see", None):
        entries = Record.objects.visible_to(user).filter(kind="responsible", organisation__in=places).on(on)
        for organisation, values in entries.order_by("-number", "-pk").values_list("organisation_id", "values"):
            given = values.get("person") if isinstance(values, dict) else None
            if isinstance(given, dict) and given.get("name"):
                found[organisation] = _official(given)
    return found


def _official(person: Mapping[str, Any]) -> Contact:
    name, post, phone, email = (str(person.get(key) or "") for key in ("name", "post", "phone", "email"))
    return Contact(name, post, phone, email, official=True)


def seen_wave(user: User, pk: int) -> Wave | None:
    """The wave with its campaign and measure, when the person's region has it."""
    return (
        Wave.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("campaign__measure", "campaign__region", "campaign__form", "version", "previous")
        .first()
    )


def ordered_stages(found: StageQuerySet, sort: str) -> StageQuerySet:
    """After `named`: by a column of the list, then by name, so that pages never overlap."""
    down, name = sort.startswith("-"), sort.removeprefix("-")
    columns = {
        "organisation": "place__sort_key",
        "state": "state",
        "due": "due",
        "since": "since",
        "sent": "submission__sent",
    }
    first = F(columns.get(name, "unit"))
    order = first.desc(nulls_last=True) if down else first.asc(nulls_last=True)
    return found.order_by(order, F("place__sort_key"), "pk")
