"""What is a physical line of a text file, and which lines are stamps rather than text?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MAX_STAMP: Final = 60
_MIN_CAPITALS: Final = 12
_STAMP: Final = re.compile(
    r"(?:[-–—]?\s*\d{1,4}\s*[-–—]?|[\d.]+-[\d-]+(?:-[а-я]+)?\s*(?:\([^()]*\)\s*)*|(?:стр(?:аница|\.)?)\s*\d+.*)",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+\S|[IVX]{1,5}\.?\s+\S|(?:раздел|подраздел|модуль|блок|этап|глава)\b|"
    r"(?:направление|часть|цель|задача)\s*(?:№\s*)?[\dIVX]|"
    r"(?:январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь)(?:\s+20\d\d.{0,6})?$|"
    r"[IV1-4]{1,3}(?:-?[йе])?\s+(?:квартал|полугодие)\b)",
    re.IGNORECASE,
)
_CONTINUES: Final = re.compile(r"(?:[-–—•·▪●*]\s?\S|\d{1,2}\)|[а-яёa-z(,;:)])")


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line, its 1-based number, its page where the file has form feeds, and what its tabs part."""

    text: str
    number: int
    page: int | None = None
    tabs: int = 0
    filled: int = 0

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def stamp(text: str) -> bool:
    """Tell a page number or a registration stamp («3.12-1327-р (п)(2.0)») that stands alone on its line."""
    text = text.strip()
    return len(text) <= _MAX_STAMP and _STAMP.fullmatch(text) is not None


def section(text: str) -> bool:
    """Tell a line that begins like the heading of a section: «2. Мероприятия…», «II. …», a month, or capitals."""
    text = text.strip()
    return _SECTION.match(text) is not None or (text.isupper() and len(text) > _MIN_CAPITALS)


def continues(text: str) -> bool:
    """Tell a line that goes on with what stands above: a small letter, a list item, a bracket or a comma first."""
    return _CONTINUES.match(text.lstrip()) is not None
