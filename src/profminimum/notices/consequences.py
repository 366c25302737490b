"""Who is told of what in the plan: the consequences of journal entries for inboxes, many entries at once.

Nobody is told of their own act. What a monitoring carries is told by the monitoring: see `answers`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from profminimum.journal.services import batch
from profminimum.notices.queries.people import holders, staff
from profminimum.notices.services import settling
from profminimum.notices.services.telling import Fresh, tell
from profminimum.orgs.models import Organisation
from profminimum.orgs.queries import names
from profminimum.plan.models import Obligation, PlanVersion, Standing
from profminimum.plan.states import State
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from profminimum.journal.models import Entry

LONGEST: Final = 400  # characters of a reason that are kept with a notice
OWN: Final = {
    "obligation.returned": "returned",
    "obligation.accepted": "accepted",
    "obligation.waived": "waived",
    "obligation.resumed": "resumed",
    "extension.granted": "granted",
    "extension.refused": "refused",
}
BY_FORM_TOO: Final = {"obligation.waived", "extension.granted", "extension.refused"}


def obligations(entries: Iterable[Entry]) -> dict[int, Obligation]:
    """The obligations that the entries are about, with their measures. One question."""
    ids = {entry.object_id for entry in entries if entry.object_type == "plan.obligation"}
    return Obligation.objects.select_related("measure", "plan").in_bulk(ids)


def facts(entry: Entry, obligation: Obligation) -> dict[str, Any]:
    """What the words of a notice about an obligation are made of."""
    return {
        "number": obligation.measure.number,
        "title": obligation.measure.title[:LONGEST],
        "duty": obligation.duty,
        "due": entry.after.get("due"),
        "reason": entry.reason[:LONGEST],
    }


@batch
def tell_owner(entries: Sequence[Entry]) -> None:
    """Returned, accepted, released, under control again, another date: to those who answer for it."""
    known = obligations(entries)
    settling.reviewed({row.measure_id for row in known.values()}, entries[-1].at)
    people = staff({row.organisation_id for row in known.values()}, "obligation.report", clock.today())
    fresh = []
    for entry in entries:
        row = known.get(entry.object_id)
        if row is None or (row.by_form and entry.action not in BY_FORM_TOO):
            continue
        fresh += [
            Fresh(
                user=user,
                kind=OWN[entry.action],
                key=f"{entry.action}:{entry.pk}",
                thing=("plan.obligation", row.pk),
                at=entry.at,
                data=facts(entry, row),
                organisation=row.organisation_id,
                entry=entry.pk,
            )
            for user in people.get(row.organisation_id, ())
            if user != entry.by_id
        ]
    tell(fresh)


@batch
def tell_reviewers(entries: Sequence[Entry]) -> None:
    """What was reported as done, to those who check it: one line a row of the plan and day."""
    known = {pk: row for pk, row in obligations(entries).items() if not row.by_form}
    settling.reported(list(known), entries[-1].at)
    waiting = Standing.objects.at().filter(obligation__in=known, state=State.REPORTED.value)
    reviewers = dict(
        waiting.values_list("obligation_id", "reviewer_id")
    )  # what has been decided meanwhile waits no more
    people = staff(set(reviewers.values()), "obligation.review", clock.today())
    places = names({row.organisation_id for row in known.values()}, clock.today())
    fresh = []
    for entry in entries:
        row = known.get(entry.object_id)
        if row is None:
            continue
        day = timezone.localdate(entry.at)
        data = facts(entry, row) | {"place": places.get(row.organisation_id, "")}
        fresh += [
            Fresh(
                user=user,
                kind="reported",
                key=f"reported:{row.measure_id}:{day}",
                thing=("plan.measure", row.measure_id),
                at=entry.at,
                data=data,
                organisation=reviewers.get(row.pk),
                entry=entry.pk,
            )
            for user in people.get(reviewers.get(row.pk, 0), ())
            if user != entry.by_id
        ]
    tell(fresh)


@batch
def tell_deciders(entries: Sequence[Entry]) -> None:
    """Requests for another date, to those who decide on them: one line a row of the plan and day."""
    known = obligations(entries)
    people = holders({row.plan.region_id for row in known.values()}, "obligation.decide", clock.today())
    places = names({row.organisation_id for row in known.values()}, clock.today())
    fresh = []
    for entry in entries:
        row = known.get(entry.object_id)
        if row is None:
            continue
        day = timezone.localdate(entry.at)
        fresh += [
            Fresh(
                user=user,
                kind="requested",
                key=f"requested:{row.measure_id}:{day}",
                thing=("plan.obligation", row.pk),
                at=entry.at,
                data=facts(entry, row) | {"place": places.get(row.organisation_id, "")},
                organisation=row.organisation_id,
                entry=entry.pk,
            )
            for user in people.get(row.plan.region_id, ())
            if user != entry.by_id
        ]
    tell(fresh)


@batch
def tell_assigned(entries: Sequence[Entry]) -> None:
    """New obligations, to those who will carry them out: one line an organisation and day, whatever their number."""
    given: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)  # (organisation, obligation or 0) by entry
    known = obligations(entries)
    by_id = {entry.pk: entry for entry in entries}
    for entry in entries:
        for place, thing, count in _given(entry, known):
            given[place, thing][entry.pk] += count
    people = staff({place for place, _thing in given}, "obligation.report", clock.today())
    fresh = []
    for (place, thing), counted in given.items():
        for number, count in counted.items():
            entry = by_id[number]
            data = facts(entry, known[thing]) if thing else {}
            fresh += [
                Fresh(
                    user=user,
                    kind="assigned",
                    key=f"assigned:{place}:{timezone.localdate(entry.at)}",
                    thing=("plan.obligation", thing) if thing else ("orgs.organisation", place),
                    at=entry.at,
                    data=data,
                    organisation=place,
                    entry=entry.pk,
                    count=count,
                )
                for user in people.get(place, ())
                if user != entry.by_id
            ]
    tell(fresh)


def _given(entry: Entry, known: dict[int, Obligation]) -> Iterable[tuple[int, int, int]]:
    """(organisation, obligation, how many): an adopted plan gives many at once, a monitoring tells of its own."""
    if entry.object_type == "plan.planversion":
        plan = PlanVersion.objects.filter(pk=entry.object_id).values_list("plan_id", flat=True).first()
        made = Obligation.objects.filter(plan=plan, created=entry.at, by_form=False)
        return [(place, 0, count) for place, count in Counter(made.values_list("organisation_id", flat=True)).items()]
    if entry.object_type == Organisation._meta.label_lower:  # noqa: SLF001 - Django's documented model API
        return [(entry.object_id, 0, int(entry.after.get("count", 1)))]
    row = known.get(entry.object_id)
    return [(row.organisation_id, row.pk, 1)] if row is not None and not row.by_form else []
