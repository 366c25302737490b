"""How does a notice get into an inbox? Many at once; what repeats is folded into the one that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from profminimum.notices.models import Notice
from profminimum.notices.services.figures import recount
from profminimum.orgs.services.states import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(slots=True)
class Fresh:
    """What one person is to be told. With an equal `key` it is counted into what they have been told before."""

    user: int
    kind: str
    key: str
    thing: tuple[str, int]  # type and id of the object
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    organisation: int | None = None
    entry: int | None = None
    count: int = 1


def tell(fresh: Iterable[Fresh]) -> int:
    """Put these into the inboxes in a constant number of statements; how many inboxes' lines are new or changed.

    A line that was read and grows is unread again. The caller holds the transaction.
    """
    folded: dict[tuple[int, str], Fresh] = {}
    for one in fresh:
        known = folded.get((one.user, one.key))
        if known is not None:
            one.count += known.count
        folded[one.user, one.key] = one
    people = {user for user, _key in folded}
    for keys in chunks({key for _user, key in folded}):
        rows = Notice.objects.select_for_update().filter(key__in=keys)
        grown = []
        for row in rows.order_by("pk"):
            more = folded.pop((row.user_id, row.key), None)
            if more is not None:
                row.count += more.count
                row.at, row.data, row.entry_id = max(row.at, more.at), more.data, more.entry
                row.read = row.letter = None
                grown.append(row)
        Notice.objects.bulk_update(grown, ["count", "at", "data", "entry", "read", "letter"], batch_size=200)
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=one.user,
                kind=one.kind,
                key=one.key,
                object_type=one.thing[0],
                object_id=one.thing[1],
                at=one.at,
                data=one.data,
                organisation_id=one.organisation,
                entry_id=one.entry,
                count=one.count,
            )
            for one in folded.values()
        ],
        batch_size=300,
    )
    recount(people)
    return len(folded)
