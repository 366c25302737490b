"""What follows from what: one table, journal action → functions that the worker runs, each once; and what follows
from the passing of time: another table, of functions that it runs every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.orgs.letters import send_invitation
from profminimum.plan.consequences import give_obligations, move_obligations, withdraw_obligations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from profminimum.journal.models import Entry

REACTIONS: Mapping[str, tuple[Callable[[Entry], None], ...]] = {
    "organisation.opened": (give_obligations,),
    "organisation.closed": (withdraw_obligations,),
    "organisation.merged": (withdraw_obligations,),
    "organisation.moved": (move_obligations,),
    "user.invited": (send_invitation,),
    "invitation.resent": (send_invitation,),
}

TIMERS: tuple[Callable[[datetime], object], ...] = ()  # each must bear being run again: what is done is not done twice
