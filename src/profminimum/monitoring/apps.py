from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "profminimum.monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.monitoring import offers as ours  # noqa: PLC0415 - as above
        from profminimum.monitoring.actions import ACTIONS, FIELDS  # noqa: PLC0415 - as above
        from profminimum.monitoring.sections import campaigns  # noqa: PLC0415 - as above
        from profminimum.plan import offers, sections  # noqa: PLC0415 - as above

        actions.register(ACTIONS, FIELDS)
        sections.add(10, campaigns)
        offers.add(ours.build, ours.wait)
