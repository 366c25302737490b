"""How does a form's workbook look that an author can work in? Headings with notes, drop-downs, and a guide."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from profminimum.monitoring.books.drawing import height_of
from profminimum.monitoring.xlsform import guide

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from profminimum.monitoring.xlsform.guide import Column

    Rows = Sequence[Mapping[str, str | int | float]]

GUIDE: Final = "Инструкция"
DEEPEST: Final = 2000  # rows for which there are drop-downs
_LISTS: Final[Mapping[str, Sequence[str]]] = {
    "pm:kind": ("amount", "long", "person", "yesno", "table"),
    "pm:summary": ("sum", "mean", "median", "share", "none"),
    "required": ("yes", "no"),
    "read_only": ("yes", "no"),
    "pm:severity": ("error", "warning"),
    "pm:check_severity": ("error", "warning"),
    "severity": ("error", "warning"),
}


def empty() -> bytes:
    """The workbook to begin with: no question yet, every heading explained."""
    settings = {"form_title": "", "form_id": "", "version": "1", "default_language": guide.RU}
    return book((), (), settings, (), columns=None)


def book(
    survey: Rows,
    choices: Rows,
    settings: Mapping[str, str],
    checks: Rows,
    *,
    columns: Iterable[str] | None = (),
) -> bytes:
    """A workbook with these rows, «heading → value»; `columns` further headings of the survey (None: all of them)."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        "head": made.add_format(
            {"bold": True, "bg_color": "#E8EDF4", "border": 1, "text_wrap": True, "valign": "top"}
        ),
        "ours": made.add_format(
            {"bold": True, "bg_color": "#F6EED8", "border": 1, "text_wrap": True, "valign": "top"}
        ),
        "text": made.add_format({"text_wrap": True, "valign": "top"}),
        "group": made.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F4F6FA"}),
    }
    used = {name for row in survey for name, value in row.items() if value != ""}
    wanted = [
        column
        for index, column in enumerate(guide.SURVEY)
        if columns is None or index < 4 or column.name in used or column.name in columns
    ]
    _sheet(made, "survey", wanted, survey, looks, frozen=2)
    _sheet(made, "choices", _with_further(guide.CHOICES, choices), choices, looks, frozen=2)
    _sheet(made, "settings", guide.SETTINGS, [settings], looks, frozen=0)
    _sheet(made, "checks", guide.CHECKS, checks, looks, frozen=1)
    _guide(made, looks)
    made.close()
    return stream.getvalue()


def _with_further(known: Sequence[Column], rows: Rows) -> list[Column]:
    names = dict.fromkeys(name for row in rows for name in row)
    further = [name for name in names if name not in {column.name for column in known}]
    return [*known, *(guide.Column(name, 14, "Столбец для choice_filter", "For choice_filter") for name in further)]


def _sheet(
    book: Any, title: str, columns: Sequence[Column], rows: Rows, looks: Mapping[str, Any], *, frozen: int
) -> None:
    sheet = book.add_worksheet(title)
    for index, column in enumerate(columns):
        ours = title == "checks" or column.name.startswith("pm:")
        sheet.write_string(0, index, column.name, looks["ours" if ours else "head"])
        sheet.write_comment(0, index, f"{column.ru}\n{column.en}", {"x_scale": 2})
        sheet.set_column(index, index, column.width)
        _drop_down(sheet, title, index, column.name)
    for number, row in enumerate(rows, 1):
        nests = str(row.get("type", "")).startswith(("begin", "end"))
        for index, column in enumerate(columns):
            value = row.get(column.name, "")
            look = looks["group" if nests else "text"]
            if value == "":
                if nests:
                    sheet.write_blank(number, index, None, look)
            elif isinstance(value, str):
                sheet.write_string(number, index, value, look)
            else:
                sheet.write_number(number, index, value, look)
        height = height_of((str(row.get(column.name, "")), column.width) for column in columns)
        if height:
            sheet.set_row(number, height)
    sheet.freeze_panes(1, frozen)
    sheet.set_row(0, height_of(((column.name, column.width - 2) for column in columns), least=2))
    _printed(sheet)


def _printed(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_print_scale(60)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&8&A&R&8&P / &N")


def _drop_down(sheet: Any, title: str, index: int, name: str) -> None:
    offered = guide.SUGGESTED if (title, name) == ("survey", "type") else _LISTS.get(name)
    if offered is None:
        return
    sheet.data_validation(
        1,
        index,
        DEEPEST,
        index,
        {
            "validate": "list",
            "source": list(offered),
            "error_type": "information",  # other values are written too: «select_one levels», a rule
            "error_title": "profminimum",
            "error_message": "Такого значения нет в списке. Оставить его?",
        },
    )


def _guide(book: Any, looks: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    sheet.set_column(2, 2, 60)
    row = 0
    for line in guide.LINES:
        sheet.merge_range(row, 0, row, 2, line, looks["text"])
        sheet.set_row(row, 32)
        row += 1
    for title, columns in (
        ("Типы вопросов", guide.TYPES),
        ("Столбцы листа survey", guide.SURVEY),
        ("Столбцы листа choices", guide.CHOICES),
        ("Столбцы листа settings", guide.SETTINGS),
        ("Столбцы листа checks", guide.CHECKS),
    ):
        row += 1
        sheet.merge_range(row, 0, row, 2, title, looks["head"])
        for column in columns:
            row += 1
            sheet.write_string(row, 0, column.name, looks["text"])
            sheet.write_string(row, 1, column.ru, looks["text"])
            sheet.write_string(row, 2, column.en, looks["text"])
            height = height_of([(column.name, 30), (column.ru, 80), (column.en, 60)])
            if height:
                sheet.set_row(row, height)
        row += 1
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
