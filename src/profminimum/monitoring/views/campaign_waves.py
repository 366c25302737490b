"""The waves of a campaign: planned for a date of the row or besides, opened with consequences shown, moved, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from profminimum.monitoring.forms import campaigns as forms
from profminimum.monitoring.models import Wave
from profminimum.monitoring.queries import answered
from profminimum.monitoring.queries import campaigns as reading
from profminimum.monitoring.services import waves
from profminimum.orgs import access
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrPromise

    from profminimum.monitoring.models import Campaign
    from profminimum.orgs.models import User
    from profminimum.plan.models import Occurrence


def _title(campaign: Campaign, day: date) -> str:
    """«Мониторинг готовности: декабрь 2023»."""
    return f"{campaign.title[:270]}: {date_format(day, 'F Y').lower()}"


def _initial(campaign: Campaign, occurrence: Occurrence | None, today: date) -> dict[str, Any]:
    if occurrence is None or occurrence.due is None:
        return {"title": _title(campaign, today), "opens": today}
    dates = waves.proposed(campaign, occurrence.due, today)
    return {
        "title": _title(campaign, occurrence.due),
        "opens": dates.opens,
        "due": dates.due,
        "check_due": dates.check_due,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wave_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a wave: with `?occurrence=` for that date of the row, else outside the plan, with a reason."""
    user = cast("User", request.user)
    campaign = get_object_or_404(reading.find(user, clock.today()), pk=pk)
    access.require(user, "campaign.edit", campaign)
    number = request.GET.get("occurrence", "")
    occurrence = None
    if number:
        occurrence = get_object_or_404(campaign.measure.occurrences, pk=int(number) if number.isdecimal() else 0)
    initial = _initial(campaign, occurrence, clock.today())
    form = forms.WaveForm(request.POST or None, initial=initial, besides=occurrence is None)
    if request.method == "POST" and carried_out(
        form,
        lambda: waves.plan_wave(
            campaign,
            occurrence,
            form.dates(),
            title=form.cleaned_data["title"],
            reason=form.cleaned_data.get("reason", ""),
            by=user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("The wave is planned. It opens by itself on its first day, or when you open it."))
        return redirect("campaign", pk=pk)
    context = {"campaign": campaign, "occurrence": occurrence, "form": form}
    return render(request, "monitoring/campaign_wave.html", context, status=REFUSED if form.errors else 200)


@dataclass(frozen=True, slots=True)
class _Act:
    """What may be done to a wave in these states."""

    states: frozenset[str]
    form: Callable[..., Form]
    do: Callable[[Wave, Mapping[str, Any], Any, Mapping[str, Any]], object]
    said: StrPromise


def _changed(wave: Wave, given: Mapping[str, Any], form: Any, who: Mapping[str, Any]) -> object:
    return waves.change_wave(wave, form.dates(), title=given["title"], **who)


PLANNED: Final = frozenset({Wave.State.PLANNED.value})
OPEN: Final = frozenset({Wave.State.OPEN.value})
CLOSED: Final = frozenset({Wave.State.CLOSED.value})
ACTS: Final[Mapping[str, _Act]] = {
    "open": _Act(
        PLANNED,
        forms.PlainForm,
        lambda wave, _given, _form, who: waves.open_wave(wave, **who),
        gettext_lazy("The wave is open: the organisations see it in their duties."),
    ),
    "change": _Act(PLANNED, forms.WaveForm, _changed, gettext_lazy("The dates of the wave are changed.")),
    "extend": _Act(
        OPEN | CLOSED,
        forms.ExtendForm,
        lambda wave, given, _form, who: waves.extend(wave, due=given["due"], reason=given["reason"], **who),
        gettext_lazy("The date has been moved for all who have not sent their answers."),
    ),
    "close": _Act(
        OPEN,
        forms.PlainForm,
        lambda wave, _given, _form, who: waves.close(wave, **who),
        gettext_lazy("The wave is closed: first answers are no longer taken."),
    ),
    "cancel": _Act(
        PLANNED | OPEN,
        forms.ReasonForm,
        lambda wave, given, _form, who: waves.cancel(wave, reason=given["reason"], **who),
        gettext_lazy("The wave is cancelled: nobody owes anything by it."),
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wave_manage(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be done to a wave now, each with its consequence; a POST does the `action`."""
    user = cast("User", request.user)
    visible = Wave.objects.visible_to(user).select_related("campaign__measure", "campaign__plan", "occurrence")
    wave = get_object_or_404(visible, pk=pk)
    access.require(user, "campaign.edit", wave)
    name = request.POST.get("action", "") if request.method == "POST" else ""
    if name and name not in ACTS:
        raise Http404
    bound = None
    if name:
        act = ACTS[name]
        bound = _form(name, wave, request.POST)
        given = bound.cleaned_data if bound.is_valid() else {}
        who: dict[str, Any] = {"by": user, "at": clock.now()}
        if carried_out(bound, lambda: act.do(wave, given, bound, who)):
            messages.success(request, str(act.said))
            return redirect("campaign", pk=wave.campaign_id)
        wave.refresh_from_db()
    return _show(request, wave, name, bound)


def _form(name: str, wave: Wave, data: Any = None) -> Form:
    if name == "change":
        initial = {key: getattr(wave, key) for key in ("title", "opens", "due", "check_due", "closes")}
        return forms.WaveForm(data, initial=initial, besides=False, auto_id="change_%s")
    return ACTS[name].form(data, auto_id=f"{name}_%s")


def _show(request: HttpRequest, wave: Wave, name: str, bound: Form | None) -> HttpResponse:
    user, today = cast("User", request.user), clock.today()
    shown = {key: _form(key, wave) for key, act in ACTS.items() if wave.state in act.states}
    if bound is not None:
        shown[name] = bound
    planned = wave.state == Wave.State.PLANNED
    campaign = reading.find(user, today).get(pk=wave.campaign_id)
    context = {
        "wave": wave,
        "forms": shown,
        "failed": name if bound is not None else "",
        "today": today,
        "audience": reading.consequence(campaign, today, wave.period) if planned else None,
        "campaign": campaign,
        "tally": None if planned else answered.completeness(user, [wave.pk]).get(wave.pk),
    }
    return render(request, "monitoring/campaign_manage.html", context, status=REFUSED if bound is not None else 200)
