"""Which measures does a plan without a table hold: numbered paragraphs with «Срок», «Ответственный», «Результат»?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.rows import RawMeasure, RawSection, section_heading
from profminimum.decree.structure.stream import Line, noise
from profminimum.decree.structure.table import Columns
from profminimum.decree.structure.wording import goes_on, join, starts_item, unfinished

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS: Final = Columns(
    headings=("№", "Мероприятие", "Срок", "Ответственный", "Результат"),
    title=1,
    number=0,
    terms=(2,),
    executors=(3,),
    results=(4,),
)
_ITEM: Final = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]\s+(?P<text>\S.*)", re.DOTALL)
_LABEL: Final = re.compile(
    r"(?:^|(?<=[.;,)»])\s*|(?<=\s))[(]?(?:"
    r"(?P<term>срок[и]?(?:\s+(?:исполнения|проведения|реализации|выполнения))?)|"
    r"(?P<who>(?:ответственн(?:ый|ая|ые|ое)(?:\s+(?:исполнител[ьи]|за\s+исполнение|лицо|лица))?|исполнител[ьи]))|"
    r"(?P<what>(?:(?:ожидаемы[йе]|планируемы[йе])\s+)?результат[ы]?))\s*(?::|[–—-](?=\s))\s*",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(r"(?:(?:раздел|модуль|направление|блок|этап)\b|[IVX]{1,5}\.\s+[А-ЯЁ«])", re.IGNORECASE)
_ENDS: Final = re.compile(r"[.;:]$")
_LEAST: Final = 2
_LONGEST: Final = 60  # lines of one item


@dataclass(slots=True)
class _Item:
    line: Line
    number: str
    text: str
    start: int


@dataclass(slots=True)
class Prose:
    """A plan in paragraphs: lines from `start` up to `end` are it."""

    start: int
    end: int
    sections: list[RawSection] = field(default_factory=list)


def read_prose(lines: Sequence[Line]) -> Prose | None:
    """Read numbered paragraphs as measures when two of them or more, and most, name their term by a label."""
    first = _first(lines)
    if first is None:
        return None
    last = max(index for index, line in enumerate(lines) if _LABEL.search(line.text))
    found = Prose(first, len(lines), [])
    item: _Item | None = None
    for index in range(first, len(lines)):
        text = lines[index].text
        begun = _ITEM.match(text)
        if noise(text):
            continue
        if _HEADING.match(text) and not _LABEL.search(text):
            _close(found, item)
            item = None
            number, title = section_heading(text)
            found.sections.append(RawSection(number, title, lines[index].place))
        elif begun:
            _close(found, item)
            item = _Item(lines[index], begun["number"], begun["text"], index)
        elif item is not None:
            if index > last and _complete(item.text, text):
                found.end = index
                break
            if index - item.start > _LONGEST:
                return None
            item.text = join(item.text, text)
    _close(found, item)
    measures = [measure for section in found.sections for measure in section.measures]
    dated = sum(bool(measure.cells[2]) for measure in measures)
    found.sections = [section for section in found.sections if section.measures]
    return found if dated >= _LEAST and dated * 2 > len(measures) else None


def _first(lines: Sequence[Line]) -> int | None:
    """The line with which the plan begins: the item of the first label «Срок», and a section's heading above it."""
    labelled = next((i for i, line in enumerate(lines) if (m := _LABEL.search(line.text)) and m["term"]), None)
    if labelled is None:
        return None
    item = next((i for i in range(labelled, -1, -1) if _ITEM.match(lines[i].text)), None)
    if item is None:
        return None
    above = item - 1
    return above if above >= 0 and _HEADING.match(lines[above].text) else item


def _complete(item: str, text: str) -> bool:
    """Tell an item with a term and an executor with which the text below does not go on."""
    labels = {match.lastgroup for match in _LABEL.finditer(item)}
    new = _ENDS.search(item) is not None or (not goes_on(text) and not unfinished(item))
    return {"term", "who"} <= labels and new and not starts_item(text)


def _close(found: Prose, item: _Item | None) -> None:
    """Add an item as a measure; one without any label ends nothing and is left out."""
    if item is None:
        return
    labels = list(_LABEL.finditer(item.text))
    if not labels:
        return
    cells = [item.number, _bare(item.text[: labels[0].start()]), "", "", ""]
    column = {"term": 2, "who": 3, "what": 4}
    for position, label in enumerate(labels):
        end = labels[position + 1].start() if position + 1 < len(labels) else len(item.text)
        place = column[str(label.lastgroup)]
        cells[place] = "; ".join(filter(None, (cells[place], _bare(item.text[label.end() : end]))))
    if not found.sections:
        found.sections.append(RawSection("", "", None))
    found.sections[-1].measures.append(RawMeasure(item.number, cells, item.line.place, COLUMNS))


def _bare(text: str) -> str:
    text = text.strip().rstrip(";(").strip()
    return text[:-1] if text.endswith(".") and not re.search(r"(?:\s|\.)[А-ЯЁа-яё]\.$", text) else text
