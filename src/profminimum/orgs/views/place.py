"""Which organisation or person does the address mean? Found within the scope of the one who asks, else 404."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.utils.translation import gettext as _

from profminimum.orgs import access
from profminimum.orgs.forms import day_asked
from profminimum.orgs.models import Organisation, OrganisationState, User
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import date

    from django.core.exceptions import ValidationError
    from django.forms import Form
    from django.http import HttpRequest

    from profminimum.orgs.access import Seat
    from profminimum.orgs.querysets import OrganisationQuerySet


def person(request: HttpRequest) -> User:
    """The signed-in user; views that call it are behind login_required."""
    return cast("User", request.user)


def seat(request: HttpRequest) -> Seat:
    """For whom the person acts now, or 404 for one without any role."""
    found: Seat | None = getattr(request, "seat", None)
    if found is None:
        raise Http404(_("You have no role in any organisation today."))
    return found


def region(request: HttpRequest) -> Organisation:
    """The region of the seat, with its state of today."""
    today = clock.today()
    return Organisation.objects.as_of(today).get(pk=seat(request).region_id)


def organisation(request: HttpRequest, pk: int) -> tuple[Organisation, date]:
    """The organisation as it was on the day of the address, and that day; 404 outside one's scope.

    Of what is closed or not yet open on that day, the nearest day on which it exists.
    """
    found, on, _states = with_states(request, pk)
    return found, on


def with_states(request: HttpRequest, pk: int) -> tuple[Organisation, date, list[OrganisationState]]:
    """As `organisation`, with all its states from the oldest, which were read anyway."""
    known = OrganisationState.objects.filter(organisation=pk).select_related("organisation__region")
    states = list(known.order_by("valid_from"))
    on = day_asked(request.GET.get("on"))
    past = [state for state in states if state.valid_from <= on]
    state = past[-1] if past else next(iter(states), None)
    if state is None or not access.sees(person(request), pk, state.path):
        raise Http404(_("There is no such organisation."))
    found = state.organisation
    found.state = state
    if found.closed is not None:
        on = min(on, found.closed - timedelta(days=1))
    return found, max(on, found.opened), states


def editable(request: HttpRequest) -> OrganisationQuerySet:
    """The organisations of today that the person may edit, by name."""
    today = clock.today()
    found = Organisation.objects.as_of(today).filter(access.reach(person(request), "organisation.edit"))
    return found.filter(region=seat(request).region_id).order_by("kind", "state__sort_key")  # type: ignore[misc]  # `as_of` is unknown to the plugin


def tell(form: Form, error: ValidationError) -> None:
    """Put the refusal of a service beside its fields, or above the form when it has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, cast("Any", errors))
