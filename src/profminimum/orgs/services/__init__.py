"""What can be done to organisations and people; split by noun."""

from profminimum.orgs.services.organisations import (
    Details,
    Opening,
    change_organisation,
    close_organisation,
    merge_organisations,
    move_organisation,
    open_organisation,
    open_organisations,
)
from profminimum.orgs.services.people import (
    Newcomer,
    block_user,
    change_user,
    end_membership,
    end_sessions,
    enrol,
    grant_membership,
    sign_in,
    unblock_user,
)

__all__ = [
    "Details",
    "Newcomer",
    "Opening",
    "block_user",
    "change_organisation",
    "change_user",
    "close_organisation",
    "end_membership",
    "end_sessions",
    "enrol",
    "grant_membership",
    "merge_organisations",
    "move_organisation",
    "open_organisation",
    "open_organisations",
    "sign_in",
    "unblock_user",
]
