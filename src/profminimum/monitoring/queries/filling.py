"""What does a person find at an answer that is theirs to fill? The draft as a form, who else is there, what was said.

`build_form` draws a form without any answer behind it too: for the preview of a version that is not published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404
from django.utils import timezone, translation
from django.utils.html import json_script
from django.utils.translation import gettext as _

from profminimum.monitoring import definitions, printed, turns
from profminimum.monitoring.filling import Filling, Typed, build_form
from profminimum.monitoring.models import Remark, Revision, Stage, Submission
from profminimum.monitoring.schema import answers as schema
from profminimum.monitoring.schema.loading import dump
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.saying import label, words
from profminimum.monitoring.services import drafts
from profminimum.monitoring.states import EDITABLE, State, Step
from profminimum.orgs import access, queries
from profminimum.plan import pack
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from profminimum.monitoring.models import Draft
    from profminimum.monitoring.schema.model import Context, Definition
    from profminimum.orgs.models import OrganisationState, User

__all__ = ["Filling", "Typed", "build_form"]

KEPT: Final = 64  # definitions as JSON in the memory of a process
_scripts: dict[int, tuple[Any, str]] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """A remark of the checker at a place of the form."""

    place: str
    where: str
    text: str


@dataclass(slots=True)
class Page:
    """The page of a draft. `busy`: who types there now; `closed`: why nothing can be typed; both empty: type.

    `back`: the return that the answer comes from; `checks`: who will check it.
    """

    submission: Submission
    draft: Draft
    definition: Definition
    context: Context
    form: Filling
    busy: str
    closed: str
    organisation: OrganisationState | None
    checks: OrganisationState | None
    back: Stage | None
    stages: list[Stage]
    people: bool
    conflicts: list[Any] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not (self.busy or self.closed)

    @property
    def saved(self) -> str:
        """When the last change was kept; of another day with the day."""
        moment = self.draft.saved
        if moment is None:
            return ""
        if self.context.today == timezone.localdate(moment).isoformat():
            return _("Saved at %(time)s") % {"time": said_at(moment)}
        return _("Saved: %(moment)s") % {"moment": wording.human_time(moment)}

    @property
    def script(self) -> str:
        """The definition for the script, in an element of its own."""
        return script_of(self.definition)


def language() -> str:
    """«ru» or «en»."""
    return (translation.get_language() or "ru")[:2]


def script_of(definition: Definition) -> str:
    """The definition with what the script needs to evaluate it; made once for each that is held in memory."""
    known = _scripts.get(id(definition))
    if known is not None and known[0] is definition:
        return known[1]
    if len(_scripts) >= KEPT:
        _scripts.clear()
    ready = prepare(definition)
    data = {
        **dump(definition),
        "inside": dict(ready.inside),
        "steps": [
            [step.field.item.name, step.holder.item.name if step.holder else "", step.members] for step in ready.steps
        ],
        "wanted": {
            field.item.name: field.wanted
            for each in ready.fields
            for field in (each, *each.children)
            if field.required is not False
        },
    }
    made = json_script(data, "fill-form")
    _scripts[id(definition)] = (definition, made)
    return made


def find(user: User, pk: int) -> Submission:
    """The answer with its draft; 404 when it is not there for this person."""
    rows = Submission.objects.visible_to(user).select_related(
        "wave__campaign__measure", "organisation", "draft__editor", "draft__saved_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def fills(user: User, submission: Submission) -> bool:
    """Is it the author's turn, and may the person fill it? (Whether the wave still takes it is another matter.)"""
    return State(submission.state) in EDITABLE and bool(access.can(user, "submission.fill", submission))


