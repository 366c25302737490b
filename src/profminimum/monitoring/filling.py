"""How does a form look to the one who fills it? Sections, questions with what stands beside them, notes, links.

Pure: a definition and answers in, what the templates draw out. The same serves the page of a draft and the preview of
a form that is not published yet; nothing is saved here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import ngettext

from profminimum.monitoring import questions
from profminimum.monitoring.schema import answers as schema
from profminimum.monitoring.schema.burden import burden
from profminimum.monitoring.schema.model import Kind, Problem, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.saying import label, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from profminimum.monitoring.questions import Question
    from profminimum.monitoring.schema.burden import Burden
    from profminimum.monitoring.schema.model import Answers, Context, Definition, Item, Outcome

UNANSWERED: Final = {"required", "explanation-missing", "entries"}  # said only once a person has tried to send
MANY: Final = 3  # empty cells that are said together
OWN: Final = re.compile(r"[.\[]")


@dataclass(slots=True)
class Note:
    """What is said at a place: `where` names a cell or a part of the question; warnings are to be explained."""

    place: str
    id: str
    where: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    explanation: str = ""
    also: list[str] = field(default_factory=list)  # further places with the same mistake

    @property
    def explain(self) -> bool:
        return bool(self.warnings)


@dataclass(slots=True)
class Link:
    """An error in the list on top of the form."""

    id: str
    label: str
    message: str


@dataclass(slots=True)
class Section:
    """A group of the form. `done`: everything that is wanted is there and right."""

    name: str
    id: str
    title: str
    hint: str
    hidden: bool
    questions: list[Question]
    filled: int = 0
    asked: int = 0
    errors: int = 0  # that are said on the page
    done: bool = False


@dataclass(slots=True)
class Filling:
    """A form as it is being filled. `loose`: notes about the form as a whole."""

    name: str
    title: str
    note: str
    sections: list[Section]
    links: list[Link]
    loose: list[Note]
    burden: Burden
    outcome: Outcome
    files: bool  # does it ask for files?

    @property
    def visible(self) -> list[Section]:
        return [section for section in self.sections if not section.hidden]

    @property
    def finished(self) -> int:
        return sum(section.done for section in self.visible)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has typed besides the draft.

    `raw`: place → text that could not be read, and `unread` what is wrong with it; `extra`: how many entries of a
    repeat to draw; `strict`: say also what is missing.
    """

    raw: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, int] = field(default_factory=dict)
    unread: Sequence[Problem] = ()
    strict: bool = False


def build_form(
    definition: Definition,
    answers: Answers,
    explanations: Mapping[str, str],
    context: Context,
    *,
    language: str = "ru",
    remarks: Sequence[Any] = (),
    typed: Typed | None = None,
) -> Filling:
    """The form with these answers. `remarks` are things with `place` and `text`, put to their questions."""
    typed = typed or Typed()
    outcome = schema.check(definition, answers, explanations, context)
    visible = schema.shown(definition, answers, context)
    writer = questions.Writer(
        ready=prepare(definition),
        answers=answers,
        outcome=outcome,
        context=context,
        given=schema.sourced(definition, context),
        visible=visible,
        language=language,
        raw=typed.raw,
        extra=typed.extra,
    )
    sections = _sections(definition, writer, language)
    unread = {problem.place for problem in typed.unread}
    problems = [*typed.unread, *(one for one in outcome.problems if one.place not in unread)]
    found = Filling(
        name=definition.name,
        title=words(definition.title, language),
        note=words(definition.note, language),
        sections=sections,
        links=[],
        loose=[],
        burden=burden(definition, given=list(schema.prefill(definition, context))),
        outcome=outcome,
        files=_asks_files(definition.items),
    )
    _say(found, _notes(definition, problems, explanations, typed, language), remarks)
    _count(found, definition, answers, outcome, visible)
    return found


def _asks_files(items: Sequence[Item]) -> bool:
    return any(item.kind == Kind.FILE or _asks_files(item.items) for item in items)


