"""Whom does a campaign ask on a day, and who checks each? In a fixed number of questions, however many schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from profminimum.monitoring.models import Campaign
from profminimum.orgs import queries
from profminimum.orgs.models import Kind, Organisation
from profminimum.registers.queries import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from profminimum.orgs.models import OrganisationState


@dataclass(frozen=True, slots=True)
class Asked:
    """An organisation of the audience: by which municipality it is counted, who checks and who accepts its answer."""

    organisation_id: int
    kind: str
    unit_id: int
    checker_id: int | None
    acceptor_id: int


class NobodyAcceptsError(Exception):
    """The region has no organisation that could accept the answers at the last tier."""


def _acceptor(campaign: Campaign, on: date) -> int | None:
    if campaign.last == Campaign.Last.AUTHORITY:
        return None
    found = queries.the_one(campaign.region_id, Kind(campaign.last), on)
    if found is None:
        raise NobodyAcceptsError
    return found.pk


def _ministry(campaign: Campaign, on: date) -> int:
    found = queries.the_one(campaign.region_id, Kind.MINISTRY, on)
    if found is None:
        raise NobodyAcceptsError
    return found.pk


def audience(campaign: Campaign, on: date, period: str, only: Iterable[int] | None = None) -> list[Asked]:
    """The organisations that the campaign asks on that day, by name; `only` looks at these alone.

    `period` is the school year of the wave, by which the register knows the level of a school.
    """
    found = Organisation.objects.as_of(on).filter(region=campaign.region_id, kind__in=campaign.kinds)
    if only is not None:
        found = found.filter(pk__in=list(only))
    if campaign.school_types:
        found = found.exclude(kind__in=[Kind.SCHOOL, Kind.BRANCH]) | found.filter(
            state__school_type__in=campaign.school_types  # type: ignore[misc]  # the plugin does not see `as_of`
        )
    excluded = set(campaign.exclusions.filter(ended=None).values_list("organisation_id", flat=True))
    placements = queries.placement(campaign.region_id, on)
    authorities = {key for key, placed in placements.items() if placed.kind == Kind.AUTHORITY}
    levels = _levels(campaign, on, period)
    acceptor, ministry = _acceptor(campaign, on), _ministry(campaign, on)
    result = []
    for organisation in queries.ordered(found):
        placed = placements[organisation.pk]
        municipal = placed.unit_id in authorities
        if organisation.pk in excluded or not _wanted(campaign, placed.kind, placed.unit_id, municipal=municipal):
            continue
        if levels is not None and not _of_level(placed, levels, campaign.levels):
            continue
        last = _last(organisation.pk, acceptor or (placed.unit_id if municipal else ministry), ministry)
        result.append(_asked(campaign, placed, organisation.pk, last, municipal=municipal))
    return result


def chain(campaign: Campaign, places: Iterable[int], on: date) -> dict[int, Asked]:
    """Who counts, checks and accepts the answers of these organisations on that day, whatever the filters say."""
    placements = queries.placement(campaign.region_id, on)
    authorities = {key for key, placed in placements.items() if placed.kind == Kind.AUTHORITY}
    acceptor, ministry = _acceptor(campaign, on), _ministry(campaign, on)
    found = {}
    for key in places:
        if placed := placements.get(key):
            municipal = placed.unit_id in authorities
            last = _last(key, acceptor or (placed.unit_id if municipal else ministry), ministry)
            found[key] = _asked(campaign, placed, key, last, municipal=municipal)
    return found


def _asked(campaign: Campaign, placed: queries.Placement, key: int, acceptor: int, *, municipal: bool) -> Asked:
    """A municipal school is checked by its authority first; state schools and all others skip it."""
    school = placed.kind in {Kind.SCHOOL, Kind.BRANCH}
    first = campaign.by_authority and municipal and school and placed.unit_id != acceptor
    return Asked(key, placed.kind, placed.unit_id, placed.unit_id if first else None, acceptor)


def _last(key: int, acceptor: int, ministry: int) -> int:
    """Nobody accepts their own answer: that of the one who accepts all others goes to the ministry."""
    return ministry if key == acceptor else acceptor


def _wanted(campaign: Campaign, kind: str, unit: int, *, municipal: bool) -> bool:
    if campaign.units and unit not in campaign.units:
        return False
    if kind not in {Kind.SCHOOL, Kind.BRANCH} or not campaign.schools:
        return True
    return municipal == (campaign.schools == Campaign.Schools.MUNICIPAL)


def _levels(campaign: Campaign, on: date, period: str) -> dict[int, str] | None:
    """The level of each school by the register; None when the campaign does not ask by level."""
    if not campaign.levels:
        return None
    rows = in_force("level", on, period=period, region=campaign.region_id)
    return {row.organisation_id: str(row.values.get("level", "")) for row in rows}


def _of_level(placed: queries.Placement, levels: Mapping[int, str], wanted: Collection[str]) -> bool:
    """Is it a school of such a level, or a branch of one? What is no school has no level and is asked by its kind."""
    if placed.kind not in {Kind.SCHOOL, Kind.BRANCH}:
        return True
    return any(levels.get(int(step)) in wanted for step in placed.path.split("/") if step)


def registry(state: OrganisationState, kind: str, municipality: str, code: str) -> dict[str, object]:
    """What the registry of schools knows of an organisation, as the rules of forms see it."""
    facts = {
        "name": state.name,
        "short_name": state.short_name,
        "code": code,
        "kind": kind,
        "oktmo": state.oktmo,
        "school_type": state.school_type,
        "pupils": state.pupils,
        "address": state.address,
        "email": state.email,
        "phone": state.phone,
        "municipality": municipality,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}
