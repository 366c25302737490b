"""Which dates of an amendment's rows are in the plan already, and how are they controlled there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profminimum.plan import matching
from profminimum.plan.expansion import Dated
from profminimum.plan.models import Occurrence

if TYPE_CHECKING:
    from datetime import date

    from profminimum.plan.models import PlanVersion


def known_dates(version: PlanVersion) -> dict[int, dict[date, Dated]]:
    """Wording id → literal date → how the version in force controls it; empty when nothing is amended.

    An amendment is signed in the middle of the year: a date that its row had before is no date «before the
    signature» to be decided upon anew, and keeps the control date that was chosen for it. Three queries.
    """
    before = version.amends
    if before is None:
        return {}
    old = list(before.wordings.order_by("position").values_list("number", "title", "measure"))
    new = list(version.wordings.order_by("position").values_list("number", "title", "pk"))
    pairs = matching.match([row[:2] for row in old], [row[:2] for row in new])
    dates: dict[int, dict[date, Dated]] = {}
    for occurrence in Occurrence.objects.filter(measure__plan=before.plan_id):
        literal = occurrence.decreed or occurrence.due
        if literal is not None:
            dates.setdefault(occurrence.measure_id, {})[literal] = Dated(occurrence.due, occurrence.decreed)
    return {new[j][2]: dates.get(old[i][2] or 0, {}) for j, i in pairs.items()}
