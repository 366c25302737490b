"""Monitoring over the API: forms, waves, answers; fill, send, check, return, accept, reopen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from profminimum.api.schemas import (
    AnswerDetail,
    AnswerPage,
    AnswersIn,
    DraftIn,
    DraftOut,
    FormOut,
    Problem,
    SendBackIn,
    SentOut,
    WaveDetail,
    WaveOut,
)
from profminimum.api.wire import Id, Offset, plain, who
from profminimum.monitoring import turns
from profminimum.monitoring.models import FormVersion, Revision, Submission, Wave
from profminimum.monitoring.services import drafts, submissions
from profminimum.monitoring.states import Step
from profminimum.orgs import access, queries
from profminimum.web import clock
from profminimum.web.prebuilt import Prebuilt

router = Router(tags=["monitoring"])
MOST = 500  # rows of one answer
_ROW = Prebuilt(lambda: Submission.objects.select_related("wave__campaign").filter(pk=0).order_by())
REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


def _wave(wave: Wave) -> dict[str, Any]:
    return {
        **plain(wave, "id", "title", "number", "period", "state", "opens", "due", "check_due", "closes"),
        "campaign": wave.campaign_id,
        "measure": wave.campaign.measure_id,
        "form_version": wave.version_id,
    }


@router.get("/waves", response=list[WaveOut])
def waves(request: HttpRequest, state: str = "") -> list[dict[str, Any]]:
    """The waves of your region, the newest first; `state`: planned, open, closed, cancelled."""
    found = Wave.objects.visible_to(who(request)).select_related("campaign").order_by("-opens", "-pk")
    return [_wave(wave) for wave in (found.filter(state=state) if state else found)[:MOST]]


@router.get("/waves/{pk}", response={200: WaveDetail, **REFUSED})
def wave(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """One wave with how many answers of your reach stand where."""
    user = who(request)
    found = get_object_or_404(Wave.objects.visible_to(user).select_related("campaign"), pk=pk)
    access.require(user, "wave.see", None)
    rows = Submission.objects.visible_to(user, "wave.see").filter(wave=found).values_list("state")
    return {**_wave(found), "answers": dict(rows.annotate(Count("pk")).order_by("state"))}


@router.get("/forms/versions/{pk}", response={200: FormOut, **REFUSED})
def form(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """A published version of a form: its definition is all that a page or a script needs to ask it."""
    found = get_object_or_404(FormVersion.objects.visible_to(who(request)).exclude(definition=None), pk=pk)
    return plain(found, "id", "form_id", "number", "title", "state", "fields", "minutes", "definition")


def _row(row: Submission, name: str, today: date) -> dict[str, Any]:
    open_ = row.state in {"expected", "draft", "returned"}
    return {
        **plain(row, "id", "state", "due", "number", "sent", "changed", "warnings", "remarks"),
        "wave": row.wave_id,
        "organisation": row.organisation_id,
        "organisation_name": name,
        "unit": row.unit_id,
        "reviewer": row.reviewer_id,
        "late": row.due < today if open_ else bool(row.sent and row.sent > row.due),
    }


@router.get("/submissions", response=AnswerPage)
def listed(
    request: HttpRequest,
    wave: Id | None = None,
    state: str = "",
    unit: Id | None = None,
    reviewer: str = "",
    limit: int = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The answers in your reach; `reviewer=me`: those that wait for your check."""
    user = who(request)
    found = Submission.objects.visible_to(user)
    for name, value in (("wave", wave), ("state", state), ("unit", unit)):
        found = found.filter(**{name: value}) if value else found
    if reviewer == "me":
        found = found.filter(reviewer__in=[seat.organisation_id for seat in turns.checking_seats(user)])
    start, size = max(offset, 0), min(max(limit, 1), MOST)
    page, today = list(found.order_by("pk")[start : start + size]), clock.today()
    names = queries.names([row.organisation_id for row in page], today)
    return {"count": found.count(), "items": [_row(row, names[row.organisation_id], today) for row in page]}


def _submission(request: HttpRequest, pk: Id) -> Submission:
    """In reach, or 404: decided without a look at the tree where it is one's own."""
    row = _ROW.one(pk)
    if row is None or not access.can(who(request), "submission.see", row):
        raise Http404
    return row


def _detail(row: Submission) -> dict[str, Any]:
    today = clock.today()
    last = Revision.objects.filter(submission=row).order_by("-number").first()
    stages = row.stages.order_by("pk")
    remarks = row.remark_set.exclude(sent=None)
    return {
        **_row(row, queries.names([row.organisation_id], today)[row.organisation_id], today),
        "form_version": row.wave.version_id,
        "answers": last.answers if last else {},
        "explanations": last.explanations if last else {},
        "stages": [plain(one, "state", "since", "until", "step", "reason", "number") for one in stages],
        "remark_list": [plain(one, "place", "text", "at", "number", "settled") for one in remarks],
    }


@router.get("/submissions/{pk}", response={200: AnswerDetail, **REFUSED})
def one(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """One answer: what was sent last, where it stands and stood, the remarks that its author sees."""
    return _detail(_submission(request, pk))


@router.get("/submissions/{pk}/draft", response={200: DraftOut, **REFUSED})
def draft(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """What is being typed, with what was known before: for those who fill the answer."""
    row = _submission(request, pk)
    access.require(who(request), "submission.fill", row)
    return {**plain(row.draft, "answers", "explanations", "given", "number", "saved"), "submission": row.pk}


@router.patch("/submissions/{pk}/draft", response={200: DraftOut, **REFUSED})
def save(request: HttpRequest, pk: Id, payload: DraftIn) -> dict[str, Any]:
    """Save changes «name → value» (null takes a value away); `number` of the draft on which they were made."""
    row = _submission(request, pk)
    drafts.save(
        row,
        changes=payload.changes,
        explanations=payload.explanations,
        number=payload.number,
        by=who(request),
        at=clock.now(),
    )
    row.refresh_from_db()
    return {**plain(row.draft, "answers", "explanations", "given", "number", "saved"), "submission": row.pk}


@router.post("/submissions/{pk}/submit", response={200: SentOut, **REFUSED})
def submit(request: HttpRequest, pk: Id, payload: AnswersIn) -> dict[str, Any]:
    """Send for checking: the draft as it stands, or the whole answer when `answers` is given."""
    row = _submission(request, pk)
    revision = submissions.submit(
        row, answers=payload.answers, explanations=payload.explanations, by=who(request), at=clock.now()
    )
    return {"id": row.pk, "state": row.state, "number": revision.number, "sent": row.sent}


@router.post("/submissions/{pk}/{step}", response={200: AnswerDetail, **REFUSED})
def decide(request: HttpRequest, pk: Id, step: str, payload: SendBackIn) -> dict[str, Any]:
    """`step`: check, accept, return or reopen; the last two with a reason, a return with remarks «place → text»."""
    row = _submission(request, pk)
    act: dict[str, Any] = {"by": who(request), "at": clock.now()}
    if step == Step.CHECK:
        submissions.check([row.pk], reason=payload.reason, **act)
    elif step == Step.ACCEPT:
        submissions.accept([row.pk], reason=payload.reason, **act)
    elif step == Step.RETURN:
        with transaction.atomic():  # remarks without a return would wait unseen
            for place, text in payload.remarks.items():
                submissions.remark(row, place=place, text=text, **act)
            submissions.send_back(row, reason=payload.reason, **act)
    elif step == Step.REOPEN:
        submissions.reopen(row, reason=payload.reason, **act)
    else:
        raise Http404
    return _detail(_submission(request, pk))
