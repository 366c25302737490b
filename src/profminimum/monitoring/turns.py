"""Whose turn is it, and what may a person do to an answer now? Asked by services and pages alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from profminimum.monitoring.models import Campaign, Wave
from profminimum.monitoring.states import EDITABLE, State, Step
from profminimum.orgs import access
from profminimum.orgs.access import Decision
from profminimum.orgs.models import Role

if TYPE_CHECKING:
    from datetime import date

    from profminimum.monitoring.models import Submission
    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import User

ROLE_OF_TIER = {Role.MUNICIPAL, Role.COORDINATOR, Role.MINISTRY}


def checking_seats(user: User) -> tuple[Seat, ...]:
    """The seats from which the person checks answers."""
    return tuple(seat for seat in access.seats(user) if seat.role in access.GRANTS["submission.check"])


def own_places(user: User) -> frozenset[int]:
    """The organisations whose answers the person fills: of them they check none, whatever else they are."""
    grants = access.GRANTS["submission.fill"]
    return frozenset(seat.organisation_id for seat in access.seats(user) if seat.role in grants)


def taken(submission: Submission, today: date) -> Decision:
    """Does the wave still take this answer? What was returned may always be sent again.

    Who was granted a later date than the wave has answers by it, closed wave or not.
    """
    wave, late = submission.wave, submission.wave.campaign.late
    if State(submission.state) not in EDITABLE:
        return Decision(False, _("The answer has been sent: it can be changed only after it has been returned."))
    if wave.state in {Wave.State.PLANNED, Wave.State.CANCELLED}:
        return Decision(False, _("The wave is not open."))
    if submission.number or (submission.due > wave.due and today <= submission.due):
        return Decision(True)
    if wave.state == Wave.State.CLOSED:
        return Decision(False, _("The wave is closed: answers are no longer taken."))
    if late == Campaign.Late.CLOSE and today > submission.due:
        due = f"{submission.due:%d.%m.%Y}"
        return Decision(
            False, _("Answers were taken up to %(due)s. Ask for another date in the obligation.") % {"due": due}
        )
    return Decision(True)


def turn(user: User, submission: Submission) -> Decision:
    """May the person check or accept it now? Only where the turn is, and never one's own answer."""
    if submission.reviewer_id is None:
        return Decision(False, _("Nobody checks this answer now."))
    return _at(user, submission, submission.reviewer_id)


def _at(user: User, submission: Submission, place: int) -> Decision:
    if submission.organisation_id in own_places(user):
        return Decision(False, _("Nobody checks their own answer."))
    for seat in checking_seats(user):
        if seat.organisation_id == place:
            return Decision(True)
    return Decision(False, _("It is not your turn: another organisation checks this answer now."))


def next_step(submission: Submission) -> Step:
    """Check at the first tier, accept at the last."""
    first = submission.checker_id is not None and submission.state == State.SUBMITTED.value
    return Step.CHECK if first else Step.ACCEPT


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the person may do to this answer now, each with the reason why not."""

    fill: Decision
    check: Decision  # also: return, remark
    reopen: Decision
    step: Step  # what a good word would do: check or accept


def abilities(user: User, submission: Submission, path: str, today: date) -> Abilities:
    """`path` is the place of its organisation in the tree; asks the database for the wave and campaign alone."""
    fill = access.can_at(user, "submission.fill", submission.organisation_id, path, submission.kind)
    reopen = Decision(False, _("Only an accepted answer can be reopened."))
    if submission.state == State.ACCEPTED.value:
        reopen = _at(user, submission, submission.acceptor_id)
    return Abilities(
        fill=(taken(submission, today) if fill else fill),
        check=turn(user, submission),
        reopen=reopen,
        step=next_step(submission),
    )
