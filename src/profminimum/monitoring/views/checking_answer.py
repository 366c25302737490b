"""The page of the check of one answer: the queue beside it, its differences and doubts, remarks, the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profminimum.monitoring import definitions
from profminimum.monitoring.forms.checking import NoteForm, ReasonForm, RemarkForm
from profminimum.monitoring.models import Remark
from profminimum.monitoring.queries import check as reading
from profminimum.monitoring.queries import checking
from profminimum.monitoring.schema.saying import label
from profminimum.monitoring.services import submissions
from profminimum.monitoring.services.submissions import StaleError
from profminimum.monitoring.states import ForbiddenStepError
from profminimum.monitoring.views.checking import CHANGED, STALE, desk_of
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.queries.check import Card
    from profminimum.monitoring.queries.checking import Place

    Act = Callable[[Submission, Mapping[str, Any], Mapping[str, Any]], object]

KEPT: Final = ("wave", "unit", "words", "late", "warned", "doubted", "again", "sort")  # of the queue's filter


def _forward(submission: Submission, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    step = submissions.accept if given["accepts"] else submissions.check
    return step([submission.pk], reason=given["reason"], **who)


def _return(submission: Submission, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    return submissions.send_back(submission, reason=given["reason"], **who)


def _reopen(submission: Submission, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    return submissions.reopen(submission, reason=given["reason"], **who)


def _remark(submission: Submission, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    form = definitions.definition(submission.wave.version_id or 0)
    if label(form, given["place"]) == given["place"]:
        raise Http404  # the form has no such field
    return submissions.remark(submission, place=given["place"], text=given["text"], **who)


ACTS: Final[Mapping[str, tuple[type[django_forms.Form], Act]]] = {
    "forward": (NoteForm, _forward),
    "return": (ReasonForm, _return),
    "reopen": (ReasonForm, _reopen),
    "remark": (RemarkForm, _remark),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer, or with htmx one field of it or its remarks; a post is a decision or a remark."""
    submission = reading.find(request.user, pk)  # type: ignore[arg-type]  # signed in
    if request.method != "POST":
        return _fragment(request, submission) or show(request, submission)
    name = request.POST.get("action", "")
    if name == "unremark":
        return _unremark(request, submission)
    if name not in ACTS:
        raise Http404
    try:
        return _act(request, submission, name)
    except (ForbiddenStepError, StaleError):
        return show(request, reading.find(request.user, pk), status=CHANGED, stale=str(STALE))  # type: ignore[arg-type]  # as above


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": clock.now()}


def _stamp(submission: Submission) -> str:
    return f"{submission.state}.{submission.number}"


def _act(request: HttpRequest, submission: Submission, name: str) -> HttpResponse:
    form_class, do = ACTS[name]
    form = form_class(request.POST, auto_id=f"{name}_%s")
    seen = request.POST.get("seen", "")
    place = checking.place(desk_of(request), _ask(request), submission.pk, clock.today())

    def act() -> None:
        rows = submissions.lock([submission.pk])
        if seen and any(_stamp(row) != seen for row in rows):
            raise StaleError
        given = {**form.cleaned_data, "accepts": request.POST.get("step") != "check"}
        do(submission, given, _who(request))

    if not carried_out(form, act):
        return _refused(request, submission, name, form)
    if name == "remark":
        return _remarked(request, submission, form.cleaned_data["place"])
    return _next(request, submission, name, place)


def _refused(request: HttpRequest, submission: Submission, name: str, form: django_forms.Form) -> HttpResponse:
    if name == "remark":
        where = request.POST.get("place", "")
        found = _line(request, submission, where, form) if _by_htmx(request) else None
        return found or show(request, submission, bound={name: form}, status=REFUSED, remark=where)
    return show(request, submission, bound={name: form}, status=REFUSED)


def _ask(request: HttpRequest) -> checking.Ask:
    return checking.read(request.GET)


