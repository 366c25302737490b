"""Decrees and plans over the API: read, upload, correct, adopt."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Router, Status
from ninja.files import UploadedFile

from profminimum.api.schemas import (
    CorrectionIn,
    DecisionIn,
    ExecutorIn,
    PastIn,
    PlanOut,
    Problem,
    VersionOut,
)
from profminimum.api.wire import Id, plain, who
from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.plan.files import Upload
from profminimum.plan.models import Plan, PlanVersion
from profminimum.plan.services import adoption, versions
from profminimum.web import clock

router = Router(tags=["plans"])
REFUSED = {403: Problem, 404: Problem, 422: Problem}


@router.get("/plans", response=list[PlanOut])
def plans(request: HttpRequest) -> list[dict[str, Any]]:
    """The plans of your region with the version in force."""
    found = Plan.objects.visible_to(who(request))
    force = dict(PlanVersion.objects.filter(plan__in=found, state="adopted").values_list("plan_id", "pk"))
    names = ("id", "title", "school_year", "start", "end")
    return [{**plain(plan, *names), "version": force.get(plan.pk)} for plan in found]


def _version(request: HttpRequest, pk: Id) -> PlanVersion:
    """The version, within your region; drafts only for those who edit."""
    user = who(request)
    regions = {seat.region_id for seat in access.seats(user)}
    found = get_object_or_404(PlanVersion, pk=pk, region__in=regions)
    if found.state == PlanVersion.State.DRAFT and not access.can(user, "plan.edit", found):
        raise Http404
    return found


def _out(version: PlanVersion) -> dict[str, Any]:
    rows = version.wordings.select_related("section").prefetch_related("assignments__executor").order_by("position")
    measures = [
        {
            **plain(row, "number", "title", "items", "term_kind", "start", "due", "rrule", "occurrences"),
            **plain(row, "results", "past"),
            "id": row.measure_id,
            "wording": row.pk,
            "section": str(row.section),
            "term": row.term_text,
            "executors": [assignment.executor.name for assignment in row.assignments.all()],
        }
        for row in rows
    ]
    findings = [
        {
            **plain(finding, "id", "code", "severity", "message", "proposal", "decision"),
            "measure": finding.wording.number if finding.wording else None,
        }
        for finding in version.findings.select_related("wording")
    ]
    executors = [
        {**plain(body, "id", "name", "full", "target"), "organisation": body.organisation_id}
        for body in version.executors.all()
    ]
    return {
        **plain(version, "id", "number", "state", "title", "act_kind", "act_number", "act_date"),
        **plain(version, "school_year", "start", "end"),
        "plan": version.plan_id,
        "measures": measures,
        "findings": findings,
        "executors": executors,
        "obstacles": adoption.obstacles(version) if version.state == PlanVersion.State.DRAFT else [],
    }


@router.get("/versions/{pk}", response={200: VersionOut, **REFUSED})
def version(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """A version with its rows, doubts and executors, and what still stands against its adoption."""
    return _out(_version(request, pk))


@router.post("/versions", response={201: VersionOut, **REFUSED})
def upload(request: HttpRequest, file: File[UploadedFile], amends: Id | None = None) -> Any:
    """Upload a decree: it is read into a draft. `amends`: the version in force that it changes."""
    user = who(request)
    access.require(user, "plan.edit", None)
    seat = next(seat for seat in access.seats(user) if seat.role in access.GRANTS["plan.edit"])
    made = versions.upload(
        Upload(file.name or "", file.read()),
        region=Organisation.objects.get(pk=seat.region_id),
        by=user,
        at=clock.now(),
        amends=_version(request, amends) if amends is not None else None,
    )
    return Status(201, _out(made))


@router.post("/versions/{pk}/findings/{finding}", response={200: VersionOut, **REFUSED})
def decide(request: HttpRequest, pk: Id, finding: Id, payload: DecisionIn) -> dict[str, Any]:
    """Accept the proposal of a doubt or leave the text as it is, with a reason."""
    draft = _version(request, pk)
    doubt = get_object_or_404(draft.findings, pk=finding)
    versions.decide_finding(doubt, decision=payload.decision, reason=payload.reason, by=who(request), at=clock.now())
    return _out(draft)


@router.post("/versions/{pk}/rows/{wording}", response={200: VersionOut, **REFUSED})
def correct(request: HttpRequest, pk: Id, wording: Id, payload: CorrectionIn) -> dict[str, Any]:
    """Correct what was understood of a row, with a reason; the verbatim text stays."""
    draft = _version(request, pk)
    changes = payload.dict(exclude_unset=True, exclude={"reason"})
    if changes.get("occurrences") is not None:
        changes["occurrences"] = [day.isoformat() for day in changes["occurrences"]]
    row = get_object_or_404(draft.wordings, pk=wording)
    versions.correct(row, changes=changes, reason=payload.reason, by=who(request), at=clock.now())
    return _out(draft)


@router.post("/versions/{pk}/rows/{wording}/past", response={200: VersionOut, **REFUSED})
def past(request: HttpRequest, pk: Id, wording: Id, payload: PastIn) -> dict[str, Any]:
    """Decide on a date that is earlier than the signature."""
    draft = _version(request, pk)
    row = get_object_or_404(draft.wordings, pk=wording)
    versions.decide_past(
        row, past=payload.past, days=payload.days, reason=payload.reason, by=who(request), at=clock.now()
    )
    return _out(draft)


@router.post("/versions/{pk}/executors/{executor}", response={200: VersionOut, **REFUSED})
def match(request: HttpRequest, pk: Id, executor: Id, payload: ExecutorIn) -> dict[str, Any]:
    """Say who an executor is: authorities, schools, municipal_schools, state_schools, one (organisation), nobody."""
    draft = _version(request, pk)
    user = who(request)
    organisation = None
    if payload.organisation is not None:
        visible = Organisation.objects.visible_to(user, clock.today())
        organisation = get_object_or_404(visible, pk=payload.organisation)
    body = get_object_or_404(draft.executors, pk=executor)
    versions.map_executor(body, target=payload.target, organisation=organisation, by=user, at=clock.now())
    return _out(draft)


@router.post("/versions/{pk}/adopt", response={200: PlanOut, **REFUSED})
def adopt(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """Put the draft into force: the obligations appear. 422 names everything that stands against it."""
    draft = _version(request, pk)
    plan = adoption.adopt(draft, by=who(request), at=clock.now())
    return {**plain(plan, "id", "title", "school_year", "start", "end"), "version": draft.pk}
