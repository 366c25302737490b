"""Which entries of a register does a person look for? The filter in the address, the rows, and who has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, F, FilteredRelation, IntegerField, Q, Value, When
from django.utils.dateparse import parse_date

from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind
from profminimum.orgs.querysets import valid_on
from profminimum.plan.pack import is_school_year, school_year
from profminimum.registers import spoken
from profminimum.registers.models import Record
from profminimum.registers.queries import levels, without
from profminimum.web import clock
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from profminimum.orgs.models import Organisation, User
    from profminimum.orgs.querysets import OrganisationQuerySet
    from profminimum.plan.pack import Register
    from profminimum.registers.models import RecordQuerySet

STATE: Final = "state"  # the schools directly under the ministry, in place of a municipality
VIEWS: Final = ("", "missing", "levels")
SORTS: Final = ("organisation", "value", "act", "since")
LAST: Final = 99  # after all that the pack names
NOBODY: Final = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address; what makes no sense is as if not given. `on` is None for today."""

    words: str = ""
    unit: str = ""  # the id of an authority, or STATE
    level: str = ""
    period: str = ""
    view: str = ""
    sort: str = "organisation"
    on: date | None = None

    @property
    def today(self) -> date:
        return self.on or clock.today()


def day(text: str) -> date:
    """The day of the address, or today when there is none, it is no date or has not come yet."""
    try:
        return min(parse_date(text) or clock.today(), clock.today())
    except ValueError:
        return clock.today()


def read(params: Mapping[str, str], kind: Register) -> Ask:
    """The filter of an address; without a school year that of the day, August belonging to the coming one."""
    asked = day(params.get("on", ""))
    on = asked if asked != clock.today() else None
    unit, view, sort = params.get("unit", ""), params.get("view", ""), params.get("sort", "")
    period = params.get("period", "")
    by_level = kind.typed("level") is not None
    return Ask(
        words=params.get("words", "").strip()[:200],
        unit=unit if unit == STATE or (unit.isdecimal() and unit.isascii() and len(unit) < 16) else "",
        level=params.get("level", "") if by_level and params.get("level", "") in levels() else "",
        period=(period if is_school_year(period) else school_year(on or clock.today())) if kind.by_year else "",
        view=view if view in VIEWS and (view != "levels" or by_level) else "",
        sort=sort if sort.removeprefix("-") in SORTS else "organisation",
        on=on,
    )


def units(region: int, on: date) -> dict[int, str]:
    """The municipal authorities of that day by id, in the order of their names. One query."""
    return {unit.pk: unit.state.short_name for unit in queries.authorities(region, on)}


def periods(region: int, kind: Register, ask: Ask) -> list[str]:
    """The school years that have entries, the one of the day and the one asked for, the newest first. One query."""
    if not kind.by_year:
        return []
    held = Record.objects.filter(region=region, kind=kind.name).order_by().values_list("period", flat=True).distinct()
    return sorted({*held, school_year(ask.today), ask.period}, reverse=True)


def found(user: User, region: int, kind: Register, ask: Ask) -> RecordQuerySet:
    """The entries in force on the day that the person sees and that fit; of organisations that exist on that day."""
    on = ask.today
    rows: Any = Record.objects.visible_to(user).filter(region=region, kind=kind.name, period=ask.period).on(on)
    rows = rows.annotate(
        place=FilteredRelation("organisation__states", condition=valid_on(on, "organisation__states__"))
    ).filter(place__isnull=False)
    rows = rows.annotate(
        place_name=F("place__short_name"),
        place_full=F("place__name"),
        place_path=F("place__path"),
        place_code=F("organisation__code"),
        place_kind=F("organisation__kind"),
        place_key=F("place__sort_key"),
    )
    for word in folded(ask.words).split():
        rows = rows.filter(Q(search__contains=word) | Q(place__search__contains=word))
    column = kind.typed("level")
    if ask.level and column:
        rows = rows.filter(**{f"values__{column.name}": ask.level})
    if ask.unit == STATE:
        rows = rows.filter(place__parent__kind=Kind.MINISTRY, organisation__kind=Kind.SCHOOL)
    elif ask.unit:
        rows = rows.filter(place__path__contains=f"/{ask.unit}/")
    narrowed: RecordQuerySet = rows
    return narrowed


def ordered(rows: Any, kind: Register, ask: Ask) -> RecordQuerySet:
    """In the order asked for, a roster by role; pages never overlap."""
    down = ask.sort.startswith("-")
    name = ask.sort.removeprefix("-")
    first: Any = {"organisation": F("place_key"), "act": F("act_date"), "since": F("since"), "value": _value(kind)}[
        name
    ]
    first = first.desc(nulls_last=True) if down else first.asc(nulls_last=True)
    role = kind.typed("choice")
    inside = [_rank(role.name, list(role.choices))] if role else []
    sorted_: RecordQuerySet = rows.order_by(first, "place_key", "organisation", *inside, "number", "pk")
    return sorted_


def _value(kind: Register) -> Any:
    """What a register is sorted by: the level in the pack's order, else the person's name."""
    column = kind.typed("level")
    if column:
        return _rank(column.name, list(levels()))
    person = kind.typed("person")
    return F(f"values__{person.name}__name") if person else F("search")


def _rank(column: str, names: list[str]) -> Case:
    whens = [When(**{f"values__{column}": name}, then=Value(number)) for number, name in enumerate(names)]
    return Case(*whens, default=Value(LAST), output_field=IntegerField())


def missing(user: User, region: int, kind: Register, ask: Ask) -> OrganisationQuerySet:
    """Those in the person's reach that ought to have an entry on the day and have none, with `.state`, by name."""
    rows = without(kind, ask.today, region=region, period=ask.period).filter(access.reach(user, "register.see"))
    if ask.words:
        rows = rows.search(ask.words)
    if ask.unit == STATE:
        return rows.filter(Q(kind=Kind.SCHOOL, state__parent__kind=Kind.MINISTRY))
    return rows.filter(Q(state__path__contains=f"/{ask.unit}/")) if ask.unit else rows


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `unit_id` is None for what is directly under the ministry."""

    record: Record
    pk: int
    organisation: str
    full: str
    code: str
    unit_id: int | None
    unit: str
    values: list[spoken.Value]
    act: str


def rows(records: Iterable[Record], kind: Register, known: Mapping[int, str]) -> list[Row]:
    """The lines in words; asks for nothing more. `known` are the `units`."""
    return [row(record, kind, known) for record in records]


def row(record: Any, kind: Register, known: Mapping[int, str]) -> Row:
    """One line in words."""
    unit = unit_of(record.place_path, known)
    counted = _counted(record.organisation_id, record.place_kind, unit, known)
    return Row(
        record=record,
        pk=record.organisation_id,
        organisation=record.place_name,
        full=record.place_full,
        code=record.place_code,
        unit_id=unit,
        unit=counted,
        values=spoken.values(record, kind),
        act=spoken.act(record),
    )


def unit_of(path: str, known: Mapping[int, str]) -> int | None:
    """The authority in the path, if there is one."""
    return next((int(step) for step in path.split("/") if step and int(step) in known), None)


def unit_name(organisation: Organisation, known: Mapping[int, str]) -> str:
    """The municipality of an organisation that has its `.state`; nothing for the authority itself."""
    return _counted(organisation.pk, organisation.kind, unit_of(organisation.state.path, known), known)


def _counted(pk: int, kind: str, unit: int | None, known: Mapping[int, str]) -> str:
    if unit is None:
        return queries.state_schools() if kind in (Kind.SCHOOL, Kind.BRANCH) else ""
    return known[unit] if unit != pk else ""
