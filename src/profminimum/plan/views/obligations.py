"""The list of obligations: found by a filter in the address, decided on many at once, taken away as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from profminimum.orgs import access, queries
from profminimum.orgs.models import Role
from profminimum.plan.forms import obligations as forms
from profminimum.plan.models import Standing
from profminimum.plan.queries import many as choosing
from profminimum.plan.queries import obligations as reading
from profminimum.plan.services import extensions, obligations
from profminimum.plan.states import ForbiddenStepError, Step
from profminimum.plan.views.obligation import CHANGED, STALE
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out
from profminimum.web.http import paginate
from profminimum.web.sheets import Column, Sheet, stream_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.forms import Form
    from django.http import FileResponse, HttpRequest, HttpResponse
    from django_stubs_ext import StrPromise

    from profminimum.plan.queries.obligations import Ask
    from profminimum.plan.querysets import StandingQuerySet

TABS: Final[tuple[tuple[str, StrPromise, str], ...]] = (
    ("", gettext_lazy("All"), ""),
    ("overdue", gettext_lazy("Overdue"), "bad"),
    ("assigned", gettext_lazy("To be done"), ""),
    ("returned", gettext_lazy("Returned"), "warn"),
    ("reported", gettext_lazy("Reported"), "info"),
    ("accepted", gettext_lazy("Taken off control"), "ok"),
    ("waived", gettext_lazy("Not required"), ""),
    ("open", gettext_lazy("Not done yet"), ""),
    ("done", gettext_lazy("Done"), ""),
    ("soon", gettext_lazy("Due by the end of the month"), "warn"),
)
ALWAYS: Final = {"", "overdue", "assigned", "returned", "reported", "accepted", "waived"}
STEPS: Final[Mapping[str, tuple[StrPromise, str]]] = {  # name → (button, right)
    "accept": (gettext_lazy("Take off control"), "obligation.review"),
    "return": (gettext_lazy("Return"), "obligation.review"),
    "extend": (gettext_lazy("Move the date"), "obligation.decide"),
    "waive": (gettext_lazy("Release"), "obligation.decide"),
}
FITTING: Final[Mapping[str, set[str]]] = {  # state of the list → the decisions that make sense in it
    **{key: {"extend", "waive"} for key in ("overdue", "assigned", "returned", "open", "soon")},
    "reported": {"accept", "return", "waive"},
    "accepted": set(),
    "waived": set(),
}
CHUNK: Final = 500  # rows of the workbook that are named at once


def _found(request: HttpRequest, ask: Ask) -> tuple[StandingQuerySet, list[Any]]:
    user: Any = request.user
    measures = reading.measures(user)
    return reading.narrowed(ask, user, getattr(request, "seat", None), measures), measures


@login_required
@require_safe
def obligations_list(request: HttpRequest) -> HttpResponse:
    """Now, or with `?on=` as it was at the end of a past day, then only to be read."""
    access.require(request.user, "obligation.see", None)
    user: Any = request.user
    ask = reading.read(request.GET)
    narrowed, measures = _found(request, ask)
    counts = reading.counted(narrowed, ask.today)
    ordered = reading.ordered(reading.in_state(narrowed, ask), ask).select_related("measure", "obligation")
    page = paginate(request, ordered)
    rows = reading.rows(page, ask.today)
    units = reading.units(user, ask.today)
    form = forms.FilterForm(request.GET, measures=measures, units=units, today=clock.today())
    context = {
        "ask": ask,
        "page": page,
        "rows": rows,
        "alone": len({row.standing.organisation_id for row in rows}) == 1 and _one_organisation(user, ask),
        "tabs": _tabs(counts, ask.state),
        "form": form,
        "organisation": _organisation(user, ask),
        "steps": [] if ask.on else _steps(user, ask.state),
        "query": request.GET.urlencode(),
        "as_of": ask.on,
        "narrow": bool({*request.GET} - {"page", "sort", "state"}),
        "many": reading.MANY,
    }
    return render(request, "plan/obligation_list.html", context)


def _one_organisation(user: Any, ask: Ask) -> bool:
    """Is it plain whose the obligations are? Then the list names the measures first."""
    return ask.organisation is not None or {seat.role for seat in access.seats(user)} <= {Role.SCHOOL, Role.INSTITUTE}


def _tabs(counts: Mapping[str, int], state: str) -> list[tuple[str, StrPromise, str, int]]:
    """The states that there are, and the one asked for."""
    shown = {key for key in ALWAYS if counts[key]} | {"", state}
    return [(key, title, tone if counts[key] else "", counts[key]) for key, title, tone in TABS if key in shown]


def _steps(user: Any, state: str) -> list[tuple[str, StrPromise]]:
    """What may be done with many here: the person's rights, and what fits the state that the list shows."""
    fitting = FITTING.get(state, set(STEPS))
    return [
        (name, title) for name, (title, verb) in STEPS.items() if name in fitting and access.can(user, verb, None)
    ]


def _organisation(user: Any, ask: Ask) -> str:
    """The name of the organisation that the list is narrowed to, as far as the person may know it."""
    if ask.organisation is None:
        return ""
    if not Standing.objects.visible_to(user).filter(organisation=ask.organisation).exists():
        return _("unknown")
    state = queries.known([ask.organisation], ask.today).get(ask.organisation)
    return state.short_name if state else ""


