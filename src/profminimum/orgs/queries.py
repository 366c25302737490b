"""What was the region like on a day? Names, children, history and who checks whom, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from profminimum.orgs.models import Kind, Organisation, OrganisationState, Succession
from profminimum.orgs.querysets import valid_on
from profminimum.orgs.services.states import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from profminimum.orgs.querysets import OrganisationQuerySet

_STEPS: Final = ("parent_id", "name", "short_name", "oktmo", "school_type", "pupils", "address", "email", "phone")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an organisation stands on a day.

    `unit_id` is the municipality by which it is counted: its authority, else the ministry. `reviewer_id` is the
    organisation that checks what it reports: a school's and a branch's authority; the ministry for all others, its
    own reports included (there the controller checks).
    """

    kind: Kind
    path: str
    unit_id: int
    reviewer_id: int


def states(ids: Iterable[int], on: date) -> dict[int, OrganisationState]:
    """The state of each on that day, by id of the organisation; those that do not exist are left out. One query."""
    held = OrganisationState.objects.filter(valid_on(on)).select_related("organisation")
    return {state.organisation_id: state for part in chunks(set(ids)) for state in held.filter(organisation__in=part)}


def known(ids: Iterable[int], on: date) -> dict[int, OrganisationState]:
    """The state of each on that day; of what has closed the last, of what is not yet open the first. One query."""
    found: dict[int, OrganisationState] = {}
    wanted = set(ids)
    for part in chunks(wanted) if wanted else ():
        states = OrganisationState.objects.filter(organisation__in=part).select_related("organisation")
        for state in states.order_by("valid_from"):
            if state.valid_from <= on or state.organisation_id not in found:
                found[state.organisation_id] = state
    return found


def names(ids: Iterable[int], on: date) -> dict[int, str]:
    """Short names on that day; of what does not exist then, the last before it, else the first. One query."""
    return {pk: state.short_name for pk, state in known(ids, on).items()}


def unit_name(unit: OrganisationState, kind: str = Kind.SCHOOL) -> str:
    """What the municipality of an organisation of that kind is called, everywhere alike.

    Schools that no authority runs stand together as «State schools»; others without one are the ministry's own.
    """
    alone = unit.organisation.kind != Kind.AUTHORITY and kind in (Kind.SCHOOL, Kind.BRANCH)
    return state_schools() if alone else unit.short_name


def state_schools() -> str:
    """The schools directly under the ministry, where municipalities are named."""
    return _("State schools")


def unit_beside(place: int, unit: int, known: Mapping[int, OrganisationState]) -> str:
    """The municipality to name beside an organisation; nothing beside an authority, which is one itself."""
    if unit == place or unit not in known or place not in known:
        return ""
    kind = known[place].organisation.kind
    return "" if kind == Kind.AUTHORITY else unit_name(known[unit], kind)


def unit_names(ids: Iterable[int], on: date, kind: str = Kind.SCHOOL) -> dict[int, str]:
    """Municipality → its name, by name, the state schools last. One query."""
    found = known(ids, on)
    order = sorted(found, key=lambda pk: (found[pk].organisation.kind != Kind.AUTHORITY, found[pk].sort_key, pk))
    return {pk: unit_name(found[pk], kind) for pk in order}


