from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "profminimum.api"
    verbose_name = _("API")

    def ready(self) -> None:
        from profminimum.api.actions import ACTIONS  # noqa: PLC0415 - apps must be loaded first
        from profminimum.journal import actions  # noqa: PLC0415 - as above

        actions.register(ACTIONS)
