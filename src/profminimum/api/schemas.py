"""What goes over the wire: names are those of the glossary, dates ISO 8601, ids whole numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """Why something was refused: a sentence, and by field where there are fields."""

    detail: str
    errors: dict[str, list[str]] = Field(default_factory=dict)


class SeatOut(Schema):
    role: str
    organisation: int


class Me(Schema):
    id: int
    email: str
    full_name: str
    seats: list[SeatOut]


class OrganisationOut(Schema):
    id: int
    code: str
    kind: str
    name: str
    short_name: str
    oktmo: str
    parent: int | None
    opened: date
    closed: date | None
    school_type: str
    pupils: int | None


class OrganisationPage(Schema):
    count: int
    items: list[OrganisationOut]


class MeasureOut(Schema):
    id: int | None
    wording: int
    number: str
    section: str
    title: str
    items: list[str]
    term: str
    term_kind: str
    start: date | None
    due: date | None
    rrule: str
    occurrences: list[date]
    executors: list[str]
    results: list[dict[str, str]]
    past: str


class FindingOut(Schema):
    id: int
    code: str
    severity: str
    measure: str | None
    message: str
    proposal: dict[str, Any] | None
    decision: str


class ExecutorOut(Schema):
    id: int
    name: str
    full: str
    target: str
    organisation: int | None


class VersionOut(Schema):
    id: int
    plan: int | None
    number: int
    state: str
    title: str
    act_kind: str
    act_number: str
    act_date: date | None
    school_year: str
    start: date | None
    end: date | None
    measures: list[MeasureOut]
    findings: list[FindingOut]
    executors: list[ExecutorOut]
    obstacles: list[str]


class PlanOut(Schema):
    id: int
    title: str
    school_year: str
    start: date
    end: date
    version: int | None


class DecisionIn(Schema):
    """`decision`: accepted, kept; a correction goes to the row itself."""

    decision: str
    reason: str = ""


class CorrectionIn(Schema):
    """Only what is to be changed; `occurrences` are ISO dates."""

    number: str | None = None
    title: str | None = None
    term_kind: str | None = None
    start: date | None = None
    due: date | None = None
    rrule: str | None = None
    occurrences: list[date] | None = None
    reason: str


class ExecutorIn(Schema):
    target: str
    organisation: int | None = None


class PastIn(Schema):
    """`past`: keep, count (with `days` from the signature), done."""

    past: str
    days: int | None = None
    reason: str


class ObligationOut(Schema):
    id: int
    plan: int
    measure: int
    number: str
    title: str
    organisation: int
    organisation_name: str
    unit: int
    state: str
    overdue: bool
    due: date | None
    original_due: date | None
    since: datetime
    reason: str


class ObligationPage(Schema):
    count: int
    items: list[ObligationOut]


class AttachmentOut(Schema):
    id: int
    name: str
    size: int
    sha256: str
    content_type: str


class ReportOut(Schema):
    id: int
    at: datetime
    by: str
    act_kind: str
    act_number: str
    act_date: date | None
    comment: str
    no_evidence_reason: str
    attachments: list[AttachmentOut]


class ExtensionOut(Schema):
    id: int
    asked: datetime
    reason: str
    old_due: date
    new_due: date
    decision: str
    decision_reason: str


class StandingOut(Schema):
    state: str
    due: date | None
    since: datetime
    until: datetime | None
    step: str
    reason: str


class ObligationDetail(ObligationOut):
    standings: list[StandingOut]
    reports: list[ReportOut]
    extensions: list[ExtensionOut]


class ReasonIn(Schema):
    reason: str = ""


class ExtensionIn(Schema):
    new_due: date
    reason: str


class ExtensionDecisionIn(Schema):
    granted: bool
    reason: str = ""
    new_due: date | None = None


class TallyOut(Schema):
    accepted: int
    reported: int
    working: int
    returned: int
    late: int
    waived: int
    total: int
    done: int
    past: int
    in_time: int
    soon: int


class ControlRow(Schema):
    measure: int
    number: str
    title: str
    due: date | None
    tally: TallyOut


class ControlCell(Schema):
    unit: int
    measure: int
    tally: TallyOut


class ControlOut(Schema):
    """The same figures as on the control board: rows, municipality × row, all."""

    plan: int
    on: date
    total: TallyOut
    late_organisations: int
    rows: list[ControlRow]
    cells: list[ControlCell]


class EntryOut(Schema):
    id: int
    at: datetime
    by: str | None
    action: str
    label: str
    object_type: str
    object_id: int
    subject: str
    organisation: int | None
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


class EntryPage(Schema):
    """`next`: the id to give as `after` for what comes later; None when there is no more."""

    items: list[EntryOut]
    next: int | None


class WaveOut(Schema):
    id: int
    campaign: int
    measure: int
    form_version: int | None
    title: str
    number: int
    period: str
    state: str
    opens: date
    due: date
    check_due: date
    closes: date | None


class WaveDetail(WaveOut):
    answers: dict[str, int]


class FormOut(Schema):
    id: int
    form_id: int
    number: int
    title: str
    state: str
    fields: int
    minutes: int
    definition: dict[str, Any]


class AnswerOut(Schema):
    id: int
    wave: int
    organisation: int
    organisation_name: str
    unit: int
    reviewer: int | None
    state: str
    due: date
    number: int
    sent: date | None
    changed: datetime
    late: bool
    warnings: int
    remarks: int


class AnswerPage(Schema):
    count: int
    items: list[AnswerOut]


class StageOut(Schema):
    state: str
    since: datetime
    until: datetime | None
    step: str
    reason: str
    number: int


class RemarkOut(Schema):
    place: str
    text: str
    at: datetime
    number: int
    settled: datetime | None


class AnswerDetail(AnswerOut):
    form_version: int | None
    answers: dict[str, Any]
    explanations: dict[str, str]
    stages: list[StageOut]
    remark_list: list[RemarkOut]


class DraftIn(Schema):
    """`changes`: name of a field → its value, null takes it away; `number`: of the draft they were made on."""

    changes: dict[str, Any] = Field(default_factory=dict)
    explanations: dict[str, str] = Field(default_factory=dict)
    number: int | None = None


class DraftOut(Schema):
    submission: int
    answers: dict[str, Any]
    explanations: dict[str, str]
    given: dict[str, Any]
    number: int
    saved: datetime | None


class AnswersIn(Schema):
    """Without `answers` the draft is sent."""

    answers: dict[str, Any] | None = None
    explanations: dict[str, str] | None = None


class SentOut(Schema):
    id: int
    state: str
    number: int
    sent: date


class SendBackIn(Schema):
    reason: str = ""
    remarks: dict[str, str] = Field(default_factory=dict)


class RegisterOut(Schema):
    name: str
    title: dict[str, str]
    by_year: bool


class RecordOut(Schema):
    id: int
    organisation: int
    organisation_name: str
    period: str
    number: int
    values: dict[str, Any]
    act_kind: str
    act_number: str
    act_date: date | None
    since: date
    until: date | None


class RecordPage(Schema):
    count: int
    items: list[RecordOut]
