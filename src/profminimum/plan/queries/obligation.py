"""What is one obligation: whose, by when, where it stands, what proves it, what happened, what may I do with it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from profminimum.orgs import access, queries
from profminimum.plan import offers, phrases, proof
from profminimum.plan.models import Attachment, Extension, Obligation, Report, Standing, Wording
from profminimum.plan.queries.duties import next_in_queue, to_review
from profminimum.plan.queries.story import Event, moves, story
from profminimum.plan.states import OPEN, State, Step, steps

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.access import Decision, Seat
    from profminimum.orgs.models import OrganisationState, User
    from profminimum.plan.offers import Offer
    from profminimum.plan.proof import Proof


@dataclass(frozen=True, slots=True)
class Rights:
    """What this person may do here, each with the reason when not; `people`: whether names of people are shown."""

    report: Decision
    review: Decision
    decide: Decision
    evidence: Decision
    people: Decision


@dataclass(frozen=True, slots=True)
class Card:
    """Everything on the page of an obligation; `result` is what the row expects, in the words of the decree."""

    obligation: Obligation
    last: Standing
    wording: Wording | None
    title: str
    wanted: Proof
    result: str
    organisation: OrganisationState | None
    reviewer: OrganisationState | None
    unit: OrganisationState | None
    reports: list[Report]
    moves: list[Extension]
    asked: Extension | None
    events: list[Event]
    rights: Rights
    following: Standing | None
    following_name: str
    waiting: int
    today: date
    offer: Offer | None = None  # what another app says is to be done

    @property
    def state(self) -> State:
        return State(self.last.state)

    @property
    def by_form(self) -> bool:
        """Is it fulfilled by the answer to a monitoring, which alone is filled, checked and returned?"""
        return self.obligation.by_form

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def late(self) -> bool:
        return self.open and self.last.due is not None and self.last.due < self.today

    @property
    def moved(self) -> bool:
        return self.last.due != self.obligation.original_due

    @property
    def may_report(self) -> bool:
        return bool(self.rights.report) and not self.by_form and Step.REPORT in steps(self.state)

    @property
    def may_review(self) -> bool:
        return bool(self.rights.review) and not self.by_form and self.state == State.REPORTED

    @property
    def may_ask(self) -> bool:
        return bool(self.rights.report) and self.open and self.last.due is not None and self.asked is None

    @property
    def may_extend(self) -> bool:
        return bool(self.rights.decide) and self.open and self.last.due is not None and self.asked is None

    @property
    def may_waive(self) -> bool:
        return bool(self.rights.decide) and Step.WAIVE in steps(self.state)

    @property
    def may_resume(self) -> bool:
        done_by_form = self.by_form and self.state == State.ACCEPTED  # the answer is reopened instead
        return bool(self.rights.decide) and not done_by_form and Step.RESUME in steps(self.state)


def find(user: User, pk: int) -> Obligation:
    """The obligation, 404 when it is not there for this person."""
    visible = Obligation.objects.visible_to(user).select_related("measure__plan", "organisation", "occurrence")
    return get_object_or_404(visible, pk=pk)


def rights(user: User, obligation: Obligation, state: OrganisationState | None) -> Rights:
    """Without a query when the organisation's place is known."""

    def can(verb: str) -> Decision:
        if state is None:
            return access.can(user, verb, obligation)
        return access.can_at(user, verb, obligation.organisation_id, state.path, obligation.organisation.kind)

    return Rights(
        report=can("obligation.report"),
        review=can("obligation.review"),
        decide=can("obligation.decide"),
        evidence=can("evidence.see"),
        people=access.can(user, "person.see", None),
    )


def card(user: User, seat: Seat | None, obligation: Obligation, today: date) -> Card:
    """The page's content in a fixed number of queries."""
    standings = list(Standing.objects.filter(obligation=obligation.pk).select_related("by").order_by("since", "pk"))
    reports = list(
        Report.objects.filter(obligation=obligation.pk)
        .select_related("by")
        .prefetch_related(Prefetch("attachments", Attachment.objects.select_related("file")))
        .order_by("pk")
    )
    extensions = list(
        Extension.objects.filter(obligation=obligation.pk).select_related("asked_by", "decided_by").order_by("pk")
    )
    wording = (
        Wording.objects.filter(measure=obligation.measure_id)
        .select_related("section", "version")
        .order_by("-version")
        .exclude(version__state="draft")
        .first()
    )
    last = standings[-1]
    following, waiting = None, 0
    if seat is not None and seat.role in access.GRANTS["obligation.review"]:
        following, waiting = next_in_queue(seat, obligation)
    places = {obligation.organisation_id, last.reviewer_id, last.unit_id}
    known = queries.known(places | ({following.organisation_id} if following else set()), today)
    place = known.get(obligation.organisation_id)
    results = wording.results if wording else []
    offer = offers.offers([obligation]).get(obligation.pk)
    return Card(
        obligation=obligation,
        last=last,
        wording=wording,
        title=offer.title if offer else phrases.to_do(obligation.measure.title),
        wanted=proof.wanted(results),
        result="; ".join(dict.fromkeys(result.get("text", "") for result in results)),
        organisation=place,
        reviewer=known.get(last.reviewer_id),
        unit=known.get(last.unit_id) if last.unit_id != obligation.organisation_id else None,
        reports=reports[::-1],
        moves=moves(extensions),
        asked=next((each for each in extensions if not each.decision), None),
        events=story(standings, reports, extensions)[::-1],
        rights=rights(user, obligation, place),
        following=following,
        following_name=known[following.organisation_id].short_name
        if following and following.organisation_id in known
        else "",
        waiting=waiting,
        today=today,
        offer=offer,
    )


def first_in_queue(seat: Seat) -> Standing | None:
    """The report that has waited for my check longest."""
    return Standing.objects.at().filter(to_review(seat)).order_by("since", "pk").first()
