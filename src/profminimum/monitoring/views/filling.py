"""The page of an answer: a form for the one whose turn it is to fill it, what was sent for all others who see it.

A plain post saves, sends, adds and removes entries, takes over; with a script the changes go to `filling_draft`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profminimum.monitoring import definitions, filling_words, posted
from profminimum.monitoring.filling import Typed
from profminimum.monitoring.queries import check as reading
from profminimum.monitoring.queries import filling
from profminimum.monitoring.questions import id_of
from profminimum.monitoring.schema import changes as schema
from profminimum.monitoring.schema.answers import normalise
from profminimum.monitoring.schema.model import Kind, Problem, Severity
from profminimum.monitoring.schema.saying import label, said
from profminimum.monitoring.services import attached, drafts, submissions
from profminimum.monitoring.services.drafts import BusyError, ChangedError
from profminimum.monitoring.services.submissions import RefusedError, StaleError
from profminimum.orgs import access
from profminimum.plan.uploads import limited, uploads
from profminimum.web import clock
from profminimum.web.forms import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.posted import Posted
    from profminimum.monitoring.schema.model import Definition, Item

CHANGED: Final = 409
ACTIONS: Final = {"save", "submit", "take_over", "add", "drop"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def _submission(request: HttpRequest, pk: int) -> HttpResponse:
    row = filling.find(request.user, pk)  # type: ignore[arg-type]  # signed in
    if request.method == "POST":
        return _post(request, row)
    if filling.fills(request.user, row):  # type: ignore[arg-type]  # as above
        return show(request, row)
    return _read(request, row)


submission = limited(_submission)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": clock.now()}


def _read(request: HttpRequest, row: Submission) -> HttpResponse:
    """What was sent last, with its story."""
    found = reading.find(request.user, row.pk)  # type: ignore[arg-type]  # signed in
    card = reading.card(request.user, found, request.GET, clock.today())  # type: ignore[arg-type]  # as above
    return render(request, "monitoring/fill_read.html", {"card": card})


def show(
    request: HttpRequest,
    row: Submission,
    *,
    status: int = 200,
    typed: Typed | None = None,
    answers: Mapping[str, Any] | None = None,
    explanations: Mapping[str, str] | None = None,
    conflicts: list[dict[str, str]] | None = None,
    trouble: str = "",
) -> HttpResponse:
    """The form. `conflicts` are values that somebody else has written meanwhile, `trouble` why it was refused."""
    page = filling.page(
        request.user,  # type: ignore[arg-type]  # signed in
        row,
        clock.now(),
        clock.today(),
        typed=typed,
        answers=answers,
        explanations=explanations,
    )
    urls = {
        "draft": reverse("submission_draft", args=[row.pk]),
        "files": reverse("submission_attach", args=[row.pk]),
    }
    context = {
        "page": page,
        "form": page.form,
        "strict": bool(typed and typed.strict),
        "conflicts": conflicts or [],
        "trouble": trouble,
        "state": filling.state(page, urls, request.user)  # type: ignore[arg-type]  # as above
        | {
            "words": filling_words.words(),
            "strict": bool(typed and typed.strict),
            "typed": status != HTTPStatus.OK,
            "conflicting": bool(conflicts),
        },
        "file_base": urls["files"],
        "max_file": settings.UPLOAD_LIMIT,
    }
    return render(request, "monitoring/fill_page.html", context, status=status)


def _post(request: HttpRequest, row: Submission) -> HttpResponse:
    name, _colon, rest = posted.action(request.POST, "save").partition(":")
    if name not in ACTIONS:
        raise Http404
    access.require(request.user, "submission.fill", row)
    if not filling.fills(request.user, row):  # type: ignore[arg-type]  # as above
        messages.error(request, _("The answer has been sent: it can be changed only after it has been returned."))
        return redirect("submission", row.pk)
    form = definitions.definition(row.wave.version_id or 0)
    sent = posted.read(form, dict(request.POST.lists()))
    changes, wrong = _with_files(request, row, sent)
    if name == "drop":
        repeat, _colon, index = rest.partition(":")
        changes = posted.without_entry(changes, repeat, int(index) if index.isdecimal() else -1)
    try:
        if name == "take_over":
            drafts.take_over(row, **_who(request))
            if not changes:
                return redirect("submission", row.pk)
        saved = drafts.save(
            row, changes=changes, explanations=sent.explanations, number=_number(request), **_who(request)
        )
    except BusyError as error:
        return show(
            request, row, status=CHANGED, trouble=drafts.said_busy(error.name), **_kept(form, row, changes, sent)
        )
    except ChangedError as error:
        row.draft = error.draft
        return show(
            request, row, status=CHANGED, **_kept(form, row, changes, sent), conflicts=_differing(form, row, changes)
        )
    except StaleError:
        return redirect("submission", row.pk)
    row = filling.find(request.user, row.pk)  # type: ignore[arg-type]  # as above
    return _then(request, row, (name, rest), sent, [*wrong, *saved.problems])


def _then(
    request: HttpRequest,
    row: Submission,
    action: tuple[str, str],
    sent: Posted,
    unread: list[Problem],
) -> HttpResponse:
    """What follows when the changes are kept."""
    name, rest = action
    raw = {problem.place: sent.flat[problem.place] for problem in unread if problem.place in sent.flat}
    if name == "submit":
        return _submit(request, row, Typed(raw=raw, unread=unread, strict=True))
    if unread:
        return show(request, row, status=REFUSED, typed=Typed(raw=raw, unread=unread))
    if name == "add":
        held = row.draft.answers.get(rest)
        extra = {rest: max(len(held) if isinstance(held, list) else 0, 1) + 1}
        return show(request, row, typed=Typed(extra=extra))
    messages.success(request, _("Saved at %(time)s.") % {"time": filling.said_at(row.draft.saved)})
    anchor = f"#f-{rest.partition(':')[0]}" if name == "drop" else ""
    return redirect(reverse("submission", args=[row.pk]) + anchor)


def _submit(request: HttpRequest, row: Submission, typed: Typed) -> HttpResponse:
    """Send what is kept, unless something could not be read: then the draft would say what the page does not."""
    if typed.unread:
        return show(request, row, status=REFUSED, typed=typed)
    try:
        submissions.submit(row, **_who(request))
    except RefusedError:
        return show(request, row, status=REFUSED, typed=typed)
    except StaleError:
        trouble = _("Somebody has changed the answer in the meantime. Look at it and send it again.")
        return show(request, filling.find(request.user, row.pk), status=CHANGED, trouble=trouble)  # type: ignore[arg-type]  # signed in
    messages.success(request, _("Sent for checking. You will be told when it is accepted or returned."))
    return redirect("submission", row.pk)


def _number(request: HttpRequest) -> int | None:
    text = request.POST.get(posted.NUMBER, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _with_files(request: HttpRequest, row: Submission, sent: Posted) -> tuple[dict[str, Any], list[Problem]]:
    """The changes with the files that came with the form, and what is wrong with the files."""
    changes, wrong = dict(sent.changes), list[Problem]()
    for place in sent.dropped:
        if "[" not in place:
            changes[place] = None
    for place, given in request.FILES.lists():
        for upload in uploads(given[-1:]):
            try:
                value = attached.value_of(drafts.attach(row, place=place, upload=upload, **_who(request)))
            except ValidationError as error:
                message = " ".join(error.messages)
                wrong.append(Problem(place, "file", Severity.ERROR, {"ru": message, "en": message}))
            else:
                _put(changes, place, value)
    return changes, wrong


def _put(changes: dict[str, Any], place: str, value: Any) -> None:
    name, _bracket, rest = place.partition("[")
    if not rest:
        changes[place] = value
        return
    index, _close, child = rest.partition("].")
    entries = changes.get(name)
    if isinstance(entries, list) and index.isdecimal() and int(index) < len(entries):
        entries[int(index)][child] = value


def _kept(form: Definition, row: Submission, changes: Mapping[str, Any], sent: Posted) -> dict[str, Any]:
    """What was typed, to be shown again although it was not saved."""
    typed, unread = normalise(form, changes)
    raw = {problem.place: sent.flat[problem.place] for problem in unread if problem.place in sent.flat}
    answers = {**{name: value for name, value in row.draft.answers.items() if name not in changes}, **typed}
    return {"answers": answers, "explanations": sent.explanations, "typed": Typed(raw=raw, unread=unread)}


def _differing(form: Definition, row: Submission, changes: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is kept now beside what the person has typed."""
    typed, _unread = normalise(form, changes)
    held = {name: row.draft.answers.get(name) for name in changes}
    return [
        {
            "id": id_of(change.place),
            "label": label(form, change.place, filling.language()),
            "kept": _said(change.item, change.before),
            "typed": _said(change.item, change.after),
        }
        for change in schema.changes(form, held, typed)
    ]


def _said(item: Item, value: Any) -> str:
    return value if item.kind == Kind.PERSON and isinstance(value, str) else said(item, value, filling.language())
