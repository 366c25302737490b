"""Who is to be told? The people who hold a right in an organisation today."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from profminimum.orgs import access
from profminimum.orgs.models import Kind, Membership, OrganisationState, Role
from profminimum.orgs.querysets import valid_on
from profminimum.orgs.services.states import chunks

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


def staff(places: Collection[int], verb: str, on: date) -> dict[int, list[int]]:
    """Organisation → ids of the people who hold the right there and may sign in, in a fixed number of questions.

    Of a branch also those of its school, who answer for it.
    """
    heads = _heads(places, on) if access.Reach.BELOW in access.GRANTS[verb].get(Role.SCHOOL, ()) else {}
    wanted = set(places) | set(heads.values())
    found: dict[int, list[int]] = defaultdict(list)
    for part in chunks(wanted) if wanted else ():
        rows = Membership.objects.active(on).filter(
            organisation__in=part, role__in=access.GRANTS[verb], user__is_active=True
        )
        for place, user in rows.order_by("pk").values_list("organisation_id", "user_id"):
            if user not in found[place]:
                found[place].append(user)
    return {
        place: list(dict.fromkeys([*found.get(place, ()), *found.get(heads.get(place, 0), ())])) for place in places
    }


def _heads(places: Collection[int], on: date) -> dict[int, int]:
    """The schools of those places that are branches."""
    return {
        branch: school
        for part in (chunks(set(places)) if places else ())
        for branch, school in OrganisationState.objects.filter(
            valid_on(on), organisation__in=part, organisation__kind=Kind.BRANCH, parent__kind=Kind.SCHOOL
        ).values_list("organisation_id", "parent_id")
        if school is not None
    }


def holders(regions: Collection[int], verb: str, on: date) -> dict[int, list[int]]:
    """Region → ids of the people who hold the right for the whole of it."""
    wide = [role for role, reach in access.GRANTS[verb].items() if access.Reach.REGION in reach]
    rows = Membership.objects.active(on).filter(organisation__region__in=regions, role__in=wide, user__is_active=True)
    found: dict[int, list[int]] = defaultdict(list)
    for region, user in rows.order_by("pk").values_list("organisation__region_id", "user_id"):
        if region is not None and user not in found[region]:
            found[region].append(user)
    return found
