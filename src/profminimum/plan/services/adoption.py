"""A draft becomes the plan in force: measures, occurrences and the obligations of every organisation concerned.

An amendment goes the same way and keeps what has been reported. Organisations that open, close or move later are
given, relieved of or moved with their obligations here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profminimum.decree.calendar import RUSSIA
from profminimum.journal import services as journal
from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Organisation
from profminimum.plan import expansion, matching
from profminimum.plan.expansion import Aim, Dated
from profminimum.plan.models import (
    Exemption,
    Finding,
    Measure,
    Obligation,
    Occurrence,
    Plan,
    PlanVersion,
    Standing,
    Wording,
)
from profminimum.plan.queries.amended import known_dates
from profminimum.plan.services.obligations import advance, lock
from profminimum.plan.states import OPEN, State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from profminimum.orgs.models import User
    from profminimum.orgs.queries import Placement

    KnownDates = Mapping[int, Mapping[date, Dated]]

BATCH: Final = 5000  # rows in memory at once while obligations are written


@dataclass(slots=True)
class Consequence:
    """What adopting would do: how many obligations, of how many organisations, and by measure."""

    obligations: int = 0
    organisations: int = 0
    by_measure: dict[str, int] = field(default_factory=dict)


def _aims(version: PlanVersion) -> dict[int, list[Aim]]:
    """Wording id → its executors."""
    aims: dict[int, list[Aim]] = {}
    rows = version.wordings.order_by("assignments__position").values_list(
        "pk", "assignments__executor__target", "assignments__executor__organisation"
    )
    for pk, target, organisation in rows:
        aims.setdefault(pk, [])
        if target:
            aims[pk].append(Aim(target, organisation))
    return aims


def _exempt(version: PlanVersion) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for wording, organisation in Exemption.objects.filter(wording__version=version).values_list(
        "wording", "organisation"
    ):
        found.setdefault(wording, set()).add(organisation)
    return {wording: frozenset(ids) for wording, ids in found.items()}


def _placements(version: PlanVersion, aims: Mapping[int, list[Aim]], on: date) -> dict[int, Placement]:
    """Where everybody who can be meant stands in the tree on that day."""
    placements = dict(queries.placement(version.region_id, on))
    named = {aim.organisation_id for row in aims.values() for aim in row if aim.organisation_id} - set(placements)
    placements.update(queries.placement_of(named, on))
    return placements


def _dates(wording: Wording, signed: date, known: KnownDates) -> list[Dated]:
    days = [date.fromisoformat(day) for day in wording.occurrences]
    return expansion.dates(days, signed, wording.past, wording.past_days, known.get(wording.pk))


def consequence(version: PlanVersion, on: date) -> Consequence:
    """What adopting the draft by an act signed on `on` would give; writes nothing."""
    aims, exempt = _aims(version), _exempt(version)
    placements = _placements(version, aims, on)
    known = known_dates(version)
    made = Consequence()
    everybody: set[int] = set()
    for wording in version.wordings.all():
        who = list(expansion.organisations(aims[wording.pk], placements, exempt.get(wording.pk, frozenset())))
        count = len(who) * len(_dates(wording, on, known))
        made.by_measure[wording.number] = made.by_measure.get(wording.number, 0) + count
        made.obligations += count
        everybody.update(who)
    made.organisations = len(everybody)
    return made


def obstacles(version: PlanVersion) -> list[str]:
    """What must be decided before the draft can be adopted; empty when nothing."""
    found = []
    doubts = version.findings.filter(decision=Finding.Decision.OPEN, severity__in=("error", "warning")).count()
    if doubts:
        found.append(
            ngettext(
                "%(n)d doubt about the text is not decided.", "%(n)d doubts about the text are not decided.", doubts
            )
            % {"n": doubts}
        )
    unmatched = version.executors.filter(target="").values_list("name", flat=True)
    found.extend(_("It is not said who «%(name)s» is.") % {"name": name} for name in unmatched)
    if not version.act_number or not version.act_date:
        found.append(_("The number and the date of the act are missing."))
    if not version.start or not version.end:
        found.append(_("The period of the plan is missing."))
    if version.act_date:
        known = known_dates(version)
        found.extend(
            _("Row %(number)s is due before the signature: decide what to do with it.") % {"number": wording.number}
            for wording in version.wordings.filter(past="")
            if expansion.early(wording.occurrences, version.act_date, known.get(wording.pk))
        )
    if not version.wordings.exists():
        found.append(_("There is no measure in this plan."))
    return found


@transaction.atomic
def adopt(version: PlanVersion, *, by: User, at: datetime) -> Plan:
    """Put the draft into force: everybody's obligations appear as of the date of the act.

    Guarantees: all or nothing; one row of control an organisation × measure × occurrence; for an amendment, whatever
    has been reported or accepted survives, open obligations get the new dates, those that the new text does not
    want any more are waived with the amendment as the reason. Refuses with all `obstacles` at once.
    """
    access.require(by, "plan.edit", version)
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != PlanVersion.State.DRAFT:
        raise ValidationError(_("This version is no longer a draft."))
    if problems := obstacles(version):
        raise ValidationError(problems)
    before = version.amends
    plan = _plan(version, before, at)
    measures = _measures(version, before, plan)
    version.plan, version.state, version.adopted, version.adopted_by = plan, PlanVersion.State.ADOPTED, at, by
    version.calendar = RUSSIA.version[:40]
    version.save()
    writer = _Writer(plan, version, by, at)
    writer.write(measures)
    journal.record(
        "plan.amended" if before else "plan.adopted",
        version,
        by=by,
        at=at,
        organisation=plan.region_id,
        after={
            "act": f"{version.act_date:%d.%m.%Y} № {version.act_number}",
            "assigned": writer.assigned,
            "waived": writer.waived,
            "rescheduled": writer.rescheduled,
            "by_measure": writer.by_measure,
        },
    )
    _catch_up(plan, version, at)
    return plan


def _plan(version: PlanVersion, before: PlanVersion | None, at: datetime) -> Plan:
    facts = {"title": version.title, "school_year": version.school_year, "start": version.start, "end": version.end}
    if before is None:
        return Plan.objects.create(region=version.region, created=at, **facts)
    before = PlanVersion.objects.select_for_update().get(pk=before.pk)
    if before.state != PlanVersion.State.ADOPTED or before.plan is None:
        raise ValidationError(_("The version that this one amends is no longer in force."))
    before.state = PlanVersion.State.SUPERSEDED
    before.save()
    plan = before.plan
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.save()
    return plan


def _measures(version: PlanVersion, before: PlanVersion | None, plan: Plan) -> list[tuple[Wording, Measure]]:
    """Each row with the measure that it continues, or a new one."""
    new = list(version.wordings.order_by("position"))
    old = list(before.wordings.select_related("measure").order_by("position")) if before else []
    pairs = matching.match([(w.number, w.title) for w in old], [(w.number, w.title) for w in new])
    result = []
    for index, wording in enumerate(new):
        measure = old[pairs[index]].measure if index in pairs else None
        if measure is None:
            measure = Measure(plan=plan)
        measure.position, measure.number, measure.title = wording.position, wording.number, wording.title
        measure.save()
        wording.measure = measure
        wording.save(update_fields=["measure"])
        result.append((wording, measure))
    return result


class _Writer:
    """Brings occurrences and obligations of a plan in line with a version; counts what it did."""

    def __init__(self, plan: Plan, version: PlanVersion, by: User, at: datetime) -> None:
        if version.act_date is None:
            raise ValueError("obstacles() lets no version without a date pass")
        self.plan, self.version, self.by, self.at = plan, version, by, at
        self.signed: date = version.act_date
        self.reason = f"{version.act_kind} {self.signed:%d.%m.%Y} № {version.act_number}".strip()
        self.assigned = self.waived = self.rescheduled = 0
        self.by_measure: dict[str, int] = {}

    def write(self, measures: list[tuple[Wording, Measure]]) -> None:
        aims, exempt = _aims(self.version), _exempt(self.version)
        placements, known = _placements(self.version, aims, self.signed), known_dates(self.version)
        for wording, measure in measures:
            who = list(expansion.organisations(aims[wording.pk], placements, exempt.get(wording.pk, frozenset())))
            dates = _sync_occurrences(measure, _dates(wording, self.signed, known))
            kept = [occurrence.pk for occurrence, _dated in dates]
            self._drop(Q(measure=measure, occurrence__added=False) & ~Q(occurrence__in=kept))
            for occurrence, dated in dates:
                self._bring(wording, occurrence, dated, who, placements)
        self._drop(Q(plan=self.plan) & ~Q(measure__in=[measure.pk for _wording, measure in measures]))

    def _bring(
        self,
        wording: Wording,
        occurrence: Occurrence,
        dated: Dated,
        who: list[int],
        placements: Mapping[int, Placement],
    ) -> None:
        known = set(
            Obligation.objects.filter(occurrence=occurrence, duty="").values_list("organisation_id", flat=True)
        )
        fresh = (key for key in who if key not in known)
        made = write_obligations(
            occurrence, dated, fresh, placements, by=self.by, at=self.at, reason=wording.past_reason
        )
        self.assigned += made
        self.by_measure[wording.number] = self.by_measure.get(wording.number, 0) + made
        if known:
            self._drop(Q(occurrence=occurrence, duty="") & ~Q(organisation__in=set(who)))
            self._redate(occurrence, dated)

    def _drop(self, which: Q) -> None:
        """Waive the open obligations that the new text does not want."""
        ids = (
            Standing.objects.at()
            .open()
            .filter(obligation__in=Obligation.objects.filter(which))
            .values_list("obligation_id", flat=True)
        )
        if gone := list(ids):
            advance(lock(gone), Step.WAIVE, by=self.by, at=self.at, reason=self.reason)
            self.waived += len(gone)

    def _redate(self, occurrence: Occurrence, dated: Dated) -> None:
        """Give the new date to what is open; a later date that was granted already stays."""
        moved = [
            last
            for last in lock(Obligation.objects.filter(occurrence=occurrence, duty="").values_list("pk", flat=True))
            if State(last.state) in OPEN
            and last.due != dated.due
            and not (last.due and dated.due and last.due > dated.due and last.step == Step.RESCHEDULE.value)
        ]
        if moved:
            advance(moved, Step.RESCHEDULE, by=self.by, at=self.at, reason=self.reason, due=dated.due)
            self.rescheduled += len(moved)


def _sync_occurrences(measure: Measure, dates: list[Dated]) -> list[tuple[Occurrence, Dated]]:
    """The occurrences for these dates: those of the same date first, the others in order, new ones where needed."""
    old = list(measure.occurrences.filter(added=False).order_by("number"))
    result: dict[int, Occurrence] = {}
    for index, dated in enumerate(dates):
        same = next((o for o in old if (o.decreed or o.due) == (dated.decreed or dated.due)), None)
        if same is not None:
            old.remove(same)
            result[index] = same
    number = measure.occurrences.count()
    for index, dated in enumerate(dates):
        if index not in result and old:
            result[index] = old.pop(0)
        elif index not in result:
            number += 1
            result[index] = Occurrence(measure=measure, number=number)
        occurrence = result[index]
        if occurrence.pk is None or (occurrence.due, occurrence.decreed) != (dated.due, dated.decreed):
            occurrence.due, occurrence.decreed = dated.due, dated.decreed
            occurrence.save()
    return [(result[index], dated) for index, dated in enumerate(dates)]


@dataclass(frozen=True, slots=True)
class Part:
    """What an obligation asks for: the row itself, or a part in the monitoring that carries it."""

    duty: str = ""
    by_form: bool = False


def write_obligations(
    occurrence: Occurrence,
    dated: Dated,
    who: Iterable[int],
    placements: Mapping[int, Placement],
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    part: Part = Part(),
) -> int:
    """Create the obligations of these organisations, batch by batch with flat memory; returns how many."""
    measure = occurrence.measure
    state, step = (State.ACCEPTED, Step.ACCEPT) if dated.done else (State.ASSIGNED, "assign")
    count = 0
    for batch in _batches(who):
        obligations = Obligation.objects.bulk_create(
            [
                Obligation(
                    plan_id=measure.plan_id,
                    measure=measure,
                    occurrence=occurrence,
                    organisation_id=key,
                    duty=part.duty,
                    by_form=part.by_form,
                    original_due=dated.due,
                    created=at,
                )
                for key in batch
            ]
        )
        Standing.objects.bulk_create(
            [
                Standing(
                    obligation=obligation,
                    plan_id=measure.plan_id,
                    measure=measure,
                    organisation_id=obligation.organisation_id,
                    kind=placements[obligation.organisation_id].kind,
                    unit_id=placements[obligation.organisation_id].unit_id,
                    reviewer_id=placements[obligation.organisation_id].reviewer_id,
                    state=state.value,
                    due=dated.due,
                    since=at,
                    reported=dated.due if dated.done else None,
                    step=str(step),
                    reason=reason if dated.done or dated.decreed else "",
                    by=by,
                )
                for obligation in obligations
            ]
        )
        count += len(batch)
    return count


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _catch_up(plan: Plan, version: PlanVersion, at: datetime) -> None:
    """Organisations that opened or closed between the signature and the adoption."""
    today = timezone.localdate(at)
    region = Organisation.objects.filter(region=plan.region_id)
    for organisation in region.filter(opened__gt=version.act_date, opened__lte=today):
        extend_to(organisation, at=at)
    for organisation in region.filter(closed__gt=version.act_date, closed__lte=today):
        withdraw(organisation, at=at)


@transaction.atomic
def extend_to(organisation: Organisation, *, at: datetime) -> int:
    """Give an organisation that has opened the obligations of its class not yet due on its first day.

    Returns how many. Does nothing twice; called by the worker after «organisation opened».
    """
    in_force = list(PlanVersion.objects.filter(region=organisation.region_key, state=PlanVersion.State.ADOPTED))
    day = max(organisation.opened, timezone.localdate(at))
    placements = queries.placement_of([organisation.pk], day) if in_force else {}
    if organisation.pk not in placements:
        return 0
    municipal = Organisation.objects.filter(pk=placements[organisation.pk].unit_id, kind=Kind.AUTHORITY).exists()
    made = 0
    for version in in_force:
        aims, exempt = _aims(version), _exempt(version)
        for wording in version.wordings.select_related("measure"):
            if organisation.pk in exempt.get(wording.pk, ()) or not any(
                expansion.concerns(aim, organisation.pk, placements[organisation.pk], municipal=municipal)
                for aim in aims[wording.pk]
            ):
                continue
            for occurrence in (
                Occurrence.objects.select_related("measure")
                .filter(Q(due=None) | Q(due__gte=organisation.opened), measure=wording.measure_id, added=False)
                .exclude(obligations__organisation=organisation.pk)
            ):
                dated = Dated(occurrence.due, occurrence.decreed)
                made += write_obligations(
                    occurrence, dated, [organisation.pk], placements, by=None, at=at, reason=wording.past_reason
                )
    if made:
        journal.record(
            "obligation.assigned", organisation, by=None, at=at, organisation=organisation.pk, after={"count": made}
        )
    return made


@transaction.atomic
def withdraw(organisation: Organisation, *, at: datetime) -> int:
    """Waive what an organisation that has closed has not reported; returns how many. Not before it has closed."""
    if organisation.closed is None or organisation.closed > timezone.localdate(at):
        return 0
    ids = list(Standing.objects.at().open().filter(organisation=organisation).values_list("obligation_id", flat=True))
    if ids:
        reason = _("The organisation is closed since %(day)s.") % {"day": f"{organisation.closed:%d.%m.%Y}"}
        advance(lock(ids), Step.WAIVE, by=None, at=at, reason=reason)
    return len(ids)


@transaction.atomic
def relocate(ids: Iterable[int], *, at: datetime) -> int:
    """Move the obligations of organisations that stand elsewhere in the tree now to their new checkers."""
    placements = queries.placement_of(list(ids), timezone.localdate(at))
    moved = 0
    for organisation, placement in placements.items():
        last = [
            standing
            for standing in lock(
                Standing.objects.at().filter(organisation=organisation).values_list("obligation_id", flat=True)
            )
            if (standing.unit_id, standing.reviewer_id) != (placement.unit_id, placement.reviewer_id)
        ]
        if last:
            advance(last, Step.MOVE, by=None, at=at, unit_id=placement.unit_id, reviewer_id=placement.reviewer_id)
            moved += len(last)
    return moved
