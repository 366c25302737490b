"""What does a decree say: its act, its plan and every doubt about its text?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from profminimum.decree.calendar import occurrences
from profminimum.decree.model import (
    Act,
    Measure,
    Paragraph,
    Period,
    PlanText,
    Reading,
    Section,
    Source,
    Term,
    UnreadableError,
)
from profminimum.decree.structure import findings
from profminimum.decree.structure.act import read_act
from profminimum.decree.structure.approval import Approval, plan_words, read_approval, with_approval
from profminimum.decree.structure.deadlines import term_text
from profminimum.decree.structure.executors import executors
from profminimum.decree.structure.glossary import definitions
from profminimum.decree.structure.items import split_items
from profminimum.decree.structure.layout import Layout, lay_out
from profminimum.decree.structure.names import Alias, Names
from profminimum.decree.structure.people import name_in, person
from profminimum.decree.structure.period import period_of, school_year
from profminimum.decree.structure.results import results
from profminimum.decree.structure.stream import Line, noise
from profminimum.decree.structure.wording import join
from profminimum.decree.terms import read_term

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from profminimum.decree.structure.rows import RawMeasure

MOST_CHARACTERS: Final = 32_767  # what a cell of a workbook can hold
LONGEST_TERM: Final = 1_000  # a longer text is no wording of a term
_DATES: Final = re.compile(r"\d{1,2}\.\d{1,2}\.(20\d\d)|(?<!\d)(20\d\d)(?!\d)")


def read(file: Path | str | Source) -> Reading:
    """Read a decree from a file or from blocks read before. Raises `UnreadableError` when there is no plan in it."""
    if isinstance(file, Source):
        return read_blocks(file)
    from profminimum.decree import sources  # noqa: PLC0415 - readers load libraries that blocks do not need

    return read_blocks(sources.read_source(Path(file)))


def read_blocks(source: Source) -> Reading:
    """Understand the blocks of a source. Raises `UnreadableError` when no table in it reads as a plan."""
    _refuse_giants(source)
    layout = lay_out(source, readable=_readable)
    if layout is None:
        raise UnreadableError(
            f"В файле «{source.name}» не найден план: нет таблицы с мероприятиями и сроками. "
            "Проверьте, что это акт с планом-графиком («дорожной картой»), а таблица — не картинка.",
            f"No plan was found in “{source.name}”: there is no table of measures and terms. "
            "Check that this is an act with a plan (roadmap) and that the table is not a picture.",
        )
    act, title, approval = _act(layout)
    named_year, period = period_of([title, act.title, *act.clauses[:1]])
    assumed = period or _assumed(act.date, layout)
    glossary = definitions(layout.whole_texts())
    builder = _Builder(Names(glossary), act.date, assumed)
    sections = builder.sections(layout)
    plan = PlanText(title, named_year, period, glossary, sections)
    notes = findings.Notes(
        numbering=tuple(builder.numbering), aliases=tuple(builder.aliases), stamps=tuple(layout.stamps),
        assumed=assumed,
        texts=tuple(layout.texts), approval_number=approval.number,
        headless=not any(any(columns.headings) for columns in layout.columns),
    )  # fmt: skip
    return Reading(act, plan, findings.check(act, plan, notes))


def _refuse_giants(source: Source) -> None:
    """Refuse a text that no plan holds and that would take minutes: cells longer than a spreadsheet allows."""
    for block in source.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row.cells]
        if any(len(text) > MOST_CHARACTERS for text in texts):
            where = block.place.line or block.place.page
            raise UnreadableError(
                f"В файле «{source.name}» есть строка или ячейка длиннее {MOST_CHARACTERS} знаков"
                + (f" (место: {where})" if where else "")
                + ". Это не план: проверьте файл и сохраните его заново.",
                f"“{source.name}” holds a line or a cell longer than {MOST_CHARACTERS} characters"
                + (f" (at {where})" if where else "")
                + ". This is no plan: check the file and save it anew.",
            )


def _readable(text: str) -> bool:
    return len(text) <= LONGEST_TERM and read_term(text, decree_date=None, period=None).kind != "unknown"


def _act(layout: Layout) -> tuple[Act, str, Approval]:
    """Read the act before the plan, or after it, and the plan's title above its first table."""
    approval, start = read_approval(layout.head)
    mentions = "\n".join(layout.texts)
    act = read_act(layout.head, mentions=mentions)
    if not act.kind and not act.title:
        after = read_act(layout.tail, mentions=mentions)
        act = after if after.title or after.clauses else act
    elif not act.signatory.text:
        act = _signed_below(act, layout.tail)
    title = _title(layout.head, start, approval)
    return with_approval(act, approval), title or _from_heading(act.title), approval


