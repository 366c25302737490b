"""Whom does each row and each executor of a version concern on a day, and what would adopting it change?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from profminimum.orgs import queries as orgs
from profminimum.plan import expansion, matching
from profminimum.plan.expansion import Aim
from profminimum.plan.models import Executor, Occurrence, Standing
from profminimum.plan.queries.amended import known_dates
from profminimum.plan.states import OPEN, State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from profminimum.orgs.queries import Placement
    from profminimum.plan.expansion import Dated
    from profminimum.plan.models import PlanVersion, Wording
    from profminimum.plan.queries.review import RowView

_OPEN = {state.value for state in OPEN}


@dataclass(slots=True)
class Reach:
    """The tree of a day with what a version says of executors and exceptions: answers without further queries."""

    placements: Mapping[int, Placement]
    aims: Mapping[int, list[Aim]]  # wording id → its executors
    exempt: Mapping[int, frozenset[int]]  # wording id → organisations

    def of_row(self, wording: int) -> list[int]:
        """Ids of the organisations that the row concerns."""
        aims, exempt = self.aims.get(wording, ()), self.exempt.get(wording, frozenset())
        return list(expansion.organisations(aims, self.placements, exempt))

    def of_executor(self, executor: Executor) -> int:
        """How many organisations an executor is, exceptions left aside."""
        if not executor.target:
            return 0
        aim = Aim(executor.target, executor.organisation_id)
        return sum(1 for _each in expansion.organisations([aim], self.placements))


def reach(version: PlanVersion, rows: Iterable[RowView], on: date) -> Reach:
    """Who the rows, as `review` has read them, concern: one query, one more when a named body does not exist then."""
    aims: dict[int, list[Aim]] = {}
    exempt: dict[int, frozenset[int]] = {}
    for row in rows:
        bodies = [assignment.executor for assignment in row.assignments]
        aims[row.wording.pk] = [Aim(body.target, body.organisation_id) for body in bodies if body.target]
        exempt[row.wording.pk] = frozenset(one.organisation_id for one in row.exemptions)
    placements = dict(orgs.placement(version.region_id, on))
    named = {aim.organisation_id for row in aims.values() for aim in row if aim.organisation_id} - set(placements)
    if named:
        placements.update(orgs.placement_of(named, on))
    return Reach(placements, aims, exempt)


@dataclass(frozen=True, slots=True)
class RowEffect:
    """What a row gives: on which dates, how many organisations, obligations in all."""

    wording: Wording
    dates: tuple[Dated, ...]
    organisations: int

    @property
    def obligations(self) -> int:
        return self.organisations * len(self.dates)


@dataclass(slots=True)
class Effect:
    """What adopting would do. For an amendment: `assigned` anew, `waived`, `rescheduled`, `kept` as reported."""

    rows: list[RowEffect] = field(default_factory=list)
    organisations: int = 0
    assigned: int = 0
    waived: int = 0
    rescheduled: int = 0
    kept: int = 0

    @property
    def obligations(self) -> int:
        return sum(row.obligations for row in self.rows)


def effect(version: PlanVersion, wordings: Iterable[Wording], known: Reach, on: date) -> Effect:
    """What adopting the draft by an act signed on `on` would do; for an amendment six queries more."""
    made, everybody = Effect(), set[int]()
    who: dict[int, list[int]] = {}
    dated = known_dates(version)
    for wording in wordings:
        days = [date.fromisoformat(day) for day in wording.occurrences]
        dates = tuple(expansion.dates(days, on, wording.past, wording.past_days, dated.get(wording.pk)))
        who[wording.pk] = known.of_row(wording.pk)
        everybody.update(who[wording.pk])
        made.rows.append(RowEffect(wording, dates, len(who[wording.pk])))
    made.organisations = len(everybody)
    made.assigned = made.obligations
    if version.amends_id is not None:
        _amend(made, version, who)
    return made


def _amend(made: Effect, version: PlanVersion, who: Mapping[int, list[int]]) -> None:
    """The same pairing of rows and dates as adopting itself does, against where obligations stand now."""
    before = version.amends
    if before is None:
        return
    old = list(before.wordings.order_by("position"))
    pairs = matching.match(
        [(w.number, w.title) for w in old], [(row.wording.number, row.wording.title) for row in made.rows]
    )
    occurrences: dict[int, list[Occurrence]] = {}
    for occurrence in Occurrence.objects.filter(measure__plan=before.plan_id).order_by("number"):
        occurrences.setdefault(occurrence.measure_id, []).append(occurrence)
    standings = _standings(before)
    wanted: dict[int, tuple[set[int], date | None]] = {}  # occurrence id → whom it concerns, its new date
    made.assigned = 0
    for index, row in enumerate(made.rows):
        measure = old[pairs[index]].measure_id if index in pairs else None
        people = set(who[row.wording.pk])
        for dated, same in _pair(row.dates, occurrences.get(measure or 0, [])):
            known = standings.get(same.pk, {}) if same else {}
            made.assigned += len(people - set(known))
            if same:
                wanted[same.pk] = (people, dated.due)
    for key, known in standings.items():
        _settle(made, known, *wanted.get(key, (set(), None)))


def _standings(before: PlanVersion) -> dict[int, dict[int, tuple[str, date | None, str]]]:
    """Occurrence id → organisation id → (state, date, last step)."""
    found: dict[int, dict[int, tuple[str, date | None, str]]] = {}
    for occurrence, organisation, state, due, step in (
        Standing.objects.at()
        .filter(plan=before.plan_id)
        .values_list("obligation__occurrence", "organisation", "state", "due", "step")
    ):
        found.setdefault(occurrence, {})[organisation] = (state, due, step)
    return found


def _settle(
    made: Effect, known: Mapping[int, tuple[str, date | None, str]], people: set[int], due: date | None
) -> None:
    for organisation, (state, old, step) in known.items():
        if state not in _OPEN:
            made.kept += state in {State.REPORTED.value, State.ACCEPTED.value}
        elif organisation not in people:
            made.waived += 1
        elif old != due and not (old and due and old > due and step == Step.RESCHEDULE.value):
            made.rescheduled += 1


def _pair(dates: Iterable[Dated], old: list[Occurrence]) -> list[tuple[Dated, Occurrence | None]]:
    left, found = list(old), dict[int, Occurrence]()
    dates = list(dates)
    for index, dated in enumerate(dates):
        same = next((o for o in left if (o.decreed or o.due) == (dated.decreed or dated.due)), None)
        if same is not None:
            left.remove(same)
            found[index] = same
    for index in range(len(dates)):
        if index not in found and left:
            found[index] = left.pop(0)
    return [(dated, found.get(index)) for index, dated in enumerate(dates)]
