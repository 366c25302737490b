"""Which monitorings are there, how far are their waves, what do I answer myself? In a fixed number of questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy

from profminimum.journal.queries import story
from profminimum.monitoring import pack
from profminimum.monitoring.models import Campaign, Form, FormVersion, Submission, Wave
from profminimum.monitoring.queries import answered
from profminimum.monitoring.queries.answered import Tally
from profminimum.monitoring.queries.audience import NobodyAcceptsError, audience
from profminimum.monitoring.states import EDITABLE, State
from profminimum.orgs import access, queries
from profminimum.orgs.models import Kind, Organisation, OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.plan.models import Measure, Occurrence
from profminimum.plan.pack import PackError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from django_stubs_ext import StrPromise

    from profminimum.journal.lines import Line
    from profminimum.monitoring.models import Exclusion
    from profminimum.monitoring.pack import Proposal
    from profminimum.orgs.models import User

SCHOOLS = (Kind.SCHOOL.value, Kind.BRANCH.value)


@dataclass(slots=True)
class Listed:
    """A campaign with its waves, the newest first."""

    campaign: Campaign
    waves: list[tuple[Wave, Tally]] = field(default_factory=list)


def listed(user: User) -> list[Listed]:
    """All campaigns of the region in the order of the plan. Three questions at most."""
    rows = Campaign.objects.visible_to(user).select_related("measure", "plan", "form")
    found = {one.pk: Listed(one) for one in rows.order_by("-plan__start", "measure__position", "pk")}
    waves = list(Wave.objects.filter(campaign__in=found).order_by("-number")) if found else []
    counts = answered.completeness(user, [wave.pk for wave in waves])
    for wave in waves:
        found[wave.campaign_id].waves.append((wave, counts.get(wave.pk, Tally())))
    return list(found.values())


WAVE = ("number", "title", "state", "opens", "due", "opened")


def of_row(user: User, measure: Measure) -> list[tuple[Campaign, list[Wave]]]:
    """The campaigns that carry a row of the plan with their waves, the newest first. One question.

    Its own ones, and those of another row that by the pack carry this row too.
    """
    carry = Q(measure=measure)
    offered = proposals([measure.number]).get(measure.number)
    if offered is not None:
        carry |= Q(plan=measure.plan_id, form__name=offered.form, measure__number__in=offered.measures)
    rows = Campaign.objects.visible_to(user).filter(carry).order_by("pk", "-waves__number")
    found: dict[int, tuple[Campaign, list[Wave]]] = {}
    for pk, title, wave, *facts in rows.values_list("pk", "title", "waves", *(f"waves__{name}" for name in WAVE)):
        _campaign, waves = found.setdefault(pk, (Campaign(pk=pk, title=title), []))
        if wave:
            waves.append(Wave(pk=wave, **dict(zip(WAVE, facts, strict=True))))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Own:
    """What the organisations of a person answer: what waits for them, what is being checked, what is done."""

    todo: list[Submission]
    checking: list[Submission]
    past: list[Submission]

    def __bool__(self) -> bool:
        return bool(self.todo or self.checking or self.past)


def own(user: User, today: date) -> Own:
    """One's own answers, the nearest date first; what was never sent to a closed wave is past. One question."""
    rows = (
        Submission.objects.visible_to(user, "submission.fill")
        .exclude(state=State.WITHDRAWN.value)
        .select_related("wave__campaign__measure", "organisation")
        .annotate(
            name=Subquery(
                OrganisationState.objects.filter(valid_on(today), organisation=OuterRef("organisation")).values(
                    "short_name"
                )[:1]
            )
        )
        .order_by("due", "wave__opens", "pk")
    )
    todo, checking, past = [], [], []
    for row in rows:
        taken = row.wave.state == Wave.State.OPEN or row.number
        if State(row.state) in EDITABLE and taken and row.wave.state != Wave.State.CANCELLED:
            todo.append(row)
        elif row.state in {State.SUBMITTED.value, State.CHECKED.value}:
            checking.append(row)
        else:
            past.append(row)
    return Own(todo, checking, past[::-1])