def _query(request: HttpRequest, **more: Any) -> str:
    """The queue's filter for the address of another answer."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | more
    return f"?{urlencode(kept)}" if kept else ""


def _next(request: HttpRequest, submission: Submission, name: str, place: Place) -> HttpResponse:
    """To the next answer of the queue; back to the queue when it is empty."""
    said = {
        "forward": _("Accepted.") if request.POST.get("step") != "check" else _("Confirmed as checked."),
        "return": _("Returned for rework."),
        "reopen": _("Reopened: the organisation will mend the answer and send it again."),
    }[name]
    if name == "reopen":
        messages.success(request, said)
        return redirect(reverse("check", args=[submission.pk]) + "#content")
    following = place.after or (place.before if place.at else None)
    who = next((one.organisation for one in place.beside if one.current), "")
    if following is None:
        messages.success(request, _("%(said)s That was the last one in the queue.") % {"said": said})
        return redirect(reverse("checking") + _query(request))
    messages.success(request, _("%(said)s Organisation: %(who)s. Here is the next one.") % {"said": said, "who": who})
    return redirect(reverse("check", args=[following.pk]) + _query(request) + "#content")


def _by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _remarked(request: HttpRequest, submission: Submission, place: str) -> HttpResponse:
    if _by_htmx(request):
        found = _line(request, submission, place)
        if found is not None:
            found["HX-Trigger"] = "remarked"
            return found
    messages.success(request, _("The remark is kept; the organisation reads it when the answer is returned."))
    return redirect(f"{reverse('check', args=[submission.pk])}{_query(request)}#f-{place}")


def _unremark(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Take a remark back that has not been sent."""
    key = request.POST.get("remark", "")
    if not (key.isdecimal() and key.isascii() and len(key) < 16):
        raise Http404
    remark = get_object_or_404(Remark.objects.filter(submission=submission), pk=int(key))
    form = django_forms.Form(request.POST)
    if not carried_out(form, lambda: submissions.unremark(remark, **_who(request))):
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    else:
        messages.success(request, _("The remark has been taken back."))
    return redirect(f"{reverse('check', args=[submission.pk])}{_query(request)}#remarks")


def _fragment(request: HttpRequest, submission: Submission) -> HttpResponse | None:
    """For htmx: one field with its form for a remark (`?remark=place`), or the list of remarks (`?part=remarks`)."""
    if not _by_htmx(request):
        return None
    if request.GET.get("part") == "remarks":
        card = reading.card(request.user, submission, request.GET, clock.today())  # type: ignore[arg-type]  # signed in
        return render(request, "monitoring/check_remarks.html", {"card": card, "queue_query": _query(request)})
    if "remark" in request.GET:
        return _line(request, submission, request.GET["remark"], RemarkForm(auto_id="remark_%s"))
    return None


def _line(
    request: HttpRequest, submission: Submission, place: str, form: django_forms.Form | None = None
) -> HttpResponse | None:
    """The rows of one field; with the form, when given, for a remark on it."""
    card = reading.card(request.user, submission, request.GET, clock.today())  # type: ignore[arg-type]  # signed in
    found = card.line(place)
    if found is None:
        return None
    context = {
        "card": card,
        "line": found[1],
        "remark": place if form is not None and card.decides else "",
        "remark_form": form,
        "queue_query": _query(request),
    }
    status = REFUSED if form is not None and form.is_bound else 200
    return render(request, "monitoring/check_line.html", context, status=status)


def show(
    request: HttpRequest,
    submission: Submission,
    *,
    bound: Mapping[str, django_forms.Form] | None = None,
    status: int = 200,
    stale: str = "",
    remark: str = "",
) -> HttpResponse:
    """The page; `bound` holds the form that was refused, `remark` the field whose form for a remark is open."""
    today = clock.today()
    card: Card = reading.card(request.user, submission, request.GET, today)  # type: ignore[arg-type]  # signed in
    forms = {name: form(auto_id=f"{name}_%s") for name, (form, _do) in ACTS.items()} | dict(bound or {})
    wanted = remark or request.GET.get("remark", "")
    context = {
        "card": card,
        "forms": forms,
        "refused": next(iter(bound), "") if bound else "",
        "stale": stale,
        "place": checking.place(desk_of(request), _ask(request), submission.pk, today),
        "queue_query": _query(request),
        "checks": desk_of(request) is not None,
        "remark": wanted if card.decides and card.line(wanted) else "",
        "remark_form": forms["remark"],
    }
    return render(request, "monitoring/check_answer.html", context, status=status)
