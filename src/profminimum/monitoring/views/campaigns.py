"""Monitorings: the list, one's own answers, a campaign with its waves and exceptions, and how it is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profminimum.monitoring.forms import campaigns as forms
from profminimum.monitoring.queries import campaigns as reading
from profminimum.monitoring.services import campaigns
from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Organisation, SchoolType
from profminimum.plan import pack
from profminimum.plan.pack import school_year
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from profminimum.monitoring.models import Campaign
    from profminimum.monitoring.pack import Proposal
    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure

PARTS = ("", "exceptions", "history")


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _language() -> str:
    return (get_language() or "ru").partition("-")[0]


@login_required
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """For those who see how waves go all campaigns; for all who answer their own answers first."""
    access.require(request.user, "plan.see", None)
    user, today = _person(request), clock.today()
    sees = bool(access.can(user, "wave.see", None))
    edits = bool(access.can(user, "campaign.edit", None))
    own = reading.own(user, today)
    seats = access.seats(user)
    listed = reading.listed(user) if sees else []
    proposed = reading.without(user, today, (one.campaign for one in listed)) if edits else []
    context = {
        "sees": sees,
        "edits": edits,
        "own": own,
        "several": len({row.organisation_id for row in (*own.todo, *own.checking, *own.past)}) > 1,
        "campaigns": listed,
        "following": None if own.todo or sees else reading.following(user, {seat.kind for seat in seats}, today),
        "proposed": [_proposed(row, one) for row, one in proposed],
    }
    return render(request, "monitoring/campaign_list.html", context)


def _proposed(measure: Measure, one: Proposal) -> tuple[Measure, str]:
    return measure, one.title.get(_language()) or one.title["ru"]


# one campaign


def _campaign(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(reading.find(_person(request), clock.today()), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it asks, who checks, its waves; `?part=` exceptions or history. A POST makes or ends an exception."""
    found = _campaign(request, pk)
    part = request.GET.get("part", "")
    if part not in PARTS:
        raise Http404
    if request.method == "POST":
        access.require(request.user, "campaign.edit", found)
        return _exceptions(request, found)
    return _show(request, found, part)


def _show(request: HttpRequest, found: Any, part: str, form: Any = None) -> HttpResponse:
    user, today = _person(request), clock.today()
    edits = bool(access.can(user, "campaign.edit", found))
    context: dict[str, Any] = {"campaign": found, "part": part, "edits": edits}
    context["sees"] = bool(access.can(user, "wave.see", None))
    if part == "exceptions":
        context["exclusions"] = reading.exclusions(found, user, today)
        if edits:
            context["form"] = form or forms.ExceptForm(organisations=reading.askable(found, today))
    elif part == "history":
        context["history"] = reading.history(found, list(found.waves.all()), user)
        context["people"] = bool(access.can(user, "person.see", None))
    else:
        card = context["card"] = reading.card(found, user)
        context |= _audience(found, card, today)
        context |= _in_words(found)
    return render(request, "monitoring/campaign_page.html", context, status=REFUSED if form else 200)


def _audience(found: Campaign, card: reading.Card, today: date) -> dict[str, Any]:
    """How many are asked: by the last wave that opened, else as a wave would ask today."""
    last = next((wave for wave, _tally in card.waves if wave.opened), None)
    if last is not None:
        return {"audience": reading.asked(last.pk), "counted": last}
    if found.levels:  # how many schools of a level there are is said when the wave is opened
        return {"audience": None, "later": True}
    return {"audience": reading.consequence(found, today, school_year(today))}


def _in_words(found: Campaign) -> dict[str, Any]:
    """The filters of the audience as a person reads them."""
    types = dict(SchoolType.choices)
    levels = pack.read(settings.PACK).levels if found.levels else {}
    language = _language()
    return {
        "kinds": [str(kind) for kind in reading.kinds_in_words(found.kinds)],
        "types": [str(types.get(one, one)) for one in found.school_types],
        "levels": [
            levels[one].title.get(language) or levels[one].title["ru"] for one in found.levels if one in levels
        ],
    }


