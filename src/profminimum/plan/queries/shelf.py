"""Which versions are there for a person: in force, in preparation, replaced, discarded; what does a plan say?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from profminimum.journal.models import Entry
from profminimum.orgs.models import OrganisationState
from profminimum.plan import expansion
from profminimum.plan.models import Assignment, Finding, PlanVersion, Wording
from profminimum.plan.queries import review as reviewing
from profminimum.web import clock

if TYPE_CHECKING:
    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure, Section
    from profminimum.plan.queries.review import Correction
    from profminimum.plan.querysets import PlanQuerySet

State = PlanVersion.State


@dataclass(slots=True)
class Shelf:
    """Versions with `.rows`, `.left` (open doubts) and, of the discarded, `.entry` of the journal."""

    in_force: list[Any] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)
    superseded: list[Any] = field(default_factory=list)
    discarded: list[Any] = field(default_factory=list)


def shelf(user: User, *, editor: bool) -> Shelf:
    """Two queries; drafts and discarded versions only for an editor."""
    versions = (
        reviewing.visible(user)
        .select_related("plan", "amends", "uploaded_by", "adopted_by")
        .annotate(
            rows=Count("wordings", distinct=True),
            left=Count(
                "findings",
                filter=Q(findings__decision="", findings__severity__in=("error", "warning")),
                distinct=True,
            ),
        )
        .defer("source_text", "reading")
        .order_by("-act_date", "-id")
    )
    if not editor:
        versions = versions.filter(state__in=reviewing.PUBLIC)
    found = Shelf()
    places = {
        State.ADOPTED: found.in_force,
        State.DRAFT: found.drafts,
        State.SUPERSEDED: found.superseded,
        State.DISCARDED: found.discarded,
    }
    for version in versions:
        places[State(version.state)].append(version)
    if editor:
        entries = {
            entry.object_id: entry
            for entry in Entry.objects.filter(
                object_type="plan.planversion",
                action="version.discarded",
                object_id__in=[version.pk for version in found.discarded],
            ).select_related("by")
        }
        for version in found.discarded:
            version.entry = entries.get(version.pk)
    return found


@dataclass(slots=True)
class TextRow:
    """A row as the decree has it, `cells` under the headings, with what people corrected and decided."""

    wording: Wording
    cells: list[tuple[str, str]]
    corrections: list[Correction]
    counted: list[expansion.Dated]  # dates that are not those of the decree
    executors: list[Assignment]


@dataclass(slots=True)
class Text:
    """The verbatim table of a version."""

    version: PlanVersion
    headings: list[str]
    sections: list[tuple[Section, list[TextRow]]]


def text(version: PlanVersion) -> Text:
    """Four queries, whatever the size."""
    sections = {section.pk: (section, list[TextRow]()) for section in version.sections.all()}
    wordings = list(version.wordings.prefetch_related(_assignments()))
    corrected = reviewing.corrections(*wordings)
    headings = next((heads for wording in wordings if (heads := [pair[0] for pair in wording.verbatim])), [])
    for wording in wordings:
        executors = list(wording.assignments.all())
        sections[wording.section_id][1].append(
            TextRow(
                wording,
                cells(wording),
                corrected.get(("plan.wording", wording.pk), []),
                counted(wording, version),
                executors,
            )
        )
    return Text(version, headings, list(sections.values()))


def _assignments() -> Prefetch[str]:
    return Prefetch("assignments", Assignment.objects.select_related("executor"))


def _named(on: date) -> Any:
    """Executors of a row, `.known_as` being the short name of the one organisation that is meant."""
    states = OrganisationState.objects.filter(organisation=OuterRef("executor__organisation"), valid_from__lte=on)
    name = Subquery(states.order_by("-valid_from").values("short_name")[:1])
    return Assignment.objects.select_related("executor").annotate(known_as=name)


def cells(wording: Wording) -> list[tuple[str, str]]:
    return [(str(heading), str(cell)) for heading, cell in wording.verbatim]


def counted(wording: Wording, version: PlanVersion) -> list[expansion.Dated]:
    """The dates that a person chose instead of those before the signature, or said to be done."""
    if version.act_date is None or not wording.past:
        return []
    days = [date.fromisoformat(day) for day in wording.occurrences]
    dates = expansion.dates(days, version.act_date, wording.past, wording.past_days)
    return [one for one in dates if one.decreed or one.done]


def in_force(plans: PlanQuerySet, pk: int) -> PlanVersion | None:
    """The adopted version of the plan with that id, with its plan; None when it is not among `plans`."""
    versions = PlanVersion.objects.select_related("plan", "file", "adopted_by")
    return versions.filter(state=State.ADOPTED, plan=pk, plan__in=plans).first()


def wording_of(plans: PlanQuerySet, measure: int) -> Wording | None:
    """The row as the version in force has it, or the last version that had it; None when not in one of `plans`."""
    return (
        Wording.objects.filter(measure=measure, measure__plan__in=plans)
        .select_related("measure__plan", "version__file", "section")
        .prefetch_related(Prefetch("assignments", _named(clock.today())))
        .order_by("-version__number")
        .first()
    )


def history(measure: Measure, limit: int = 50) -> list[Entry]:
    """What the journal says of the row in all versions and of the versions themselves, newest first. One query."""
    wordings = Wording.objects.filter(measure=measure)
    findings = Finding.objects.filter(wording__measure=measure)
    return list(
        Entry.objects.filter(
            Q(object_type="plan.wording", object_id__in=wordings.values("pk"))
            | Q(object_type="plan.finding", object_id__in=findings.values("pk"))
            | Q(
                object_type="plan.planversion",
                object_id__in=wordings.values("version"),
                action__in=("plan.adopted", "plan.amended"),
            )
        )
        .select_related("by")
        .order_by("-at", "-id")[:limit]
    )
