"""What goes into a workbook of answers, and what would an uploaded one change? Of one answer, of a municipality."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.monitoring import definitions, turns
from profminimum.monitoring.books import identity as identities
from profminimum.monitoring.books import judging, reading, school, targets, wave, wave_reading
from profminimum.monitoring.books.identity import Identity
from profminimum.monitoring.books.reading import Fault
from profminimum.monitoring.models import Answer, Submission
from profminimum.monitoring.schema.answers import check
from profminimum.monitoring.schema.cells import repeats
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import label, said, words
from profminimum.monitoring.states import EDITABLE, State
from profminimum.orgs import queries
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from profminimum.monitoring.books.judging import Judged
    from profminimum.monitoring.books.wave_reading import Row, Table
    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.querysets import SubmissionQuerySet
    from profminimum.monitoring.schema.changes import Change
    from profminimum.monitoring.schema.model import Definition, Problem
    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import User

BRIEFLY: Final = 12  # changes of a school that are shown


def answers(user: User) -> SubmissionQuerySet:
    """The answers in reach with all that a workbook wants to know of them."""
    found = Submission.objects.visible_to(user)
    return found.select_related("wave__campaign", "wave__version", "draft__editor", "organisation")


def language() -> str:
    return (get_language() or "ru").partition("-")[0]


# one answer


def identity_of(row: Submission, name: str) -> Identity:
    version = row.wave.version
    return Identity(
        kind=identities.SCHOOL,
        submission=row.pk,
        wave=row.wave_id,
        version=row.wave.version_id or 0,
        organisation=row.organisation.code,
        number=row.draft.number,
        name=name,
        wave_title=row.wave.title,
        version_number=version.number if version else 0,
    )


def name_of(row: Submission, today: date) -> str:
    return queries.names([row.organisation_id], today).get(row.organisation_id, "")


def template(row: Submission, today: date) -> bytes:
    """The workbook of this answer: what is known and typed so far, the last wave's values, calculated ones."""
    form = definitions.definition(row.wave.version_id or 0)
    context = definitions.context(row.draft.given, today)
    held = {**check(form, row.draft.answers, {}, context).answers, **row.draft.answers}
    name = name_of(row, today)
    until = _("until %(day)s") % {"day": wording.exact_date(row.due)}
    lines = [
        f"{name} · {row.wave.title} · {until}",
        _("Fill the yellow cells and upload the file on the page of the form. Grey cells need not be filled."),
    ]
    return school.template(form, school.Known(held, context.last, lines), identity_of(row, name), language())


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that would change, in words."""

    label: str
    before: str
    after: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a template of one organisation would change. `stale`: the draft has changed since it was downloaded."""

    changes: list[Shown]
    faults: list[Fault]  # cells that cannot be taken
    broken: list[Fault]  # to be mended before it is sent
    warnings: list[Fault]
    foreign: list[Fault]
    lacking: int
    stale: bool
    payload: Mapping[str, Any] = field(repr=False)
    seal: str = ""


def preview(row: Submission, data: bytes, name: str, today: date) -> Preview:
    """Raises UnreadableError for what is no workbook, ForeignError for one that is not of this answer."""
    book = reading.opened(data, name)
    seen = identities.found(book.sheets, name)
    identities.check(seen, identity_of(row, name_of(row, today)))
    form, draft = definitions.definition(row.wave.version_id or 0), row.draft
    found = reading.read_school(book, form)
    raw = {**targets.raw(found.given, draft.answers), **_entries(found, form, draft.answers)}
    judged = judging.judge(form, raw, draft.answers, draft.explanations, definitions.context(draft.given, today))
    return Preview(
        changes=[_shown(form, change, found.where.get(change.place, "")) for change in judged.changes],
        faults=[*found.faults, *_said(form, judged.unread, found.where)],
        broken=_said(form, judged.broken, found.where),
        warnings=_said(form, judged.warnings, found.where),
        foreign=found.foreign,
        lacking=judged.lacking,
        stale=seen.number != draft.number and judged.differs,
        payload=judged.payload,
        seal=seal([row]),
    )


