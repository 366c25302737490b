"""What follows from what: one table, journal action → functions that the worker runs, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.orgs.letters import send_invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from profminimum.journal.models import Entry

REACTIONS: Mapping[str, tuple[Callable[[Entry], None], ...]] = {
    "user.invited": (send_invitation,),
    "invitation.resent": (send_invitation,),
}
