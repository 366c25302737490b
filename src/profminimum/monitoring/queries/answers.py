"""What do the answers of a wave say? The list of them, and their contents one after another with flat memory.

What is read is fixed at the start: the stages of that moment, each of which names an immutable revision. Then the
answers come in parts, by their keys, so that no long cursor holds the database while a slow client downloads.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from django.db.models import FilteredRelation, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from profminimum.monitoring.models import Answer, Revision, Stage
from profminimum.monitoring.queries import answered
from profminimum.monitoring.states import State
from profminimum.orgs import queries
from profminimum.orgs.querysets import valid_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from profminimum.monitoring.models import Submission, Wave
    from profminimum.monitoring.queries.answered import Ask
    from profminimum.monitoring.querysets import StageQuerySet
    from profminimum.orgs.models import User

PART: Final = 400  # answers read at once
BASES: Final[Mapping[str, tuple[str, ...]]] = {  # which answers count
    "accepted": (State.ACCEPTED.value,),
    "passed": (State.CHECKED.value, State.ACCEPTED.value),
    "sent": (State.SUBMITTED.value, State.CHECKED.value, State.ACCEPTED.value),
}


class Content(NamedTuple):
    """An answer with what is known of whose it is."""

    submission: int
    organisation: int
    unit: int
    state: str
    timely: bool | None
    due: date
    sent: date | None
    number: int
    code: str
    name: str
    answers: dict[str, Any]


def listed(user: User, wave: Wave, ask: Ask) -> StageQuerySet:
    """The answers that the person may read, by the filter but the state, with their names."""
    return answered.named(answered.stages(user, [wave.pk], ask, "submission.see"), ask)


def fixed(found: StageQuerySet) -> array[int]:
    """The keys of the stages that have an answer, in the order of the queryset: eight bytes each."""
    return array("q", found.filter(number__gt=0).values_list("pk", flat=True).iterator(10_000))


def based(user: User, wave: Wave, ask: Ask, base: str, verb: str = "wave.see") -> array[int]:
    """The answers that a summary counts: in these states, within the filter."""
    return fixed(answered.stages(user, [wave.pk], ask, verb).filter(state__in=BASES[base]).order_by("pk"))


def contents(keys: Sequence[int], on: date) -> Iterator[Content]:
    """The answers of these stages in their order; one query a part."""
    said = Revision.objects.filter(submission=OuterRef("submission"), number=OuterRef("number"))
    rows = Stage.objects.annotate(
        place=FilteredRelation("organisation__states", condition=valid_on(on, "organisation__states__")),
        said=Subquery(said.annotate(text=Cast("answers", TextField())).values("text")[:1]),
    ).values_list(
        "pk", "submission_id", "organisation_id", "unit_id", "state", "timely", "due", "submission__sent", "number",
        "organisation__code", "place__short_name", "said",
    )  # fmt: skip
    load = orjson.loads
    for part in _parts(keys):
        found = {row[0]: row for row in rows.filter(pk__in=part)}
        for key in part:
            row = found[key]
            yield Content(*row[1:-2], row[-2] or "", load(row[-1]))


def bare(keys: Sequence[int]) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """(unit, organisation, submission, answer): as `contents`, without the names."""
    said = Revision.objects.filter(submission=OuterRef("submission"), number=OuterRef("number"))
    rows = Stage.objects.annotate(said=Subquery(said.annotate(text=Cast("answers", TextField())).values("text")[:1]))
    for part in _parts(keys):
        found = rows.filter(pk__in=part).values_list("unit_id", "organisation_id", "submission_id", "said")
        for unit, organisation, submission, text in found:
            yield unit, organisation, submission, orjson.loads(text)


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(keys)
    while part := list(islice(iterator, PART)):
        yield part


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    stage: Stage
    submission: Submission
    name: str
    unit: str
    sent: date | None

    @property
    def late(self) -> bool:
        return self.stage.timely is False

    @property
    def word(self) -> str:
        return str(Answer(self.stage.state).label)


def rows(found: Iterable[Stage], on: date) -> list[Row]:
    """The lines with their names: one query for the names."""
    found = list(found)
    names = queries.names({row.organisation_id for row in found} | {row.unit_id for row in found}, on)
    return [
        Row(
            stage=row,
            submission=row.submission,
            name=names.get(row.organisation_id, ""),
            unit=names.get(row.unit_id, "") if row.unit_id != row.organisation_id else "",
            sent=row.submission.sent if row.number else None,
        )
        for row in found
    ]
