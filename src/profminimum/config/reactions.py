"""What follows from what: one table, journal action → functions that the worker runs, each once; and what follows
from the passing of time: another table, of functions that it runs every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.monitoring import consequences as answers
from profminimum.monitoring.services import books, waves
from profminimum.monitoring.services.checks import finish_closed
from profminimum.monitoring.services.follow_ups import refresh_doubts
from profminimum.notices import answers as told
from profminimum.notices.consequences import tell_assigned, tell_deciders, tell_owner, tell_reviewers
from profminimum.notices.services.digests import write_digests
from profminimum.notices.services.figures import keep_figures
from profminimum.notices.services.letters import send_invitation
from profminimum.notices.services.reminders import remind_due
from profminimum.notices.services.sending import send_letters
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
    "plan.adopted": (tell_assigned,),
    "plan.amended": (tell_assigned,),
    "obligation.assigned": (tell_assigned,),
    "obligation.reported": (tell_reviewers,),
    "obligation.returned": (tell_owner,),
    "obligation.accepted": (tell_owner,),
    "obligation.resumed": (tell_owner,),
    "obligation.waived": (answers.follow_release, tell_owner),
    "extension.requested": (tell_deciders,),
    "extension.granted": (answers.follow_extension, tell_owner),
    "extension.refused": (tell_owner,),
    "wave.opened": (told.tell_wave,),
    "wave.extended": (told.tell_wave,),
    "wave.closed": (told.tell_closed,),
    "wave.cancelled": (told.tell_cancelled,),
    "submission.asked": (told.tell_asked,),
    "submission.submitted": (answers.report_answers, told.tell_checkers),
    "submission.checked": (answers.finish_checks, told.tell_checkers),
    "submission.returned": (told.tell_author,),
    "submission.accepted": (answers.finish_checks, told.tell_author),
    "submission.reopened": (told.tell_author,),
    "user.invited": (send_invitation,),
    "invitation.resent": (send_invitation,),
}

# each must bear being run again: what is done is not done twice
TIMERS: tuple[Callable[[datetime], object], ...] = (
    waves.open_due,
    waves.close_due,
    finish_closed,
    refresh_doubts,
    remind_due,
    write_digests,
    keep_figures,
    send_letters,
    books.forget_unused,
)