def page(
    user: User,
    submission: Submission,
    at: datetime,
    today: date,
    *,
    typed: Typed | None = None,
    answers: Mapping[str, Any] | None = None,
    explanations: Mapping[str, str] | None = None,
) -> Page:
    """The page for one who may fill the answer; `answers` take the place of the draft's, when they were refused."""
    draft = submission.draft
    definition = definitions.definition(submission.wave.version_id or 0)
    context = definitions.context(draft.given, today)
    stages = list(Stage.objects.filter(submission=submission).select_related("by").order_by("pk"))
    first = submission.checker_id or submission.acceptor_id
    known = queries.known({submission.organisation_id, first}, today)
    form = build_form(
        definition,
        draft.answers if answers is None else answers,
        draft.explanations if explanations is None else explanations,
        context,
        language=language(),
        remarks=_remarks(submission, definition),
        typed=typed,
    )
    _name_registers(form)
    taken = turns.taken(submission, today)
    return Page(
        submission=submission,
        draft=draft,
        definition=definition,
        context=context,
        form=form,
        busy=drafts.editor(draft, user, at),
        closed="" if taken else taken.reason,
        organisation=known.get(submission.organisation_id),
        checks=known.get(first),
        back=_back(stages, submission),
        stages=stages,
        people=bool(access.can(user, "person.see", None)),
    )


def _back(stages: Sequence[Stage], submission: Submission) -> Stage | None:
    if submission.state != State.RETURNED.value:
        return None
    returns = {Step.RETURN.value, Step.REOPEN.value}
    return next((stage for stage in reversed(stages) if stage.step in returns), None)


def _remarks(submission: Submission, definition: Definition) -> list[Said]:
    """What the checker has said and the author has not yet answered by sending anew."""
    if not submission.remarks:
        return []
    rows = Remark.objects.filter(submission=submission, settled=None).exclude(sent=None)
    return [Said(one.place, _where(definition, one.place), one.text) for one in rows]


def _where(definition: Definition, place: str) -> str:
    """Which cell of a table or which entry; empty for a plain question."""
    return label(definition, place, language()).partition(" — ")[2]


def _name_registers(form: Filling) -> None:
    known = pack.read(settings.PACK).registers
    for section in form.sections:
        for question in section.questions:
            if question.register in known:
                question.register = pack.said(known[question.register].title, language())


def state(shown: Page, urls: Mapping[str, str], user: User) -> dict[str, Any]:
    """What the script starts from: the draft as it is kept, what rules may look at, where changes go."""
    draft, context = shown.draft, shown.context
    return {
        "number": draft.number,
        "answers": draft.answers,
        "explanations": draft.explanations,
        "context": {
            "today": context.today,
            "last": context.last,
            "registry": context.registry,
            "registers": context.registers,
        },
        "urls": dict(urls),
        "key": f"{user.pk}:{shown.submission.pk}",
        "open": shown.open,
        "watch": bool(shown.busy),
        "language": language(),
        "saved": said_at(draft.saved),
        "saved_text": shown.saved,
    }


def said_at(moment: datetime | None) -> str:
    """«14:32», in the region's time."""
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on paper. `sent`: the revision that it shows; None for what is being typed and for an empty one."""

    title: str
    note: str
    parts: list[printed.Part]
    organisation: OrganisationState | None
    checks: OrganisationState | None
    sent: Revision | None
    empty: bool


def sheet(user: User, submission: Submission, today: date, *, empty: bool) -> Sheet:
    """What may be printed: the draft by those who fill it, what was sent last by all others who see the answer."""
    definition = definitions.definition(submission.wave.version_id or 0)
    revision, answers = None, dict[str, Any]()
    if not empty and fills(user, submission):
        answers = submission.draft.answers
    elif not empty and submission.number:
        revision = Revision.objects.get(submission=submission, number=submission.number)
        answers = revision.answers
    context = definitions.context(submission.draft.given, today)
    first = submission.checker_id or submission.acceptor_id
    known = queries.known({submission.organisation_id, first}, today)
    outcome = schema.check(definition, answers, {}, context)
    visible = None if not answers else schema.shown(definition, answers, context)
    return Sheet(
        title=words(definition.title, language()),
        note=words(definition.note, language()),
        parts=printed.parts(definition, outcome.answers if answers else {}, visible, language()),
        organisation=known.get(submission.organisation_id),
        checks=known.get(first),
        sent=revision,
        empty=not answers,
    )