@login_required
@require_safe
def export(request: HttpRequest) -> FileResponse:
    """The list under the same filter as a workbook, in whatever length."""
    access.require(request.user, "obligation.see", None)
    ask = reading.read(request.GET)
    narrowed, _measures = _found(request, ask)
    found = reading.ordered(reading.in_state(narrowed, ask), ask).select_related("measure", "obligation")
    columns = [
        Column(pgettext("number", "No."), 6),
        Column(_("Measure"), 60),
        Column(_("Organisation"), 40),
        Column(_("Municipality"), 30),
        Column(_("State"), 22),
        Column(_("Overdue"), 12),
        Column(_("Date"), 12),
        Column(_("Date of the plan"), 14),
        Column(_("Reported on"), 12),
        Column(_("In this state since"), 18),
        Column(_("Reason"), 50),
    ]
    note = _("Obligations on %(day)s") % {"day": f"{ask.today:%d.%m.%Y}"}
    return stream_xlsx(
        f"obligations-{ask.today:%Y-%m-%d}.xlsx", [Sheet(_("List of obligations"), columns, _lines(found, ask), note)]
    )


def _lines(found: StandingQuerySet, ask: Ask) -> Iterator[list[Any]]:
    batch: list[Standing] = []
    for standing in found.iterator(chunk_size=CHUNK):
        batch.append(standing)
        if len(batch) == CHUNK:
            yield from _cells(batch, ask)
            batch = []
    yield from _cells(batch, ask)


def _cells(batch: list[Standing], ask: Ask) -> Iterator[list[Any]]:
    for row in reading.rows(batch, ask.today):
        standing = row.standing
        yield [
            standing.measure.number,
            row.title,
            row.organisation,
            row.unit,
            str(Standing.State(standing.state).label),
            (ask.today - standing.due).days if row.late and standing.due else None,
            standing.due,
            standing.obligation.original_due,
            standing.reported,
            standing.since,
            standing.reason,
        ]


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """First what would change and what cannot, then the decision: on all that can, or on none."""
    name = request.POST.get("step", "")
    if name not in STEPS:
        raise Http404
    access.require(request.user, STEPS[name][1], None)
    user: Any = request.user
    ids = _chosen(request)
    back = reverse("obligations") + (f"?{query}" if (query := request.POST.get("query", "")) else "")
    if not ids:
        messages.warning(request, _("Choose at least one obligation."))
        return redirect(back)
    confirmed = "confirmed" in request.POST
    form = _form(name, request.POST if confirmed else None)
    stale, status = "", 200
    if confirmed:
        try:
            if carried_out(form, lambda: _carry_out(name, ids, form, user)):
                messages.success(request, _done(name, len(ids)))
                return redirect(back)
            status = REFUSED
        except ForbiddenStepError:
            stale, status = str(STALE), CHANGED
    choice = choosing.choice(user, name, ids, clock.today())
    context = {
        "name": name,
        "title": STEPS[name][0],
        "choice": choice,
        "form": form,
        "back": back,
        "query": request.POST.get("query", ""),
        "stale": stale,
    }
    return render(request, "plan/obligation_many.html", context, status=status)


def _chosen(request: HttpRequest) -> list[int]:
    """The ids that were ticked, or all that the filter finds, at most MANY; only what the person sees."""
    user: Any = request.user
    if "all" in request.POST:
        ask = reading.read(QueryDict(request.POST.get("query", "")))
        narrowed, _measures = _found(request, ask)
        found = reading.ordered(reading.in_state(narrowed, ask), ask)
        return list(found.values_list("obligation_id", flat=True)[: reading.MANY])
    given = [*request.POST.getlist("id"), *request.POST.get("ids", "").split(",")]
    ids = {int(text) for text in given[: reading.MANY] if text.isdecimal() and text.isascii() and len(text) < 16}
    return list(
        Standing.objects.visible_to(user).at().filter(obligation__in=ids).values_list("obligation_id", flat=True)
    )


def _form(name: str, data: Any) -> Form:
    form = {"accept": forms.NoteForm, "extend": forms.ExtensionForm}.get(name, forms.ReasonForm)
    return form(data, auto_id="many_%s")


def _carry_out(name: str, ids: list[int], form: Form, user: Any) -> None:
    given, at = form.cleaned_data, clock.now()
    if name == "extend":
        extensions.extend(ids, new_due=given["new_due"], reason=given["reason"], by=user, at=at)
    else:
        obligations.decide(ids, Step(name), reason=given["reason"], by=user, at=at)


def _done(name: str, count: int) -> str:
    said = {
        "accept": ngettext("%(n)d obligation taken off control.", "%(n)d obligations taken off control.", count),
        "return": ngettext("%(n)d obligation returned for rework.", "%(n)d obligations returned for rework.", count),
        "extend": ngettext("The date of %(n)d obligation moved.", "The dates of %(n)d obligations moved.", count),
        "waive": ngettext("%(n)d obligation released.", "%(n)d obligations released.", count),
    }
    return said[name] % {"n": count}
