"""Which number or bullet does Word show before a paragraph of an automatic list («1.», «1.1.», «а)», «- »)?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN: Final = "абвгдежзиклмнопрстуфхцчшщэюя"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MAX_NUMBER: Final = 100_000
_MAX_CHAIN: Final = 20


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1
    restart: bool = True
    legal: bool = False


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Style:
    """What a paragraph or character style says of numbering and of hidden text, and the style it rests on."""

    base: str = ""
    num: str = ""
    level: int | None = None
    hidden: bool | None = None


def value(element: etree._Element | None, path: str, attribute: str = "val") -> str:
    """The attribute of the first element at the path of local names (`numPr/numId`), empty where there is none."""
    for step in path.split("/"):
        if element is None:
            return ""
        element = element.find(f"{W}{step}")
    return "" if element is None else element.get(f"{W}{attribute}", "")


def number(text: str, default: int = 0) -> int:
    """A whole number from an attribute; the default where it is none or absurd."""
    return int(text) if re.fullmatch(r"\d{1,6}", text) and int(text) <= _MAX_NUMBER else default


def on(element: etree._Element | None, name: str) -> bool | None:
    """The state of a toggle property: None where it is not set."""
    found = element.find(f"{W}{name}") if element is not None else None
    return None if found is None else found.get(f"{W}val", "1").lower() not in {"0", "false", "off", "none"}


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted; ask for labels in reading order."""

    styles: dict[str, Style] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)
    _style_levels: dict[tuple[str, str], int] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)
    default_style: str = ""

    def label(self, properties: etree._Element | None) -> str:
        """Count the paragraph with these `w:pPr` in and give its label; «» where it is in no list."""
        num, level = self._membership(properties)
        found = self.lists.get(num)
        if found is None or level not in found.levels:
            return ""
        shape = found.levels[level]
        if shape.form == "bullet":
            return "-"
        if shape.form == "none":
            return ""
        counts = self._count(num, found, level)
        return re.sub(
            r"%(\d)", lambda match: self._shown(found, counts, int(match[1]) - 1, shape), shape.text
        ).strip()

    def hidden(self, style: str) -> bool:
        """Tell a style whose text is not shown."""
        return any(step.hidden for step in self._chain(style))

    def _membership(self, properties: etree._Element | None) -> tuple[str, int]:
        own = value(properties, "numPr/numId")
        own_level = value(properties, "numPr/ilvl")
        style_id = value(properties, "pStyle") or self.default_style
        if own:
            return own, number(own_level) if own_level else self._style_levels.get((own, style_id), 0)
        for style in self._chain(style_id):
            if style.num:
                level = self._style_levels.get((style.num, style_id), style.level or 0)
                return style.num, number(own_level, level)
        return "", 0

    def _chain(self, style_id: str) -> Iterator[Style]:
        for _ in range(_MAX_CHAIN):
            style = self.styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = style.base

    def _count(self, num: str, found: _List, level: int) -> dict[int, int]:
        counts = self._counters.setdefault(found.abstract, {})
        if (num, level) not in self._begun:
            self._begun.add((num, level))
            if level in found.starts:
                counts[level] = found.starts[level] - 1
        counts[level] = counts.get(level, found.levels[level].start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            if deeper not in found.levels or found.levels[deeper].restart:
                del counts[deeper]
        return counts

    @staticmethod
    def _shown(found: _List, counts: dict[int, int], level: int, shape: Level) -> str:
        own = found.levels.get(level, Level())
        count = counts.get(level, own.start)
        return written(count, "decimal" if shape.legal else own.form)


def written(count: int, form: str) -> str:
    """Write a count in a number form of Word; unknown forms are written as figures."""
    lower = form.lower()
    if count < 1 or lower not in {
        "upperroman",
        "lowerroman",
        "upperletter",
        "lowerletter",
        "russianupper",
        "russianlower",
    }:
        return f"{count:02d}" if form == "decimalZero" else "" if form in {"none", "bullet"} else str(count)
    if lower.endswith("roman"):
        text = _roman(count)
    else:
        letters = _RUSSIAN if lower.startswith("russian") else _LATIN
        times, place = divmod(count - 1, len(letters))
        text = letters[place] * min(times + 1, 30)
    return text.upper() if "upper" in lower else text


def _roman(count: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * min(count // size, 30)
        count %= size
    return text


def read(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Read `numbering.xml` and `styles.xml`; either may be missing."""
    known = Numbering()
    if styles is not None:
        for element in styles.iterfind(f"{W}style"):
            known.styles[element.get(f"{W}styleId", "")] = _style(element)
            if element.get(f"{W}default") in {"1", "true"} and element.get(f"{W}type") == "paragraph":
                known.default_style = element.get(f"{W}styleId", "")
    if numbering is None:
        return known
    abstracts = {element.get(f"{W}abstractNumId", ""): element for element in numbering.iterfind(f"{W}abstractNum")}
    links = {
        element.get(f"{W}numId", ""): value(element, "abstractNumId") for element in numbering.iterfind(f"{W}num")
    }
    for element in numbering.iterfind(f"{W}num"):
        num = element.get(f"{W}numId", "")
        abstract = _linked(links.get(num, ""), abstracts, links, known)
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        if abstract in abstracts:
            _levels(abstracts[abstract], levels, known, num)
        for override in element.iterfind(f"{W}lvlOverride"):
            _levels(override, levels, known, num)
            if start := value(override, "startOverride"):
                starts[number(override.get(f"{W}ilvl", ""))] = number(start, 1)
        known.lists[num] = _List(abstract, levels, starts)
    return known


def _linked(abstract: str, abstracts: dict[str, etree._Element], links: dict[str, str], known: Numbering) -> str:
    """Follow a list that only names a list style to the list that the style numbers with."""
    for _ in range(_MAX_CHAIN):
        style = value(abstracts.get(abstract), "numStyleLink")
        if not style:
            break
        abstract = links.get(known.styles.get(style, Style()).num, "")
    return abstract


def _style(element: etree._Element) -> Style:
    level = value(element, "pPr/numPr/ilvl")
    return Style(
        base=value(element, "basedOn"),
        num=value(element, "pPr/numPr/numId"),
        level=number(level) if level else None,
        hidden=on(element.find(f"{W}rPr"), "vanish"),
    )


def _levels(parent: etree._Element, levels: dict[int, Level], known: Numbering, num: str) -> None:
    for element in parent.iterfind(f"{W}lvl"):
        level = number(element.get(f"{W}ilvl", ""))
        levels[level] = Level(
            form=value(element, "numFmt") or "decimal",
            text=value(element, "lvlText"),
            start=number(value(element, "start"), 1),
            restart=value(element, "lvlRestart") != "0",
            legal=bool(on(element, "isLgl")),
        )
        if style := value(element, "pStyle"):
            known._style_levels[num, style] = level  # noqa: SLF001 - filled while it is being read, here only
