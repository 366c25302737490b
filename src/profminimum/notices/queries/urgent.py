"""What is urgent for each seat or waits for its decision? As «My duties» counts it, for everybody at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.utils import timezone

from profminimum.orgs import access
from profminimum.orgs.models import Kind, Membership, OrganisationState, Role
from profminimum.orgs.querysets import valid_on
from profminimum.plan.models import Extension, Standing
from profminimum.plan.queries.duties import week_end
from profminimum.plan.states import State

if TYPE_CHECKING:
    from datetime import date, datetime

    Counts = dict[int, int]


def urgent(now: datetime) -> dict[int, dict[str, int]]:
    """Person → seat → number, those without any left out; in a fixed number of questions."""
    today = timezone.localdate(now)
    own, branches = _own(today), _branches(today)
    review, mine, regional = _review()
    requests = _requests()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    seats = Membership.objects.active(today).filter(user__is_active=True)
    for user, role, place, top in seats.values_list("user_id", "role", "organisation_id", "organisation__region_id"):
        region, count = top or place, 0
        if role in access.GRANTS["obligation.report"]:
            count += own.get(place, 0)
            if role == Role.SCHOOL:
                count += sum(own.get(branch, 0) for branch in branches.get(place, ()))
        if role == Role.COORDINATOR:
            count += regional.get(region, 0)
        elif role in access.GRANTS["obligation.review"]:
            count += review.get(place, 0) - (0 if role == Role.CONTROLLER else mine.get(place, 0))
        if role in access.GRANTS["obligation.decide"]:
            count += requests.get(region, 0)
        if count:
            found[user][f"{role}:{place}"] = count
    return found


def _own(today: date) -> Counts:
    rows = Standing.objects.at().filter(
        Q(state=State.RETURNED.value) | Q(state=State.ASSIGNED.value, due__lte=week_end(today))
    )
    return dict(rows.order_by().values_list("organisation").annotate(n=Count("pk")))


def _branches(today: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = OrganisationState.objects.filter(valid_on(today), organisation__kind=Kind.BRANCH)
    for school, branch in rows.values_list("parent_id", "organisation_id"):
        found[school or 0].append(branch)
    return found


def _review() -> tuple[Counts, Counts, Counts]:
    """(by the one who checks, of these its own reports, by region what the coordinator checks)."""
    rows = Standing.objects.at().filter(state=State.REPORTED.value, obligation__by_form=False).order_by()
    checked = list(
        rows.values_list("reviewer").annotate(n=Count("pk"), own=Count("pk", filter=Q(organisation=F("reviewer"))))
    )
    regional = rows.filter(kind__in=access.REVIEWED_BY_COORDINATOR).values_list("plan__region")
    return (
        {place: n for place, n, _own in checked},
        {place: own for place, _n, own in checked},
        dict(regional.annotate(n=Count("pk"))),
    )


def _requests() -> Counts:
    rows = Extension.objects.filter(decision="").order_by()
    return dict(rows.values_list("obligation__plan__region").annotate(n=Count("pk")))
