"""What happened to an obligation, step by step, with people and reasons? Merged from states, reports and requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from profminimum.plan.states import Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from profminimum.orgs.models import User
    from profminimum.plan.models import Extension, Report, Standing


@dataclass(frozen=True, slots=True)
class Event:
    """`what` is a Step, «assign», «asked», «granted», «refused» or «withdrawn»; `by` is None for the system."""

    at: datetime
    what: str
    by: User | None
    reason: str = ""
    report: Report | None = None
    old_due: date | None = None
    new_due: date | None = None


@dataclass(slots=True)
class _Order:
    events: list[tuple[datetime, int, Event]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        self.events.append((event.at, len(self.events), event))

    def read(self) -> list[Event]:
        return [event for _at, _place, event in sorted(self.events, key=lambda each: each[:2])]


def story(standings: Sequence[Standing], reports: Sequence[Report], extensions: Sequence[Extension]) -> list[Event]:
    """From the first to the last; `standings` and `reports` in the order in which they were written.

    A date that moved by a granted request is told once, by the request. An obligation that only changed its place
    in the tree is told without old and new dates.
    """
    order = _Order()
    said = list(reports)
    granted = [(each.decided, each.new_due) for each in extensions if each.decision == each.Decision.GRANTED]
    before: Standing | None = None
    for standing in standings:
        report = said.pop(0) if standing.step == Step.REPORT.value and said else None
        if standing.step != Step.RESCHEDULE.value or not _by_request(standing, granted):
            order.add(
                Event(
                    standing.since,
                    standing.step,
                    standing.by,
                    standing.reason,
                    report,
                    before.due if before and before.due != standing.due else None,
                    standing.due if before and before.due != standing.due else None,
                )
            )
        before = standing
    for each in sorted(extensions, key=lambda one: one.pk):
        own = each.decided == each.asked and each.decided_by_id == each.asked_by_id
        if not own:
            order.add(Event(each.asked, "asked", each.asked_by, each.reason, None, each.old_due, each.new_due))
        if each.decided and each.decision:
            reason = each.decision_reason or (each.reason if own else "")
            order.add(Event(each.decided, each.decision, each.decided_by, reason, None, each.old_due, each.new_due))
    return order.read()


def _by_request(standing: Standing, granted: Sequence[tuple[datetime | None, date]]) -> bool:
    return any(
        due == standing.due and decided is not None and abs((standing.since - decided).total_seconds()) < 1
        for decided, due in granted
    )


def moves(extensions: Sequence[Extension]) -> list[Extension]:
    """The requests that moved the date, from the first."""
    return sorted((each for each in extensions if each.decision == each.Decision.GRANTED), key=lambda each: each.pk)
