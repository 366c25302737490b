from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "profminimum.registers"
    verbose_name = _("Registers")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.orgs import cards  # noqa: PLC0415 - as above
        from profminimum.registers import checks  # noqa: F401, PLC0415 - the import makes the check known
        from profminimum.registers.actions import ACTIONS, FIELDS  # noqa: PLC0415 - as above
        from profminimum.registers.cards import registers  # noqa: PLC0415 - as above

        actions.register(ACTIONS, FIELDS)
        cards.add(5, registers)
