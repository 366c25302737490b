"""What does an organisation get when it is asked? An answer to fill with what is known already, and an obligation."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from profminimum.monitoring import definitions
from profminimum.monitoring.models import Draft, Revision, Stage, Submission
from profminimum.monitoring.queries.audience import registry
from profminimum.monitoring.schema.answers import prefill
from profminimum.monitoring.services.submissions import stage_of
from profminimum.monitoring.states import SENT
from profminimum.orgs import queries
from profminimum.orgs.models import Organisation
from profminimum.plan.models import Obligation
from profminimum.plan.services import asked
from profminimum.registers.queries import for_prefill

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, datetime

    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.queries.audience import Asked
    from profminimum.orgs.models import User

BATCH: Final = 500


def give(wave: Wave, who: Collection[Asked], *, due: date, by: User | None, at: datetime) -> None:
    """Create answers, drafts, stages and obligations of these organisations, batch by batch with flat memory."""
    for batch in _batches(who):
        obligations = asked.ask(
            wave.occurrence,
            Obligation.Duty.ANSWER,
            [one.organisation_id for one in batch],
            due=due,
            by=by,
            at=at,
        )
        rows = Submission.objects.bulk_create(
            [
                Submission(
                    wave=wave,
                    organisation_id=one.organisation_id,
                    obligation_id=obligations.get(one.organisation_id),
                    kind=one.kind,
                    unit_id=one.unit_id,
                    checker_id=one.checker_id,
                    acceptor_id=one.acceptor_id,
                    due=due,
                    changed=at,
                )
                for one in batch
            ]
        )
        known = _known(wave, [one.organisation_id for one in batch], timezone.localdate(at))
        form, today = definitions.definition(wave.version_id or 0), timezone.localdate(at)
        Draft.objects.bulk_create(
            [
                Draft(
                    submission=row,
                    given=known[row.organisation_id],
                    answers=prefill(form, definitions.context(known[row.organisation_id], today)),
                )
                for row in rows
            ]
        )
        Stage.objects.bulk_create([stage_of(row, "ask", by=by, at=at) for row in rows])


def _batches(who: Iterable[Asked]) -> Iterator[list[Asked]]:
    iterator = iter(who)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _known(wave: Wave, places: list[int], on: date) -> dict[int, dict[str, Any]]:
    """What is known of each before anyone types: the registry, the registers, the answer to the wave before."""
    states = queries.known(places, on)
    codes = dict(Organisation.objects.filter(pk__in=places).values_list("pk", "code"))
    kinds = dict(Organisation.objects.filter(pk__in=places).values_list("pk", "kind"))
    units = {key: placed.unit_id for key, placed in queries.placement_of(places, on).items()}
    municipalities = queries.names(units.values(), on)
    registers = for_prefill(places, on, wave.period)
    last = _last(wave, places)
    return {
        place: {
            "registry": registry(
                states[place], kinds[place], municipalities.get(units.get(place, 0), ""), codes[place]
            ),
            "registers": registers.get(place, {}),
            "last": last.get(place, {}),
        }
        for place in places
    }


def _last(wave: Wave, places: list[int]) -> dict[int, dict[str, Any]]:
    if wave.previous_id is None:
        return {}
    sent = Submission.objects.filter(
        wave=wave.previous_id, organisation__in=places, state__in=[state.value for state in SENT]
    )
    numbers = {pk: (place, number) for pk, place, number in sent.values_list("pk", "organisation_id", "number")}
    return {
        numbers[row.submission_id][0]: row.answers
        for row in Revision.objects.filter(submission__in=numbers)
        if row.number == numbers[row.submission_id][1]
    }
