"""How what is being typed is kept: at every change, for one person at a time; the second reads or takes over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.monitoring import definitions, turns
from profminimum.monitoring.models import Draft, Submission, SubmissionFile
from profminimum.monitoring.schema.answers import PLACE, normalise
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.services.attached import explained, keep_fixed, own_files, takes_file
from profminimum.monitoring.services.submissions import StaleError, advance, lock
from profminimum.monitoring.states import EDITABLE, State, Step
from profminimum.orgs import access, queries
from profminimum.plan import files
from profminimum.plan.filenames import tame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from profminimum.monitoring.schema.model import Definition, Problem
    from profminimum.orgs.models import User
    from profminimum.plan.files import Upload

ALONE: Final = timedelta(seconds=90)  # after the last sign of life another person may write without asking


class BusyError(StaleError):
    """Another person is typing; `name` is theirs."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ChangedError(StaleError):
    """Somebody has saved since the number that was sent; `draft` is what there is now. Nothing was written."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"№ {draft.number}")
        self.draft = draft


@dataclass(frozen=True, slots=True)
class Saved:
    """`problems` of the changed fields that could not be read; `answers` as the draft holds them now."""

    number: int
    at: datetime
    problems: tuple[Problem, ...]
    answers: Mapping[str, Any] = field(repr=False)


def editor(draft: Draft, by: User, at: datetime) -> str:
    """The name of another person who is typing now; empty when nobody is."""
    other = draft.editor_id is not None and draft.editor_id != by.pk
    if other and draft.editor_seen and at - draft.editor_seen < ALONE and draft.editor:
        return draft.editor.full_name
    return ""


def _writable(submission: Submission, by: User, at: datetime) -> None:
    access.require(by, "submission.fill", submission)
    allowed = turns.taken(submission, timezone.localdate(at))
    if not allowed:
        raise access.DeniedError(allowed.reason)


def _locked(submission: Submission) -> Draft:
    """The draft, locked; StaleError when the answer was sent after it had been read."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("editor", "submission").get(pk=submission.pk)
    if State(draft.submission.state) not in EDITABLE:
        raise StaleError
    return draft


def open_draft(submission: Submission, *, by: User, at: datetime) -> str:
    """Say that the person is at the form; gives the name of another who is there already, and then claims nothing."""
    _writable(submission, by, at)
    draft = Draft.objects.select_related("editor").get(pk=submission.pk)
    name = editor(draft, by, at)
    if not name:
        Draft.objects.filter(pk=draft.pk, editor=draft.editor_id).update(editor=by, editor_seen=at)
    return name


def leave(submission: Submission, *, by: User, at: datetime) -> None:  # noqa: ARG001 - services take the moment
    """Say that the person has left the form: the next one need not wait. Nothing when somebody else types there."""
    Draft.objects.filter(pk=submission.pk, editor=by).update(editor=None, editor_seen=None)


@transaction.atomic
def take_over(submission: Submission, *, by: User, at: datetime) -> None:
    """Type instead of another person: what they saved is kept, what they type from now on is refused."""
    _writable(submission, by, at)
    draft = _locked(submission)
    name = editor(draft, by, at)
    draft.editor, draft.editor_seen = by, at
    draft.save(update_fields=["editor", "editor_seen"])
    if name:
        journal.record(
            "submission.taken_over",
            submission,
            by=by,
            at=at,
            organisation=submission.organisation_id,
            before={"person": name},
        )


def save(
    submission: Submission,
    *,
    changes: Mapping[str, Any],
    explanations: Mapping[str, str] | None = None,
    number: int | None = None,
    by: User,
    at: datetime,
) -> Saved:
    """Keep changes of a draft: «name → value», cells of tables also as «table.row.column»; None takes a value away.

    Guarantees that they are on the disk when it returns. A value that cannot be read is not kept and is named in
    `problems`; the others are. With `number`, that of the draft on which the changes were made, refuses
    (ChangedError) what was made on an older one. Refuses (BusyError) while another person types, (DeniedError) when
    the answer is not the person's to fill or is sent.
    """
    _writable(submission, by, at)
    form = definitions.definition(submission.wave.version_id or 0)
    with transaction.atomic():
        draft = _locked(submission)
        name = editor(draft, by, at)
        if name:
            raise BusyError(name)
        if number is not None and number != draft.number:
            raise ChangedError(draft)
        typed, problems, gone = _read(form, changes, draft.answers)
        problems += own_files(form, submission, typed)
        draft.answers = {key: value for key, value in {**draft.answers, **typed}.items() if key not in gone}
        _explain(form, draft, explanations or {})
        draft.number += 1
        draft.saved = draft.editor_seen = at
        draft.saved_by = draft.editor = by
        draft.save(update_fields=["answers", "explanations", "number", "saved", "saved_by", "editor", "editor_seen"])
        if submission.state == State.EXPECTED.value:
            _begin(submission, by, at)
    return Saved(draft.number, at, tuple(problems), draft.answers)


def _begin(submission: Submission, by: User | None, at: datetime) -> None:
    for row in lock([submission.pk]):
        if row.state == State.EXPECTED.value:
            advance([row], Step.BEGIN, by=by, at=at, journalled=False)
            submission.state, submission.changed = row.state, row.changed
        elif State(row.state) not in {State.DRAFT, State.RETURNED}:
            raise StaleError


