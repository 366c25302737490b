"""Who sees which journal entries: the right `journal.see` of access.py over the organisation of the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.urls import NoReverseMatch, reverse

from profminimum.journal.scope import Scope
from profminimum.orgs import access
from profminimum.orgs.models import Membership, OrganisationState
from profminimum.orgs.queries import known
from profminimum.web import clock
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.models import User

VERB = "journal.see"
PAGES: Mapping[str, str] = {  # kind of object → name of its page, which takes its id
    "orgs.organisation": "organisation",
    "plan.obligation": "obligation",
    "plan.measure": "measure",
    "plan.planversion": "version",
    "registers.record": "register_record",
    "monitoring.campaign": "campaign",
    "monitoring.wave": "wave",
    "monitoring.submission": "submission",
    "monitoring.formversion": "form_version",
}


def journal(user: User | AnonymousUser) -> Scope:
    """The scope for one person; asks the database for their seats alone."""
    decision = access.can(user, VERB, None)
    return Scope(
        refusal="" if decision else decision.reason,
        condition=_condition(user),
        names=_names,
        find=_find,
        address=_address,
    )


def _condition(user: User | AnonymousUser) -> Q:
    """A region's officer sees the region, and entries of no organisation by its people and by the system itself.

    The others see the organisations in their reach, also those that are closed by now.
    """
    condition = Q(pk__in=[])
    narrow = False
    for seat in access.seats(user):
        far = access.GRANTS[VERB].get(seat.role, frozenset())
        if access.Reach.REGION in far:
            people = Membership.objects.filter(
                Q(organisation=seat.region_id) | Q(organisation__region=seat.region_id)
            ).values("user")
            condition |= Q(organisation=seat.region_id) | Q(organisation__region=seat.region_id)
            condition |= Q(organisation=None) & (Q(by=None) | Q(by__in=people))
        else:
            narrow = narrow or bool(far)
    if narrow:
        last = Q(valid_to=None) | Q(valid_to=F("organisation__closed"))
        places = OrganisationState.objects.filter(last & access.reach(user, VERB, field="path"))
        condition |= Q(organisation__in=places.values("organisation"))
    return condition


def _names(ids: Collection[int]) -> Mapping[int, str]:
    return {pk: state.short_name for pk, state in known(ids, clock.today()).items()}


def _find(words: str) -> Q:
    found = OrganisationState.objects.all()
    for word in folded(words).split():
        found = found.filter(search__contains=word)
    return Q(organisation__in=found.values("organisation"))


def _address(kind: str, pk: int) -> str:
    try:
        return reverse(PAGES[kind], args=[pk])
    except (KeyError, NoReverseMatch):
        return ""
