"""What follows from what: one table, journal action → functions that the worker runs, each once; and what follows
from the passing of time: another table, of functions that it runs every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.monitoring import consequences as answers
from profminimum.monitoring.services import waves
from profminimum.orgs.letters import send_invitation
from profminimum.plan.consequences import give_obligations, move_obligations, withdraw_obligations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from profminimum.journal.models import Entry

REACTIONS: Mapping[str, tuple[Callable[[Entry], None], ...]] = {
    "organisation.opened": (give_obligations, answers.ask_newcomer),
    "organisation.closed": (withdraw_obligations, answers.release_closed),
    "organisation.merged": (withdraw_obligations, answers.release_closed),
    "organisation.moved": (move_obligations, answers.move_answers),
    "extension.granted": (answers.follow_extension,),
    "obligation.waived": (answers.follow_release,),
    "submission.submitted": (answers.report_answers,),
    "submission.checked": (answers.finish_checks,),
    "submission.accepted": (answers.finish_checks,),
    "user.invited": (send_invitation,),
    "invitation.resent": (send_invitation,),
}

# each must bear being run again: what is done is not done twice
TIMERS: tuple[Callable[[datetime], object], ...] = (waves.open_due, waves.close_due)
