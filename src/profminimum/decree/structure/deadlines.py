"""What is the wording of a measure's term, whatever the columns, and on which days does it fall due?"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.structure.rows import RawMeasure
    from profminimum.decree.structure.table import Mark

_NOTHING: Final = frozenset({"", "-", "–", "—", "--", "---", "нет", "0", "…"})
_MARKED: Final = re.compile(r"[хxv+*✓✔√●•■☑]|да|\d?\s?[хx]\s?\d?", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}\s+[а-яё]+(?:\s+20\d\d)?", re.IGNORECASE)
_ROMAN: Final = ("I", "II", "III", "IV")


def term_text(measure: RawMeasure, section_term: str) -> str:
    """Word the term: its column, the marks of a matrix in words, start and end, or the section's month."""
    columns = measure.columns
    text = next((text for text in (_cell(measure, index) for index in columns.terms) if text), "")
    edges = _edges(measure)
    marks = matrix_text([(mark, _cell(measure, mark.column)) for mark in columns.marks])
    if text and re.fullmatch(r"\d{1,2}(?:\s*[-–—]\s*\d{1,2})?(?:\s*числа)?", text) and section_term:
        return f"{text} {_genitive(section_term)}"
    if (
        text
        and section_term
        and re.fullmatch(
            r"(?:[IVX\d]+\s*(?:-?я\s*)?(?:неделя|декада)|в течение месяца|.*понедельник.*)", text, re.IGNORECASE
        )
    ):
        return f"{text}, {section_term.lower()}"
    return edges or text or marks or section_term


def _cell(measure: RawMeasure, index: int | None) -> str:
    if index is None or index >= len(measure.cells):
        return ""
    text = one_line(measure.cells[index]).strip()
    return "" if text in _NOTHING else text


def _edges(measure: RawMeasure) -> str:
    start, end = _cell(measure, measure.columns.start), _cell(measure, measure.columns.end)
    if start and end:
        if start == end:
            return start
        return f"с {start} по {end}" if _DAY.fullmatch(start) and _DAY.fullmatch(end) else f"{start} – {end}"
    if end:
        return f"до {end}" if _DAY.fullmatch(end) else end
    return f"с {start}" if _DAY.fullmatch(start) else start


def matrix_text(cells: Sequence[tuple[Mark, str]]) -> str:
    """Put the marked columns of a matrix into words: «I, III кварталы 2024 г.», «сентябрь, декабрь»; «» if none."""
    years: dict[str, list[str]] = {}
    kind = ""
    others: list[str] = []
    for mark, text in cells:
        if not text:
            continue
        kind = mark.kind
        if _MARKED.fullmatch(text):
            years.setdefault(mark.year, []).append(mark.label)
        else:
            others.append(f"{text} {_name(mark)}" if re.fullmatch(r"(?:до\s+)?\d{1,2}", text) else text)
    parts = [
        _quarters(labels, year) if kind == "quarter" else _others(labels, year, kind)
        for year, labels in years.items()
    ]
    return ", ".join(parts + others)


def _quarters(labels: Sequence[str], year: str) -> str:
    suffix = f" {year} г." if year else ""
    if len(labels) == 1:
        return f"{labels[0]} квартал{suffix}"
    numbers = [_ROMAN.index(label) for label in labels]
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{labels[0]}–{labels[-1]} квартал{suffix}"
    return f"{', '.join(labels)} кварталы{suffix}"


def _others(labels: Sequence[str], year: str, kind: str) -> str:
    if kind == "half":
        words = f"{labels[0]} полугодие" if len(labels) == 1 else "в течение года"
    elif kind == "year":
        words = f"{labels[0]} год" if len(labels) == 1 else f"{labels[0]}–{labels[-1]} годы"
    elif len(labels) > 2 and _run(labels):
        words = f"{labels[0]} – {labels[-1]}"
    else:
        words = ", ".join(labels)
    return f"{words} {year} г." if year and kind != "year" else words


_MONTHS: Final = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]


def _run(labels: Sequence[str]) -> bool:
    numbers = [_MONTHS.index(label) for label in labels]
    return all((after - before) % 12 == 1 for before, after in itertools.pairwise(numbers))


def _name(mark: Mark) -> str:
    return _genitive(mark.label) if mark.kind == "month" else _quarters([mark.label], mark.year)


def _genitive(month: str) -> str:
    """Decline the month of «Сентябрь 2023» for a day before it."""
    word, _, rest = month.partition(" ")
    word = word.lower()
    word = word + "а" if word in {"март", "август"} else re.sub(r"[ьй]$", "я", word)
    return f"{word} {rest}".strip()
