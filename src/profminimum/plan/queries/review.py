"""The page that reads a decree: the file beside what was understood, the doubts, what is left to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.db.models import OuterRef, Prefetch, Q, Subquery

from profminimum.journal.models import Entry
from profminimum.orgs import access
from profminimum.orgs.models import OrganisationState
from profminimum.plan import expansion, spoken
from profminimum.plan.models import Assignment, Exemption, Finding, PlanVersion, Section, Wording
from profminimum.plan.queries.amended import known_dates
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from profminimum.orgs.models import User
    from profminimum.plan.models import Executor

SEVERITY: Final[Mapping[str, int]] = {"error": 0, "warning": 1, "info": 2}
EARLY: Final = "due-before-decree"  # the doubt that a decision on a date before the signature answers
OUTSIDE: Final = "due-outside-plan"  # the doubt about a date that cannot be meant
PUBLIC: Final = (PlanVersion.State.ADOPTED, PlanVersion.State.SUPERSEDED)


def visible(user: User) -> QuerySet[PlanVersion]:
    """The versions of the regions in which the person has a seat; drafts are for those who edit, see the views."""
    return PlanVersion.objects.filter(region__in={seat.region_id for seat in access.seats(user)})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding with the ways to accept its proposal."""

    finding: Finding
    offers: tuple[spoken.Offer, ...]
    early: bool  # decided upon in the step of dates before the signature

    @property
    def open(self) -> bool:
        return self.finding.decision == Finding.Decision.OPEN

    @property
    def rank(self) -> tuple[int, int]:
        return SEVERITY.get(self.finding.severity, 3), self.finding.position


@dataclass
class RowView:
    """A row: its wording with all that hangs on it."""

    wording: Wording
    assignments: list[Assignment]
    doubts: list[Doubt]
    exemptions: list[Exemption]
    early: tuple[date, ...]  # control dates before the signature

    @cached_property
    def days(self) -> tuple[spoken.Day, ...]:
        return spoken.days(self.wording.occurrences)

    @property
    def kind(self) -> str:
        return str(spoken.KINDS.get(self.wording.term_kind, self.wording.term_kind))

    @property
    def repeats(self) -> str:
        return spoken.repeats(self.wording.rrule) if self.wording.rrule else ""

    @property
    def left(self) -> int:
        return sum(1 for doubt in self.doubts if doubt.open and not doubt.early and doubt.finding.severity != "info")

    @property
    def open_doubts(self) -> list[Doubt]:
        """Those that a correction of the row may answer."""
        return [doubt for doubt in self.doubts if doubt.open and not doubt.early]

    @property
    def early_left(self) -> bool:
        return bool(self.early) and not self.wording.past

    @property
    def dubious(self) -> bool:
        """The date itself is in doubt: it is to be settled before one decides how to control it."""
        return any(doubt.open and doubt.finding.code == OUTSIDE for doubt in self.doubts)


@dataclass(slots=True)
class SectionView:
    section: Section
    rows: list[RowView] = field(default_factory=list)


@dataclass(slots=True)
class ExecutorView:
    executor: Executor
    rows: list[Wording] = field(default_factory=list)


@dataclass(slots=True)
class Review:
    """A whole version in memory."""

    version: PlanVersion
    sections: list[SectionView]
    doubts: list[Doubt]
    executors: list[ExecutorView]
    names: Mapping[int, str]  # organisation id → short name, of those named and excepted

    @property
    def rows(self) -> list[RowView]:
        return [row for section in self.sections for row in section.rows]

    @property
    def weighty(self) -> list[Doubt]:
        """Errors and warnings: each wants a decision here, but for those that the step of early dates decides."""
        return [doubt for doubt in self.doubts if doubt.finding.severity != "info" and not doubt.early]

    @property
    def early_open(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.early and doubt.open]

    @property
    def decided(self) -> list[Doubt]:
        return [doubt for doubt in self.weighty if not doubt.open]

    @property
    def notes(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.finding.severity == "info"]

    @property
    def notes_open(self) -> int:
        return sum(1 for doubt in self.notes if doubt.open)

    @property
    def reading_left(self) -> int:
        return sum(1 for doubt in self.weighty if doubt.open)

    @property
    def executors_left(self) -> int:
        return sum(1 for view in self.executors if not view.executor.target)

    @property
    def early_rows(self) -> list[RowView]:
        return [row for row in self.rows if row.early]

    @property
    def past_left(self) -> int:
        return sum(1 for row in self.rows if row.early_left)

    @property
    def act_left(self) -> int:
        """Requisites without which there is no adopting: the act's number and date, the period."""
        version = self.version
        return int(not version.act_number or not version.act_date) + int(not version.start or not version.end)

    @property
    def left(self) -> int:
        return self.reading_left + self.executors_left + self.past_left + self.act_left + int(not self.rows)

    def row(self, position: int | None) -> RowView | None:
        """The row asked for, else that of the gravest open doubt, else the first."""
        rows = self.rows
        chosen = next((row for row in rows if row.wording.position == position), None)
        urgent = next((d.finding.wording_id for d in self.weighty if d.open and d.finding.wording_id), None)
        return chosen or next((row for row in rows if row.wording.pk == urgent), rows[0] if rows else None)


