"""What would an uploaded workbook change in an answer, and what is wrong with it by the rules of the form? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.answers import check, normalise
from profminimum.monitoring.schema.changes import changes
from profminimum.monitoring.schema.model import Severity
from profminimum.monitoring.schema.preparing import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from profminimum.monitoring.schema.changes import Change
    from profminimum.monitoring.schema.model import Context, Definition, Problem

TYPED: Final = {"required", "explanation-missing", "entries", "rule", "limit"}  # wrong with a value that was read
LATER: Final = {"required", "explanation-missing", "entries"}  # what a draft may lack


@dataclass(frozen=True, slots=True)
class Judged:
    """`unread`: values that cannot be taken; `broken`: rules that forbid sending; `lacking`: still unanswered."""

    form: Definition
    before: Mapping[str, Any]
    after: dict[str, Any]
    unread: tuple[Problem, ...]
    broken: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lacking: int

    @property
    def differs(self) -> bool:
        return self.after != self.before

    @property
    def changes(self) -> tuple[Change, ...]:
        """Worked out when they are looked at: of a large workbook only a few are."""
        return changes(self.form, self.before, self.after)

    @property
    def payload(self) -> dict[str, Any]:
        """The changes as the service that keeps drafts takes them: by place, repeats whole; None takes away."""
        found: dict[str, Any] = {}
        for change in self.changes:
            name, bracket, _rest = change.place.partition("[")
            if bracket:
                found[name] = self.after.get(name)
            else:
                found[change.place] = change.after
        return found


def judge(
    definition: Definition,
    raw: Mapping[str, Any],
    held: Mapping[str, Any],
    explanations: Mapping[str, str],
    context: Context,
) -> Judged:
    """Put what the workbook says over what the draft holds, and check the whole as if it were sent."""
    kept = {name: value for name, value in held.items() if name not in raw}
    outcome = check(definition, {**kept, **raw}, explanations, context)
    unread: list[Problem] = []
    if prepare(definition).steps or any(one.code not in TYPED for one in outcome.problems):
        typed, unread = normalise(definition, raw)
    else:  # the check has typed every value, hidden none and calculated none
        typed = {name: outcome.answers[name] for name in raw if name in outcome.answers}
    after = {**kept, **typed}
    for problem in unread:
        _restore(problem.place, after, held)
    places = {one.place for one in unread}
    errors = [one for one in outcome.problems if one.severity == Severity.ERROR and one.place not in places]
    return Judged(
        form=definition,
        before=held,
        after=after,
        unread=tuple(unread),
        broken=tuple(one for one in errors if one.code not in LATER),
        warnings=outcome.warnings,
        lacking=sum(one.code == "required" for one in errors),
    )


def _restore(place: str, after: dict[str, Any], held: Mapping[str, Any]) -> None:
    """A value that cannot be read leaves what was there."""
    name, _dot, rest = place.partition(".")
    before = held.get(name)
    if "[" in name or before is None:
        return
    row, _dot, column = rest.partition(".")
    if not column:
        after[name] = before
    elif isinstance(before, dict) and column in (before.get(row) or {}):
        table = after[name] = {key: dict(cells) for key, cells in (after.get(name) or {}).items()}
        table.setdefault(row, {})[column] = before[row][column]


def entries(
    given: Sequence[dict[str, Any]], held: Sequence[Mapping[str, Any]], typed: set[str]
) -> list[dict[str, Any]]:
    """Entries of a repeat from a workbook; what it cannot hold (a file) stays with the entry of the same number."""
    found = []
    for index, entry in enumerate(given):
        kept = held[index] if index < len(held) else {}
        found.append({**{name: value for name, value in kept.items() if name not in typed}, **entry})
    return found
