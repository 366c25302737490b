"""Which column holds what in a table without a header, told by what its cells look like?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.rows import NUMBER, TERM_LIKE
from profminimum.decree.structure.table import Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from profminimum.decree.structure.stream import TableRow


def guess_columns(rows: Sequence[TableRow]) -> Columns | None:
    """Guess the columns of a table: numbers, terms (half of the rows at least), the longest texts as titles.

    What stands between title and results counts as executors. None for a table that has no column of terms.
    """
    full = [row for row in rows if len(row.filled) > 2]
    width = max((len(row.cells) for row in rows), default=0)
    if len(full) < 2 or width < 3:
        return None
    number = next((i for i in range(min(2, width)) if _share(full, i, _numbered) >= 0.6), None)
    rest = [i for i in range(width) if i != number]
    terms = [i for i in rest if _share(full, i, _term) >= 0.5]
    if not terms:
        return None
    others = [i for i in rest if i not in terms]
    if not others:
        return None
    title = max(others[:2], key=lambda i: sum(len(_cell(row, i)) for row in full))
    after = [i for i in others if i > title]
    return Columns(
        headings=tuple("" for _ in range(width)),
        title=title,
        number=number,
        terms=tuple(terms[:1]),
        executors=tuple(after[:1]),
        results=tuple(after[1:2]),
    )


_LONG: Final = 80


def _cell(row: TableRow, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _numbered(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def _term(text: str) -> bool:
    return len(text) < _LONG and TERM_LIKE.search(text) is not None and not re.match(r"[А-ЯЁ]\.", text)


def _share(rows: Sequence[TableRow], index: int, test: Callable[[str], bool]) -> float:
    hits = sum(1 for row in rows if test(_cell(row, index)))
    return hits / len(rows)
