from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanConfig(AppConfig):
    name = "profminimum.plan"
    verbose_name = _("Plan")

    def ready(self) -> None:
        from profminimum.journal import actions  # noqa: PLC0415 - apps must be loaded first
        from profminimum.orgs import cards  # noqa: PLC0415 - as above
        from profminimum.plan.actions import ACTIONS  # noqa: PLC0415 - as above
        from profminimum.plan.cards import obligations  # noqa: PLC0415 - as above

        actions.register(ACTIONS)
        cards.add(10, obligations)
