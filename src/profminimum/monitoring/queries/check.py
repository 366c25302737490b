"""What does a checker see of one answer: what it says, what differs, what is doubtful, what has happened to it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from profminimum.monitoring import definitions, turns
from profminimum.monitoring.compared import Beside, annotate, parts
from profminimum.monitoring.models import FollowUp, Remark, Revision, Stage, Submission
from profminimum.monitoring.schema import answers as schema
from profminimum.monitoring.schema.saying import label
from profminimum.monitoring.states import State, Step
from profminimum.orgs import access, queries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from profminimum.monitoring.compared import Cell, Line, Part
    from profminimum.monitoring.schema.model import Definition
    from profminimum.monitoring.turns import Abilities
    from profminimum.orgs.models import OrganisationState, User

DECIDED: Final = {Step.CHECK.value, Step.ACCEPT.value, Step.RETURN.value, Step.REOPEN.value}


@dataclass(frozen=True, slots=True)
class Versions:
    """Which revisions are shown: `to` beside `base` (0: none). `asked`: by the address, then only to be read."""

    to: int
    base: int
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A revision: when and by whom it was sent."""

    number: int
    at: datetime
    by: User | None


@dataclass(frozen=True, slots=True)
class Said:
    """A remark or a doubt with the name of its field."""

    where: str
    what: Any


@dataclass(slots=True)
class Card:
    """Everything on the page of the check. `parts` is empty while nothing has been sent."""

    submission: Submission
    form: Definition
    versions: Versions
    revision: Revision | None
    sent: list[Sent]
    stages: list[Stage]
    organisation: OrganisationState | None
    unit: str
    reviewer: OrganisationState | None
    abilities: Abilities
    people: bool
    inside: bool  # may see what checkers say among themselves
    compared: bool  # is there anything to compare with
    parts: list[Part] = field(default_factory=list)
    loose: list[tuple[str, Any]] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)
    doubts: list[Said] = field(default_factory=list)

    @property
    def state(self) -> State:
        return State(self.submission.state)

    @property
    def late(self) -> bool:
        return self.submission.sent is not None and self.submission.sent > self.submission.due

    @property
    def stamp(self) -> str:
        """What a decision is about: the page that shows something else is out of date."""
        return f"{self.submission.state}.{self.submission.number}"

    @property
    def decides(self) -> bool:
        """Is it my turn, and do I look at the revision in force?"""
        return bool(self.abilities.check) and not self.versions.asked

    @property
    def accepts(self) -> bool:
        return self.abilities.step == Step.ACCEPT

    @property
    def unsent(self) -> int:
        return sum(said.what.sent is None for said in self.remarks)

    @property
    def differences(self) -> int:
        return sum(part.differences for part in self.parts)

    @property
    def warnings(self) -> int:
        inside = sum(len(cell.warnings) for part in self.parts for line in part.lines for cell in line.cells)
        return inside + sum(kind == "warning" for kind, _note in self.loose)

    @property
    def decided(self) -> Stage | None:
        """The last word of a checker."""
        return next((stage for stage in reversed(self.stages) if stage.step in DECIDED), None)

    def line(self, place: str) -> tuple[Part, Line, Cell] | None:
        """The field at a place."""
        for part in self.parts:
            for line in part.lines:
                for cell in line.cells:
                    if cell.place == place:
                        return part, line, cell
        return None


def find(user: User, pk: int) -> Submission:
    """The answer, 404 when it is not there for this person. `given`: what was known before anyone typed."""
    visible = Submission.objects.visible_to(user).select_related("wave__campaign__measure", "wave__previous")
    return get_object_or_404(visible.annotate(given=F("draft__given")), pk=pk)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else None


def versions(params: Mapping[str, str], last: int) -> Versions:
    """`?from=1&to=2`; what is not there is the last revision beside the one before it."""
    to, base = _number(params.get("to", "")), _number(params.get("from", ""))
    shown = to if to and 1 <= to <= last else last
    usual = max(shown - 1, 0)
    beside = base if base is not None and 0 <= base <= last and base != shown else usual
    return Versions(shown, beside, asked=(shown, beside) != (last, max(last - 1, 0)))


def card(user: User, submission: Submission, params: Mapping[str, str], today: date) -> Card:
    """The page's content in a fixed number of questions."""
    chosen = versions(params, submission.number)
    revisions = {
        one.number: one
        for one in Revision.objects.filter(submission=submission, number__in={chosen.to, chosen.base} - {0})
    }
    stages = list(Stage.objects.filter(submission=submission).select_related("by").order_by("pk"))
    reviewer = submission.reviewer_id or submission.acceptor_id
    known = queries.known({submission.organisation_id, submission.unit_id, reviewer}, today)
    place = known.get(submission.organisation_id)
    path = place.path if place else ""
    form = definitions.definition(submission.wave.version_id or 0)
    found = Card(
        submission=submission,
        form=form,
        versions=chosen,
        revision=revisions.get(chosen.to),
        sent=[Sent(stage.number, stage.since, stage.by) for stage in stages if stage.step == Step.SUBMIT.value],
        stages=stages,
        organisation=place,
        unit=queries.unit_beside(submission.organisation_id, submission.unit_id, known),
        reviewer=known.get(reviewer),
        abilities=turns.abilities(user, submission, path, today),
        people=bool(access.can(user, "person.see", None)),
        inside=_inside(user, submission, path),
        compared=bool(chosen.base or getattr(submission, "given", {}).get("last")),
    )
    if found.revision is not None:
        _fill(found, found.revision, revisions.get(chosen.base), user, path)
    return found


def _inside(user: User, submission: Submission, path: str) -> bool:
    """May the person see remarks that have not been sent? Checkers may, of answers that are not their own."""
    own = any(seat.organisation_id == submission.organisation_id for seat in access.seats(user))
    right = access.can_at(user, "submission.check", submission.organisation_id, path, submission.kind)
    return bool(right) and not own


def _fill(found: Card, revision: Revision, before: Revision | None, user: User, path: str) -> None:
    submission, language = found.submission, translation.get_language() or "ru"
    given = getattr(submission, "given", None) or {}
    context = definitions.context(given, timezone.localdate(revision.at))
    beside = Beside(given.get("last") or None, before.answers if before else None)
    found.parts = parts(found.form, revision.answers, beside, context, language=language[:2], marks=revision.marks)
    outcome = schema.check(found.form, revision.answers, revision.explanations, context)
    remarks = [
        one
        for one in Remark.objects.filter(submission=submission, number__lte=revision.number).select_related("by")
        if found.inside or one.sent is not None
    ]
    doubts = _doubts(user, submission, revision.number, path)
    found.loose = annotate(
        found.parts,
        problems=outcome.warnings,
        explanations=revision.explanations,
        doubts=doubts,
        remarks=[one for one in remarks if one.settled is None],
        language=language[:2],
    )
    found.remarks = [Said(label(found.form, one.place, language[:2]), one) for one in remarks]
    found.doubts = [Said(label(found.form, one.place, language[:2]), one) for one in doubts]


def _doubts(user: User, submission: Submission, number: int, path: str) -> list[FollowUp]:
    if not access.can_at(user, "wave.see", submission.organisation_id, path, submission.kind):
        return []
    return list(FollowUp.objects.filter(submission=submission, number=number).select_related("settled_by"))
