"""How does a version read beside the one that it changes: the rows as they are compared, the changes in numbers?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from profminimum.plan import spoken
from profminimum.plan.diff import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from profminimum.plan.diff import RowDiff
    from profminimum.plan.queries.review import Review

KINDS: Final = ("added", "removed", "changed", "same")


def rows(review: Review) -> list[Row]:
    """The rows of a version, dates and executors in words."""
    return [
        Row(
            key=row.wording.pk,
            number=row.wording.number,
            title=row.wording.title,
            section=str(section.section),
            items=" ".join(row.wording.items),
            term=row.wording.term_text,
            results="; ".join(result["text"] for result in row.wording.results),
            dates=tuple(f"{date.fromisoformat(day):%d.%m.%Y}" for day in row.wording.occurrences),
            executors=tuple(assignment.executor.name for assignment in row.assignments),
        )
        for section in review.sections
        for row in section.rows
    ]


def summary(diffs: Iterable[RowDiff]) -> dict[str, Any]:
    """The rows that differ, each field with its name, and how many rows there are of each kind."""
    diffs = list(diffs)
    shown = [
        (one, [(str(spoken.FIELDS[change.field]), change) for change in one.changes])
        for one in diffs
        if one.kind != "same"
    ]
    return {"diffs": shown, "totals": {kind: sum(1 for one in diffs if one.kind == kind) for kind in KINDS}}