def _signed_below(act: Act, tail: Sequence[Line]) -> Act:
    """Look for the signature under the plan when the act has none above it."""
    lines = [line.text for line in tail if not noise(line.text)]
    for index, text in enumerate(lines[:4]):
        if name_in(text) and len(text) < 160:
            return replace(act, signatory=person(" ".join(lines[: index + 1])))
    return act


def _title(head: Sequence[Line], start: int, approval: Approval) -> str:
    """Join the lines between the mark of approval and the table, from the first that names a plan."""
    lines = [line.text for line in head[start:] if not noise(line.text)]
    if not start and not approval.kind:
        named = [i for i, text in enumerate(lines) if plan_words(text) and not re.search(r"[.;:]$", text)]
        if not named:
            return ""
        first = named[-1]
        while first - 1 in named:
            first -= 1
        lines = lines[first:]
    else:
        first = next((i for i, text in enumerate(lines) if plan_words(text)), max(0, len(lines) - 4))
        lines = lines[first:]
    title = ""
    for text in lines:
        title = join(title, " ".join(text.split()))
    return title.strip()


def _from_heading(title: str) -> str:
    """Take the plan's title from the act's heading «Об утверждении плана …» as written."""
    found = re.search(r"об утверждении\s+(.+)", title, re.IGNORECASE | re.DOTALL)
    return found[1] if found else title


def _assumed(decree: date | None, layout: Layout) -> Period | None:
    """Assume the school year of the decree, or of the first year the terms name, to read terms without a year."""
    if decree is not None:
        return school_year(decree.year if decree.month >= 6 else decree.year - 1)
    years = [
        int(found[1] or found[2])
        for section in layout.sections
        for raw in section.measures
        for found in _DATES.finditer(term_text(raw, section.term))
    ]
    return school_year(min(years)) if years else None


class _Builder:
    """Turns raw rows into measures and keeps what was doubtful on the way."""

    def __init__(self, names: Names, decree: date | None, period: Period | None) -> None:
        self._names = names
        self._decree = decree
        self._period = period
        self.numbering: list[tuple[str, str]] = []
        self.aliases: list[tuple[str, Alias]] = []

    def sections(self, layout: Layout) -> tuple[Section, ...]:
        raws = [raw for section in layout.sections for raw in section.measures]
        numbers = self._numbers(raws)
        found = []
        position = 0
        for section in layout.sections:
            measures = []
            for raw in section.measures:
                measures.append(self._measure(raw, numbers[position], section.term))
                position += 1
            found.append(Section(section.number, section.title, tuple(measures)))
        return tuple(found)

    def _numbers(self, raws: Sequence[RawMeasure]) -> list[str]:
        """Give each row its number; rows without one are counted, and noted as a doubt."""
        if not any(raw.number for raw in raws):
            numbers = [str(position) for position in range(1, len(raws) + 1)]
            self.numbering.append(("none", numbers[0] if numbers else ""))
            return numbers
        taken = {raw.number for raw in raws}
        numbers = []
        for position, raw in enumerate(raws):
            number = raw.number
            if not number:
                number = self._free(raw.parent or str(position + 1), taken)
                taken.add(number)
                self.numbering.append(("absent", number))
            numbers.append(number)
        return numbers

    @staticmethod
    def _free(parent: str, taken: set[str]) -> str:
        following = str(int(parent) + 1) if parent.isdigit() else ""
        if following and following not in taken:
            return following
        count = 1
        while f"{parent}.{count}" in taken:
            count += 1
        return f"{parent}.{count}"

    def _measure(self, raw: RawMeasure, number: str, section_term: str) -> Measure:
        columns = raw.columns
        title, items = split_items(_at(raw, columns.title))
        text = term_text(raw, section_term)
        whole = 0 < len(text) <= LONGEST_TERM
        term = read_term(text, decree_date=self._decree, period=self._period) if whole else Term(text, "unknown")
        people, aliases = executors("\n".join(filter(None, (_at(raw, i) for i in columns.executors))), self._names)
        papers, misspelt = results(
            "\n".join(filter(None, (_at(raw, i) for i in columns.results))), self._names, people
        )
        self.aliases.extend((number, alias) for alias in dict.fromkeys([*aliases, *misspelt]))
        return Measure(
            number=number,
            title=title,
            items=items,
            term=term,
            occurrences=tuple(one.due for one in occurrences(term, self._period)) if self._period else _only(term),
            executors=tuple(people),
            results=tuple(papers),
            source=raw.place,
            verbatim=tuple(zip(columns.headings, (*raw.cells, *[""] * len(columns.headings)), strict=False)),
        )


def _only(term: Term) -> tuple[date, ...]:
    day = term.due or term.start
    return (day,) if day else ()


def _at(raw: RawMeasure, index: int | None) -> str:
    return raw.cells[index].strip() if index is not None and index < len(raw.cells) else ""
