"""What does a file with the registry of schools say? Rows with numbers, and every mistake by row and column. Pure.

The headings and the words for kinds and types are the file's own language, which is Russian in every region.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIZE_LIMIT: Final = 8 * 1024 * 1024
INFLATED_LIMIT: Final = 160 * 1024 * 1024
ROW_LIMIT: Final = 50_000
MISTAKE_LIMIT: Final = 200
EXAMPLE: Final = "ПРИМЕР"  # the code of the template's example row, which is passed over
CLEAR: Final = {"-", "–", "—"}  # in an optional cell: what stood there is to be removed

MUNICIPAL: Final = "муниципальная"
STATE: Final = "государственная"
TYPES: Final = {
    "начальная школа": "primary",
    "основная школа": "basic",
    "средняя школа": "secondary",
    "гимназия": "gymnasium",
    "лицей": "lyceum",
    "школа для детей с ОВЗ": "special",
    "школа-интернат": "boarding",
    "вечерняя школа": "evening",
}
_TYPES: Final = {folded(word): value for word, value in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    heading: str
    hint: str
    width: int = 18
    must: bool = False  # the file is refused without this column
    example: str = ""


COLUMNS: Final = (
    Column("code", "Код", "Код организации в региональном реестре; по нему строка находит школу", 12, must=True),
    Column(
        "name",
        "Полное наименование",
        "Как в уставе",
        60,
        must=True,
        example="Муниципальное бюджетное общеобразовательное учреждение "
        "«Средняя общеобразовательная школа № 1» г. Примера",
    ),
    Column("short_name", "Краткое наименование", "Как в уставе", 34, must=True, example="МБОУ СОШ № 1 г. Примера"),
    Column(
        "parent",
        "Орган управления",
        "Муниципальный орган: наименование или код. Для государственной школы не заполняется",
        40,
        must=True,
    ),
    Column("ownership", "Вид", "муниципальная или государственная", 17, must=True, example=MUNICIPAL),
    Column("school_type", "Тип", "Выберите из списка", 24, example="средняя школа"),
    Column("oktmo", "ОКТМО", "8 или 11 цифр", 13, example="64701000"),
    Column("pupils", "Число обучающихся", "Целое число", 12, example="540"),
    Column("address", "Адрес", "", 40, example="694000, г. Пример, ул. Школьная, д. 1"),
    Column("email", "E-mail", "Почта организации", 26, example="school1@example.org"),
    Column("phone", "Телефон", "Рабочий телефон", 18, example="+7 (4242) 00-00-00"),
    Column("head", "Филиал (код головной)", "Только для филиала: код его головной школы", 14),
    Column("opened", "Дата открытия", "ДД.ММ.ГГГГ; если пусто — дата, с которой действует загрузка", 14),
    Column("closed", "Дата закрытия", "ДД.ММ.ГГГГ: первый день, когда школы уже нет", 14),
    Column("act", "Основание", "Номер и дата акта", 34, example="постановление от 01.08.2023 № 1"),
)
HEADINGS: Final = {column.key: column.heading for column in COLUMNS}
_BY_HEADING: Final = {folded(column.heading): column.key for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong and where; `row` 0 is the file as a whole."""

    row: int
    column: str  # the key of the column, or nothing
    text: str

    def __str__(self) -> str:
        if not self.row:
            return self.text
        if not self.column:
            return _("Row %(row)d: %(text)s") % {"row": self.row, "text": self.text}
        return _("Row %(row)d, column “%(column)s”: %(text)s") % {
            "row": self.row,
            "column": HEADINGS[self.column],
            "text": self.text,
        }