def _entries(found: reading.Reading, form: Definition, held: Mapping[str, Any]) -> dict[str, Any]:
    typed = {item.name: {child.name for child in targets.columns(item)} for item in repeats(form)}
    return {
        name: judging.entries(entries, held.get(name) or [], typed[name]) for name, entries in found.entries.items()
    }


def _said(form: Definition, problems: Iterable[Problem], where: Mapping[str, str]) -> list[Fault]:
    return [Fault(where.get(one.place, ""), _of(form, one.place, words(one.message, language()))) for one in problems]


def _of(form: Definition, place: str, text: str) -> str:
    return f"{label(form, place, language())}: {text}" if place else text


def _shown(form: Definition, change: Change, where: str = "") -> Shown:
    def in_words(value: Any) -> str:
        if isinstance(value, str) and change.item.kind == Kind.PERSON:
            return value
        return said(change.item, value, language())

    return Shown(label(form, change.place, language()), in_words(change.before), in_words(change.after), where)


def seal(rows: Iterable[Submission]) -> str:
    """What the drafts were when a preview was shown: applying does what was shown, or nothing."""
    held = ",".join(f"{row.pk}:{row.draft.number}:{row.state}" for row in sorted(rows, key=lambda each: each.pk))
    return sha256(held.encode()).hexdigest()[:32]


# a municipality


@dataclass(frozen=True, slots=True)
class Municipality:
    """The answers of a wave that a person may prepare for others, by name of the school."""

    wave: Wave
    organisation: int
    code: str
    name: str
    rows: list[Submission]
    names: Mapping[int, str]

    def identity(self) -> Identity:
        version = self.wave.version
        return Identity(
            kind=identities.WAVE,
            submission=0,
            wave=self.wave.pk,
            version=self.wave.version_id or 0,
            organisation=self.code,
            number=0,
            name=self.name,
            wave_title=self.wave.title,
            version_number=version.number if version else 0,
        )


def municipality(user: User, seat: Seat, wave_: Wave, today: date) -> Municipality:
    """The schools of the seat's authority in this wave. Three questions to the database."""
    found = Submission.objects.visible_to(user, "submission.prepare").filter(wave=wave_, unit=seat.organisation_id)
    found = found.exclude(organisation=seat.organisation_id).exclude(state=State.WITHDRAWN.value)
    rows = list(found.select_related("draft__editor", "organisation"))
    for row in rows:
        row.wave = wave_
    states = queries.known([row.organisation_id for row in rows] + [seat.organisation_id], today)
    code = states[seat.organisation_id].organisation.code
    rows.sort(key=lambda row: (states[row.organisation_id].sort_key, row.pk))
    names = {pk: state.short_name for pk, state in states.items()}
    return Municipality(wave_, seat.organisation_id, code, names[seat.organisation_id], rows, names)


def workbook(place: Municipality) -> bytes:
    """A row per school: what is known and typed so far."""
    lines = [
        wave.Line(
            row.organisation.code,
            place.names[row.organisation_id],
            str(Answer(row.state).label),
            row.draft.number,
            State(row.state) not in EDITABLE,
            row.draft.answers,
        )
        for row in place.rows
    ]
    until = _("until %(day)s") % {"day": wording.exact_date(place.wave.due)}
    heading = [place.wave.title, place.name, until]
    form = definitions.definition(place.wave.version_id or 0)
    return wave.workbook(form, lines, place.identity(), heading, language())


@dataclass(slots=True)
class Seen:
    """A row of an authority's workbook. `state`: ready, same, bad, skipped; only «ready» is applied."""

    line: int
    code: str
    name: str
    state: str = "ready"
    reason: str = ""
    submission: Submission | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    found: Judged | None = field(default=None, repr=False)
    typed_since: bool = False  # the draft has changed since the workbook was made

    @property
    def stale(self) -> bool:
        """Something that was typed since would be replaced."""
        if self.found is None or not self.typed_since:
            return False
        return any(change.before is not None for change in self.found.changes)

    @property
    def count(self) -> int:
        """Of the values that would change."""
        return len(self.found.changes) if self.found else 0

    @property
    def changes(self) -> list[Shown]:
        """The first of them in words."""
        return [_shown(self.found.form, change) for change in self.found.changes[:BRIEFLY]] if self.found else []

    @property
    def lacking(self) -> int:
        return self.found.lacking if self.found else 0

    @property
    def payload(self) -> dict[str, Any]:
        return self.found.payload if self.found else {}


