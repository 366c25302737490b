"""What can happen to registers, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "record.entered": _("Entered into a register"),
    "record.ended": _("Entry of a register ended"),
}
