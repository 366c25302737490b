"""Which obligations does a person look for? The list with its filter, for now and for a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, FilteredRelation, Q
from django.utils import timezone
from django.utils.dateparse import parse_date

from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Organisation
from profminimum.orgs.querysets import folded, valid_on
from profminimum.plan import phrases
from profminimum.plan.board import month_end
from profminimum.plan.models import Extension, Measure, Plan, Standing
from profminimum.plan.queries.duties import NOWHERE, to_decide, to_review
from profminimum.plan.states import DONE, OPEN, State
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import User
    from profminimum.plan.querysets import StandingQuerySet

OPEN_STATES: Final = [state.value for state in OPEN]
OVERDUE: Final = "overdue"
DONE_STATES: Final = [state.value for state in DONE]
STATES: Final = (*(state.value for state in State), OVERDUE, "open", "done", "soon")
KINDS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "schools": (Kind.SCHOOL, Kind.BRANCH),
    "authorities": (Kind.AUTHORITY,),
    "region": (Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE),
}
SORTS: Final = ("due", "organisation", "measure", "since")
MANY: Final = 2000  # obligations that one decision may concern


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address; what makes no sense is as if not given. `on` is None for now.

    `state` is a State, or one of: overdue, open (assigned or returned), done (reported or accepted), soon (open and
    due from today to the end of the month).
    """

    plan: int | None = None
    measure: int | None = None
    unit: int | None = None
    organisation: int | None = None
    kind: str = ""
    state: str = ""
    review: bool = False
    extension: bool = False
    words: str = ""
    due_from: date | None = None
    due_to: date | None = None
    sort: str = "due"
    on: date | None = None

    @property
    def today(self) -> date:
        return self.on or clock.today()

    @property
    def moment(self) -> datetime | None:
        """The end of the day asked for; None for now."""
        if self.on is None:
            return None
        return timezone.make_aware(datetime.combine(self.on + timedelta(days=1), time.min)) - timedelta(
            microseconds=1
        )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else None


def read(params: Mapping[str, str]) -> Ask:
    """The filter of an address; a day that has not come yet is now."""
    on = _day(params.get("on", ""))
    state = params.get("state", "")
    state = OVERDUE if params.get("overdue") or state == "late" else state
    sort = params.get("sort", "due")
    return Ask(
        plan=_key(params.get("plan", "")),
        measure=_key(params.get("measure", "")),
        unit=_key(params.get("unit", "")),
        organisation=_key(params.get("organisation", "")),
        kind=params["kind"] if params.get("kind") in KINDS else "",
        state=state if state in STATES else "",
        review=params.get("reviewer") == "me",
        extension=params.get("extension") == "me",
        words=params.get("words", "").strip()[:200],
        due_from=_day(params.get("from", "")),
        due_to=_day(params.get("to", "")),
        sort=sort if sort.removeprefix("-") in SORTS else "due",
        on=on if on and on < clock.today() else None,
    )


def measures(user: User) -> list[Measure]:
    """The rows of the plans that the person sees, newest plan first: for the filter and for the words."""
    return list(
        Measure.objects.filter(plan__in=Plan.objects.visible_to(user))
        .select_related("plan")
        .order_by("-plan__start", "-plan_id", "position")
    )


def _with_place(standings: StandingQuerySet, on: date) -> StandingQuerySet:
    """With `place`, the names of the organisation that hold on that day; joined only where it is used."""
    return standings.annotate(
        place=FilteredRelation("organisation__states", condition=valid_on(on, "organisation__states__"))
    )


