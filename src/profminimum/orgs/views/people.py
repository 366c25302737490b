"""Who works where and may do what: the list of people, a person's roles, invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from profminimum.orgs import access, queries, services
from profminimum.orgs.forms import GrantForm, InvitationForm, PeopleFilter, PersonForm, ReasonForm
from profminimum.orgs.models import Invitation, Membership, Organisation, User
from profminimum.orgs.views import place
from profminimum.web import clock
from profminimum.web.folding import folded
from profminimum.web.http import page_or_fragment, paginate

if TYPE_CHECKING:
    from django.http import HttpRequest

    from profminimum.orgs.querysets import OrganisationQuerySet, UserQuerySet


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Those whom the person may see, by name, with their roles; above them the invitations not yet accepted."""
    user = place.person(request)
    access.require(user, "person.see", None)
    today = clock.today()
    form = PeopleFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    seen = Membership.objects.visible_to(user)
    organisation = request.GET.get("organisation", "")
    if organisation.isdecimal():
        seen = seen.filter(organisation=int(organisation))
    held = Membership.objects.active(today).filter(pk__in=seen.values("pk")).order_by("organisation_id", "role")
    found = _found(User.objects.get_queryset().filter(pk__in=seen.values("user")), asked, held)
    page = paginate(request, found.prefetch_related(Prefetch("memberships", held, to_attr="held")))
    waiting = list(
        Invitation.objects.visible_to(user).filter(accepted=None, withdrawn=None).order_by("-created")[:50]
    )
    places = {m.organisation_id for person in page for m in person.held} | {i.organisation_id for i in waiting}
    context = {
        "form": form,
        "page": page,
        "waiting": waiting,
        "now": clock.now(),
        "names": queries.names(places, today),
        "can_invite": access.can(user, "person.manage", None),
    }
    return page_or_fragment(request, "orgs/people.html", "orgs/_people.html", context)


def _found(people: UserQuerySet, asked: dict[str, Any], held: Any) -> UserQuerySet:
    for word in folded(asked.get("q") or "").split():
        people = people.filter(Q(search__contains=word) | Q(email__icontains=word))
    if asked.get("role"):
        people = people.filter(pk__in=held.filter(role=asked["role"]).values("user"))
    if asked.get("state") == "blocked":
        people = people.filter(is_active=False)
    elif asked.get("state") == "past":
        people = people.exclude(pk__in=held.values("user"))
    else:
        people = people.filter(pk__in=held.values("user"))
    return people.order_by("search", "pk")


def _places(user: User) -> OrganisationQuerySet:
    """Where the person may give roles, as of today, by name."""
    return queries.ordered(Organisation.objects.as_of(clock.today()).filter(access.reach(user, "person.manage")))


@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """A letter with a link to one who is to have a role."""
    user = place.person(request)
    access.require(user, "person.manage", None)
    asked = request.POST.get("organisation") or request.GET.get("organisation") or ""
    where = _places(user).filter(pk=int(asked)).first() if asked.isdecimal() else None
    form = InvitationForm(request.POST or None, by=user, places=_places(user), place=where)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.invite(**data, by=user, at=clock.now())
        except ValidationError as error:
            place.tell(form, error)
        else:
            messages.success(request, _("The letter goes to %s.") % data["email"])
            return redirect("people")
    return render(request, "orgs/invite.html", {"form": form, "where": where})


@login_required
@require_POST
def invitation_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    user = place.person(request)
    found = get_object_or_404(Invitation.objects.visible_to(user), pk=pk)
    do = services.resend_invitation if act == "resend" else services.withdraw_invitation
    try:
        do(found, by=user, at=clock.now())
    except services.StaleError as error:
        messages.error(request, str(error))
    else:
        sent = _("The letter goes to %s once more.") % found.email
        messages.success(request, sent if act == "resend" else _("The invitation has been withdrawn."))
    return redirect("people")


def _one(request: HttpRequest, pk: int) -> User:
    found = User.objects.visible_to(place.person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such person."))
    return found


@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's data and roles; what the one who looks may do about them."""
    user = place.person(request)
    shown = _one(request, pk)
    memberships = list(
        Membership.objects.filter(user=shown)
        .filter(pk__in=Membership.objects.visible_to(user).values("pk"))
        .select_related("organisation")
        .order_by("-since", "-pk")
    )
    today = clock.today()
    names = queries.names({m.organisation_id for m in memberships}, today)
    rows = [
        {
            "membership": m,
            "name": names[m.organisation_id],
            "holds": m.since <= today and (m.until is None or m.until >= today),
            "can_end": user.pk != shown.pk
            and (m.until is None or m.until > today)
            and access.may_give(user, m.role, m.organisation),
        }
        for m in memberships
    ]
    manages = bool(access.can(user, "person.manage", None)) and user.pk != shown.pk
    data = {"full_name": shown.full_name, "post": shown.post, "phone": shown.phone}
    context = {
        "shown": shown,
        "rows": rows,
        "manages": manages and services.may_manage(user, shown),
        "grants": GrantForm(by=user, places=_places(user), initial={"since": today}) if manages else None,
        "form": PersonForm(initial=data),
        "reason": ReasonForm(),
    }
    return render(request, "orgs/person.html", context)


@login_required
@require_POST
def person_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Change the data of a person, give a role, forbid or allow signing in: one form each on the person's page."""
    user = place.person(request)
    shown = _one(request, pk)
    try:
        done = _do(request, user, shown, act)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("Saved.") if done else _("Nothing has changed."))
    return redirect("person", pk=pk)


def _do(request: HttpRequest, user: User, shown: User, act: str) -> object:
    now = clock.now()
    if act == "block":
        return services.block_user(shown, by=user, at=now, reason=request.POST.get("reason", ""))
    if act == "unblock":
        return services.unblock_user(shown, by=user, at=now)
    form = GrantForm(request.POST, by=user, places=_places(user)) if act == "grant" else PersonForm(request.POST)
    if not form.is_valid():
        raise ValidationError(
            [f"{form[name].label}: {text}" for name, texts in form.errors.items() for text in texts]
        )
    if act == "grant":
        return services.grant_membership(shown, **form.cleaned_data, by=user, at=now)
    return services.change_user(shown, by=user, at=now, **form.cleaned_data)


@login_required
@require_POST
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role today."""
    user = place.person(request)
    found = get_object_or_404(Membership.objects.visible_to(user).select_related("user"), pk=pk)
    reason = request.POST.get("reason", "")
    services.end_membership(found, until=clock.today(), by=user, at=clock.now(), reason=reason)
    messages.success(request, _("The role ends today."))
    return redirect("person", pk=found.user_id)
