"""What blocks does a Word document (DOCX) hold: paragraphs and tables in the order of the body?"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from profminimum.decree.sources import numbering
from profminimum.decree.sources.builder import Builder
from profminimum.decree.sources.grid import MAX_COLUMNS, Cell, Grid, flow
from profminimum.decree.sources.numbering import W, number, on, value
from profminimum.decree.sources.safety import damaged, open_zip, parse_xml, read_part

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml import etree

    from profminimum.decree.model import Source

_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_THROUGH: Final = {
    "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo",
    "oMath", "oMathPara", "e", "num", "den", "sup", "sub", "rubyBase", "ruby", "f", "d", "sSup", "sSub", "rad",
}  # fmt: skip
_TEXT: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS: Final = {"F0B7": "•", "F0A7": "•", "F02D": "-", "F0D8": "•", "F0FC": "✓"}


def read(data: bytes, name: str) -> Source:
    """Read a DOCX without deleted text, hidden text and notes; headers and footers come last.

    Raises `UnreadableError`.
    """
    archive = open_zip(data, name)
    part = _main_part(archive, name)
    document = _parsed(archive, part, name)
    body = document.find(f"{W}body")
    if body is None:
        damaged(name)
    lists = numbering.read(_related(archive, part, "numbering", name), _related(archive, part, "styles", name))
    builder = Builder()
    flow(_Body(lists).pieces(body), builder)
    for margin in _margins(archive, part, name):
        for piece in _Body(lists).pieces(margin):
            builder.margin(piece if isinstance(piece, str) else piece.as_lines())
    return builder.source(name, "docx")


def _main_part(archive: zipfile.ZipFile, name: str) -> str:
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return "word/document.xml"
    targets = [
        relation.get("Target", "").lstrip("/")
        for relation in _parsed(archive, "_rels/.rels", name)
        if relation.get("Type", "").endswith("/officeDocument")
    ]
    if not targets or targets[0] not in names:
        damaged(name)
    return targets[0]


def _margins(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[etree._Element]:
    """The headers and footers that the document names among its relations, in their order."""
    folder, file = posixpath.split(part)
    names = set(archive.namelist())
    relations = f"{folder}/_rels/{file}.rels"
    for relation in _parsed(archive, relations, name) if relations in names else ():
        target = posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
        if relation.get("Type", "").endswith(("/header", "/footer")) and target in names:
            yield _parsed(archive, target, name)


def _related(archive: zipfile.ZipFile, part: str, what: str, name: str) -> etree._Element | None:
    """The part of that kind that the document names among its relations, or the one in the usual place."""
    folder, file = posixpath.split(part)
    names = set(archive.namelist())
    relations = f"{folder}/_rels/{file}.rels"
    if relations in names:
        for relation in _parsed(archive, relations, name):
            target = posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("Type", "").endswith(f"/{what}") and target in names:
                return _parsed(archive, target, name)
    usual = f"{folder}/{what}.xml"
    return _parsed(archive, usual, name) if usual in names else None


def _parsed(archive: zipfile.ZipFile, part: str, name: str) -> etree._Element:
    return parse_xml(read_part(archive, part, name).replace(_STRICT, _TRANSITIONAL), name)


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class _Body:
    """Walks the body; counts list numbers as it goes, so every paragraph is read once, in order."""

    def __init__(self, lists: numbering.Numbering) -> None:
        self._lists = lists

    def pieces(self, parent: etree._Element) -> Iterator[str | Grid]:
        """Texts of paragraphs and tables; a paragraph whose end was deleted runs on into the next."""
        pending = ""
        for element in _blocks(parent):
            if _local(element) == "tbl":
                if pending:
                    yield pending
                    pending = ""
                yield self._table(element)
                continue
            boxes: list[etree._Element] = []
            text = pending + self._paragraph(element, boxes)
            properties = element.find(f"{W}pPr")
            marks = properties.find(f"{W}rPr") if properties is not None else None
            pending = text if marks is not None and _removed(marks) else ""
            if not pending:
                yield text
            for box in boxes:
                yield from self.pieces(box)
        if pending:
            yield pending

    def _paragraph(self, paragraph: etree._Element, boxes: list[etree._Element]) -> str:
        properties = paragraph.find(f"{W}pPr")
        if self._lists.hidden(value(properties, "pStyle")):
            return ""
        parts: list[str] = []
        self._inline(paragraph, parts, boxes, [])
        text = "".join(parts).strip()
        marks = properties.find(f"{W}rPr") if properties is not None else None
        if marks is not None and not text and (_removed(marks) or on(marks, "vanish")):
            return ""
        label = self._lists.label(properties)
        if not label or (label == "-" and not text):
            return text
        return f"{label} {text}".strip()

    def _inline(
        self, parent: etree._Element, parts: list[str], boxes: list[etree._Element], fields: list[bool]
    ) -> None:
        """Collect what the reader sees; `fields` holds one truth for each open field: its result has begun."""
        for element in parent:
            name = _local(element)
            if name == "r":
                self._run(element, parts, boxes, fields)
            elif name == "AlternateContent":
                if len(element):
                    self._inline(element[0], parts, boxes, fields)
            elif name == "sdt" and _placeholder(element):
                continue
            elif name in _THROUGH:
                self._inline(element, parts, boxes, fields)

    def _run(self, run: etree._Element, parts: list[str], boxes: list[etree._Element], fields: list[bool]) -> None:
        properties = run.find(f"{W}rPr")
        hidden = on(properties, "vanish")
        if hidden or (hidden is None and self._lists.hidden(value(properties, "rStyle"))):
            return
        for element in run:
            name = _local(element)
            if name == "fldChar":
                _turn_field(element.get(f"{W}fldCharType", ""), fields)
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                boxes += _boxes(element)
            elif not all(fields):
                continue
            elif name == "t":
                parts.append(element.text or "")
            elif name in _TEXT:
                parts.append(_TEXT[name])
            elif name == "sym":
                parts.append(_SYMBOLS.get(element.get(f"{W}char", "").upper(), ""))
            elif name == "ruby":
                self._inline(element, parts, boxes, fields)

    def _table(self, table: etree._Element) -> Grid:
        grid = Grid(widths=[number(column.get(f"{W}w", "")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")])
        for row in _inside(table, "tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and (_removed(properties) or on(properties, "hidden")):
                continue
            cells = [self._cell(element) for element in _inside(row, "tc")]
            before = number(value(properties, "gridBefore"))
            after = number(value(properties, "gridAfter"))
            cells = [*_blanks(before), *cells, *_blanks(after)]
            if cells:
                grid.rows.append(cells)
        return grid

    def _cell(self, element: etree._Element) -> Cell:
        properties = element.find(f"{W}tcPr")
        span = min(max(number(value(properties, "gridSpan"), 1), 1), MAX_COLUMNS)
        merge = properties.find(f"{W}vMerge") if properties is not None else None
        if merge is not None and merge.get(f"{W}val", "continue") == "continue":
            return Cell([], span, hanging=True)
        return Cell(list(self.pieces(element)), span)


def _blanks(count: int) -> list[Cell]:
    return [Cell([], 1, hanging=True, void=True) for _ in range(min(count, MAX_COLUMNS))]


def _removed(marks: etree._Element) -> bool:
    return marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of a container, those in content controls and insertions among them."""
    for element in parent:
        name = _local(element)
        if name in {"p", "tbl"}:
            yield element
        elif name == "sdt":
            if not _placeholder(element):
                yield from _blocks(element)
        elif name == "AlternateContent":
            if len(element):
                yield from _blocks(element[0])
        elif name in {"sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
            yield from _blocks(element)


def _inside(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, those in content controls among them."""
    for element in parent:
        name = _local(element)
        if name == wanted:
            yield element
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _inside(element, wanted)


def _placeholder(control: etree._Element) -> bool:
    """Tell a content control that shows only its prompt («Место для ввода текста»)."""
    return bool(on(control.find(f"{W}sdtPr"), "showingPlcHdr"))


def _boxes(element: etree._Element) -> list[etree._Element]:
    """Text boxes in a drawing; of two versions of the same drawing the first is taken."""
    if _local(element) == "AlternateContent":
        element = element[0] if len(element) else element
    found = element.iter(f"{W}txbxContent")
    return [box for box in found if not any(_local(up) == "txbxContent" for up in _between(box, element))]


def _between(box: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for up in box.iterancestors():
        if up is top:
            return
        yield up


def _turn_field(kind: str, fields: list[bool]) -> None:
    if kind == "begin":
        fields.append(False)
    elif kind == "separate" and fields:
        fields[-1] = True
    elif kind == "end" and fields:
        fields.pop()
