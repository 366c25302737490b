"""What do the answers of a wave say? The list of them, and their contents one after another with flat memory.

What is read is fixed at the start: the stages of that moment, each of which names an immutable revision. Then the
answers come in parts, by their keys, so that no long cursor holds the database while a slow client downloads.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast

from profminimum.monitoring.models import Revision, Stage
from profminimum.monitoring.queries import answered
from profminimum.monitoring.states import State
from profminimum.orgs import queries
from profminimum.orgs.models import OrganisationState
from profminimum.orgs.querysets import valid_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.queries.answered import Ask
    from profminimum.monitoring.querysets import StageQuerySet
    from profminimum.orgs.models import User

PART: Final = 400  # answers read at once
SAID: Final = "SELECT id, at, convert_to(answers::text, 'UTF8') FROM monitoring_revision WHERE id = ANY(%s)"
WIDE: Final = 7
STATES: Final = tuple(state.value for state in State)
TIMELY: Final = (None, False, True)
BASES: Final[Mapping[str, tuple[str, ...]]] = {  # which answers count
    "accepted": (State.ACCEPTED.value,),
    "passed": (State.CHECKED.value, State.ACCEPTED.value),
    "sent": (State.SUBMITTED.value, State.CHECKED.value, State.ACCEPTED.value),
}


class Content(NamedTuple):
    """An answer with what is known of whose it is; `sent` is the moment of this revision."""

    submission: int
    organisation: int
    unit: int
    state: str
    timely: bool | None
    number: int
    sent: datetime
    code: str
    name: str
    answers: dict[str, Any]


@dataclass(slots=True)
class Fixed:
    """Which answers are to be read, in their order: WIDE whole numbers of each, 56 bytes, whatever is in them."""

    numbers: array[int]

    def __len__(self) -> int:
        return len(self.numbers) // WIDE

    def units(self) -> set[int]:
        return set(self.numbers[3::WIDE])

    def parts(self) -> Iterator[list[tuple[int, ...]]]:
        """(revision, submission, organisation, unit, number, state, timely) of each, PART at once."""
        for start in range(0, len(self.numbers), WIDE * PART):
            flat = iter(self.numbers[start : start + WIDE * PART])
            yield list(zip(*[flat] * WIDE, strict=True))


def listed(user: User, wave: Wave, ask: Ask) -> StageQuerySet:
    """The answers that the person may read, by the filter but the state, with their names."""
    return answered.named(answered.stages(user, [wave.pk], ask, "submission.see"), ask)


def fixed(found: StageQuerySet) -> Fixed:
    """The answers of these stages as they are now, in the order of the queryset; those never sent left out."""
    revision = Revision.objects.filter(submission=OuterRef("submission"), number=OuterRef("number")).order_by()
    rows = (
        found.filter(number__gt=0)
        .annotate(revision=Subquery(revision.values("pk")[:1]))
        .values_list("revision", "submission_id", "organisation_id", "unit_id", "number", "state", "timely")
    )
    numbers = array("q")
    for *keys, state, timely in rows.iterator(10_000):
        numbers.extend((*keys, STATES.index(state), TIMELY.index(timely)))
    return Fixed(numbers)


def based(user: User, wave: Wave, ask: Ask, base: str, verb: str = "wave.see") -> Fixed:
    """The answers that a summary counts: in these states, within the filter."""
    return fixed(answered.stages(user, [wave.pk], ask, verb).filter(state__in=BASES[base]).order_by("pk"))


def contents(keys: Fixed, on: date) -> Iterator[Content]:
    """The answers in their order, with names of that day; two queries a part."""
    load = orjson.loads
    for part in keys.parts():
        said = _said([row[0] for row in part])
        names = _names({row[2] for row in part}, on)
        for revision, submission, organisation, unit, number, state, timely in part:
            at, text = said[revision]
            yield Content(
                submission,
                organisation,
                unit,
                STATES[state],
                TIMELY[timely],
                number,
                at,
                *names.get(organisation, ("", "")),
                load(text),
            )


def bare(keys: Fixed) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """(unit, organisation, submission, answer): as `contents`, without the names."""
    for part in keys.parts():
        said = _said([row[0] for row in part])
        for row in part:
            yield row[3], row[2], row[1], orjson.loads(said[row[0]][1])


def _said(revisions: list[int]) -> dict[int, tuple[datetime, str | bytes]]:
    """Revision → when it was sent, and its answers as JSON."""
    if connection.vendor == "postgresql":  # as bytes: the way of Cyrillic through strings takes a tenth of an export
        connection.ensure_connection()
        with connection.connection.cursor(binary=True) as cursor:
            cursor.execute(SAID, [revisions])
            return {key: (at, text) for key, at, text in cursor}
    rows = Revision.objects.filter(pk__in=revisions).order_by().annotate(text=Cast("answers", TextField()))
    return {key: (at, text) for key, at, text in rows.values_list("pk", "at", "text")}


def _names(places: set[int], on: date) -> dict[int, tuple[str, str]]:
    """Organisation → code and short name of that day; of what has closed the last one."""
    held = Q(valid_on(on)) | Q(valid_to=F("organisation__closed"))
    rows = OrganisationState.objects.filter(held, organisation__in=places)
    return {
        key: (code, name) for key, code, name in rows.values_list("organisation", "organisation__code", "short_name")
    }


class Row(NamedTuple):
    """A line of the list. `sent` is the day of the first sending; None where nothing has been sent by then."""

    submission: int
    organisation: int
    unit: int
    state: str
    timely: bool | None
    due: date
    number: int
    since: datetime
    sent: date | None
    warnings: int
    remarks: int
    name: str

    def overdue(self, on: date) -> bool:
        return self.timely is None and self.due < on and self.state != State.WITHDRAWN.value


COLUMNS: Final = (
    "submission_id", "organisation_id", "unit_id", "state", "timely", "due", "number", "since", "submission__sent",
    "submission__warnings", "submission__remarks", "place__short_name",
)  # fmt: skip


def plain(found: StageQuerySet) -> QuerySet[Stage, tuple[Any, ...]]:
    """After `named`: the lines as tuples, since a page of them must open at once."""
    return found.values_list(*COLUMNS)


def rows(found: Iterable[tuple[Any, ...]], on: date) -> list[Row]:
    """The lines of `plain`; names are asked for only where an organisation has none on that day."""
    made = [Row(*row) for row in found]
    nameless = {row.organisation for row in made if row.name is None}
    names = queries.names(nameless, on) if nameless else {}
    return [
        row._replace(
            name=row.name or names.get(row.organisation, ""),
            sent=row.sent if row.number else None,
        )
        for row in made
    ]