@dataclass(frozen=True, slots=True)
class WavePreview:
    """What an authority's workbook would change, row by row."""

    rows: list[Seen]
    foreign: list[Fault]
    lacking: list[str]  # questions whose columns are gone
    absent: int  # schools that the file does not name
    seal: str

    def of(self, state: str) -> list[Seen]:
        return [row for row in self.rows if row.state == state]

    @property
    def ready(self) -> list[Seen]:
        return self.of("ready")

    @property
    def faults(self) -> list[tuple[Seen, Fault]]:
        return [(row, fault) for row in self.of("bad") for fault in row.faults]

    @property
    def warned(self) -> list[tuple[Seen, Fault]]:
        return [(row, fault) for row in self.ready for fault in row.warnings]


def preview_wave(place: Municipality, data: bytes, name: str, *, busy: Mapping[int, str], today: date) -> WavePreview:
    """As `preview`, with a row per school: bad rows are named by cell, good ones can be applied without them.

    `busy`: id of the answer → who is typing it now.
    """
    book = reading.opened(data, name)
    identities.check(identities.found(book.sheets, name), place.identity())
    form = definitions.definition(place.wave.version_id or 0)
    table = wave_reading.read_wave(book, form)
    by_code = {row.organisation.code: row for row in place.rows}
    seen: list[Seen] = []
    taken: dict[str, int] = {}
    for row in table.rows:
        one = Seen(row.line, row.code, row.name)
        seen.append(one)
        answer = by_code.get(row.code)
        if row.code in taken:
            one.state = "bad"
            one.reason = _("The school stands in row %(row)d already.") % {"row": taken[row.code]}
        elif answer is None:
            one.state, one.reason = "bad", _("There is no school with the code «%s» here among yours.") % row.code
        else:
            taken[row.code] = row.line
            one.submission, one.name = answer, place.names[answer.organisation_id]
            _judge(one, row, table, form, busy=busy.get(answer.pk, ""), today=today)
        if one.reason and one.state == "bad" and not one.faults:
            one.faults.append(Fault(table.where(row, ""), one.reason))
    ready = [one.submission for one in seen if one.state == "ready" and one.submission]
    return WavePreview(
        rows=seen,
        foreign=table.foreign,
        lacking=[words(target.title, language()) for target in table.lacking],
        absent=sum(row.organisation.code not in taken for row in place.rows),
        seal=seal(ready),
    )


def _judge(one: Seen, row: Row, table: Table, form: Definition, *, busy: str, today: date) -> None:
    answer = one.submission
    assert answer is not None  # noqa: S101 - set by the caller; for the type checker
    draft = answer.draft
    if State(answer.state) not in EDITABLE:
        one.state = "skipped"
        one.reason = _("Is left out: %(state)s.") % {"state": Answer(answer.state).label}
        return
    allowed = turns.taken(answer, today)
    if not allowed or busy:
        one.state = "skipped"
        one.reason = allowed.reason or _("%(name)s is filling this form now.") % {"name": busy}
        return
    raw = targets.raw(row.given, draft.answers)
    found = judging.judge(form, raw, draft.answers, draft.explanations, definitions.context(draft.given, today))
    one.faults = [*row.faults, *_in_cells(form, [*found.unread, *found.broken], row, table)]
    if one.faults:
        one.state = "bad"
        return
    one.warnings = _in_cells(form, found.warnings, row, table)
    one.found, one.typed_since = found, row.number != draft.number
    one.state = "ready" if found.differs else "same"


def _in_cells(form: Definition, problems: Sequence[Problem], row: Row, table: Table) -> list[Fault]:
    """What is wrong in cells of the workbook; what lies outside it is mended in the form."""
    seen: dict[tuple[str, str], Fault] = {}
    for one in problems:
        if table.holds(one.place) or not one.place:
            where = table.where(row, one.place)
            text = _of(form, one.place, words(one.message, language()))
            seen.setdefault((where, text), Fault(where, text))
    return list(seen.values())