def ordered(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """Sorted by name as people expect it (№ 2 before № 10); needs `as_of`."""
    return organisations.order_by("state__sort_key", "pk")  # type: ignore[misc]  # the plugin does not see `as_of`


def children(organisation: int, on: date) -> OrganisationQuerySet:
    """What is directly part of it on that day, with `.state`, by name."""
    return ordered(Organisation.objects.as_of(on).filter(Q(state__parent=organisation)))


def schools(
    region: int, on: date, *, municipal: bool = True, state: bool = True, branches: bool = False
) -> OrganisationQuerySet:
    """The schools that exist on that day, with `.state`: of municipalities, under the ministry, or both."""
    kinds = [Kind.SCHOOL, Kind.BRANCH] if branches else [Kind.SCHOOL]
    found = Organisation.objects.as_of(on).filter(region=region, kind__in=kinds)
    if municipal and state:
        return ordered(found)
    wanted = [*([Kind.AUTHORITY] if municipal else []), *([Kind.MINISTRY] if state else [])]
    own = Q(kind=Kind.SCHOOL, state__parent__kind__in=wanted)
    if not branches:
        return ordered(found.filter(own))
    heads = OrganisationState.objects.filter(
        valid_on(on), organisation__kind=Kind.SCHOOL, organisation__region=region, parent__kind__in=wanted
    )
    return ordered(found.filter(own | Q(kind=Kind.BRANCH, state__parent__in=heads.values("organisation"))))


def authorities(region: int, on: date) -> OrganisationQuerySet:
    """The municipal authorities that exist on that day, with `.state`, by name."""
    return ordered(Organisation.objects.as_of(on).filter(region=region, kind=Kind.AUTHORITY))


def the_one(region: int, kind: str, on: date) -> Organisation | None:
    """The ministry, the coordinator or the institute of the region on that day, with `.state`."""
    return Organisation.objects.as_of(on).filter(region=region, kind=kind).order_by("pk").first()


def history(states: Iterable[OrganisationState]) -> list[OrganisationState]:
    """Of states from the oldest: those from the newest, without where only a place further up the tree changed."""
    result: list[OrganisationState] = []
    for state in states:
        if result and all(getattr(result[-1], name) == getattr(state, name) for name in _STEPS):
            result[-1].valid_to = state.valid_to
        else:
            result.append(state)
    return result[::-1]


def successions(organisation: int) -> tuple[list[Succession], list[Succession]]:
    """(what it took over, what took over from it). One query."""
    rows = list(
        Succession.objects.filter(Q(predecessor=organisation) | Q(successor=organisation)).order_by("on", "pk")
    )
    return (
        [row for row in rows if row.successor_id == organisation],
        [row for row in rows if row.predecessor_id == organisation],
    )


def placement(region: int, on: date) -> dict[int, Placement]:
    """Where every organisation of the region stands on that day, by id; the region itself left out. One query."""
    rows = list(
        OrganisationState.objects.filter(valid_on(on), organisation__region=region).values_list(
            "organisation_id", "path", "organisation__kind"
        )
    )
    kinds = {pk: kind for pk, _path, kind in rows}
    return {pk: _placed(path, kind, kinds) for pk, path, kind in rows}


def placement_of(ids: Collection[int], on: date) -> dict[int, Placement]:
    """As `placement`, for these organisations alone; those that do not exist are left out. Two queries."""
    rows = [
        row
        for part in chunks(set(ids))
        for row in OrganisationState.objects.filter(valid_on(on), organisation__in=part).values_list(
            "organisation_id", "path", "organisation__kind"
        )
    ]
    above = {step for _pk, path, _kind in rows for step in _steps(path)}
    kinds = {
        pk: kind
        for part in chunks(above)
        for pk, kind in Organisation.objects.filter(pk__in=part).values_list("pk", "kind")
    }
    return {pk: _placed(path, kind, kinds) for pk, path, kind in rows}


def unit_of(state: OrganisationState) -> int:
    """The id of the municipality by which it is counted: the nearest authority in its path, else the ministry."""
    return _placed_alone(state).unit_id


def reviewer_of(state: OrganisationState) -> int:
    """The id of the organisation that checks what it reports: see Placement."""
    return _placed_alone(state).reviewer_id


def _placed_alone(state: OrganisationState) -> Placement:
    kinds = dict(Organisation.objects.filter(pk__in=_steps(state.path)).values_list("pk", "kind"))
    return _placed(state.path, kinds[state.organisation_id], kinds)


def _steps(path: str) -> list[int]:
    return [int(step) for step in path.split("/") if step]


def _placed(path: str, kind: str, kinds: Mapping[int, str]) -> Placement:
    steps = _steps(path)
    ministry = next((step for step in steps if kinds.get(step) == Kind.MINISTRY), steps[-1])
    unit = next((step for step in reversed(steps) if kinds.get(step) == Kind.AUTHORITY), ministry)
    return Placement(Kind(kind), path, unit, ministry if kind == Kind.AUTHORITY else unit)
