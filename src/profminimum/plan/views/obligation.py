"""The page of one obligation: report with evidence, check, another date, release, and the whole story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from profminimum.plan import uploads
from profminimum.plan.forms import obligations as forms
from profminimum.plan.queries import obligation as reading
from profminimum.plan.queries.duties import next_in_queue
from profminimum.plan.services import extensions, obligations
from profminimum.plan.states import ForbiddenStepError, State
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrPromise

    from profminimum.plan.models import Extension, Obligation
    from profminimum.plan.queries.obligation import Card

CHANGED = 409  # somebody else was quicker
STALE: Final = gettext_lazy(
    "The state has changed in the meantime: nothing was done. Look at what stands here now and decide again."
)


@dataclass(frozen=True, slots=True)
class _Act:
    """What a form on the page does: `said` when it is done, `review` when the next one in the queue follows."""

    form: type[django_forms.Form]
    do: Callable[[Obligation, Mapping[str, Any], Mapping[str, Any]], object]
    said: StrPromise
    review: bool = False


def _reasoned(service: Callable[..., object]) -> Callable[[Obligation, Mapping[str, Any], Mapping[str, Any]], object]:
    def act(obligation: Obligation, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
        return service(obligation, reason=given["reason"], **who)

    return act


def _waiting(obligation: Obligation) -> Extension:
    asked = obligation.extensions.filter(decision="").first()
    if asked is None:
        raise ValidationError(_("This request has been decided already. Reload the page."))
    return asked


def _ask(obligation: Obligation, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    return extensions.request(obligation, new_due=given["new_due"], reason=given["reason"], **who)


def _withdraw(obligation: Obligation, _given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    return extensions.withdraw(_waiting(obligation), **who)


def _decide(obligation: Obligation, given: Mapping[str, Any], who: Mapping[str, Any], *, granted: bool) -> object:
    asked = _waiting(obligation)
    due = given["new_due"] if granted else None
    return extensions.decide(asked, granted=granted, reason=given["reason"], new_due=due, **who)


def _extend(obligation: Obligation, given: Mapping[str, Any], who: Mapping[str, Any]) -> object:
    return extensions.extend([obligation.pk], new_due=given["new_due"], reason=given["reason"], **who)


ACTS: Final[Mapping[str, _Act]] = {
    "accept": _Act(forms.NoteForm, _reasoned(obligations.accept), gettext_lazy("Taken off control."), review=True),
    "return": _Act(
        forms.ReasonForm, _reasoned(obligations.send_back), gettext_lazy("Returned for rework."), review=True
    ),
    "waive": _Act(forms.ReasonForm, _reasoned(obligations.waive), gettext_lazy("Released from the obligation.")),
    "resume": _Act(forms.ReasonForm, _reasoned(obligations.resume), gettext_lazy("Put under control again.")),
    "ask": _Act(
        forms.ExtensionForm, _ask, gettext_lazy("The request has been sent. Until it is decided the old date holds.")
    ),
    "withdraw": _Act(django_forms.Form, _withdraw, gettext_lazy("The request has been withdrawn.")),
    "grant": _Act(forms.GrantForm, partial(_decide, granted=True), gettext_lazy("Another date has been granted.")),
    "refuse": _Act(forms.GrantForm, partial(_decide, granted=False), gettext_lazy("The request has been refused.")),
    "extend": _Act(forms.ExtensionForm, _extend, gettext_lazy("The date has been moved.")),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def _page(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = reading.find(request.user, pk)  # type: ignore[arg-type]  # signed in
    if request.method != "POST":
        return show(request, obligation)
    name = request.POST.get("action", "")
    try:
        return _report(request, obligation) if name == "report" else _act(request, obligation, name)
    except ForbiddenStepError:
        return show(request, obligation, status=CHANGED, stale=str(STALE))


page = uploads.limited(_page)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": clock.now()}


def _act(request: HttpRequest, obligation: Obligation, name: str) -> HttpResponse:
    if name not in ACTS:
        raise Http404
    act = ACTS[name]
    form = act.form(request.POST, auto_id=f"{name}_%s")
    if not carried_out(form, lambda: act.do(obligation, form.cleaned_data, _who(request))):
        return show(request, obligation, bound={name: form}, status=REFUSED)
    said, shown = str(act.said), obligation.pk
    seat = getattr(request, "seat", None)
    if act.review and seat is not None:
        following, _count = next_in_queue(seat, obligation)
        if following is not None:
            who = _card(request, obligation).organisation
            said = _("%(said)s Organisation: %(who)s. Below is the next report that waits.") % {
                "said": said,
                "who": who.short_name if who else "",
            }
            shown = following.obligation_id
    messages.success(request, said)
    return _to_the_top(shown)


def _to_the_top(pk: int) -> HttpResponse:
    """To the page's beginning, where the message stands: without a fragment the browser keeps the old one."""
    return redirect(reverse("obligation", args=[pk]) + "#content")


