"""How a person opens, changes, moves and closes an organisation: a form with a day and an act, then one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from profminimum.orgs import access, services
from profminimum.orgs.forms import CloseForm, DetailsForm, MoveForm, OpeningForm
from profminimum.orgs.models import Kind, Organisation
from profminimum.orgs.services.organisations import UNDER
from profminimum.orgs.services.states import DETAILS
from profminimum.orgs.views import place
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest

OPENED_BY_HAND = (Kind.SCHOOL, Kind.BRANCH, Kind.AUTHORITY, Kind.COORDINATOR, Kind.INSTITUTE)


def _answer(
    request: HttpRequest,
    form: Form,
    shown: Organisation | None,
    title: str,
    button: str,
    act: Callable[[], Organisation | bool],
) -> HttpResponse:
    """Do what the form asks for and lead to the card, or show the form with what is wrong."""
    if form.is_valid():
        try:
            done = act()
        except ValidationError as error:
            place.tell(form, error)
        else:
            target = done if isinstance(done, Organisation) else shown
            messages.success(request, _("Saved.") if done else _("Nothing has changed."))
            return redirect("organisation", pk=target.pk if target else 0)
    status = 422 if form.is_bound and request.headers.get("HX-Request") else 200
    context = {"form": form, "organisation": shown, "title": title, "button": button}
    return render(request, "orgs/edit.html", context, status=status)


def _shown(request: HttpRequest, pk: int) -> Organisation:
    shown, _on = place.organisation(request, pk)
    access.require(place.person(request), "organisation.edit", shown)
    return shown


def _today() -> dict[str, Any]:
    return {"on": clock.today()}


@login_required
def open_new(request: HttpRequest) -> HttpResponse:
    """A new organisation of the kind that the address names, a school unless said."""
    user = place.person(request)
    region = place.region(request)
    access.require(user, "organisation.edit", region)
    kind = request.GET.get("kind", Kind.SCHOOL.value)
    if kind not in OPENED_BY_HAND:
        raise Http404(_("There is no such kind of organisation."))
    initial = {**_today(), "parent": request.GET.get("parent")}
    form = OpeningForm(request.POST or None, kind=kind, parents=place.editable(request), initial=initial)
    title = _("New organisation: %s") % Kind(kind).label

    def act() -> Organisation:
        data = form.cleaned_data
        return services.open_organisation(
            kind=kind,
            code=data["code"],
            region=region,
            parent=data["parent"],
            opened=data["on"],
            by=user,
            at=clock.now(),
            **form.details(),
        )

    return _answer(request, form, None, title, _("Open"), act)


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, codes and contacts from a day on."""
    shown = _shown(request, pk)
    initial = {**_today(), **{name: getattr(shown.state, name) for name in DETAILS if name != "act"}}
    form = DetailsForm(request.POST or None, kind=shown.kind, initial=initial)

    def act() -> bool:
        return services.change_organisation(
            shown, on=form.cleaned_data["on"], by=place.person(request), at=clock.now(), **form.details()
        )

    return _answer(request, form, shown, _("Change the data"), _("Save"), act)


@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another authority, or another head school for a branch, from a day on."""
    shown = _shown(request, pk)
    if not UNDER[shown.kind]:
        raise Http404(_("A region is part of nothing."))
    parents = place.editable(request).exclude(pk=shown.state.parent_id or 0)
    form = MoveForm(request.POST or None, kind=shown.kind, parents=parents, initial=_today())

    def act() -> bool:
        data = form.cleaned_data
        user = place.person(request)
        return services.move_organisation(
            shown, data["parent"], on=data["on"], by=user, at=clock.now(), act=data["act"]
        )

    return _answer(request, form, shown, _("Move under another authority"), _("Move"), act)


@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The end, with successors or without."""
    shown = _shown(request, pk)
    others = place.editable(request).filter(kind=shown.kind).exclude(pk=pk)
    form = CloseForm(request.POST or None, others=others, initial=_today())

    def act() -> bool:
        data = form.cleaned_data
        return services.close_organisation(
            shown,
            on=data["on"],
            by=place.person(request),
            at=clock.now(),
            successors=list(data["successors"]),
            how=data["how"],
            act=data["act"],
        )

    return _answer(request, form, shown, _("Close or merge"), _("Close"), act)
