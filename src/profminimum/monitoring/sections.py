"""Which monitorings carry a row of the plan, on the page of that row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from profminimum.monitoring.queries import campaigns as reading
from profminimum.orgs import access
from profminimum.plan.sections import Section

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure


def campaigns(user: User, measure: Measure, _today: date) -> Section | None:
    """Its monitorings with their waves; for officers also the way to set one up. One question."""
    found = reading.of_row(user, measure)
    edits = bool(access.can(user, "campaign.edit", measure))
    if not found and not edits:
        return None
    sees = bool(access.can(user, "wave.see", None))
    return Section(
        _("Monitoring"),
        "monitoring/campaign_section.html",
        {"campaigns": found, "edits": edits, "sees": sees},
    )
