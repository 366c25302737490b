"""What do people have to do, and what waits for them? For many people at once, for the digest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q

from profminimum.monitoring.models import Submission
from profminimum.orgs import access
from profminimum.orgs.models import Kind, Membership, OrganisationState, Role
from profminimum.orgs.querysets import valid_on
from profminimum.plan.models import Extension, Standing
from profminimum.plan.states import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

NEAR: Final = 3  # days before the date from which it stands in the digest


@dataclass(slots=True)
class Outstanding:
    """`late` and `near` are open obligations by date; `answers`, `reports` wait for a check, `requests` for a word.

    `submissions`: obligation → the answer to a monitoring by which it is carried out.
    """

    late: list[Standing] = field(default_factory=list)
    near: list[Standing] = field(default_factory=list)
    answers: int = 0
    reports: int = 0
    requests: int = 0
    submissions: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Places:
    """What the seats of people are: for whom they report, for whom they check, in which regions they decide."""

    report: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    check: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    decide: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    regions: dict[int, int] = field(default_factory=dict)


def outstanding(users: Collection[int], today: date) -> tuple[dict[int, Outstanding], dict[int, int]]:
    """(user → what is outstanding, user → region) in a fixed number of questions."""
    places = _places(users, today)
    rows = _open({place for ids in places.report.values() for place in ids}, today)
    checking = {place for ids in places.check.values() for place in ids}
    answers, reports = _answers(checking), _reports(checking)
    by_form = _submissions([row.obligation_id for listed in rows.values() for row in listed])
    requests = _requests({region for ids in places.decide.values() for region in ids})
    found = {}
    for user in users:
        mine = sorted(
            (row for place in places.report[user] for row in rows.get(place, ())),
            key=lambda row: (row.due is None, row.due, row.pk),
        )
        found[user] = Outstanding(
            late=[row for row in mine if row.due and row.due < today],
            near=[row for row in mine if row.due is None or row.due >= today],
            answers=sum(answers.get(place, 0) for place in places.check[user]),
            reports=sum(reports.get(place, 0) for place in places.check[user]),
            requests=sum(requests.get(region, 0) for region in places.decide[user]),
            submissions=by_form,
        )
    return found, places.regions


def _places(users: Collection[int], today: date) -> _Places:
    places = _Places()
    seats = list(
        Membership.objects.active(today)
        .filter(user__in=users)
        .order_by("pk")
        .values_list("user_id", "role", "organisation_id", "organisation__region_id")
    )
    schools = {place for _user, role, place, _region in seats if role == Role.SCHOOL}
    branches: dict[int, list[int]] = defaultdict(list)
    for school, branch in OrganisationState.objects.filter(
        valid_on(today), parent__in=schools, organisation__kind=Kind.BRANCH
    ).values_list("parent_id", "organisation_id"):
        branches[school or 0].append(branch)
    for user, role, place, region in seats:
        places.regions.setdefault(user, region or place)
        if role in access.GRANTS["obligation.report"]:
            places.report[user] |= {place, *(branches[place] if role == Role.SCHOOL else ())}
        if role in access.GRANTS["obligation.review"]:
            places.check[user].add(place)
        if role in access.GRANTS["obligation.decide"]:
            places.decide[user].add(region or place)
    return places


def _open(places: set[int], today: date) -> dict[int, list[Standing]]:
    """What is late or near, and what was returned, by organisation."""
    rows: Iterable[Standing] = (
        Standing.objects.at()
        .open()
        .filter(Q(due__lte=today + timedelta(days=NEAR)) | Q(state=State.RETURNED.value), organisation__in=places)
        .select_related("measure", "obligation")
    )
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(row)
    return found


def _submissions(obligations: Collection[int]) -> dict[int, int]:
    rows = Submission.objects.filter(obligation__in=obligations).order_by("pk")
    return {row: pk for row, pk in rows.values_list("obligation_id", "pk") if row}


def _answers(places: set[int]) -> dict[int, int]:
    """Answers to monitorings that wait, by the organisation whose turn it is; nobody checks their own."""
    rows = Submission.objects.filter(reviewer__in=places).exclude(organisation=F("reviewer")).order_by()
    return {place: count for place, count in rows.values_list("reviewer").annotate(n=Count("pk")) if place}


def _reports(places: set[int]) -> dict[int, int]:
    """Reports of execution that wait, by the organisation whose turn it is."""
    rows = Standing.objects.at().filter(state=State.REPORTED.value, obligation__by_form=False, reviewer__in=places)
    return dict(rows.order_by().values_list("reviewer").annotate(n=Count("pk")))


def _requests(regions: set[int]) -> dict[int, int]:
    rows = Extension.objects.filter(decision="", obligation__plan__region__in=regions).order_by()
    return dict(rows.values_list("obligation__plan__region").annotate(n=Count("pk")))