def _exceptions(request: HttpRequest, found: Campaign) -> HttpResponse:
    who: dict[str, Any] = {"by": _person(request), "at": clock.now()}
    here = f"{reverse('campaign', kwargs={'pk': found.pk})}?part=exceptions"
    if "end" in request.POST:
        number = request.POST["end"]
        exclusion = get_object_or_404(found.exclusions, pk=int(number) if number.isdecimal() else 0, ended=None)
        try:
            campaigns.include(exclusion, **who)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The exception has ended: open waves ask the organisation again."))
        return redirect(here)
    form = forms.ExceptForm(request.POST, organisations=reading.askable(found, clock.today()))
    if carried_out(
        form,
        lambda: campaigns.exclude(
            found, form.cleaned_data["organisation"], reason=form.cleaned_data["reason"], **who
        ),
    ):
        messages.success(request, _("The organisation is not asked any more."))
        return redirect(here)
    return _show(request, found, "exceptions", form)


# setting up


def _choices(region: int, user: User, today: date) -> dict[str, Any]:
    """What the form of a campaign chooses from."""
    authors = Organisation.objects.as_of(today).filter(region=region, kind__in=forms.AUTHORS).order_by("pk")
    ministry = queries.the_one(region, Kind.MINISTRY, today)
    units = [(one.pk, one.state.short_name) for one in queries.authorities(region, today)]
    if ministry is not None:
        units.append((ministry.pk, _("directly under the ministry")))
    return {
        "measures": reading.measures(user, today),
        "region_forms": reading.forms(region),
        "units": units,
        "levels": pack.read(settings.PACK).levels,
        "authors": authors,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Set up a monitoring: with `?measure=` as the pack proposes it for that row, else by hand."""
    access.require(request.user, "campaign.edit", None)
    user, today = _person(request), clock.today()
    held = [seat for seat in access.seats(user) if seat.role in access.GRANTS["campaign.edit"]]
    acting = getattr(request, "seat", None)
    seat = acting if acting in held else held[0]
    choices = _choices(seat.region_id, user, today)
    number = request.GET.get("measure", "")
    measure = choices["measures"].filter(pk=int(number)).first() if number.isdecimal() else None
    offer = reading.proposals([measure.number]).get(measure.number) if measure else None
    initial = _initial(measure, offer, choices)
    form = forms.CampaignForm(request.POST or None, initial=initial, **choices)
    if request.method == "POST":
        made: list[Campaign] = []

        def act() -> None:
            cleaned = form.cleaned_data
            made.append(
                campaigns.create(cleaned["measure"], cleaned["form"], form.details(), by=user, at=clock.now())
            )

        if carried_out(form, act):
            messages.success(request, _("The monitoring is set up. Plan its first wave: nobody has been asked yet."))
            return redirect("campaign", pk=made[0].pk)
    missing = offer.form if offer and not initial.get("form") else ""
    context = {"form": form, "measure": measure, "offer": offer, "missing": missing}
    return render(request, "monitoring/campaign_edit.html", context, status=REFUSED if form.errors else 200)


def _initial(measure: Measure | None, offer: Proposal | None, choices: dict[str, Any]) -> dict[str, Any]:
    if measure is None or offer is None:
        title = measure.title[:300] if measure else ""
        plain = {"kinds": [Kind.SCHOOL.value], "by_authority": True, "last": "coordinator", "late": "allow"}
        return {**plain, "days": 14, "check_days": 5, "measure": measure, "title": title}
    form = choices["region_forms"].filter(name=offer.form).first()
    author = choices["authors"].filter(kind=offer.author).first() if offer.author else None
    return {
        "measure": measure,
        "form": form,
        "title": offer.title.get("ru", ""),
        "kinds": list(offer.kinds),
        "by_authority": offer.by_authority,
        "last": offer.last,
        "late": offer.late,
        "days": offer.days,
        "check_days": offer.check_days,
        "author": author,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the set-up: it holds for the waves that open from now on."""
    found = _campaign(request, pk)
    access.require(request.user, "campaign.edit", found)
    user, today = _person(request), clock.today()
    names = campaigns.Details.__dataclass_fields__
    initial = {name: getattr(found, name) for name in names if name != "author_id"} | {
        "author": found.author_id,
        "units": [str(unit) for unit in found.units],
    }
    choices = _choices(found.region_id, user, today)
    form = forms.CampaignForm(request.POST or None, initial=initial, fixed=True, **choices)
    if request.method == "POST" and carried_out(
        form, lambda: campaigns.change(found, form.details(), by=user, at=clock.now())
    ):
        messages.success(request, _("Saved. It holds for the waves that open from now on."))
        return redirect("campaign", pk=pk)
    context = {"form": form, "campaign": found}
    return render(request, "monitoring/campaign_edit.html", context, status=REFUSED if form.errors else 200)
