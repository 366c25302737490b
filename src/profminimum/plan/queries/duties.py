"""What does a person who acts for an organisation have to do now, and what waits for their decision?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Min, Q, Window

from profminimum.orgs import access, queries
from profminimum.orgs.models import Organisation, Role
from profminimum.plan import board, offers, phrases, proof
from profminimum.plan.models import Extension, Measure, Obligation, Standing, Wording
from profminimum.plan.states import OPEN, State
from profminimum.web import clock, wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import OrganisationState, User
    from profminimum.plan.board import Tally
    from profminimum.plan.offers import Offer, Waiting
    from profminimum.plan.proof import Proof
    from profminimum.plan.querysets import StandingQuerySet

RECENT: Final = 30  # days for which what is done stays on the page
SHOWN: Final = 200  # own obligations on the page; nobody but a ministry of many plans has more
ASKED: Final = 20  # requests for another date on the page
NOWHERE: Final = Q(pk__in=[])


def own(seat: Seat, today: date) -> Q:
    """The condition for what this organisation must do itself; a school answers for its branches too."""
    reach = access.GRANTS["obligation.report"].get(seat.role, frozenset())
    if access.Reach.BELOW in reach:
        places = Organisation.objects.as_of(today).under(seat.path).values("pk")
        return Q(organisation__in=places)
    return Q(organisation=seat.organisation_id) if reach else NOWHERE


def to_review(seat: Seat) -> Q:
    """The condition for what waits for the check of this seat, as far as its organisation is the one that checks.

    A coordinator checks for the ministry what schools and authorities report; nobody checks their own report.
    """
    reported = Q(state=State.REPORTED.value, obligation__by_form=False)  # an answer is checked as an answer
    if seat.role == Role.COORDINATOR:
        return reported & Q(plan__region=seat.region_id, kind__in=access.REVIEWED_BY_COORDINATOR)
    if seat.role not in access.GRANTS["obligation.review"]:
        return NOWHERE
    mine = reported & Q(reviewer=seat.organisation_id)
    return mine if seat.role == Role.CONTROLLER else mine & ~Q(organisation=seat.organisation_id)


def to_decide(seat: Seat) -> Q:
    """The condition for requests for another date that this seat may decide."""
    if seat.role not in access.GRANTS["obligation.decide"]:
        return NOWHERE
    return Q(decision="", obligation__plan__region=seat.region_id)


def week_end(day: date) -> date:
    """The Sunday of its week."""
    return day + timedelta(days=6 - day.weekday())


def waiting(user: User | AnonymousUser, seat: Seat | None, today: date | None = None) -> int:
    """How much is urgent or waits for a decision: the figure beside «My duties». At most three counts by index."""
    if seat is None or not user.is_active:
        return 0
    today = today or clock.today()
    now = Standing.objects.at()
    urgent = Q(state=State.RETURNED.value) | Q(state=State.ASSIGNED.value, due__lte=week_end(today))
    count = 0
    if access.GRANTS["obligation.report"].get(seat.role):
        count += now.filter(own(seat, today)).filter(urgent).count()
    if seat.role in access.GRANTS["obligation.review"]:
        count += now.filter(to_review(seat)).count()
    if seat.role in access.GRANTS["obligation.decide"]:
        count += Extension.objects.filter(to_decide(seat)).count()
    return count


@dataclass(frozen=True, slots=True)
class Duty:
    """A thing to do. `place` is named when it is not the organisation itself; `offer`: another app's word."""

    obligation_id: int
    title: str
    number: str
    state: str
    due: date | None
    original_due: date | None
    proof: Proof
    reason: str = ""
    by: str = ""
    since: datetime | None = None
    place: str = ""
    offer: Offer | None = None


