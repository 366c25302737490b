"""What the control board shows: rows, matrix, holders and timeline of one plan, for one person, at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date

from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Membership
from profminimum.plan import board, expansion, timeline
from profminimum.plan.board import Group, Tally
from profminimum.plan.models import PlanVersion, Standing
from profminimum.web import clock, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.orgs.models import OrganisationState, User
    from profminimum.plan.querysets import StandingQuerySet

SHOWN_HOLDERS: Final = 12
TOP: Final = 30  # pixels above the first lane of the year
LANE: Final = 30  # pixels a lane
KINDS: Final = {
    "schools": (Kind.SCHOOL, Kind.BRANCH),
    "authorities": (Kind.AUTHORITY,),
    "region": (Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asks the board for: the filter in the address. `on` is None for now."""

    on: date | None = None
    unit: int | None = None
    kind: str = ""

    @property
    def today(self) -> date:
        return self.on or clock.today()

    @property
    def moment(self) -> datetime | None:
        """The end of the day asked for, None for now."""
        return None if self.on is None else timezone.make_aware(datetime.combine(self.on, time.max))


def read_ask(params: Mapping[str, str]) -> Ask:
    """The filter of an address; what makes no sense, and a day that has not come, is as if not given."""
    on = _day(params.get("on", ""))
    if on is not None and on >= clock.today():
        on = None
    unit = params.get("unit", "")
    kind = params.get("kind", "")
    return Ask(on, int(unit) if unit.isdecimal() and len(unit) < 12 else None, kind if kind in KINDS else "")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@dataclass(slots=True)
class Line:
    """A row of the plan on the board."""

    measure_id: int
    number: str
    title: str
    executors: list[str]
    dates: list[date]
    result: str
    tally: Tally = field(default_factory=Tally)
    due: date | None = None

    def due_on(self, today: date) -> date | None:
        """The date to look at: the one that has been missed, else the next still open, else the last of the row."""
        missed = [day for day in self.dates if day < today] if self.tally.late else []
        return max(missed, default=None) or self.tally.next_due or (self.dates[-1] if self.dates else None)


@dataclass(slots=True)
class Part:
    """A section with its rows."""

    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class MatrixRow:
    unit_id: int
    name: str
    cells: list[tuple[Line, Tally | None]]
    total: Tally


@dataclass(slots=True)
class Held:
    """A late organisation with whom to call."""

    organisation_id: int
    name: str
    unit: str
    count: int
    oldest: date
    numbers: list[str]
    contact: str
    phone: str