def _report(request: HttpRequest, obligation: Obligation) -> HttpResponse:
    card = _card(request, obligation)
    form = _report_form(card, request.POST, request.FILES)

    def act() -> None:
        try:
            obligations.report(obligation, form.answer(), **_who(request))
        except ValidationError as error:
            raise _renamed(error, "files", "attached") from error

    if not carried_out(form, act):
        return show(request, obligation, bound={"report": form}, status=REFUSED)
    checker = card.reviewer.short_name if card.reviewer else ""
    messages.success(request, _("Reported. It will be checked by: %(who)s.") % {"who": checker})
    return _to_the_top(obligation.pk)


def _renamed(error: ValidationError, old: str, new: str) -> ValidationError:
    """The same refusal beside the field that is called so in the form."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({new if name == old else name: list(found) for name, found in error.error_dict.items()})


def _report_form(card: Card, *data: Any) -> forms.ReportForm:
    return forms.ReportForm(
        *data, wanted=card.wanted, kind=card.obligation.organisation.kind, result=card.result, auto_id="report_%s"
    )


def _card(request: HttpRequest, obligation: Obligation) -> Card:
    return reading.card(request.user, getattr(request, "seat", None), obligation, clock.today())  # type: ignore[arg-type]  # signed in


def show(
    request: HttpRequest,
    obligation: Obligation,
    *,
    bound: Mapping[str, django_forms.Form] | None = None,
    status: int = 200,
    stale: str = "",
) -> HttpResponse:
    """The page; `bound` holds the form that was refused, to be shown opened."""
    card = _card(request, obligation)
    empty = {name: act.form(auto_id=f"{name}_%s") for name, act in ACTS.items()}
    shown = {"report": _report_form(card), **empty, **(bound or {})}
    context = {
        "card": card,
        "forms": shown,
        "refused": next(iter(bound), "") if bound else "",
        "stale": stale,
        "steps": _steps(card),
    }
    return render(request, "plan/obligation.html", context, status=status)


def _steps(card: Card) -> list[tuple[str, str, Any]]:
    """(title, state of the step, since when): assigned, reported, taken off control; or not required."""
    assigned = (_("Assigned"), "done", card.obligation.created)
    if card.state == State.WAIVED:
        return [assigned, (_("Not required"), "done", card.last.since)]
    reported = {
        State.ASSIGNED: (_("To be done"), "now", None),
        State.RETURNED: (_("Returned for rework"), "bad", card.last.since),
        State.REPORTED: (_("Reported as done"), "done", card.last.since),
        State.ACCEPTED: (_("Done"), "done", card.last.reported),
    }[card.state]
    accepted = {
        State.REPORTED: (_("Check"), "now", None),
        State.ACCEPTED: (_("Taken off control"), "done", card.last.since),
    }.get(card.state, (_("Taken off control"), "next", None))
    return [assigned, reported, accepted]
