"""How do the answers of a wave leave as a file? CSV and XLSX for people, Parquet for machines, all with flat memory.

For people: headings and choices in words, dates and numbers as a spreadsheet wants them. For machines: places as
names of columns, codes of choices, typed columns. What to do with each value is worked out once for a form, so that
a row costs little more than reading its JSON.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.http import FileResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from profminimum.monitoring.models import Answer
from profminimum.monitoring.schema.cells import cells
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.saying import NO, YES, said, words
from profminimum.web.sheets import Bulk, guarded, stream_bulk, stream_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from django.http import StreamingHttpResponse

    from profminimum.monitoring.queries.answers import Content
    from profminimum.monitoring.schema.cells import Cell
    from profminimum.monitoring.schema.model import Definition

    Changer = Callable[[Any], Any]

FORMATS: Final = ("xlsx", "csv", "parquet")
PARQUET: Final = "application/vnd.apache.parquet"
GROUP: Final = 1000  # rows of Parquet that are written together
SUSPECT: Final = frozenset("=+-@\t\r\n \u00a0")  # a text that begins otherwise is safe as it is
GATHERED: Final = frozenset({Kind.REPEAT, Kind.MANY})
WIDTHS: Final = {Kind.TEXT: 24, Kind.LONG: 40, Kind.REPEAT: 50, Kind.FILE: 30, Kind.MANY: 30, Kind.ONE: 22}


@dataclass(frozen=True, slots=True)
class Taking:
    """How a row is taken out of an answer: a value by its first name, then those that lie deeper, then what changes.

    `deep`: (position, keys below the first); `changed`: (position, what to do with a value that is there); `texts`
    and `decimals`: positions whose values are guarded from formulas and given a comma, apart since they are the most.
    """

    names: tuple[str, ...]
    deep: tuple[tuple[int, tuple[str, ...]], ...]
    changed: tuple[tuple[int, Changer], ...]
    texts: tuple[int, ...]
    decimals: tuple[int, ...]

    def row(self, answers: Mapping[str, Any]) -> list[Any]:
        found = list(map(answers.get, self.names))
        for position, keys in self.deep:
            value = found[position]
            for key in keys:
                value = value.get(key) if value else None
            found[position] = value
        for position, change in self.changed:
            value = found[position]
            if value is not None:
                found[position] = change(value)
        for position in self.texts:
            value = found[position]
            if value and value[0] in SUSPECT:
                found[position] = guarded(value)
        for position in self.decimals:
            value = found[position]
            if value is not None:
                found[position] = str(value).replace(".", ",")
        return found


def taking(columns: Sequence[Cell], change: Callable[[Cell], Changer | None]) -> Taking:
    """Worked out once for a form; `change` says what a cell needs, None when its values leave as they are.

    The built-in changes `guarded_text` and `with_comma` are done without a call for each value.
    """
    names, deep = [], []
    changers = [change(cell) for cell in columns]
    for position, cell in enumerate(columns):
        first, *rest = cell.place.split(".")
        names.append(first)
        if cell.kind == Kind.FILE:
            rest.append("name")
        if rest:
            deep.append((position, tuple(rest)))
    inlined = (guarded_text, with_comma)
    return Taking(
        names=tuple(names),
        deep=tuple(deep),
        changed=tuple((n, each) for n, each in enumerate(changers) if each is not None and each not in inlined),
        texts=tuple(n for n, each in enumerate(changers) if each is guarded_text),
        decimals=tuple(n for n, each in enumerate(changers) if each is with_comma),
    )


def guarded_text(value: str) -> str:
    return guarded(value)


def with_comma(value: float) -> str:
    return guarded(value)


class Said(dict[Any, Any]):
    """What is said for each value; one that is not known leaves by itself, guarded."""

    def __missing__(self, key: Any) -> str:
        return guarded(key)


def _words(cell: Cell, language: str, guard: Changer) -> Changer | None:
    """What both kinds of sheets need: choices, yes and no, entries as words."""
    item = cell.item
    if cell.kind == Kind.YESNO:
        return Said({True: words(YES, language), False: words(NO, language)}).__getitem__
    if cell.kind == Kind.ONE:
        return Said({choice.name: guard(words(choice.label, language)) for choice in item.choices}).__getitem__
    if cell.kind in GATHERED:
        return lambda value: guard(said(item, value, language))
    return None


def _lined(cell: Cell, language: str) -> Changer | None:
    """For CSV: everything that is not plainly a whole number becomes a guarded text."""
    change = _words(cell, language, guarded)
    if change is not None or cell.kind == Kind.INTEGER:
        return change
    if cell.kind in {Kind.DECIMAL, Kind.AMOUNT}:
        return with_comma
    if cell.kind == Kind.DATE:
        return _russian
    return _calculated if cell.kind == Kind.CALCULATED else guarded_text


def _calculated(value: Any) -> Any:
    return guarded(_clean(value))


def _clean(value: Any) -> Any:
    """A sum of decimals without the dust of its arithmetic: 15.899999999999999 is 15.9."""
    return round(value, 9) if isinstance(value, float) else value


def _russian(value: str) -> str:
    return f"{value[8:10]}.{value[5:7]}.{value[:4]}" if len(value) == 10 else guarded(value)


def _sheeted(cell: Cell, language: str) -> Changer | None:
    """For XLSX: dates as dates; texts stay texts, since the writer types every cell."""
    change = _words(cell, language, _plain)
    if change is not None:
        return change
    if cell.kind == Kind.DATE:
        return _day
    return _reckoned if cell.kind == Kind.CALCULATED else None


def _reckoned(value: Any) -> Any:
    return _plain(_clean(value))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)


def _day(value: str) -> date | str:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


# what stands before the answers: heading, name for machines, width, value
def _heads() -> list[tuple[str, str, int]]:
    return [
        (_("Code"), "organisation_code", 12),
        (_("Organisation"), "organisation", 40),
        (_("Municipality"), "municipality", 30),
        (_("State"), "state", 16),
        (_("Sent on"), "sent", 12),
        (_("In time"), "timely", 10),
        (_("Revision"), "revision", 9),
    ]


def _headings(columns: Sequence[Cell], language: str) -> list[str]:
    """Titles with units, made unique: people look for them in a filter, machines in a dictionary."""
    titles = [head for head, _name, _width in _heads()]
    for cell in columns:
        unit = words(cell.unit, language)
        title = words(cell.title, language)
        titles.append(f"{title}, {unit}" if unit else title)
    used: dict[str, int] = {}
    unique = []
    for title in titles:
        used[title] = used.get(title, 0) + 1
        unique.append(title if used[title] == 1 else f"{title} ({used[title]})")
    return unique


@dataclass(frozen=True, slots=True)
class Export:
    """A form's answers on their way out: `rows` are read once; `units` are names of municipalities."""

    name: str
    title: str
    definition: Definition
    rows: Iterable[Content]
    units: Mapping[int, str]

    def respond(self, suffix: str) -> FileResponse | StreamingHttpResponse:
        """The file of that kind (one of FORMATS) under the export's name."""
        name = f"{self.name}.{suffix}"
        if suffix == "csv":
            return stream_lines(name, *self.lined())
        if suffix == "xlsx":
            return stream_bulk(name, self.sheeted())
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        self.write_parquet(file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=PARQUET)

    def lined(self) -> tuple[list[str], Iterator[list[Any]]]:
        """Headings and rows for CSV, guarded already."""
        language = translation.get_language() or "ru"
        columns = cells(self.definition)
        take = taking(columns, lambda cell: _lined(cell, language))
        return _headings(columns, language), self._rows(take, guarded)

    def sheeted(self) -> Bulk:
        """Headings, widths and rows for a workbook."""
        language = translation.get_language() or "ru"
        columns = cells(self.definition)
        take = taking(columns, lambda cell: _sheeted(cell, language))
        widths = [width for _head, _name, width in _heads()] + [WIDTHS.get(cell.kind, 14) for cell in columns]
        return Bulk(self.title, _headings(columns, language), widths, self._rows(take, lambda value: value))

    def _rows(self, take: Taking, guard: Changer) -> Iterator[list[Any]]:
        states = {value: str(label) for value, label in Answer.choices}
        timely = {True: _("yes"), False: _("no"), None: ""}
        for one in self.rows:
            head = [
                guard(one.code),
                guard(one.name),
                guard(self.units.get(one.unit, "")),
                states[one.state],
                guard(timezone.localdate(one.sent)),
                timely[one.timely],
                one.number,
            ]
            yield head + take.row(one.answers)

    def write_parquet(self, file: Any) -> None:
        """Typed columns in groups of rows; a value that is not of its column's type becomes empty."""
        import pyarrow as pa  # noqa: PLC0415 - forty megabytes that only this needs
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        columns = cells(self.definition)
        take = taking(columns, _typed)
        fields = [
            pa.field("organisation_code", pa.string()),
            pa.field("organisation", pa.string()),
            pa.field("municipality", pa.string()),
            pa.field("state", pa.string()),
            pa.field("sent", pa.date32()),
            pa.field("timely", pa.bool_()),
            pa.field("revision", pa.int32()),
        ]
        types = {
            "whole": pa.int64(), "real": pa.float64(), "yesno": pa.bool_(), "day": pa.date32(),
            "many": pa.list_(pa.string()), "text": pa.string(),
        }  # fmt: skip
        fields += [pa.field(cell.place, types[_type(cell)]) for cell in columns]
        schema = pa.schema(fields, metadata={"title": self.title})
        rows = iter(self.rows)
        with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=False) as writer:
            while part := list(islice(rows, GROUP)):
                table = [self._typed_head(one) + take.row(one.answers) for one in part]
                turned = zip(*table, strict=True)
                arrays = [pa.array(each, field.type) for each, field in zip(turned, schema, strict=True)]
                writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))

    def _typed_head(self, one: Content) -> list[Any]:
        return [
            one.code,
            one.name,
            self.units.get(one.unit, ""),
            one.state,
            timezone.localdate(one.sent),
            one.timely,
            one.number,
        ]


_TYPES: Final = {
    Kind.INTEGER: "whole", Kind.DECIMAL: "real", Kind.AMOUNT: "real", Kind.YESNO: "yesno", Kind.DATE: "day",
    Kind.MANY: "many",
}  # fmt: skip


def _type(cell: Cell) -> str:
    return _TYPES.get(cell.kind, "text")


_OF_TYPE: Final[Mapping[str, Changer]] = {
    "whole": lambda value: value if type(value) is int else None,
    "real": lambda value: value if type(value) in (int, float) else None,
    "yesno": lambda value: value if type(value) is bool else None,
    "day": lambda value: found if isinstance(found := _day(value), date) else None,
    "many": lambda value: value if isinstance(value, list) else None,
    "text": lambda value: value if isinstance(value, str) else str(value),
}


def _typed(cell: Cell) -> Changer:
    """For Parquet: only values of the column's own type; a repeat as its JSON."""
    return _as_json if cell.kind == Kind.REPEAT else _OF_TYPE[_type(cell)]


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()
