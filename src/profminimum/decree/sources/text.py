"""What blocks does a plain text file hold: lines, and tables set with tabs, pipes, frames or columns of blanks?"""

from __future__ import annotations

import re
from typing import Final

from profminimum.decree.model import Place, Source
from profminimum.decree.sources import columns, frames, pipes, tabs
from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.encoding import decode
from profminimum.decree.sources.lines import Line
from profminimum.decree.sources.safety import too_complex

_MOST_LINES: Final = 50_000  # a long decree has two thousand
_STRONG: Final = re.compile(r"\*\*(?=\S)([^*]+?)(?<=\S)\*\*")


def read(data: bytes, name: str) -> Source:
    """Read a text file of any known encoding; raises `UnreadableError` when it is no text."""
    return read_lines(decode(data, name), name)


def read_lines(text: str, name: str) -> Source:
    """Read decoded text. A line outside tables is one paragraph; empty lines and form feeds are not blocks."""
    if name.lower().endswith((".csv", ".tsv")):
        text = tabs.from_separated(text)
    lines = _numbered(_STRONG.sub(r"\1", text))
    if len(lines) > _MOST_LINES:
        too_complex(name)
    builder = Builder()
    index = 0
    while index < len(lines):
        if not lines[index].text.strip():
            index += 1
            continue
        taken = (
            tabs.take(lines, index, builder)
            or pipes.take(lines, index, builder)
            or frames.take(lines, index, builder)
            or columns.take(lines, index, builder)
        )
        if not taken:
            line = lines[index]
            builder.paragraph(line.text, Place(page=line.page, line=line.number))
            taken = 1
        index += taken
    return builder.source(name, "text")


def _numbered(text: str) -> list[Line]:
    """Split into physical lines; a form feed starts a page (pages are counted only where there are form feeds)."""
    paged = "\f" in text
    lines: list[Line] = []
    page = 1
    for number, raw in enumerate(text.replace("\x0b", "\n").split("\n"), start=1):
        for part_number, part in enumerate(raw.split("\f")):
            if part_number:
                page += 1
            if part or not part_number:
                tabs = part.count("\t")
                filled = sum(1 for cell in part.split("\t") if cell.strip()) if tabs else 0
                lines.append(Line(part, number, page if paged else None, tabs, filled))
    return lines
