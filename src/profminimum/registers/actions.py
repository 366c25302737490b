"""What can happen to registers, as the journal calls it, and what the data of these entries is called."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "record.entered": _("Entered into a register"),
    "record.ended": _("Entry of a register ended"),
}
FIELDS = {
    "register": _("register"),
    "period": _("school year"),
    "level": _("level"),
    "hours": _("hours a school year"),
    "person": _("person"),
}
