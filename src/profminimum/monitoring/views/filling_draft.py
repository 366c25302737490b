"""What does the script of a form ask the server? To keep changes, to say who is there, to take and give a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from profminimum.monitoring.models import Draft, Revision, Submission, SubmissionFile
from profminimum.monitoring.queries import filling
from profminimum.monitoring.schema.saying import words
from profminimum.monitoring.services import attached, drafts
from profminimum.monitoring.services.drafts import BusyError, ChangedError
from profminimum.monitoring.services.submissions import StaleError
from profminimum.orgs import access
from profminimum.plan.uploads import limited, uploads
from profminimum.web import clock
from profminimum.web.forms import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from profminimum.orgs.models import User

CHANGED: Final = 409
LOCKED: Final = 423
MOST: Final = 2000  # changes at once


def _mine(user: User, pk: int) -> Submission:
    rows = Submission.objects.visible_to(user).select_related("wave__campaign")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep changes `{number, changes, explanations}`, or without changes tell what is new; `leave`: the page closes.

    409 with the draft when somebody has saved since `number`, 423 while another person types, 403 with the reason.
    """
    row = _mine(request.user, pk)  # type: ignore[arg-type]  # signed in
    access.require(request.user, "submission.fill", row)
    who: dict[str, Any] = {"by": request.user, "at": clock.now()}
    if request.content_type != "application/json":
        drafts.leave(row, **who)
        return HttpResponse(status=204)
    if (sent := _payload(request)) is None:
        return HttpResponseBadRequest()
    try:
        return _keep(row, sent, who) if sent["changes"] or sent["explanations"] else _news(row, sent, who)
    except BusyError as error:
        return JsonResponse({"busy": error.name}, status=LOCKED)
    except ChangedError as error:
        return JsonResponse(_held(error.draft), status=CHANGED)
    except (PermissionDenied, StaleError) as error:
        reason = str(error) if isinstance(error, PermissionDenied) else _("The answer has been sent.")
        return JsonResponse({"reason": reason}, status=403)


def _keep(row: Submission, sent: Mapping[str, Any], who: Mapping[str, Any]) -> HttpResponse:
    saved = drafts.save(row, changes=sent["changes"], explanations=sent["explanations"], number=sent["number"], **who)
    problems = [{"place": one.place, "message": words(one.message, filling.language())} for one in saved.problems]
    return JsonResponse({"number": saved.number, "saved": filling.said_at(saved.at), "problems": problems})


def _payload(request: HttpRequest) -> dict[str, Any] | None:
    """What was sent, of the right shape, or None."""
    try:
        sent = json.loads(request.body)
        changes, explanations = sent.get("changes") or {}, sent.get("explanations") or {}
        number = sent.get("number")
    except (ValueError, AttributeError, RecursionError):
        return None
    right = isinstance(changes, dict) and isinstance(explanations, dict) and len(changes) <= MOST
    if not right or not all(isinstance(text, str) for text in explanations.values()):
        return None
    return {
        "changes": changes,
        "explanations": explanations,
        "number": number if isinstance(number, int) else None,
        "watch": sent.get("watch") is True,
    }


def _news(row: Submission, sent: Mapping[str, Any], who: Mapping[str, Any]) -> HttpResponse:
    """A sign of life: who types now, and the draft when it is newer. Who only watches claims nothing."""
    busy = "" if sent["watch"] else drafts.open_draft(row, **who)
    found = Draft.objects.select_related("editor", "saved_by").get(pk=row.pk)
    busy = busy or drafts.editor(found, who["by"], who["at"])
    news: dict[str, Any] = {"busy": busy, "number": found.number, "saved": filling.said_at(found.saved)}
    if found.number != sent["number"]:
        news |= _held(found)
    return JsonResponse(news, status=LOCKED if busy and not sent["watch"] else 200)


def _held(found: Draft) -> dict[str, Any]:
    return {
        "number": found.number,
        "answers": found.answers,
        "explanations": found.explanations,
        "saved": filling.said_at(found.saved),
    }


@login_required
@require_POST
def _attach(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request.user, pk)  # type: ignore[arg-type]  # signed in
    access.require(request.user, "submission.fill", row)
    given = uploads(request.FILES.getlist("file")[:1])
    if not given:
        return HttpResponseBadRequest()
    try:
        kept = drafts.attach(
            row,
            place=request.POST.get("place", ""),
            upload=given[0],
            by=request.user,  # type: ignore[arg-type]  # as above
            at=clock.now(),
        )
    except ValidationError as error:
        return JsonResponse({"reason": " ".join(error.messages)}, status=REFUSED)
    except PermissionDenied as error:
        return JsonResponse({"reason": str(error)}, status=403)
    return JsonResponse({"value": attached.value_of(kept)}, status=201)


attach = limited(_attach)


@login_required
@require_safe
def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of an answer: of a draft only to those who fill it, of what was sent to all who see the answer."""
    row = _mine(request.user, pk)  # type: ignore[arg-type]  # signed in
    found = get_object_or_404(
        SubmissionFile.objects.select_related("file", "submission__wave"), submission=row, pk=file
    )
    if not access.can(request.user, "submission.fill", row) and not _sent(row, file):
        raise Http404
    path = drafts.hand_out(found, by=request.user, at=clock.now())  # type: ignore[arg-type]  # as above
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not in the store. Tell the administrator: it must be restored.")) from None
    response = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _sent(row: Submission, file: int) -> bool:
    """Is the file in one of the revisions?"""
    revisions = Revision.objects.filter(submission=row).values_list("answers", flat=True)
    return any(_holds(answers, file) for answers in revisions)


def _holds(value: Any, file: int) -> bool:
    if isinstance(value, dict):
        return value.get("file") == file or any(_holds(each, file) for each in value.values())
    return isinstance(value, list) and any(_holds(each, file) for each in value)