def review(version: PlanVersion) -> Review:
    """Five queries, whatever the size of the plan; three more for the draft of an amendment."""
    states = OrganisationState.objects.filter(organisation=OuterRef("organisation"), valid_from__lte=clock.today())
    name = states.order_by("-valid_from")
    named = Subquery(name.values("short_name")[:1])
    exemptions = Exemption.objects.select_related("by").annotate(organisation_name=named).order_by("pk")
    wordings = list(
        version.wordings.select_related("section").prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("executor")), Prefetch("exemptions", exemptions)
        )
    )
    findings = list(version.findings.select_related("decided_by"))
    by_pk = {wording.pk: wording for wording in wordings}
    days = _early_days(version, wordings)
    doubts = sorted((_doubt(finding, by_pk, days) for finding in findings), key=lambda doubt: doubt.rank)
    views: dict[int, SectionView] = {}
    for wording in wordings:
        wording.version = version
        views.setdefault(wording.section_id, SectionView(wording.section)).rows.append(
            _row(wording, doubts, days.get(wording.pk, ()))
        )
    executors = list(version.executors.annotate(organisation_name=named))
    bodies = {body.pk: ExecutorView(body) for body in executors}
    for wording in wordings:
        for assignment in wording.assignments.all():
            bodies[assignment.executor_id].rows.append(wording)
    names = {body.organisation_id: body.organisation_name or "" for body in executors if body.organisation_id}
    for wording in wordings:
        names |= {one.organisation_id: getattr(one, "organisation_name", "") for one in wording.exemptions.all()}
    return Review(version, list(views.values()), doubts, list(bodies.values()), names)


def _early_days(version: PlanVersion, wordings: Iterable[Wording]) -> dict[int, tuple[date, ...]]:
    """Wording id → dates before the signature that want a decision."""
    if version.act_date is None:
        return {}
    known = known_dates(version) if version.state == PlanVersion.State.DRAFT else {}
    return {w.pk: expansion.early(w.occurrences, version.act_date, known.get(w.pk)) for w in wordings}


def _row(wording: Wording, doubts: Iterable[Doubt], early: tuple[date, ...]) -> RowView:
    return RowView(
        wording,
        list(wording.assignments.all()),
        [doubt for doubt in doubts if doubt.finding.wording_id == wording.pk],
        list(wording.exemptions.all()),
        early,
    )


def _doubt(finding: Finding, wordings: Mapping[int, Wording], days: Mapping[int, tuple[date, ...]]) -> Doubt:
    wording = wordings.get(finding.wording_id or 0)
    early = (
        finding.code == EARLY
        and finding.decision == Finding.Decision.OPEN
        and wording is not None
        and not wording.past
        and bool(days.get(wording.pk))
    )
    proposal: dict[str, Any] | None = finding.proposal
    due, start = (wording.due, wording.start) if wording else (None, None)
    offers = () if early else spoken.offers(proposal, due=due, start=start)
    if wording is not None:
        finding.wording = wording
    return Doubt(finding, offers, early)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of the file; `position` is that of the row of the plan that begins or goes on here."""

    cells: tuple[str, ...]
    position: int | None
    begins: bool
    heading: bool  # one text over the whole width


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table when it has `lines`."""

    text: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The file in two parts: what stands before the first row of the plan's table, and the rest."""

    head: list[Block]
    body: list[Block]


def source(version: PlanVersion, rows: Iterable[RowView]) -> Shown:
    """The file as it stands, its table rows tied to the rows of the plan by their place in the file."""
    places = {_place(row.wording.source): row.wording.position for row in rows}
    blocks: list[Block] = []
    current: int | None = None
    for block in version.source_text:
        if "rows" not in block:
            if block["text"].strip():
                blocks.append(Block(block["text"]))
            continue
        lines = []
        for row in block["rows"]:
            cells = tuple(str(cell) for cell in row["cells"])
            found = places.get(_place(row))
            filled = [cell for cell in cells if cell.strip()]
            heading = found is None and len(filled) == 1 and len(cells) > 1 and bool(cells[0].strip())
            if found is not None:
                current = found
            elif heading or (cells and cells[0].strip()):
                current = None
            lines.append(Line(cells, current, found is not None, heading))
        blocks.append(Block("", tuple(lines)))
    first = next((n for n, block in enumerate(blocks) if any(line.begins for line in block.lines)), 0)
    return Shown(blocks[:first], blocks[first:])


def _place(place: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(place.get(name) for name in ("table", "row", "line", "page"))


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of a row or of the act that a person changed."""

    field: str
    before: str
    after: str
    reason: str
    at: Any
    by: str


def corrections(*objects: PlanVersion | Wording) -> dict[tuple[str, int], list[Correction]]:
    """(kind of object, id) → what people corrected of it, in the order of time. One query, with the people."""
    wanted: dict[str, list[int]] = {}
    for one in objects:
        wanted.setdefault(one._meta.label_lower, []).append(one.pk)  # noqa: SLF001 - Django's documented model API
    found: dict[tuple[str, int], list[Correction]] = {}
    which = Q(pk__in=[])
    for model, ids in wanted.items():
        which |= Q(object_type=model, object_id__in=ids)
    entries = Entry.objects.filter(which, action="wording.corrected").select_related("by").order_by("id")
    for entry in entries:
        found.setdefault((entry.object_type, entry.object_id), []).extend(_corrections(entry))
    return found


def _corrections(entry: Entry) -> Iterator[Correction]:
    for name, after in entry.after.items():
        if name == "occurrences" and "due" in entry.after:
            continue  # the date says it already
        yield Correction(
            str(spoken.FIELDS.get(name, name)),
            spoken.value(name, entry.before.get(name)),
            spoken.value(name, after),
            entry.reason,
            entry.at,
            entry.by.family_and_initials if entry.by else "",
        )
