"""What form do the sheets hold, and what is wrong with them, cell by cell? XLSForm's survey, choices and settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from profminimum.decree.model import UnreadableError
from profminimum.monitoring import workbook
from profminimum.monitoring.schema.loading import validate
from profminimum.monitoring.schema.model import Check, Choice, Definition, Severity
from profminimum.monitoring.schema.rules import Names, RuleError, compile_rule
from profminimum.monitoring.xlsform import columns
from profminimum.monitoring.xlsform.survey import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from profminimum.monitoring.schema.model import Words

MOST_FAULTS: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a cell («» for the sheet or the file): an error keeps the form from being published."""

    sheet: str
    cell: str
    severity: str  # error | notice
    message: Words

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """`definition` is None while there are errors."""

    definition: Definition | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity == "error")


@dataclass(slots=True)
class Line:
    """A row of a sheet: its number from 0, and «column → (value, index of the column)»."""

    row: int
    cells: dict[str, tuple[str, int]]

    def get(self, name: str) -> str:
        return self.cells.get(name, ("", 0))[0]

    def cell(self, name: str) -> str:
        return workbook.address(self.row, self.cells.get(name, ("", 0))[1])

    def words(self, name: str, default: str) -> dict[str, str]:
        """Language → text of a translated column; what has no language is in the default one."""
        found: dict[str, str] = {}
        for key, (value, _index) in self.cells.items():
            head, _colons, said = key.partition("::")
            if head == name and value:
                found[columns.language(said, default)] = value
        if found and "ru" not in found:
            found["ru"] = next(iter(found.values()))
        return found


@dataclass(slots=True)
class Sheets:
    """The workbook while it is read: faults are gathered, never raised."""

    survey: list[Line]
    choices: dict[str, list[tuple[Line, Choice]]]
    settings: Mapping[str, tuple[str, str]]  # name → (value, cell)
    checks: list[Line]
    default: str  # language
    faults: list[Fault] = field(default_factory=list)

    def fault(self, sheet: str, cell: str, ru: str, en: str, *, severity: str = "error") -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(sheet, cell, severity, {"ru": ru, "en": en}))

    def notice(self, sheet: str, cell: str, ru: str, en: str) -> None:
        self.fault(sheet, cell, ru, en, severity="notice")


def read(data: bytes, name: str) -> Reading:
    """The form in a workbook; what cannot be read is a fault, never an exception."""
    try:
        pages = {title.strip().lower(): rows for title, rows in workbook.read(data, name).items()}
    except UnreadableError as error:
        return Reading(None, (Fault("", "", "error", {"ru": error.message, "en": error.message_en}),))
    if "survey" not in pages:
        words = {"ru": "В книге нет листа «survey».", "en": "The workbook has no sheet «survey»."}
        return Reading(None, (Fault("survey", "", "error", words),))
    sheets = _sheets(pages)
    definition = _definition(sheets, name)
    for sheet in sorted(set(pages) - {"survey", "choices", "settings", "checks"}):
        sheets.notice(sheet, "", f"Лист «{sheet}» не используется.", f"The sheet «{sheet}» is not used.")
    reading = Reading(definition, tuple(sheets.faults))
    return Reading(None, reading.faults) if reading.errors else reading


def slug_of(data: bytes, name: str) -> str:
    """The name by which a form is known although its sheets have faults."""
    pages = {title.strip().lower(): rows for title, rows in workbook.read(data, name).items()}
    return _slug(_sheets({"survey": [], **pages}), name)


def _sheets(pages: Mapping[str, list[list[Any]]]) -> Sheets:
    settings = {
        key: (line.get(key), line.cell(key))
        for line in list(_lines(pages.get("settings", [])))[:1]
        for key in line.cells
    }
    default = columns.language(settings.get("default_language", ("", ""))[0], "ru")
    sheets = Sheets(list(_lines(pages["survey"])), {}, settings, list(_lines(pages.get("checks", []))), default)
    _columns(sheets, pages)
    _choices(sheets, pages.get("choices", []))
    return sheets


def _lines(rows: list[list[Any]]) -> Iterator[Line]:
    """The rows below the headings that hold anything."""
    heads: list[str] = []
    for number, row in enumerate(rows):
        said = [workbook.words(value) for value in row]
        if not any(said):
            continue
        if not heads:
            for value in said:
                name, language = columns.heading(value)
                heads.append(f"{name}::{language}" if language else name)
            continue
        cells = {
            head: (value, index)
            for index, (head, value) in enumerate(zip(heads, said, strict=False))
            if head and value
        }
        if cells:
            yield Line(number, cells)