class UnreadableError(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A school as the file gives it. `details` has only what is given: an empty cell leaves what is known."""

    number: int
    code: str
    parent: str
    ownership: str
    head: str
    opened: date | None
    closed: date | None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...]


def read(content: bytes, file_name: str) -> Reading:
    """The rows of an XLSX, ODS or CSV file. UnreadableError for a file that is no table of schools at all."""
    if len(content) > SIZE_LIMIT:
        raise UnreadableError(
            _("%(file)s is larger than %(limit)d MB.") % {"file": file_name, "limit": SIZE_LIMIT // 1024**2}
        )
    lines = _cells_of_book(content, file_name) if content[:2] == b"PK" else _cells_of_text(content, file_name)
    numbered = enumerate(lines, start=1)
    columns = _find_headings(numbered, file_name)
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    for number, cells in numbered:
        if number > ROW_LIMIT:
            raise UnreadableError(
                _("%(file)s has more than %(limit)d rows.") % {"file": file_name, "limit": ROW_LIMIT}
            )
        values = {key: cells[place] for key, place in columns.items() if place < len(cells)}
        if not any(values.values()) or values.get("code", "").upper() == EXAMPLE:
            continue
        judge = _Judge(number, values)
        row = judge.row()
        mistakes.extend(judge.mistakes)
        if row.code in seen:
            mistakes.append(
                Mistake(
                    number,
                    "code",
                    _("the code %(code)s stands in row %(other)d already.")
                    % {"code": row.code, "other": seen[row.code]},
                )
            )
        seen.setdefault(row.code, number)
        rows.append(row)
    if not rows and not mistakes:
        raise UnreadableError(_("%s has no rows below its headings.") % file_name)
    return Reading(tuple(rows), tuple(mistakes))


def _find_headings(numbered: Iterator[tuple[int, list[str]]], file_name: str) -> dict[str, int]:
    """Where each column stands; consumes the lines up to the headings."""
    for number, cells in numbered:
        known = [
            (_BY_HEADING[folded(cell)], place) for place, cell in enumerate(cells) if folded(cell) in _BY_HEADING
        ]
        if len(known) >= 3:
            columns = dict(reversed(known))
            if len(columns) < len(known):
                raise UnreadableError(_("%s has a column twice. Remove one of them.") % file_name)
            missing = [column.heading for column in COLUMNS if column.must and column.key not in columns]
            if missing:
                raise UnreadableError(
                    _("%(file)s lacks the columns: %(columns)s. Take the template.")
                    % {"file": file_name, "columns": ", ".join(f"«{heading}»" for heading in missing)}
                )
            return columns
        if number >= 10:
            break
    raise UnreadableError(
        _("In the first ten rows of %s there are no headings of the registry. Take the template.") % file_name
    )


class _Judge:
    """Turns the cells of one row into a Row and gathers what is wrong with them."""

    def __init__(self, number: int, values: dict[str, str]) -> None:
        self.number = number
        self.values = values
        self.mistakes: list[Mistake] = []

    def get(self, key: str) -> str:
        return self.values.get(key, "")

    def wrong(self, key: str, text: str) -> None:
        self.mistakes.append(Mistake(self.number, key, text))

    def row(self) -> Row:
        self.names()
        details = {**self.texts(), **self.pupils(), **self.school_type()}
        ownership = self.ownership()
        opened, closed = self.day("opened"), self.day("closed")
        if opened and closed and closed <= opened:
            self.wrong("closed", _("is not later than the date of opening."))
        return Row(
            self.number, self.get("code"), self.get("parent"), ownership, self.get("head"), opened, closed, details
        )

    def names(self) -> None:
        for key in ("code", "name", "short_name"):
            if not self.get(key):
                self.wrong(key, _("is empty."))
        if len(self.get("code")) > 40:
            self.wrong("code", _("is longer than 40 characters."))

    def texts(self) -> dict[str, Any]:
        given = {key: self.get(key) for key in ("oktmo", "address", "email", "phone", "act") if self.get(key)}
        details: dict[str, Any] = {key: "" if value in CLEAR else value for key, value in given.items()}
        details |= {key: self.get(key) for key in ("name", "short_name") if self.get(key)}
        if details.get("oktmo") and not re.fullmatch(r"\d{8}|\d{11}", details["oktmo"]):
            self.wrong("oktmo", _("“%s” is not 8 or 11 digits.") % details["oktmo"])
        return details

    def pupils(self) -> dict[str, Any]:
        given = re.sub(r"\s", "", self.get("pupils"))
        if not given:
            return {}
        if given in CLEAR:
            return {"pupils": None}
        if not given.isdecimal() or len(given) > 5:
            self.wrong("pupils", _("“%s” is not a whole number.") % given)
            return {}
        return {"pupils": int(given)}

    def school_type(self) -> dict[str, Any]:
        given = self.get("school_type")
        if not given or given in CLEAR:
            return {"school_type": ""} if given else {}
        if folded(given) not in _TYPES:
            text = _("“%(given)s” is not one of: %(known)s.")
            self.wrong("school_type", text % {"given": given, "known": ", ".join(TYPES)})
            return {}
        return {"school_type": _TYPES[folded(given)]}

    def ownership(self) -> str:
        given = folded(self.get("ownership"))
        if given not in (MUNICIPAL, STATE):
            self.wrong("ownership", _("write “%(one)s” or “%(other)s”.") % {"one": MUNICIPAL, "other": STATE})
        if given == MUNICIPAL and not self.get("parent") and not self.get("head"):
            self.wrong("parent", _("is empty."))
        return given

    def day(self, key: str) -> date | None:
        given = self.get(key)
        if not given or given in CLEAR:
            return None
        for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(given, pattern).date()  # noqa: DTZ007 - a calendar date has no zone
            except ValueError:
                continue
        self.wrong(key, _("“%s” is not a date. Write it like 01.09.2023.") % given)
        return None


def _cells_of_book(content: bytes, file_name: str) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inflated = sum(part.file_size for part in archive.infolist())
        if inflated > INFLATED_LIMIT:
            raise UnreadableError(_("%s unpacks to far more than a registry needs.") % file_name)
        sheets = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = sheets.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError, OSError) as error:
        raise UnreadableError(_("%s is damaged or is not a spreadsheet.") % file_name) from error
    return ([_text(cell) for cell in row] for row in rows)


def _cells_of_text(content: bytes, file_name: str) -> Iterator[list[str]]:
    if b"\x00" in content:
        raise UnreadableError(_("%s is neither XLSX nor CSV.") % file_name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    head = text[:4000]
    delimiter = max(";,\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(_("%s is not a readable CSV file.") % file_name) from error
    return ([_text(cell) for cell in row] for row in rows)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%d.%m.%Y")
    text = " ".join(str(cell).split())
    # what a guarded export wrote as text, so that a spreadsheet does not take it for a formula
    return text[1:] if text[:2] in {"'=", "'+", "'-", "'@"} else text


def collected(mistakes: Iterable[Mistake]) -> tuple[list[Mistake], int]:
    """The first MISTAKE_LIMIT by row, and how many more there are."""
    order: Sequence[Mistake] = sorted(mistakes, key=lambda mistake: mistake.row)
    return list(order[:MISTAKE_LIMIT]), max(0, len(order) - MISTAKE_LIMIT)
