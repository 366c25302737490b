"""What can happen to notices and letters, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "letters.reminded": _("Organisations reminded by letter"),
    "letter.resent": _("Letter sent once more"),
    "digest.switched": _("Daily digest switched on or off"),
}