def _columns(sheets: Sheets, pages: Mapping[str, list[list[Any]]]) -> None:
    """Name the columns that are not used."""
    known = columns.SURVEY | columns.TRANSLATED | columns.OURS
    rows = pages["survey"]
    number = next((index for index, row in enumerate(rows) if any(workbook.words(value) for value in row)), 0)
    heads = [workbook.words(value) for value in rows[number]] if rows else []
    names = [columns.heading(head)[0] for head in heads]
    for wanted in ("type", "name"):
        if wanted not in names:
            sheets.fault("survey", "", f"Нет столбца «{wanted}».", f"There is no column «{wanted}».")
    for index, (head, name) in enumerate(zip(heads, names, strict=True)):
        if head and name not in known:
            sheets.notice(
                "survey",
                workbook.address(number, index),
                f"Столбец «{head}» не поддерживается и не читается.",
                f"The column «{head}» is not supported and not read.",
            )
    for key, (_value, cell) in sheets.settings.items():
        if key.partition("::")[0] not in columns.SETTINGS:
            sheets.notice(
                "settings", cell, f"Настройка «{key}» не используется.", f"The setting «{key}» is not used."
            )


def _choices(sheets: Sheets, rows: list[list[Any]]) -> None:
    for line in _lines(rows):
        of, name = line.get("list_name"), line.get("name")
        if not of or not name:
            sheets.fault(
                "choices",
                line.cell("list_name" if not of else "name"),
                "Укажите и список (list_name), и имя варианта (name).",
                "Give both the list (list_name) and the name of the choice (name).",
            )
            continue
        known = sheets.choices.setdefault(of, [])
        if any(choice.name == name for _line, choice in known):
            sheets.fault(
                "choices",
                line.cell("name"),
                f"Вариант «{name}» уже есть в списке «{of}».",
                f"The choice «{name}» is in the list «{of}» already.",
            )
            continue
        extra = {
            key: value
            for key, (value, _index) in line.cells.items()
            if key not in {"list_name", "name"} and key.partition("::")[0] not in {"label", "media", "image", "audio"}
        }
        known.append((line, Choice(name, line.words("label", sheets.default) or {"ru": name}, extra)))


def _definition(sheets: Sheets, name: str) -> Definition | None:
    title = sheets.settings.get("form_title", ("", ""))[0] or name.rsplit(".", 1)[0]
    words = {"ru": title}
    for key, (value, _cell) in sheets.settings.items():
        head, _colons, language = key.partition("::")
        if head == "form_title" and language:
            words[columns.language(language, "ru")] = value
    builder = Builder(sheets)
    items = builder.build()
    made = Definition(
        name=_slug(sheets, name),
        title=words,
        items=items,
        checks=_whole(sheets, builder.names),
        note={"ru": note} if (note := sheets.settings.get("note", ("", ""))[0]) else {},
    )
    if not builder.names.items and not sheets.faults:
        sheets.fault("survey", "", "В форме нет ни одного вопроса.", "The form has no question.")
    seen = {(fault.sheet, fault.cell) for fault in sheets.faults}
    for error in validate(made):
        cell = builder.cell(error.item, error.attribute)
        if ("survey", cell) not in seen:
            sheets.fault("survey", cell, error.message["ru"], error.message["en"])
    return made


def _slug(sheets: Sheets, name: str) -> str:
    said = sheets.settings.get("form_id", ("", ""))[0] or name.rsplit(".", 1)[0]
    tidy = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in said)
    return tidy.strip("-")[:60].lower() or "form"


def _whole(sheets: Sheets, names: Names) -> tuple[Check, ...]:
    """The sheet «checks»: rules about the whole answer, with severity and message."""
    found = []
    for line in sheets.checks:
        try:
            tree = compile_rule(line.get("rule"), names)
        except RuleError as error:
            sheets.fault("checks", line.cell("rule"), error.message["ru"], error.message["en"])
            continue
        said = line.get("severity").lower() or "error"
        if said not in {"error", "warning"}:
            sheets.fault("checks", line.cell("severity"), "Допустимо: error или warning.", "Either error or warning.")
            continue
        message = line.words("message", sheets.default)
        if not message:
            sheets.fault("checks", line.cell("rule"), "Напишите message: что исправить.", "Write the message.")
            continue
        found.append(Check(tree, message, Severity(said)))
    return tuple(found)
