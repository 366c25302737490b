"""Obligations and the control board over the API: look, report, decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from profminimum.api.schemas import (
    ControlOut,
    ExtensionDecisionIn,
    ExtensionIn,
    ExtensionOut,
    ObligationDetail,
    ObligationPage,
    Problem,
    ReasonIn,
    TallyOut,
)
from profminimum.api.wire import Id, Offset, plain, who
from profminimum.orgs import access
from profminimum.plan import board, control
from profminimum.plan.files import Upload
from profminimum.plan.models import Extension, Obligation, Standing
from profminimum.plan.queries import obligations as found_by
from profminimum.plan.services import extensions, obligations
from profminimum.plan.services.obligations import Answer
from profminimum.plan.states import OPEN, State, Step
from profminimum.web import clock

router = Router(tags=["obligations"])
MOST = 500  # rows of one answer
REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
STEPS = {"accept": Step.ACCEPT, "return": Step.RETURN, "waive": Step.WAIVE, "resume": Step.RESUME}


def _row(standing: Standing, name: str, today: date) -> dict[str, Any]:
    late = State(standing.state) in OPEN and standing.due is not None and standing.due < today
    return {
        "id": standing.obligation_id,
        "plan": standing.plan_id,
        "measure": standing.measure_id,
        "number": standing.measure.number,
        "title": standing.measure.title,
        "organisation": standing.organisation_id,
        "organisation_name": name,
        "unit": standing.unit_id,
        "overdue": late,
        "original_due": standing.obligation.original_due,
        **plain(standing, "state", "due", "since", "reason"),
    }


@router.get("/obligations", response=ObligationPage)
def listed(request: HttpRequest, limit: int = 100, offset: Offset = 0) -> dict[str, Any]:
    """Those in your reach, with the same filter as the page: measure, unit, organisation, kind, state, overdue,
    reviewer=me, words, from, to, sort, and `on` for a past day.
    """
    user = who(request)
    ask = found_by.read(request.GET)
    seats = access.seats(user)
    measures = found_by.measures(user) if ask.words else []
    narrowed = found_by.in_state(found_by.narrowed(ask, user, seats[0] if seats else None, measures), ask)
    start, size = max(offset, 0), min(max(limit, 1), MOST)
    page = found_by.ordered(narrowed, ask).select_related("measure", "obligation")[start : start + size]
    names = {row.standing.pk: row.organisation for row in found_by.rows(page, ask.today)}
    return {"count": narrowed.count(), "items": [_row(one, names[one.pk], ask.today) for one in page]}


def _obligation(request: HttpRequest, pk: Id) -> Obligation:
    return get_object_or_404(Obligation.objects.visible_to(who(request)).select_related("measure"), pk=pk)


def _detail(obligation: Obligation) -> dict[str, Any]:
    standings = list(obligation.standings.select_related("measure", "obligation").order_by("pk"))
    today = clock.today()
    named = found_by.rows([standings[-1]], today)
    reports = obligation.reports.select_related("by").prefetch_related("attachments__file")
    return {
        **_row(standings[-1], named[0].organisation, today),
        "standings": [plain(one, "state", "due", "since", "until", "step", "reason") for one in standings],
        "reports": [
            {
                **plain(report, "id", "at", "act_kind", "act_number", "act_date", "comment", "no_evidence_reason"),
                "by": report.by.full_name,
                "attachments": [
                    {**plain(one, "id", "name"), **plain(one.file, "size", "sha256", "content_type")}
                    for one in report.attachments.all()
                ],
            }
            for report in reports
        ],
        "extensions": [_extension(one) for one in obligation.extensions.all()],
    }


def _extension(one: Extension) -> dict[str, Any]:
    return plain(one, "id", "asked", "reason", "old_due", "new_due", "decision", "decision_reason")


@router.get("/obligations/{pk}", response={200: ObligationDetail, **REFUSED})
def one(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """One obligation with its whole history. Its files are at /files/{id}/, for those who may see the evidence."""
    return _detail(_obligation(request, pk))


@router.post("/obligations/{pk}/report", response={200: ObligationDetail, **REFUSED})
def report(
    request: HttpRequest,
    pk: Id,
    act_kind: Form[str] = "",
    act_number: Form[str] = "",
    act_date: Form[date | None] = None,
    comment: Form[str] = "",
    no_evidence_reason: Form[str] = "",
    files: File[list[UploadedFile]] = [],  # noqa: B006 - ninja reads the default, nothing writes it
) -> dict[str, Any]:
    """Say that it is done, with what proves it: multipart, files under `files`."""
    obligation = _obligation(request, pk)
    answer = Answer(
        act_kind=act_kind,
        act_number=act_number,
        act_date=act_date,
        comment=comment,
        no_evidence_reason=no_evidence_reason,
        files=tuple(Upload(file.name or "", file.read()) for file in files),
    )
    obligations.report(obligation, answer, by=who(request), at=clock.now())
    return _detail(obligation)


@router.post("/obligations/{pk}/extensions", response={201: ExtensionOut, **REFUSED})
def ask_extension(request: HttpRequest, pk: Id, payload: ExtensionIn) -> Any:
    """Ask for another date, with a reason."""
    asked = extensions.request(
        _obligation(request, pk), new_due=payload.new_due, reason=payload.reason, by=who(request), at=clock.now()
    )
    return Status(201, _extension(asked))


@router.post("/extensions/{pk}/decide", response={200: ExtensionOut, **REFUSED})
def decide_extension(request: HttpRequest, pk: Id, payload: ExtensionDecisionIn) -> dict[str, Any]:
    """Grant or refuse a request for another date."""
    visible = Obligation.objects.visible_to(who(request))
    asked = get_object_or_404(Extension, pk=pk, obligation__in=visible)
    decided = extensions.decide(
        asked,
        granted=payload.granted,
        reason=payload.reason,
        new_due=payload.new_due,
        by=who(request),
        at=clock.now(),
    )
    return _extension(decided)


@router.post("/obligations/{pk}/{step}", response={200: ObligationDetail, **REFUSED})
def decide(request: HttpRequest, pk: Id, step: str, payload: ReasonIn) -> dict[str, Any]:
    """`step`: accept, return, waive or resume; the last three with a reason."""
    if step not in STEPS:
        raise Http404
    obligation = _obligation(request, pk)
    obligations.decide([pk], STEPS[step], by=who(request), at=clock.now(), reason=payload.reason)
    return _detail(obligation)


def _tally(tally: board.Tally) -> dict[str, Any]:
    return {name: getattr(tally, name) for name in TallyOut.model_fields}


@router.get("/control", response={200: ControlOut, **REFUSED}, tags=["control"])
def figures(request: HttpRequest, plan: Id | None = None) -> dict[str, Any]:
    """The figures of the control board: `plan`, `on`, `unit`, `kind` as in its address."""
    user = who(request)
    access.require(user, "control.see", None)
    version = control.version_in_force(user, plan)
    if version is None or version.plan_id is None:
        raise Http404
    ask = control.read_ask(request.GET)
    shown = control.build(user, version, ask)
    return {
        "plan": version.plan_id,
        "on": ask.today,
        "total": _tally(shown.total),
        "late_organisations": shown.late_organisations,
        "rows": [
            {"measure": line.measure_id, **plain(line, "number", "title", "due"), "tally": _tally(line.tally)}
            for part in shown.parts
            for line in part.lines
        ],
        "cells": [
            {"unit": row.unit_id, "measure": line.measure_id, "tally": _tally(tally)}
            for row in shown.matrix
            for line, tally in row.cells
            if tally
        ],
    }
