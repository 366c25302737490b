"""The doubts about the quality of a wave's answers: a list that checkers work through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from profminimum.monitoring.forms.checking import DoubtForm, SettleForm
from profminimum.monitoring.models import FollowUp, Wave
from profminimum.monitoring.queries import quality as reading
from profminimum.monitoring.services import follow_ups
from profminimum.orgs import access
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out
from profminimum.web.http import paginate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, open doubts first; a post settles those that were ticked with one reason."""
    user: Any = request.user
    wave = get_object_or_404(Wave.objects.visible_to(user).select_related("campaign__measure"), pk=pk)
    for verb in ("wave.see", "submission.see"):
        access.require(user, verb, None)
    form = SettleForm(request.POST if request.method == "POST" else None, auto_id="settle_%s")
    status = 200
    if request.method == "POST":
        ids = _ticked(request, wave)
        if not ids:
            messages.warning(request, _("Choose at least one doubt."))
            return redirect(request.get_full_path())
        if carried_out(form, lambda: _settle(ids, form, user)):
            said = ngettext("%(n)d doubt settled.", "%(n)d doubts settled.", len(ids)) % {"n": len(ids)}
            messages.success(request, said)
            return redirect(request.get_full_path())
        status = REFUSED
    return render(request, "monitoring/quality_list.html", _context(request, wave, form), status=status)


def _settle(ids: list[int], form: SettleForm, user: Any) -> None:
    follow_ups.settle(ids, reason=form.cleaned_data["reason"], by=user, at=clock.now())


def _ticked(request: HttpRequest, wave: Wave) -> list[int]:
    """Only what the person sees."""
    user: Any = request.user
    given = request.POST.getlist("id")[: reading.MANY]
    ids = [int(text) for text in given if text.isdecimal() and text.isascii() and len(text) < 16]
    return list(reading.visible(user, wave).filter(pk__in=ids).values_list("pk", flat=True)) if ids else []


def _context(request: HttpRequest, wave: Wave, form: SettleForm) -> dict[str, Any]:
    user: Any = request.user
    ask, today, language = reading.read(request.GET), clock.today(), (translation.get_language() or "ru")[:2]
    found = reading.visible(user, wave)
    counts = reading.counted(reading.narrowed(found, ask, by_code=False))
    page = paginate(request, reading.ordered(reading.narrowed(found, ask)))
    rows = reading.rows(page, wave, user, today, language)
    units, places = reading.choices(found, wave, today, language)
    return {
        "wave": wave,
        "ask": ask,
        "page": page,
        "rows": rows,
        "tabs": _tabs(counts),
        "filter": DoubtForm(request.GET, units=units, places=places),
        "form": form,
        "ticked": set(request.POST.getlist("id")),
        "settles": any(row.mine for row in rows),
        "people": bool(access.can(user, "person.see", None)),
    }


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    titles = {"": _("All"), **{code: str(title) for code, title in FollowUp.Code.choices}}
    return [(code, title[:1].upper() + title[1:], counts[code]) for code, title in titles.items()]