@dataclass(slots=True)
class Board:
    """Everything on the page; the figures all come from `groups`."""

    version: PlanVersion
    ask: Ask
    total: Tally
    parts: list[Part]
    matrix: list[MatrixRow]
    columns: list[Line]
    held: list[Held]
    late_organisations: int
    organisations: int
    units: list[tuple[int, str]]
    year: timeline.Line

    @property
    def parts_count(self) -> int:
        return sum(len(part.lines) for part in self.parts)

    @property
    def in_time_percent(self) -> str:
        return wording.percent(self.total.in_time, self.total.past)

    @property
    def month_end(self) -> date:
        return board.month_end(self.ask.today)

    @property
    def year_height(self) -> int:
        return TOP + self.year.lanes * LANE

    @property
    def year_marks(self) -> list[tuple[timeline.Mark, int]]:
        """Each date with its height in the drawing, in pixels."""
        return [(mark, TOP + mark.lane * LANE + LANE // 2 - 4) for mark in self.year.marks]


def version_in_force(user: User, plan_id: int | None = None) -> PlanVersion | None:
    """The version in force of the plan asked for, else of the newest plan that the person may see.

    With `last_standing`, which changes whenever anything on the board does.
    """
    newest = Standing.objects.filter(plan=OuterRef("plan")).order_by("-pk").values("pk")[:1]
    found = (
        PlanVersion.objects.filter(
            region__in={seat.region_id for seat in access.seats(user)}, state=PlanVersion.State.ADOPTED
        )
        .select_related("plan")
        .defer("reading", "source_text")
        .annotate(last_standing=Subquery(newest))
    )
    if plan_id is not None:
        found = found.filter(plan=plan_id)
    return found.order_by("-start", "-pk").first()


def standings(user: User, version: PlanVersion, ask: Ask) -> StandingQuerySet:
    """The obligations that the board counts: in reach of `control.see`, at the moment, within the filter."""
    found = Standing.objects.visible_to(user, "control.see").filter(plan=version.plan_id).at(ask.moment)
    if ask.unit is not None:
        found = found.filter(unit=ask.unit)
    if ask.kind:
        found = found.filter(kind__in=KINDS[ask.kind])
    return found


def build(user: User, version: PlanVersion, ask: Ask, *, shown_holders: int = SHOWN_HOLDERS) -> Board:
    """Ask for everything in a fixed number of queries, whatever the size of the region.

    `shown_holders` 0 leaves out who holds what is late, as the workbook does, which lists all of it.
    """
    rows = standings(user, version, ask)
    groups = board.groups(rows, ask.today)
    parts = _parts(version, groups)
    lines = [line for part in parts for line in part.lines]
    for line in lines:
        line.due = line.due_on(ask.today)
    holders = board.holders(rows, ask.today, shown_holders) if shown_holders else []
    units = {group.unit_id for group in groups} | ({ask.unit} if ask.unit else set())
    names = queries.states(units | {holder.organisation_id for holder in holders}, ask.today)
    everybody, late = board.organisations(rows, ask.today)
    columns = [line for line in lines if len({g.unit_id for g in groups if g.measure_id == line.measure_id}) > 1]
    return Board(
        version=version,
        ask=ask,
        total=board.overall(groups),
        parts=parts,
        matrix=_matrix(groups, columns, names),
        columns=columns,
        held=_held(user, holders, names, ask.today) if holders else [],
        late_organisations=late,
        organisations=everybody,
        units=sorted(((key, _name(names, key)) for key in units), key=lambda unit: _order(names, unit[0])),
        year=_year(version, lines, ask.today),
    )


def _parts(version: PlanVersion, groups: list[Group]) -> list[Part]:
    """Sections and rows in the order of the decree, in one query: a row comes once for each of its executors."""
    by_measure = board.summed(groups, lambda group: group.measure_id)
    parts: dict[int, Part] = {}
    lines: dict[int, Line] = {}
    rows = version.wordings.select_related("section").annotate(body=F("assignments__executor__name"))
    for row in rows.order_by("position", "assignments__position"):
        if row.pk not in lines and row.measure_id is not None and version.act_date is not None:
            days = [date.fromisoformat(day) for day in row.occurrences]
            dated = expansion.dates(days, version.act_date, row.past, row.past_days)
            lines[row.pk] = Line(
                measure_id=row.measure_id,
                number=row.number,
                title=row.title,
                executors=[],
                dates=[one.due for one in dated if one.due],
                result="; ".join(dict.fromkeys(result["text"] for result in row.results)),
                tally=by_measure.get(row.measure_id, Tally()),
            )
            parts.setdefault(row.section_id, Part(str(row.section))).lines.append(lines[row.pk])
        if row.pk in lines and row.body:
            lines[row.pk].executors.append(row.body)
    return list(parts.values())


def _name(names: Mapping[int, OrganisationState], key: int) -> str:
    return names[key].short_name if key in names else ""


def _order(names: Mapping[int, OrganisationState], key: int) -> str:
    return names[key].sort_key if key in names else ""


def _matrix(groups: list[Group], columns: list[Line], names: Mapping[int, OrganisationState]) -> list[MatrixRow]:
    cells = board.summed(groups, lambda group: (group.unit_id, group.measure_id))
    shown = {line.measure_id for line in columns}
    totals = board.summed((g for g in groups if g.measure_id in shown), lambda group: group.unit_id)
    return [
        MatrixRow(
            key, _name(names, key), [(line, cells.get((key, line.measure_id))) for line in columns], totals[key]
        )
        for key in sorted(totals, key=lambda key: _order(names, key))
    ]


def _held(user: User, holders: list[board.Holder], names: Mapping[int, OrganisationState], today: date) -> list[Held]:
    contacts: dict[int, Membership] = {}
    if access.can(user, "person.see", None):
        people = Membership.objects.active(today).filter(
            role__in=access.GRANTS["obligation.report"],
            organisation__in=[holder.organisation_id for holder in holders],
        )
        for membership in people.select_related("user").order_by("-pk"):
            contacts[membership.organisation_id] = membership
    held = []
    for holder in holders:
        state = names.get(holder.organisation_id)
        person = contacts[holder.organisation_id].user if holder.organisation_id in contacts else None
        above = [int(step) for step in state.path.split("/") if step][:-1] if state else []
        unit = next((key for key in reversed(above) if key in names), holder.organisation_id)
        held.append(
            Held(
                organisation_id=holder.organisation_id,
                name=state.short_name if state else "",
                unit=queries.unit_beside(holder.organisation_id, unit, names),
                count=holder.count,
                oldest=holder.oldest,
                numbers=holder.numbers,
                contact=f"{person.full_name}, {person.post}".strip(", ") if person else "",
                phone=person.phone if person else "",
            )
        )
    return held


def _year(version: PlanVersion, lines: list[Line], today: date) -> timeline.Line:
    dots = []
    for line in lines:
        for day in dict.fromkeys(line.dates):
            if line.tally.late and day < today:
                state = "late"
            elif day < today or (line.tally.total and line.tally.done == line.tally.total):
                state = "done"
            else:
                state = "soon" if day <= board.month_end(today) else "ahead"
            dots.append(timeline.Dot(line.number, day, state, line.title, line.measure_id))
    if version.start is None or version.end is None:
        return timeline.line(today, today, today, dots)
    return timeline.line(version.start, version.end, today, dots)
