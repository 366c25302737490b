"""How are organisations called on a day, also those that have closed since?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.orgs import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from profminimum.orgs.models import OrganisationState


def states(ids: Iterable[int], on: date) -> dict[int, OrganisationState]:
    """The state of each on that day, of what is closed or not yet open the newest one. One query, two at most."""
    wanted = set(ids)
    found = queries.states(wanted, on) if wanted else {}
    missing = wanted - set(found)
    return {**queries.latest(missing), **found} if missing else found
