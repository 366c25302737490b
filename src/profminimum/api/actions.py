"""What can happen to keys, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "key.made": _("API key made"),
    "key.revoked": _("API key revoked"),
}
