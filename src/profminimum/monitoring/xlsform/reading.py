"""What form does a workbook hold, and what is wrong with it, cell by cell? XLSForm's survey, choices and settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Final

from profminimum.decree.model import UnreadableError
from profminimum.monitoring import workbook
from profminimum.monitoring.books.scanning import scan
from profminimum.monitoring.schema.loading import validate
from profminimum.monitoring.schema.model import Check, Definition
from profminimum.monitoring.xlsform import choices, columns
from profminimum.monitoring.xlsform.extras import severity_of
from profminimum.monitoring.xlsform.sheets import ERROR, Fault, Faults, Sheet
from profminimum.monitoring.xlsform.survey import UNANSWERED, Builder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from profminimum.monitoring.xlsform.sheets import Line

    Registers = Mapping[str, Collection[str]]

SHEETS: Final = ("survey", "choices", "settings", "checks", "инструкция")
NEVER: Final[Mapping[str, tuple[str, str]]] = {  # sheets of XLSForm that are not read → why that matters
    "external_choices": ("внешние списки не поддерживаются", "external lists are not supported"),
    "entities": ("сущности не поддерживаются", "entities are not supported"),
    "osm": ("данные OSM не поддерживаются", "OSM data are not supported"),
}
MOST_ITEMS: Final = 1000
LATIN: Final = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeezijklmnoprstufye", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
)
EMPTIED: Final = {"items", "choices", "rows"}  # empty only after an error that has been told at its cell


@dataclass(frozen=True, slots=True)
class Reading:
    """`definition` is None while there are errors; `name` and `title` are known all the same."""

    definition: Definition | None
    faults: tuple[Fault, ...]
    name: str = ""
    title: str = ""

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity == ERROR)


def read(data: bytes, name: str, registers: Registers | None = None) -> Reading:
    """The form in a workbook; what cannot be read is a fault, never an exception.

    `registers` are the registers of the pack with their fields; without them their names are not checked.
    """
    try:
        blind = {title.strip().lower(): cells for title, cells in scan(data, name, bounded=False).items()}
        pages = {title.strip().lower(): rows for title, rows in workbook.read(data, name).items()}
    except UnreadableError as error:
        return Reading(None, (Fault("", "", ERROR, {"ru": error.message, "en": error.message_en}),))
    if "survey" not in pages:
        words = {
            "ru": f"В книге «{name}» нет листа «survey» с вопросами.",
            "en": f"The workbook «{name}» has no sheet «survey» with questions.",
        }
        return Reading(None, (Fault("", "", ERROR, words),))
    return _Book(pages, name, registers, blind).reading()


class _Book:
    """The sheets of one workbook while they are read."""

    def __init__(
        self,
        pages: Mapping[str, Sequence[Sequence[Any]]],
        file: str,
        registers: Registers | None,
        blind: Mapping[str, Collection[str]],
    ) -> None:
        self.file, self.faults = file, Faults()
        settings = Sheet("settings", pages.get("settings", ()), self.faults)
        self.settings = settings.lines[0] if settings.lines else None
        default = columns.language(self.settings.get("default_language") if self.settings else "", "ru")
        self.survey = Sheet("survey", pages["survey"], self.faults, default)
        self.choices = Sheet("choices", pages.get("choices", ()), self.faults, default)
        self.checks = Sheet("checks", pages.get("checks", ()), self.faults, default)
        settings.default = default
        for title in SHEETS[:4]:
            for cell in sorted(blind.get(title, ())):
                self.faults.add(
                    title,
                    cell,
                    "Формула без значения или ошибка Excel: впишите само правило или текст, без «=» в начале.",
                    "A formula without a value or an error of Excel: write the rule or the text itself, without «=».",
                )
        self._headings(settings)
        for line in settings.lines[1:2]:
            line.notice("form_title", "Читается только первая строка настроек.", "Only the first row is read here.")
        for title in sorted(set(pages) - set(SHEETS)):
            if any(any(row) for row in pages[title]):
                self._other_sheet(title)
        self.builder = Builder(self.survey, choices.read(self.choices), registers)
        choices.name_idle(self.choices, self.survey)

    def _other_sheet(self, title: str) -> None:
        why = NEVER.get(title)
        ru, en = why or ("лист не используется", "the sheet is not used")
        self.faults.add(
            title, "", f"Лист «{title}»: {ru}.", f"The sheet «{title}»: {en}.", severity=ERROR if why else "notice"
        )

    def _headings(self, settings: Sheet) -> None:
        """Name the headings that are not read, and those that are missing."""
        wanted = {self.survey: ("type", "name"), self.choices: ("list_name", "name"), self.checks: ("rule",)}
        for sheet, names in wanted.items():
            for column in names:
                if (sheet.heads or sheet is self.survey) and not sheet.of(column):
                    self.faults.add(
                        sheet.name,
                        workbook.address(sheet.head_row, 0),
                        f"Нет столбца «{column}».",
                        f"There is no column «{column}».",
                    )
        for sheet in (self.survey, self.choices, self.checks, settings):
            for head in sheet.unseen():
                if sheet.used(head) is not None:
                    self.faults.notice(
                        sheet.name,
                        sheet.cell(head),
                        f"Столбец «{head.said}»: форма показывается по-русски и по-английски, других языков нет.",
                        f"The column «{head.said}»: a form is shown in Russian and in English, in no other language.",
                    )
        known = {self.survey: columns.SURVEY, self.checks: columns.CHECKS, settings: columns.SETTINGS}
        for sheet, names_ in known.items():
            for head in sheet.unknown(names_):
                if sheet.used(head) is not None:
                    self.faults.notice(
                        sheet.name,
                        sheet.cell(head),
                        f"Столбец «{head.said}» не поддерживается и не читается.",
                        f"The column «{head.said}» is not supported and not read.",
                    )

    def reading(self) -> Reading:
        whole = self._checks()
        items = self.builder.build()
        made = Definition(self._name(), self._title(), items, whole, self._note())
        if not set(self.builder.kinds.values()) - UNANSWERED and not self.builder.tree.lost:
            self.faults.add("survey", "", "В форме нет ни одного вопроса.", "The form asks no question.")
        if len(self.builder.lines) > MOST_ITEMS:
            self.faults.add(
                "survey", "", f"Вопросов больше {MOST_ITEMS}.", f"There are more than {MOST_ITEMS} questions."
            )
        told = {fault.cell for fault in self.faults.errors if fault.sheet == "survey"}
        rows = {cell.lstrip(ascii_uppercase) for cell in told}
        known = {"name", "choice_filter", *(EMPTIED if self.faults.errors else ())}
        for error in validate(made):
            # names are checked row by row; a filter may also name columns of the choices, which are checked with it
            cell = self.builder.cell(error.item, error.attribute)
            missing = error.attribute == "calculation" and cell.lstrip(ascii_uppercase) in rows
            if error.attribute not in known and cell not in told and not missing:
                self.faults.add("survey", cell, error.message["ru"], error.message["en"])
        return Reading(None if self.faults.errors else made, self.faults.listed(), made.name, made.title["ru"])

    def _stem(self) -> str:
        return self.file.rsplit(".", 1)[0] or "form"

    def _name(self) -> str:
        given = self.settings.get("form_id") if self.settings else ""
        latin = (given or self._stem()).lower().translate(LATIN)
        tidy = re.sub(r"[^a-z0-9_-]+", "-", latin).strip("-_")[:60] or "form"
        if given and not given.isascii() and self.settings is not None:
            self.settings.notice(
                "form_id",
                f"form_id записан латиницей: «{tidy}». По нему узнаются версии одной формы.",
                f"form_id is written in Latin letters: «{tidy}». By it the versions of a form are known.",
            )
        return tidy

    def _title(self) -> dict[str, str]:
        """`form_title` is what every XLSForm tool knows, `pm:title::en` the same in further languages."""
        if self.settings is None:
            return {"ru": self._stem()}
        return {"ru": self._stem(), **self.settings.words("form_title"), **self.settings.said("pm:title")}

    def _note(self) -> dict[str, str]:
        return self.settings.words("pm:note") if self.settings else {}

    def _checks(self) -> tuple[Check, ...]:
        """The sheet «checks»: rules about the whole answer, or about the question that is named."""
        whole = []
        for line in self.checks.lines:
            made = self._check(line)
            if made is None:
                continue
            name = line.get("name")
            if not name:
                whole.append(made)
            elif name not in self.builder.kinds:
                line.fault("name", f"В форме нет вопроса «{name}».", f"The form has no question «{name}».")
            elif self.builder.kinds[name] in UNANSWERED:
                line.fault(
                    "name",
                    f"У «{name}» нет ответа, который можно проверить: оставьте ячейку пустой.",
                    f"«{name}» has no answer to be checked: leave the cell empty.",
                )
            else:
                self.builder.more.setdefault(name, []).append(made)
        return tuple(whole)

    def _check(self, line: Line) -> Check | None:
        if not line.get("rule"):
            line.fault("rule", "Нет правила (rule).", "The rule is missing.")
            return None
        name = line.get("name")
        tree = self.builder.rules.tree(line, "rule", itself=name in self.builder.rules.truths)
        message = line.words("message")
        if not message:
            line.fault("message", "Напишите в message, что исправить.", "Say in message what is to be mended.")
        severity = severity_of(line, "severity")
        return Check(tree, message, severity) if tree is not None and message else None
