"""What can happen to organisations and people, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "organisation.opened": _("Organisation opened"),
    "organisation.changed": _("Organisation's data changed"),
    "organisation.moved": _("Organisation moved under another one"),
    "organisation.merged": _("Organisation merged into another one"),
    "organisation.closed": _("Organisation closed"),
    "registry.imported": _("Registry of schools imported"),
    "user.invited": _("Person invited"),
    "user.joined": _("Invitation accepted"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "membership.granted": _("Role given"),
    "membership.ended": _("Role ended"),
    "user.blocked": _("Signing in forbidden"),
    "user.unblocked": _("Signing in allowed"),
    "user.changed": _("Person's data changed"),
    "user.signed_in": _("Signed in"),
}
