from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "profminimum.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.notices.actions import ACTIONS  # noqa: PLC0415 - as above

        actions.register(ACTIONS)
