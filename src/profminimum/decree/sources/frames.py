"""Which rows stand in a table drawn with pipes or frames: «│ ─ ┼», «+---+», «| a | b |», «a | b |», Markdown?"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from profminimum.decree.sources.builder import Builder
    from profminimum.decree.sources.lines import Line

_UPRIGHT: Final = "|│┃║¦┆┇┊┋"
SPLIT: Final = re.compile(rf"(?<!\\)[{_UPRIGHT}]")
_DASHES: Final = frozenset("─━═-=_")
_DRAWN: Final = frozenset(f"{_UPRIGHT}+LTJ¬:") | _DASHES | {chr(code) for code in range(0x2500, 0x2580)}
_DASHED: Final = re.compile(r"[─━═\-=_]{3}")
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?")


@dataclass(slots=True)
class _Run:
    """Lines between two rules; `texts` holds the cells of each line, `rule` is the rule above them."""

    lines: list[Line] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    rule: str = ""

    def open_columns(self) -> list[int]:
        """Columns over which the rule above is interrupted: there a cell goes on from above."""
        places = [match.start() for match in SPLIT.finditer(self.lines[0].text)]
        spans = [self.rule[left + 1 : right] for left, right in itertools.pairwise(places)]
        return [column for column, span in enumerate(spans) if span and not span.strip()]


def take(lines: list[Line], start: int, builder: Builder) -> int:
    """Take a framed table that begins at `start`; the count of lines taken, 0 where none begins."""
    end = start
    while end < len(lines) and _in_table(lines, end):
        end += 1
    rows = [line for line in lines[start:end] if not is_rule(line.text)]
    parted = [line for line in rows if len(SPLIT.findall(line.text)) >= 2]
    single = len(rows) >= 3 and all(len(SPLIT.findall(line.text)) == 1 for line in rows)
    if not rows or not (single or len(parted) >= 2 or (parted and end - start > len(rows))):
        return 0
    runs, rules = _runs(lines[start:end])
    _emit(runs, rules, builder, markdown=_is_markdown(lines[start:end]))
    builder.end_table()
    return end - start


def is_rule(text: str) -> bool:
    """Tell a line that only draws: «├───┼───┤», «+---+---+», «|---|:--|», «L----+-----»."""
    return _DRAWN.issuperset(text := "".join(text.split())) and _DASHED.search(text) is not None


def _in_table(lines: list[Line], index: int) -> bool:
    text = lines[index].text
    if is_rule(text):
        return any(SPLIT.search(line.text) for line in lines[max(0, index - 1) : index + 2] if line.text != text)
    return SPLIT.search(text) is not None


def _is_markdown(lines: list[Line]) -> bool:
    """A table with one rule, below its head, whose rule has pipes: every other line is a row of its own."""
    rules = [position for position, line in enumerate(lines) if is_rule(line.text)]
    return rules == [1] and "|" in lines[1].text and "+" not in lines[1].text


def _runs(lines: list[Line]) -> tuple[list[_Run], int]:
    runs = [_Run()]
    rules = 0
    framed = next((SPLIT.match(line.text.strip()) for line in lines if not is_rule(line.text)), None) is not None
    for line in lines:
        if is_rule(line.text):
            rules += 1
            if runs[-1].lines:
                runs.append(_Run())
            runs[-1].rule = line.text
        else:
            runs[-1].lines.append(line)
            runs[-1].texts.append(_cells(line.text, framed=framed))
    return [run for run in runs if run.lines], rules


def _cells(text: str, *, framed: bool) -> list[str]:
    """Split at uprights; an upright at an end of the line is the frame, not one more cell.

    Where the head of the table does not begin with a frame, blanks before the first upright are an empty cell.
    """
    parts = [part.replace("\\|", "|") for part in SPLIT.split(text.strip())]
    if framed and len(parts) > 1 and not parts[0].strip():
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    return parts


def _emit(runs: list[_Run], rules: int, builder: Builder, *, markdown: bool) -> None:
    width = max(len(texts) for run in runs for texts in run.texts)
    ruled = not markdown and len(runs) >= 2 and not _many_rows(runs)
    upright = markdown or (not rules and not _aligned(runs))
    single = len(runs) == 2 and len(_full(runs[1])) > 1
    above: list[str] = []
    for run in runs:
        if upright:
            groups = [[position] for position in range(len(run.lines))]
        elif ruled and single and run is runs[1]:
            starts = [*_full(run), len(run.lines)]
            groups = [list(range(left, right)) for left, right in itertools.pairwise([0, *starts[1:]])]
        elif ruled:
            groups = [list(range(len(run.lines)))]
        else:
            groups = _by_first_column(run, head=rules > 0 and run is runs[0] and len(runs) > 1)
        for group in groups:
            above = _row(run, group, width, builder, above)


def _full(run: _Run) -> list[int]:
    """Lines with a text in every cell that begin with a capital: where no rules and numbers part rows, they do."""
    width = max(len(texts) for texts in run.texts)
    return [
        position
        for position, texts in enumerate(run.texts)
        if len(texts) == width > 1 and all(text.strip() for text in texts) and texts[0].strip()[0].isupper()
    ]


def _many_rows(runs: list[_Run]) -> bool:
    """Tell that rules stand only round the head or the sections: a run holds two or more numbered rows."""
    return any(sum(1 for texts in run.texts if _NUMBER.fullmatch(texts[0].strip())) >= 2 for run in runs)


def _aligned(runs: list[_Run]) -> bool:
    """Tell uprights that stand one below another in most lines, as in a table set for a fixed-width font."""
    places = [tuple(match.start() for match in SPLIT.finditer(line.text)) for run in runs for line in run.lines]
    return len(places) > 2 and Counter(places).most_common(1)[0][1] > 0.6 * len(places)


def _by_first_column(run: _Run, *, head: bool) -> list[list[int]]:
    """Group lines into rows where no rules part them: a row begins where the first column has text."""
    if head:
        return [list(range(len(run.lines)))]
    groups: list[list[int]] = []
    for position, texts in enumerate(run.texts):
        begins = bool(texts[0].strip()) or (groups and len(texts) != len(run.texts[groups[-1][0]]))
        if begins and groups and len(texts) == 1 and len(run.texts[groups[-1][0]]) == 1:
            begins = False
        if begins or not groups:
            groups.append([position])
        else:
            groups[-1].append(position)
    return groups


def _row(run: _Run, group: list[int], width: int, builder: Builder, above: list[str]) -> list[str]:
    """Add one row of physical lines, cell lines joined by line breaks; a lone cell goes over the whole width.

    Gives the texts of its cells, those that hang from `above` among them.
    """
    first = run.lines[group[0]]
    wide = max(len(run.texts[position]) for position in group)
    cells = [
        join_lines([run.texts[position][column] for position in group if column < len(run.texts[position])])
        for column in range(wide)
    ]
    merged = wide == 1 and width > 1
    cells += [""] * (width - len(cells))
    open_columns = run.open_columns() if run.rule and above and group[0] == 0 else []
    hanging = [(column, above[column]) for column in open_columns if column < len(above) and not cells[column]]
    builder.row(cells, page=first.page, line=first.number, merged=merged, hanging=hanging)
    return [dict(hanging).get(column, text) for column, text in enumerate(cells)]


def join_lines(parts: list[str]) -> str:
    """Join the physical lines of a cell by line breaks, dropping empty ones."""
    return "\n".join(part.strip() for part in parts if part.strip())
