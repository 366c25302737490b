"""How the registry of schools leaves as a spreadsheet: the empty template, and the list that can be read back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from profminimum.orgs import registry
from profminimum.orgs.models import Kind
from profminimum.orgs.registry import COLUMNS, MUNICIPAL, STATE, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from profminimum.orgs.models import Organisation

_TYPE_WORDS: Final = {value: word for word, value in TYPES.items()}
_EMPTY_ROWS: Final = 2000
_HOW: Final = (
    "Как заполнить реестр школ",
    "",
    "1. Одна строка — одна школа или один филиал. Строку с примером удалять не нужно: она не загружается.",
    "2. Школа узнаётся по коду. Если код уже есть в системе, строка изменит школу, если нет — откроет новую.",
    "3. Пустая ячейка ничего не меняет. Чтобы удалить значение, впишите «-».",
    "4. Школы, которых нет в файле, останутся как есть. Чтобы закрыть школу, впишите дату закрытия.",
    "5. Муниципальная школа относится к своему органу управления, государственная — прямо к министерству.",
    "6. У филиала впишите код головной школы; орган управления у него тот же.",
    "7. Перед загрузкой система покажет, что изменится. Пока в файле есть хоть одна ошибка, не изменится ничего.",
    "",
    "Столбцы",
)


def book(rows: Iterable[Sequence[Any]] | None, *, authorities: Sequence[str]) -> bytes:
    """The template (rows None) with an example and drop-downs, or the given rows in the same columns.

    Everything is written as text, so that no cell can become a formula.
    """
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"constant_memory": rows is not None, "in_memory": rows is None})
    try:
        sheet = workbook.add_worksheet("Школы")
        lists = workbook.add_worksheet("Списки")
        how = workbook.add_worksheet("Как заполнить")
        head = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF4", "border": 1, "locked": True}
        )
        text = workbook.add_format({"num_format": "@", "locked": False, "valign": "top"})
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width, text)
            sheet.write_string(0, place, column.heading, head)
        sheet.freeze_panes(1, 3)
        if rows is None:
            _example(workbook, sheet, authorities)
        else:
            for number, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    if value not in (None, ""):
                        sheet.write_string(number, place, str(value), text)
        _drop_downs(sheet, len(authorities))
        _lists(lists, authorities)
        _instructions(workbook, how)
    finally:
        workbook.close()
    return stream.getvalue()


def _example(workbook: Any, sheet: Any, authorities: Sequence[str]) -> None:
    grey = workbook.add_format({"italic": True, "font_color": "#667085", "num_format": "@", "locked": True})
    values = {column.key: column.example for column in COLUMNS}
    values |= {"code": registry.EXAMPLE, "parent": authorities[0] if authorities else "", "opened": "01.09.2023"}
    for place, column in enumerate(COLUMNS):
        sheet.write_string(1, place, values[column.key], grey)
    options = {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True}
    sheet.protect("", options)


def _drop_downs(sheet: Any, authorities: int) -> None:
    places = {column.key: place for place, column in enumerate(COLUMNS)}
    sources = {
        "ownership": [MUNICIPAL, STATE],
        "school_type": f"=Списки!$B$1:$B${len(TYPES)}",
        **({"parent": f"=Списки!$A$1:$A${authorities}"} if authorities else {}),
    }
    for key, source in sources.items():
        place = places[key]
        # a name typed by hand, or a code, is allowed in the column of the authority: the import judges it
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, place, _EMPTY_ROWS, place, rule)


def _lists(sheet: Any, authorities: Sequence[str]) -> None:
    words = list(TYPES)
    for number in range(max(len(authorities), len(words))):
        if number < len(authorities):
            sheet.write_string(number, 0, authorities[number])
        if number < len(words):
            sheet.write_string(number, 1, words[number])
    sheet.hide()


def _instructions(workbook: Any, sheet: Any) -> None:
    wide = workbook.add_format({"text_wrap": True, "valign": "top"})
    bold = workbook.add_format({"bold": True})
    sheet.set_column(0, 0, 34, wide)
    sheet.set_column(1, 1, 90, wide)
    for number, line in enumerate(_HOW):
        sheet.write_string(number, 0, line, bold if number in (0, len(_HOW) - 1) else None)
    for number, column in enumerate(COLUMNS, start=len(_HOW)):
        must = " Обязательно." if column.must and column.key != "parent" else ""
        sheet.write_string(number, 0, column.heading)
        sheet.write_string(number, 1, f"{column.hint}.{must}".lstrip("."))
    sheet.protect()


def row_of(school: Organisation, parent: Organisation | None) -> list[Any]:
    """A school with its state as a row of the registry; a branch names its head school by code."""
    state = school.state
    under_authority = parent is not None and parent.kind == Kind.AUTHORITY
    is_branch = school.kind == Kind.BRANCH
    values = {
        "code": school.code,
        "name": state.name,
        "short_name": state.short_name,
        "parent": parent.state.short_name if parent is not None and under_authority else "",
        "ownership": MUNICIPAL if under_authority or is_branch else STATE,
        "school_type": _TYPE_WORDS.get(state.school_type, ""),
        "oktmo": state.oktmo,
        "pupils": state.pupils,
        "address": state.address,
        "email": state.email,
        "phone": state.phone,
        "head": parent.code if parent is not None and is_branch else "",
        "opened": school.opened.strftime("%d.%m.%Y"),
        "closed": school.closed.strftime("%d.%m.%Y") if school.closed else "",
    }
    return [values.get(column.key, "") for column in COLUMNS]
