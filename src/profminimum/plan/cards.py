"""What an organisation owes by the plans, on its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from profminimum.orgs.cards import Section
from profminimum.plan.models import Standing
from profminimum.plan.states import OPEN, State

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.models import Organisation, User

SHOWN = 20


def obligations(user: User | AnonymousUser, organisation: Organisation, on: date) -> Section | None:
    """Its own obligations as far as the person sees them, the late and the near ones first; one query."""
    if not user.is_authenticated:
        return None
    found = Standing.objects.visible_to(user).at().filter(organisation=organisation).select_related("measure")
    standings = list(found.order_by("due", "measure__position", "pk"))
    if not standings:
        return None
    standings.sort(key=lambda one: State(one.state) not in OPEN)
    late = {one.pk for one in standings if State(one.state) in OPEN and one.due and one.due < on}
    rows = [(one, "overdue" if one.pk in late else one.state) for one in standings[:SHOWN]]
    return Section(
        _("What it owes by the plan"), "plan/obligation_card.html", {"rows": rows, "total": len(standings)}
    )