def _sections(definition: Definition, writer: questions.Writer, language: str) -> list[Section]:
    """Groups at the top; what stands outside them makes sections of its own, in the order of the form."""
    found: list[Section] = []
    loose: Section | None = None
    for item in definition.items:
        if item.kind == Kind.GROUP:
            made = Section(
                item.name,
                f"s-{item.name}",
                words(item.label, language),
                words(item.hint, language),
                item.name not in writer.visible,
                writer.collect(item.items),
            )
            found.append(made)
            loose = None
            continue
        if loose is None:
            loose = Section("", f"s-{len(found)}", "", "", hidden=False, questions=[])
            found.append(loose)
        loose.questions += writer.collect([item])
    return found


def _notes(
    definition: Definition,
    problems: Sequence[Problem],
    explanations: Mapping[str, str],
    typed: Typed,
    language: str,
) -> dict[str, Note]:
    """Place → what is said there; what is merely missing only when `strict`."""
    found: dict[str, Note] = {}
    for problem, also in _gathered(problems):
        if problem.code in UNANSWERED and not typed.strict:
            continue
        note = found.get(problem.place)
        if note is None:
            said = label(definition, problem.place, language) if problem.place else ""
            note = found[problem.place] = Note(
                problem.place,
                questions.id_of(problem.place),
                said,
                explanation=explanations.get(problem.place, ""),
            )
        note.also += also
        message = words(problem.message, language)
        (note.errors if problem.severity == Severity.ERROR else note.warnings).append(message)
    return found


def _gathered(problems: Sequence[Problem]) -> Iterator[tuple[Problem, list[str]]]:
    """Many empty cells of one table are one mistake, said at the first of them: (it, the places of the others)."""
    empty: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.code == "required" and problem.place.count(".") + problem.place.count("[") > 1:
            empty[OWN.split(problem.place)[0]].append(problem)
    many = {name: found for name, found in empty.items() if len(found) >= MANY}
    for problem in problems:
        same = many.get(OWN.split(problem.place)[0], [])
        if problem not in same:
            yield problem, []
        elif problem is same[0]:
            message = ngettext("Not filled in: %(n)s cell.", "Not filled in: %(n)s cells.", len(same)) % {
                "n": len(same)
            }
            words_ = {"ru": message, "en": message}
            yield Problem(problem.place, "required", problem.severity, words_), [one.place for one in same[1:]]


def _say(found: Filling, notes: Mapping[str, Note], remarks: Sequence[Any]) -> None:
    """Put notes and remarks to their questions and gather the errors on top."""
    by_name: dict[str, list[Note]] = defaultdict(list)
    for place, note in notes.items():
        by_name[OWN.split(place)[0]].append(note)
    said: dict[str, list[Any]] = defaultdict(list)
    for remark in remarks:
        said[OWN.split(remark.place)[0]].append(remark)
    for section in found.sections:
        for question in section.questions:
            question.remarks = said.pop(question.name, [])
            for note in by_name.pop(question.name, ()):
                found.links += [Link(note.id, note.where, message) for message in note.errors]
                section.errors += len(note.errors)
                note.where = note.where.removeprefix(question.label).removeprefix(" — ")
                question.say(note)
    for notes_left in by_name.values():
        for note in notes_left:
            found.loose.append(note)
            found.links += [Link("fill-loose", note.where, message) for message in note.errors]


def _count(found: Filling, definition: Definition, answers: Answers, outcome: Outcome, visible: set[str]) -> None:
    wrong = {OWN.split(problem.place)[0] for problem in outcome.errors}
    ready = prepare(definition).by_name
    for section in found.sections:
        asked = [
            question
            for question in section.questions
            if question.name in visible and question.name in ready and question.kind != Kind.CALCULATED.value
        ]
        section.asked = len(asked)
        section.filled = sum(question.name in answers for question in asked)
        section.done = section.filled > 0 and not any(question.name in wrong for question in asked)
        if not section.title and section.questions:
            section.title = found.title