def narrowed(ask: Ask, user: User, seat: Seat | None, rows: Iterable[Measure]) -> StandingQuerySet:
    """All that the filter asks for but the state: the figures on the tabs are counted over it."""
    found = _with_place(Standing.objects.visible_to(user).at(ask.moment), ask.today)
    conditions: dict[str, Any] = {
        "plan": ask.plan,
        "measure": ask.measure,
        "unit": ask.unit,
        "organisation": ask.organisation,
        "kind__in": KINDS.get(ask.kind),
        "due__gte": ask.due_from,
        "due__lte": ask.due_to,
    }
    found = found.filter(**{name: value for name, value in conditions.items() if value is not None})
    if ask.review:
        found = found.filter(to_review(seat) if seat else NOWHERE)
    if ask.extension:
        asked = Extension.objects.filter(to_decide(seat) if seat else NOWHERE)
        found = found.filter(obligation__in=asked.values("obligation"))
    rows = list(rows)
    for word in folded(ask.words).split():
        titled = [row.pk for row in rows if word in folded(row.title)]
        found = found.filter(Q(place__search__contains=word) | Q(measure__in=titled))
    return found


def in_state(standings: StandingQuerySet, ask: Ask) -> StandingQuerySet:
    if ask.state == OVERDUE:
        return standings.overdue(ask.today)
    if ask.state == "open":
        return standings.open()
    if ask.state == "done":
        return standings.filter(state__in=DONE_STATES)
    if ask.state == "soon":
        return standings.open().filter(due__gte=ask.today, due__lte=month_end(ask.today))
    return standings.filter(state=ask.state) if ask.state else standings


def counted(standings: StandingQuerySet, today: date) -> dict[str, int]:
    """How many in each state, overdue and in all («»). One query."""
    late = Q(state__in=OPEN_STATES, due__lt=today)
    figures: dict[str, int] = standings.order_by().aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=late),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        done=Count("pk", filter=Q(state__in=DONE_STATES)),
        soon=Count("pk", filter=Q(state__in=OPEN_STATES, due__gte=today, due__lte=month_end(today))),
        **{state.value: Count("pk", filter=Q(state=state.value)) for state in State},
    )
    return {"": figures.pop("all"), **figures}


def ordered(standings: StandingQuerySet, ask: Ask) -> StandingQuerySet:
    """In the order asked for, then by row and organisation, so that pages never overlap; after `narrowed`."""
    down = ask.sort.startswith("-")
    name = ask.sort.removeprefix("-")
    field = {"due": "due", "organisation": "place__sort_key", "measure": "measure__position", "since": "since"}[name]
    first = F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True)
    return standings.order_by(first, "measure__position", "organisation", "pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `late` as of the day asked for."""

    standing: Standing
    title: str
    organisation: str
    unit: str
    late: bool

    @property
    def moved(self) -> bool:
        """Is its date another one than in the plan?"""
        return self.standing.due != self.standing.obligation.original_due


def rows(standings: Iterable[Standing], on: date) -> list[Row]:
    """The lines with their names: one query for the names."""
    standings = list(standings)
    known = queries.known(
        {standing.organisation_id for standing in standings} | {standing.unit_id for standing in standings}, on
    )

    def name(key: int) -> str:
        return known[key].short_name if key in known else ""

    return [
        Row(
            standing,
            phrases.plain(standing.measure.title),
            name(standing.organisation_id),
            queries.unit_beside(standing.organisation_id, standing.unit_id, known),
            standing.state in OPEN_STATES and standing.due is not None and standing.due < on,
        )
        for standing in standings
    ]


def units(user: User, on: date) -> list[tuple[int, str]]:
    """The municipalities, for those who see the whole region; the ministry stands for what is directly under it."""
    if not any(
        access.Reach.REGION in access.GRANTS["obligation.see"].get(seat.role, ()) for seat in access.seats(user)
    ):
        return []
    found = Organisation.objects.visible_to(user, on).filter(kind__in=(Kind.AUTHORITY, Kind.MINISTRY))
    by_name = sorted(found, key=lambda unit: (unit.kind == Kind.MINISTRY, unit.state.sort_key, unit.pk))
    return [(unit.pk, unit.state.short_name) for unit in by_name]
