from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "profminimum.registers"
    verbose_name = _("Registers")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.registers.actions import ACTIONS, FIELDS  # noqa: PLC0415 - as above

        actions.register(ACTIONS, FIELDS)
