"""What people decided on the version in force is repeated in an amendment's draft where the text is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profminimum.journal.models import Entry
from profminimum.plan import expansion, matching
from profminimum.plan.models import Exemption, Finding, PlanVersion, Wording
from profminimum.plan.queries.amended import known_dates
from profminimum.plan.queries.review import EARLY
from profminimum.plan.services import rows, versions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from profminimum.orgs.models import User

Pair = tuple[Wording, Wording]


def _text(wording: Wording) -> tuple[str, ...]:
    """The row word for word, its number left aside: rows move when others come and go."""
    cells = [str(cell) for _heading, cell in wording.verbatim]
    return tuple(" ".join(cell.split()) for cell in cells if cell.strip(" .") != wording.number.strip(" ."))


def _pairs(version: PlanVersion, before: PlanVersion) -> list[Pair]:
    old = list(before.wordings.order_by("position"))
    new = list(version.wordings.select_related("version").order_by("position"))
    found = matching.match([(w.number, w.title) for w in old], [(w.number, w.title) for w in new])
    return [(old[i], new[j]) for j, i in sorted(found.items())]


@transaction.atomic
def carry_over(version: PlanVersion, *, by: User, at: datetime) -> int:
    """Repeat in the draft of an amendment what was decided on the rows whose text it leaves as it was.

    Carried are corrections, decisions on doubts, who the executors are, and exceptions; each is journalled like any
    other decision, its reason naming the version it comes from. What has been decided in the draft already stays.
    Dates that the plan has already need no decision (`known_dates`). Returns the number of doubts decided. Refuses
    a draft that amends nothing.
    """
    before = version.amends
    if before is None:
        raise ValidationError(_("This draft amends no version: there is nothing to repeat."))
    carrier = _Carrier(version, before, by, at)
    carrier.executors()
    pairs = _pairs(version, before)
    for old, new in pairs:
        carrier.exemptions(old, new)
        if _text(old) == _text(new):
            carrier.row(old, new)
    carrier.doubts(before.findings.filter(wording=None), version.findings.filter(wording=None), {})
    carrier.early(new for _old, new in pairs)
    return carrier.decided


class _Carrier:
    def __init__(self, version: PlanVersion, before: PlanVersion, by: User, at: datetime) -> None:
        self.version, self.before, self.decided = version, before, 0
        self.who: dict[str, Any] = {"by": by, "at": at}

    def reason(self, said: str) -> str:
        return _("As in version %(number)d: %(reason)s") % {"number": self.before.number, "reason": said}

    def executors(self) -> None:
        known = {executor.name: executor for executor in self.before.executors.select_related("organisation")}
        bodies = list(self.version.executors.select_related("version"))
        touched = set(
            Entry.objects.filter(
                object_type="plan.executor", action="executor.mapped", object_id__in=[body.pk for body in bodies]
            ).values_list("object_id", flat=True)
        )
        for body in bodies:
            old = known.get(body.name)
            if old is not None and old.target and body.pk not in touched:
                versions.map_executor(body, target=old.target, organisation=old.organisation, **self.who)

    def exemptions(self, old: Wording, new: Wording) -> None:
        there = set(Exemption.objects.filter(wording=new).values_list("organisation", flat=True))
        for one in old.exemptions.select_related("organisation"):
            if one.organisation_id not in there:
                versions.exempt(new, one.organisation, reason=self.reason(one.reason), **self.who)

    def row(self, old: Wording, new: Wording) -> None:
        """Corrections made before and not made in the draft yet, then the doubts of the row."""
        made = Entry.objects.filter(object_type="plan.wording", action="wording.corrected").order_by("id")
        changes: dict[str, Any] = {}
        if not made.filter(object_id=new.pk).exists():
            for entry in made.filter(object_id=old.pk):
                wanted = {name: getattr(old, name) for name in entry.after if name in versions.CORRECTABLE}
                if wanted:
                    versions.correct(new, changes=wanted, reason=self.reason(entry.reason), **self.who)
                    changes |= wanted
                self._executors_of(old, new, entry)
        self.doubts(old.findings.all(), new.findings.all(), changes)

    def _executors_of(self, old: Wording, new: Wording, entry: Entry) -> None:
        if "executors" not in entry.after:
            return
        names = set(old.assignments.values_list("executor__name", flat=True))
        here = {a.executor.name: a for a in new.assignments.select_related("executor", "wording__version")}
        for name in names - set(here):
            rows.add_executor(new, name=name, reason=self.reason(entry.reason), **self.who)
        for name in set(here) - names:
            rows.drop_executor(here[name], reason=self.reason(entry.reason), **self.who)

    def doubts(self, old: Iterable[Finding], new: Iterable[Finding], changes: dict[str, Any]) -> None:
        known = {(one.code, one.message): one for one in old if one.decision}
        for finding in new:
            before = known.get((finding.code, finding.message))
            if before is None or finding.decision or finding.code == EARLY:
                continue
            decision, given = Finding.Decision(before.decision), None
            if decision == Finding.Decision.CORRECTED:
                decision, given = (decision, changes) if changes else (Finding.Decision.KEPT, None)
            if decision == Finding.Decision.ACCEPTED and "executor" in (finding.proposal or {}):
                decision = Finding.Decision.KEPT  # the executor is there already, by the correction
            versions.decide_finding(
                finding, decision=decision, reason=self.reason(before.reason), changes=given, **self.who
            )
            self.decided += 1

    def early(self, new: Iterable[Wording]) -> None:
        """Doubts about dates before the signature where the plan has all of these dates already."""
        known, signed = known_dates(self.version), self.version.act_date
        if signed is None:
            return
        for wording in new:
            if expansion.early(wording.occurrences, signed, known.get(wording.pk)):
                continue
            for finding in wording.findings.filter(code=EARLY, decision=Finding.Decision.OPEN):
                reason = self.reason(_("the date is under control already"))
                versions.decide_finding(finding, decision=Finding.Decision.KEPT, reason=reason, **self.who)
                self.decided += 1