def _read(
    form: Definition, changes: Mapping[str, Any], held: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem], set[str]]:
    """(typed values, what could not be read, names that are taken away)."""
    ready, raw = prepare(form), dict[str, Any]()
    for key, value in changes.items():
        match = PLACE.fullmatch(key)
        field_ = ready.by_name.get(match[1]) if match else None
        if field_ and field_.item.read_only:
            continue
        if match and field_ and field_.item.kind == Kind.TABLE and match[3] and match[4]:
            table = raw.setdefault(match[1], {row: dict(cells) for row, cells in (held.get(match[1]) or {}).items()})
            table.setdefault(match[3], {})[match[4]] = value
        elif match and field_ and field_.item.kind == Kind.PERSON and match[3]:
            raw.setdefault(match[1], dict(held.get(match[1]) or {}))[match[3]] = value
        else:
            raw[key] = value
    typed, problems = normalise(form, raw)
    for name in raw:
        field_ = ready.by_name.get(name)
        if field_ is not None and field_.item.kind == Kind.TABLE:
            keep_fixed(field_, typed, held)
    unread = {problem.place.partition(".")[0].partition("[")[0] for problem in problems}
    for name in unread & set(held):  # a table keeps what could be read; other fields what they had
        typed.setdefault(name, held[name])
    return typed, problems, {name for name in raw if name not in typed}


def _explain(form: Definition, draft: Draft, explanations: Mapping[str, str]) -> None:
    """Keep explanations; an empty one is taken away."""
    said = explained(form, explanations)
    draft.explanations = {place: text for place, text in {**draft.explanations, **said}.items() if text}


@transaction.atomic
def attach(submission: Submission, *, place: str, upload: Upload, by: User, at: datetime) -> SubmissionFile:
    """Keep a file for a field of a draft, checked by its content; the field's value is then `attached.value_of` it.

    Refuses (ValidationError) what is not a document or a picture, is too large, or is for no such field.
    """
    _writable(submission, by, at)
    if not takes_file(definitions.definition(submission.wave.version_id or 0), place):
        raise ValidationError(_("This form has no such place for a file."))
    stored = files.store_evidence(upload, at=at)
    return SubmissionFile.objects.create(
        submission=submission, place=place[:200], file=stored, name=tame(upload.name), at=at, by=by
    )


def _may_prepare(by: User, row: Submission, path: str) -> None:
    """One's own to fill, or of others to prepare: decided by the place in the tree that is known already."""
    own = access.can_at(by, "submission.fill", row.organisation_id, path, row.kind)
    decision = own or access.can_at(by, "submission.prepare", row.organisation_id, path, row.kind)
    if not decision:
        raise access.DeniedError(decision.reason)


@transaction.atomic
def prepare_all(
    answers: Mapping[int, Mapping[str, Any]], submissions: Sequence[Submission], *, by: User, at: datetime
) -> int:
    """Fill the drafts of many answers from a workbook: «submission id → name → value» (None takes away); how many.

    Rights: one's own to fill, or `submission.prepare` for others, who send them themselves. All of them or none.
    """
    rows = {row.pk: row for row in submissions if row.pk in answers}
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("editor").in_bulk(list(rows))
    begun = []
    places = queries.known({row.organisation_id for row in rows.values()}, timezone.localdate(at))
    for pk, row in rows.items():
        _may_prepare(by, row, places[row.organisation_id].path)
        if editor(drafts[pk], by, at):
            raise BusyError(editor(drafts[pk], by, at))
        allowed = turns.taken(row, timezone.localdate(at))
        if not allowed:
            raise access.DeniedError(f"{row}: {allowed.reason}")
        form, draft = definitions.definition(row.wave.version_id or 0), drafts[pk]
        typed, _problems, gone = _read(form, answers[pk], draft.answers)
        draft.answers = {key: value for key, value in {**draft.answers, **typed}.items() if key not in gone}
        draft.number += 1
        draft.saved, draft.saved_by = at, by
        if row.state == State.EXPECTED.value:
            begun.append(row)
    Draft.objects.bulk_update(drafts.values(), ["answers", "number", "saved", "saved_by"], batch_size=200)
    if begun:
        advance(begun, Step.BEGIN, by=by, at=at, journalled=False)
    journal.record_many(
        "submission.prepared", [(row, row.organisation_id, {}, {}) for row in rows.values()], by=by, at=at
    )
    return len(rows)


@transaction.atomic
def hand_out(file: SubmissionFile, *, by: User, at: datetime) -> Any:
    """Where the content lies, once it is in the journal who took it; DeniedError for those who do not see answers."""
    access.require(by, "submission.see", file)
    journal.record(
        "file.downloaded",
        file.submission,
        by=by,
        at=at,
        organisation=file.submission.organisation_id,
        after={"file": file.name, "sha256": file.file.sha256},
    )
    return files.path_of(file.file.sha256)


def said_busy(name: str) -> str:
    """What the second person reads."""
    return _("%(name)s is filling this form now. You can read it, or take over.") % {"name": name}
