"""Public XLSForm workbooks, out of an archive that the tests download (requirements/samples.txt) and never keep."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import tomllib
import zipfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import python_calamine as calamine
import xlsxwriter
from pyxform.xls2xform import convert
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    Cells = Mapping[str, list[list[Any]]]

FOLDER: Final = Path(sys.prefix) / "samples"
PINS: Final = Path(__file__).parents[1] / "requirements" / "samples.txt"
MISSING: Final = (
    f"The public XLSForm workbooks are not in {FOLDER}: run `make test`, or `sh bin/setup dev` where .venv is older. "
    "It downloads what requirements/samples.txt pins; docs/decisions/0009-public-xlsform-samples.md: how offline."
)
INSIDE: Final = "pyxform/tests/"
EXPECTED: Final = Path(__file__).parent / "data" / "xlsforms" / "public.toml"
BOOKS: Final[Mapping[str, Any]] = {one["file"]: one for one in tomllib.loads(EXPECTED.read_text("utf-8"))["book"]}
FORMS: Final = [name for name, one in BOOKS.items() if "items" in one]  # as they are
MENDED: Final = [name for name, one in BOOKS.items() if "mended" in one]  # when an author has followed the messages


@cache
def books() -> Mapping[str, bytes]:
    """Path inside the archive → workbook, all that are there; a missing archive is a failure that says what to do."""
    pins = set(re.findall(r"sha256:([0-9a-f]{64})", PINS.read_text(encoding="utf-8")))
    for path in sorted(FOLDER.glob("*.whl")):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() in pins:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return {
                    name.removeprefix(INSIDE): archive.read(name)
                    for name in sorted(archive.namelist())
                    if name.startswith(INSIDE) and name.endswith((".xls", ".xlsx", ".xlsm"))
                }
    pytest.fail(MISSING)


def address(row: int, column: int) -> str:
    """«B3» for row 2 and column 1, both from 0."""
    return str(xl_rowcol_to_cell(row, column))


def cells(data: bytes) -> Cells:
    """Sheet → rows, of a workbook in the old format as well."""
    book = calamine.load_workbook(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def saved(
    sheets: Cells,
    *,
    drop: Collection[int] = (),
    put: Mapping[str, Any] | None = None,
    replace: Iterable[tuple[str, str]] = (),
) -> bytes:
    """As XLSX, as an author saves it; of the survey rows emptied and texts replaced, cells («choices!B6») put."""
    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, {**settings, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        filled = {(row, column): value for row, cells in enumerate(rows) for column, value in enumerate(cells)}
        if name == "survey":
            filled = {at: _replaced(value, replace) for at, value in filled.items() if at[0] + 1 not in drop}
        for at, value in {**filled, **dict(_put(name, put or {}))}.items():
            if value != "":
                sheet.write(*at, str(value) if isinstance(value, timedelta) else value)
    book.close()
    return stream.getvalue()


def _replaced(value: Any, pairs: Iterable[tuple[str, str]]) -> Any:
    for found, instead in pairs:
        value = re.sub(found, instead, value) if isinstance(value, str) else value
    return value


def _put(sheet: str, put: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Any]]:
    for place, value in put.items():
        name, _mark, address = place.rpartition("!")
        if (name or "survey") == sheet:
            yield xl_cell_to_rowcol(address), value


def xlsx(name: str) -> bytes:
    """The workbook as an author of ours has it: in the new format."""
    data = books()[name]
    return saved(cells(data)) if name.endswith(".xls") else data


def mended(name: str) -> bytes:
    """The workbook as it is when its author has done what the messages say."""
    how = BOOKS[name]["mended"]
    more = {key: how[key] for key in ("drop", "put", "replace") if key in how}
    return saved(cells(books()[name]), **more)


def theirs(data: bytes) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """What pyxform reads: (name of the repeat around or «», the question as it keeps it, its lists of choices)."""
    made = convert(io.BytesIO(data), file_type=".xlsx", validate=False)._pyxform
    yield from _walk(made["children"], "", made.get("choices", {}))


def _walk(
    children: list[dict[str, Any]], repeat: str, lists: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for one in children:
        if one["name"] == "meta" and one["type"] == "group":
            continue
        yield repeat, one, lists
        if one["type"] in {"group", "repeat"}:
            yield from _walk(one["children"], one["name"] if one["type"] == "repeat" else repeat, lists)
