"""Workbooks of the tests: sheets as rows of cells, and a small form that goes the whole way."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADS = ("type", "name", "label::ru", "label::en")
SURVEY = (
    HEADS,
    ("begin group", "figures", "Показатели", "Figures"),
    ("integer", "pupils", "Обучающихся 6–11 классов", "Pupils of grades 6–11"),
    ("integer", "covered", "Охвачено профминимумом", "Covered"),
    ("end group",),
)


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of these sheets, each a sequence of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]  # a new workbook has a sheet
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def form(
    *rows: Sequence[Any], heads: Sequence[str] = HEADS, choices: Sequence[Sequence[Any]] = (), **sheets: Any
) -> bytes:
    """A form of these rows under these headings."""
    more: Mapping[str, Any] = {"choices": [("list_name", "name", "label::ru"), *choices], **sheets}
    return book(survey=[heads, *rows], **more)


def small(*, name: str = "covering", title: str = "Охват обучающихся") -> bytes:
    """Two questions, no fault."""
    return book(survey=SURVEY, settings=[("form_title", "form_id"), (title, name)])


def broken() -> bytes:
    """A form whose rule is wrong at survey!E4."""
    rows = [*SURVEY]
    rows[0] = (*HEADS, "constraint")
    rows[3] = (*SURVEY[3], "${covered} <= ${pupil}")
    return book(survey=rows, settings=[("form_title", "form_id"), ("Охват обучающихся", "covering")])
