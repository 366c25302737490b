"""What can be done to organisations and people; split by noun."""

from profminimum.orgs.services.invitations import (
    StaleError,
    accept_invitation,
    find_invitation,
    invite,
    resend_invitation,
    withdraw_invitation,
)
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
from profminimum.orgs.services.registry import Preview, apply_upload, import_registry, keep_upload, preview

__all__ = [
    "Details",
    "Newcomer",
    "Opening",
    "Preview",
    "StaleError",
    "accept_invitation",
    "apply_upload",
    "block_user",
    "change_organisation",
    "change_user",
    "close_organisation",
    "end_membership",
    "end_sessions",
    "enrol",
    "find_invitation",
    "grant_membership",
    "import_registry",
    "invite",
    "keep_upload",
    "merge_organisations",
    "move_organisation",
    "open_organisation",
    "open_organisations",
    "preview",
    "resend_invitation",
    "sign_in",
    "unblock_user",
    "withdraw_invitation",
]
