"""Enter or correct an entry by hand: with an act and a reason, by those who keep the registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.plan.pack import is_school_year, school_year
from profminimum.plan.uploads import limited
from profminimum.registers import services, spoken
from profminimum.registers.forms import RecordForm, initial
from profminimum.registers.models import Record
from profminimum.registers.views.lists import known_register, region_of
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.plan.pack import Register


@login_required
@limited
def edit(request: HttpRequest, kind: str, organisation: int) -> HttpResponse:
    """The form shows what is in force; `?period=` the school year, `?number=` the line of a roster."""
    user: Any = request.user
    one, region = known_register(kind), region_of(request)
    today = clock.today()
    seen = Organisation.objects.visible_to(user, today).filter(Q(region=region))
    place = get_object_or_404(seen, pk=organisation)
    may = access.can_at(user, "register.edit", place.pk, place.state.path, place.kind)
    if not may:
        raise access.DeniedError(may.reason)
    if one.of and place.kind not in one.of:
        raise Http404(_("This register holds no entries of such organisations."))
    period, number = _period(request, one), _number(request, one)
    held = Record.objects.filter(kind=one.name, organisation=place, period=period, number=number, until=None)
    current = held.first() if number or not one.many else None
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        kind=one,
        periods=_periods(period),
        initial=initial(one, current, place.kind, today) | {"period": period},
        auto_id="record_%s",
    )
    made: list[Record] = []
    status = 200
    if request.method == "POST":
        if carried_out(form, lambda: made.append(_correct(form, place, number, user)), form.field_of):
            messages.success(request, _("Entered into the register «%(title)s».") % {"title": spoken.title(one)})
            return redirect("register_record", made[0].pk)
        status = REFUSED
    context = {
        "form": form,
        "kind": one,
        "has_person": one.typed("person") is not None,
        "title": spoken.title(one),
        "organisation": place,
        "current": current,
        "values": spoken.values(current, one) if current else [],
        "act": spoken.act(current) if current else "",
    }
    return render(request, "registers/edit.html", context, status=status)


def _correct(form: RecordForm, place: Organisation, number: int, user: Any) -> Record:
    given = form.cleaned_data
    return services.correct(
        form.entry(place, number),
        since=given["since"],
        reason=given["reason"],
        upload=form.upload(),
        by=user,
        at=clock.now(),
    )


def _period(request: HttpRequest, kind: Register) -> str:
    if not kind.by_year:
        return ""
    asked = request.GET.get("period", "")
    return asked if is_school_year(asked) else school_year(clock.today())


def _periods(period: str) -> list[str]:
    """The school years to choose from: the coming one, this one, the last, and the one asked for."""
    if not period:
        return []
    first = int(school_year(clock.today())[:4])
    return sorted({period, *(f"{year}/{year + 1}" for year in range(first - 1, first + 2))}, reverse=True)


def _number(request: HttpRequest, kind: Register) -> int:
    asked = request.GET.get("number", "")
    return int(asked) if kind.many and asked.isdecimal() and asked.isascii() and len(asked) < 4 else 0