@dataclass(slots=True)
class Bundle:
    """Duties that are equally urgent: overdue, returned, week, next, later, undated, done."""

    key: str
    tone: str
    duties: list[Duty] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for my check, folded by row of the plan; `days` since the oldest report."""

    measure: Measure
    title: str
    count: int
    days: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request for another date that waits for me."""

    extension: Extension
    title: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How the schools of an authority stand with a row."""

    measure: Measure
    title: str
    tally: Tally


@dataclass(slots=True)
class Duties:
    organisation: OrganisationState | None
    bundles: list[Bundle]
    queues: list[Queue]
    others: list[Waiting]  # what else waits for my check: answers to monitorings
    requests: list[Request]
    request_count: int
    progress: list[Progress]
    following: Duty | None

    @property
    def urgent(self) -> int:
        return sum(len(bundle.duties) for bundle in self.bundles if bundle.key in {"overdue", "returned", "week"})

    @property
    def idle(self) -> bool:
        """Nothing asks for anything this week."""
        return not (self.urgent or self.queues or self.others or self.requests)


def bundle_of(state: str, due: date | None, today: date) -> str:
    """Under which heading a duty stands; `state` is its State."""
    if State(state) not in OPEN:
        return "done"
    if state == State.RETURNED.value:
        return "returned"
    if due is None:
        return "undated"
    if due < today:
        return "overdue"
    if due <= week_end(today):
        return "week"
    return "next" if due <= week_end(today) + timedelta(days=7) else "later"


TONES: Final = {
    "overdue": "bad",
    "returned": "warn",
    "week": "info",
    "next": "calm",
    "later": "calm",
    "undated": "calm",
    "done": "ok",
}


def results(measures: Iterable[int]) -> dict[int, list[dict[str, str]]]:
    """The expected results of each row by the version in force. One query."""
    return dict(
        Wording.objects.filter(measure__in=set(measures), version__state="adopted").values_list("measure", "results")
    )


def _mine(seat: Seat, today: date, now: datetime) -> list[Standing]:
    recent = Q(
        state__in=[state.value for state in State if state not in OPEN], since__gte=now - timedelta(days=RECENT)
    )
    still = Q(state__in=[state.value for state in OPEN])
    return list(
        Standing.objects.at()
        .filter(own(seat, today))
        .filter(still | recent)
        .select_related("measure", "by", "obligation")
        .order_by("due", "measure__position", "pk")[:SHOWN]
    )


def _queues(standings: StandingQuerySet, today: date) -> list[tuple[int, int, int]]:
    rows = standings.order_by().values("measure").annotate(count=Count("pk"), oldest=Min("since")).order_by("measure")
    return [(row["measure"], row["count"], (today - wording.as_day(row["oldest"])).days) for row in rows]


def _schools(seat: Seat, today: date) -> dict[int, Tally]:
    if seat.role != Role.MUNICIPAL:
        return {}
    below = Standing.objects.at().filter(unit=seat.organisation_id).exclude(organisation=seat.organisation_id)
    return board.summed(board.groups(below, today), lambda group: group.measure_id)


def duties(seat: Seat, today: date, now: datetime) -> Duties:
    """Everything on the page in a fixed number of queries."""
    mine = _mine(seat, today, now)
    queues = _queues(Standing.objects.at().filter(to_review(seat)), today)
    asked = Extension.objects.filter(to_decide(seat)).order_by("asked").annotate(total=Window(Count("pk")))
    requests = list(asked.select_related("obligation__measure", "asked_by")[:ASKED])
    schools = _schools(seat, today)
    measures = Measure.objects.select_related("plan").in_bulk({key for key, *_rest in queues} | set(schools))
    wanted = results(standing.measure_id for standing in mine)
    carried = offers.offers(standing.obligation for standing in mine)
    known = queries.known(
        {seat.organisation_id}
        | {standing.organisation_id for standing in mine}
        | {request.obligation.organisation_id for request in requests},
        today,
    )
    others = offers.waiting(seat, today)
    told = {other.url for other in others}
    bundles = {key: Bundle(key, tone) for key, tone in TONES.items()}
    for standing in mine:
        offer = carried.get(standing.obligation_id)
        duty = _duty(standing, proof.wanted(wanted.get(standing.measure_id, [])), seat, known, offer)
        key = bundle_of(standing.state, standing.due, today)
        if not (offer and offer.url in told and key in {"next", "later", "undated"}):  # it stands above already
            bundles[key].duties.append(duty)
    ahead = [duty for key in ("next", "later", "undated") for duty in bundles[key].duties]
    return Duties(
        organisation=known.get(seat.organisation_id),
        bundles=[bundle for bundle in bundles.values() if bundle.duties],
        queues=sorted(
            (Queue(measures[key], phrases.plain(measures[key].title), n, days) for key, n, days in queues),
            key=lambda queue: (queue.measure.plan_id, queue.measure.position),
        ),
        others=others,
        requests=[
            Request(
                request,
                phrases.plain(request.obligation.measure.title),
                _name(known, request.obligation.organisation_id),
            )
            for request in requests
        ],
        request_count=requests[0].total if requests else 0,
        progress=sorted(
            (Progress(measures[key], phrases.plain(measures[key].title), tally) for key, tally in schools.items()),
            key=lambda line: (line.measure.plan_id, line.measure.position),
        ),
        following=ahead[0] if ahead else None,
    )


def _name(known: dict[int, OrganisationState], key: int) -> str:
    return known[key].short_name if key in known else ""


def _duty(
    standing: Standing, wanted: Proof, seat: Seat, known: dict[int, OrganisationState], offer: Offer | None
) -> Duty:
    told = standing.state in {State.RETURNED.value, State.WAIVED.value}
    return Duty(
        obligation_id=standing.obligation_id,
        title=offer.title if offer else phrases.to_do(standing.measure.title),
        number=standing.measure.number,
        state=standing.state,
        due=standing.due,
        original_due=standing.obligation.original_due,
        proof=wanted,
        reason=standing.reason if told else "",
        by=standing.by.full_name if standing.by and told else "",
        since=standing.since,
        place="" if standing.organisation_id == seat.organisation_id else _name(known, standing.organisation_id),
        offer=offer,
    )


def next_in_queue(seat: Seat, obligation: Obligation) -> tuple[Standing | None, int]:
    """(the next one that waits for my check in the same row of the plan, how many wait besides this one)."""
    others = (
        Standing.objects.at()
        .filter(to_review(seat), measure=obligation.measure_id)
        .exclude(obligation=obligation.pk)
        .annotate(total=Window(Count("pk")))
        .order_by("since", "pk")
    )
    found: list[Any] = list(others[:1])  # with `total`
    return (found[0], found[0].total) if found else (None, 0)
