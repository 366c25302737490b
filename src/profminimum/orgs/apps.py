from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "profminimum.orgs"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.orgs.actions import ACTIONS  # noqa: PLC0415 - as above

        actions.register(ACTIONS)
