"""What do the parameters of the addresses in matrix.toml stand for? Objects of the small region by name.

An app that brings new addresses adds the objects that they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People


def objects(region: SmallRegion, people: People) -> dict[str, int | str]:
    """Name → value for an address. All of them belong to the first authority or its first school."""
    return {
        "region": region.region.pk,
        "ministry": region.ministry.pk,
        "authority": region.authorities[0].pk,
        "school": region.schools[0].pk,
        "school_officer": people.school.pk,
        "nothing": 999_999_999,
    }