def following(user: User, kinds: Collection[str], today: date) -> Wave | None:
    """The next planned wave that asks organisations of these kinds. One question."""
    planned = Wave.objects.visible_to(user).filter(state=Wave.State.PLANNED, opens__gte=today)
    rows = planned.select_related("campaign").order_by("opens", "pk")[:50]
    return next((wave for wave in rows if set(kinds) & set(wave.campaign.kinds)), None)


def proposals(numbers: Iterable[str]) -> dict[str, Proposal]:
    """Number of a row → the monitoring that the pack proposes for it; nothing when the pack cannot be read."""
    try:
        found = pack.proposals(settings.PACK)
    except PackError:
        return {}
    wanted = set(numbers)
    return {number: one for one in found[::-1] for number in one.measures if number in wanted}


def without(user: User, today: date, there: Iterable[Campaign]) -> list[tuple[Measure, Proposal]]:
    """Rows of plans in force for which the pack proposes a monitoring and `there` is none that carries them.

    One monitoring may carry several rows (readiness: row 10 and the report of row 5): set up for one of them, it is
    not proposed for the others. One question.
    """
    carried: defaultdict[tuple[int, str], set[str]] = defaultdict(set)  # plan, form → numbers of rows
    for campaign in there:
        carried[campaign.plan_id, campaign.form.name].add(campaign.measure.number)
    rows = list(measures(user, today).exclude(campaigns__isnull=False))
    offered = proposals(row.number for row in rows)
    fresh = [(row, offered[row.number]) for row in rows if row.number in offered]
    return [(row, one) for row, one in fresh if not carried[row.plan_id, one.form] & set(one.measures)]


def measures(user: User, today: date) -> Any:
    """Rows of the plans that hold today or later, in the order of the plan."""
    return (
        Measure.objects.filter(plan__region__in={seat.region_id for seat in access.seats(user)}, plan__end__gte=today)
        .filter(wordings__version__state="adopted")
        .select_related("plan")
        .distinct()
        .order_by("-plan__start", "position")
    )


# one campaign


