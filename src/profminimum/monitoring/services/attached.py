"""What of an answer that came is taken as it is? Files and fixed values prove nothing, explanations are tidied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.models import SubmissionFile
from profminimum.monitoring.schema.answers import PLACE
from profminimum.monitoring.schema.model import Kind, Problem, Severity
from profminimum.monitoring.schema.preparing import prepare
from profminimum.monitoring.schema.reading import exists
from profminimum.monitoring.schema.values import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.schema.model import Definition
    from profminimum.monitoring.schema.preparing import Field

LONGEST: Final = 2000  # characters of an explanation


def received(
    form: Definition, submission: Submission, answers: Mapping[str, Any], held: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """(the answers as they may be checked and sent, what of them is not to be taken) of a whole answer that came.

    Questions and columns that are only shown stay as the draft holds them (`held`); files must have been attached to
    this very answer, their name and size are those of what was attached. Asks the database only when a file is named.
    """
    ready = prepare(form)
    if not (ready.fixed or ready.filed):
        return dict(answers), []
    taken = dict(answers)
    for field in ready.fixed:
        name = field.item.name
        if field.item.read_only:
            taken.pop(name, None)
            if name in held:
                taken[name] = held[name]
        else:
            keep_fixed(field, taken, held)
    return taken, own_files(form, submission, taken)


def keep_fixed(field: Field, answers: dict[str, Any], held: Mapping[str, Any]) -> None:
    """Columns that are only shown keep what they hold, whatever came; what is no table is left to the check."""
    fixed = {child.item.name for child in field.children if child.item.read_only}
    if not fixed:
        return
    name = field.item.name
    before, after = held.get(name) or {}, answers.get(name) or {}
    if not isinstance(after, dict) or not all(isinstance(cells, dict) for cells in after.values() if cells):
        return
    rows = {row: dict(cells or {}) for row, cells in after.items()}
    for row in field.item.rows:
        kept = {key: value for key, value in rows.pop(row.name, {}).items() if key not in fixed}
        kept |= {key: value for key, value in (before.get(row.name) or {}).items() if key in fixed}
        if kept:
            rows[row.name] = kept
    if rows:
        answers[name] = rows
    else:
        answers.pop(name, None)


def own_files(form: Definition, submission: Submission, answers: dict[str, Any]) -> list[Problem]:
    """Take out of `answers` the files that were not attached to this answer, and say where they stood."""
    holders = [
        (holder, name, place) for field in prepare(form).filed for holder, name, place in _files(field, answers)
    ]
    if not holders:
        return []
    ids = {holder[name]["file"] for holder, name, _place in holders}
    own = {
        one.pk: one for one in SubmissionFile.objects.select_related("file").filter(submission=submission, pk__in=ids)
    }
    found = []
    for holder, name, place in holders:
        attached = own.get(holder[name]["file"])
        if attached is None:
            del holder[name]
            said = {"ru": "Файл не найден: приложите его заново.", "en": "The file is not here: attach it again."}
            found.append(Problem(place, "file", Severity.ERROR, said))
        else:
            holder[name] = value_of(attached)
    return found


def _files(field: Field, answers: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """(what holds it, under which name, its place) of each file of a field, typed or as it came."""
    at = field.item.name
    value = answers.get(at)
    if field.item.kind == Kind.FILE:
        if _names_file(value):
            yield answers, at, at
    elif isinstance(value, list):
        names = [child.item.name for child in field.children if child.item.kind == Kind.FILE]
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield from ((entry, name, f"{at}[{index}].{name}") for name in names if _names_file(entry.get(name)))


def _names_file(value: Any) -> bool:
    return isinstance(value, dict) and type(value.get("file")) is int and abs(value["file"]) < 2**63


def explained(form: Definition, explanations: Mapping[str, str]) -> dict[str, str]:
    """The explanations at places of the form («»: of the whole) as they are kept; empty ones take away."""
    return {
        place: printable(text).strip()[:LONGEST]
        for place, text in explanations.items()
        if not place or exists(form, place)
    }


def takes_file(form: Definition, place: str) -> bool:
    """Is there a question for a file at that place?"""
    match = PLACE.fullmatch(place)
    field = prepare(form).by_name.get(match[1]) if match else None
    if match is None or field is None:
        return False
    if match[2] is None:
        return field.item.kind == Kind.FILE and match[3] is None
    return any(child.item.name == match[3] and child.item.kind == Kind.FILE for child in field.children)


def value_of(file: SubmissionFile) -> dict[str, Any]:
    """The value of a file field."""
    return {"file": file.pk, "name": file.name, "size": file.file.size}
