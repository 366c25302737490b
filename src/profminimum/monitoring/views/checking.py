"""The queue of what waits for my check: found by a filter in the address, decided on one by one or many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from profminimum.monitoring.forms.checking import NoteForm, QueueForm, ReasonForm
from profminimum.monitoring.queries import checking as reading
from profminimum.monitoring.services import submissions
from profminimum.monitoring.services.submissions import StaleError
from profminimum.monitoring.states import ForbiddenStepError, Step
from profminimum.orgs import access
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out
from profminimum.web.http import paginate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from profminimum.monitoring.queries.checking import Choice, Desk

SIZE: Final = 100  # answers on a page: a municipality has them all at once
CHANGED: Final = 409  # somebody else was quicker
STALE: Final = gettext_lazy(
    "The state has changed in the meantime: nothing was done. Look at what stands here now and decide again."
)
STEPS: Final = {"forward", "return"}


def desk_of(request: HttpRequest) -> Desk | None:
    """Where the person checks answers by the seat for which they act now."""
    user: Any = request.user
    return reading.desk(user, getattr(request, "seat", None))


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the check of the organisation for which the person acts."""
    access.require(request.user, reading.VERB, None)
    desk, today, ask = desk_of(request), clock.today(), reading.read(request.GET)
    folds = reading.folds(desk, today) if desk else []
    units = reading.units(desk, today) if desk else []
    context: dict[str, Any] = {
        "ask": ask,
        "folds": folds,
        "total": sum(fold.count for fold in folds),
        "form": QueueForm(request.GET, folds=folds if len(folds) > 1 else [], units=units),
        "query": request.GET.urlencode(),
        "many": reading.MANY,
        "rows": [],
    }
    if desk is not None and folds:
        found = reading.ordered(reading.narrowed(reading.waiting(desk), ask, today), ask)
        page = paginate(request, reading.lines(found), SIZE)
        context |= {"page": page, "rows": reading.rows(page, today), "forward": _word(reading.steps(page))}
    return render(request, "monitoring/check_queue.html", context)


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """First how many would be checked, accepted or returned, then the decision: on all of them or on none."""
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    access.require(request.user, reading.VERB, None)
    user: Any = request.user
    query = request.POST.get("query", "")
    back = reverse("checking") + (f"?{query}" if query else "")
    wanted = _chosen(request, query, reading.RETURNED if step == "return" else reading.MANY)
    if not wanted:
        messages.warning(request, _("Choose at least one answer."))
        return redirect(back)
    confirmed = "confirmed" in request.POST
    form_class = ReasonForm if step == "return" else NoteForm
    form = form_class(request.POST if confirmed else None, auto_id="many_%s")
    choice = reading.choice(user, wanted, clock.today())
    stale, status = "", 200
    if confirmed and choice.gone:
        stale, status = str(STALE), CHANGED
    elif confirmed:
        try:
            if carried_out(form, lambda: _carry_out(step, choice, form.cleaned_data, user)):
                messages.success(request, _done(step, choice))
                return redirect(back)
            status = REFUSED
        except (ForbiddenStepError, StaleError, access.DeniedError):
            stale, status = str(STALE), CHANGED
    context = {
        "step": step,
        "choice": choice,
        "form": form,
        "back": back,
        "query": query,
        "stale": stale,
        "title": _title(step, choice),
    }
    return render(request, "monitoring/check_many.html", context, status=status)


def _chosen(request: HttpRequest, query: str, most: int) -> dict[int, int]:
    """The answers that were ticked, or all that the filter finds, with the revisions that were seen."""
    desk = desk_of(request)
    if "all" in request.POST:
        return reading.chosen(desk, reading.read(QueryDict(query)), most) if desk else {}
    given = [*request.POST.getlist("id"), *request.POST.get("ids", "").split(",")]
    return reading.stamps(given[:most])


def _carry_out(step: str, choice: Choice, given: Mapping[str, Any], user: Any) -> None:
    at, reason = clock.now(), given["reason"]
    wanted = {row.pk: row.number for row in choice.can}
    for row in submissions.lock(wanted):
        if row.number != wanted[row.pk]:
            raise StaleError
    if step == "return":
        for row in choice.can:
            submissions.send_back(row, reason=reason, by=user, at=at)
        return
    if choice.check:
        submissions.check([row.pk for row in choice.check], reason=reason, by=user, at=at)
    if choice.accept:
        submissions.accept([row.pk for row in choice.accept], reason=reason, by=user, at=at)


def _title(step: str, choice: Choice) -> str:
    if step == "return":
        return _("Return for rework")
    kinds = ((Step.CHECK, choice.check), (Step.ACCEPT, choice.accept))
    return _word({kind for kind, rows in kinds if rows})


def _word(steps: set[Step]) -> str:
    """What a good word is called: by the tier at which these answers stand."""
    if len(steps) > 1:
        return _("Check and accept")
    return _("Accept") if Step.ACCEPT in steps else _("Confirm as checked")


def _done(step: str, choice: Choice) -> str:
    def checked(n: int) -> str:
        return ngettext("%(n)d answer checked.", "%(n)d answers checked.", n) % {"n": n}

    def accepted(n: int) -> str:
        return ngettext("%(n)d answer accepted.", "%(n)d answers accepted.", n) % {"n": n}

    if step == "return":
        n = len(choice.can)
        return ngettext("%(n)d answer returned for rework.", "%(n)d answers returned for rework.", n) % {"n": n}
    parts = [checked(len(choice.check))] if choice.check else []
    return " ".join([*parts, accepted(len(choice.accept))] if choice.accept else parts)