def find(user: User, today: date) -> Any:
    """Campaigns in reach with their row, form, its published version and the name of the author of the note."""
    version = FormVersion.objects.filter(form=OuterRef("form"), state="published").order_by("-number")
    return (
        Campaign.objects.visible_to(user)
        .select_related("region", "plan", "measure", "form")
        .annotate(
            version=Subquery(version.values("pk")[:1]),
            version_number=Subquery(version.values("number")[:1]),
            fields_to_type=Subquery(version.values("fields")[:1]),
            minutes=Subquery(version.values("minutes")[:1]),
            ministry=Subquery(
                Organisation.objects.filter(region=OuterRef("region"), kind=Kind.MINISTRY)
                .order_by("pk")
                .values("pk")[:1]
            ),
            author_name=Subquery(
                OrganisationState.objects.filter(valid_on(today), organisation=OuterRef("author")).values(
                    "short_name"
                )[:1]
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Consequence:
    """Whom a wave would ask today: how many of each kind, in how many municipalities, who checks, is a note due."""

    kinds: Mapping[str, int]
    units: int
    authorities: int = 0  # that check first
    acceptors: int = 0
    note: bool = False

    @property
    def asked(self) -> int:
        return sum(self.kinds.values())

    @property
    def schools(self) -> int:
        return sum(self.kinds.get(kind, 0) for kind in SCHOOLS)

    @property
    def others(self) -> int:
        return self.asked - self.schools

    @property
    def checks(self) -> int:
        return self.authorities + self.acceptors


def consequence(campaign: Any, today: date, period: str) -> Consequence | None:
    """Of a campaign that `find` gave. None when the region has nobody who accepts at the last tier."""
    try:
        who = audience(campaign, today, period)
    except NobodyAcceptsError:
        return None
    first = {one.checker_id for one in who if one.checker_id}
    last = {one.acceptor_id for one in who} - first
    units = {one.unit_id for one in who if one.kind in SCHOOLS} - {campaign.ministry}
    return Consequence(
        Counter(one.kind for one in who), len(units), len(first), len(last), campaign.author_id is not None
    )


def asked(wave: int) -> Consequence:
    """Whom a wave that has opened asks. One question."""
    rows = Submission.objects.filter(wave=wave).exclude(state=State.WITHDRAWN.value).order_by()
    counted = list(rows.values_list("kind", "unit", "unit__kind").annotate(n=Count("pk")))
    kinds: Counter[str] = Counter()
    for kind, _unit, _of, number in counted:
        kinds[kind] += number
    units = {unit for kind, unit, of, _number in counted if kind in SCHOOLS and of == Kind.AUTHORITY}
    return Consequence(kinds, len(units))


@dataclass(frozen=True, slots=True)
class Card:
    """The waves of a campaign and the dates of its row that have none."""

    waves: list[tuple[Wave, Tally]]
    free: list[Occurrence]


def card(campaign: Campaign, user: User) -> Card:
    """Three questions."""
    waves = list(campaign.waves.select_related("occurrence").order_by("-number"))
    counts = answered.completeness(user, [wave.pk for wave in waves if wave.opened])
    taken = {wave.occurrence_id for wave in waves if wave.state != Wave.State.CANCELLED}
    dates = Occurrence.objects.filter(measure=campaign.measure_id, due__isnull=False, added=False)
    free = [one for one in dates.order_by(F("due").asc(nulls_last=True)) if one.pk not in taken]
    return Card([(wave, counts.get(wave.pk, Tally())) for wave in waves], free)


def exclusions(campaign: Campaign, user: User, today: date) -> list[tuple[Exclusion, str]]:
    """The exceptions in force with the names of the organisations, as far as the person sees these. Two questions."""
    found = campaign.exclusions.filter(ended=None).select_related("by")
    if not _wide(user):
        places = OrganisationState.objects.filter(valid_on(today)).filter(
            access.reach(user, "organisation.see", field="path")
        )
        found = found.filter(organisation__in=places.values("organisation_id"))
    rows = list(found)
    names = queries.names([row.organisation_id for row in rows], today)
    return [(row, names.get(row.organisation_id, "")) for row in rows]


def askable(campaign: Campaign, today: date) -> Any:
    """The organisations that an exception can be made for: those of the campaign's kinds that are not excepted."""
    taken = campaign.exclusions.filter(ended=None).values("organisation_id")
    found = Organisation.objects.as_of(today).filter(region=campaign.region_id, kind__in=campaign.kinds)
    return queries.ordered(found.exclude(pk__in=taken))


PRIVATE: Final = frozenset({"exclusion.made", "exclusion.ended", "answers.exported"})  # of single organisations


def history(campaign: Campaign, waves: Sequence[Wave], user: User) -> list[Line]:
    """What happened to the campaign and its waves, the newest first. One question.

    Of exceptions and exports only those learn who see the whole region.
    """
    found = story(campaign, *waves)
    return found if _wide(user) else [line for line in found if line.action not in PRIVATE]


def _wide(user: User) -> bool:
    return any(access.Reach.REGION in access.GRANTS["wave.see"].get(seat.role, ()) for seat in access.seats(user))


def forms(region: int) -> Any:
    """The forms of a region that can be asked: those with a published version, and drafts on their way to one."""
    return Form.objects.filter(region=region).order_by("title", "pk")


MANY: Final[Mapping[str, StrPromise]] = {
    Kind.SCHOOL.value: gettext_lazy("schools"),
    Kind.BRANCH.value: gettext_lazy("branches of schools"),
    Kind.AUTHORITY.value: gettext_lazy("municipal authorities"),
    Kind.COORDINATOR.value: gettext_lazy("the regional coordinator"),
    Kind.INSTITUTE.value: gettext_lazy("the institute"),
}


def kinds_in_words(kinds: Iterable[str]) -> list[StrPromise]:
    """«schools», «municipal authorities»: who answers."""
    return [MANY[kind] for kind in kinds if kind in MANY]
