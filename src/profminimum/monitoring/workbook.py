"""What stands in the cells of a workbook that somebody sends? Read within limits, each with its address; pure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import python_calamine as calamine

from profminimum.decree.sources.safety import damaged, refuse
from profminimum.decree.sources.xlsx import check_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 20 * 2**20  # bytes
MOST_ROWS, MOST_COLUMNS = 60_000, 2_000
MOST_CELLS: Final = 4_000_000


def read(data: bytes, name: str) -> Mapping[str, list[list[Any]]]:
    """Sheet → rows from the first one, every cell as it is; `UnreadableError` says what is wrong with the file."""
    if len(data) > LARGEST:
        refuse(name, f"больше {LARGEST // 2**20} МБ. Разделите его.", f"is larger than {LARGEST // 2**20} MB.")
    if not data.startswith(b"PK"):
        refuse(
            name, "не книга Excel (XLSX). Сохраните его как XLSX.", "is no Excel workbook (XLSX). Save it as XLSX."
        )
    check_parts(data, name, MOST_CELLS)
    try:
        return _sheets(data, name)
    except Exception:
        raise
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the library's Rust code fails: no Exception
            damaged(name)
        raise


def _sheets(data: bytes, name: str) -> dict[str, list[list[Any]]]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        refuse(name, "защищён паролем. Снимите пароль в Excel.", "is protected by a password. Take it off in Excel.")
    except calamine.CalamineError:
        damaged(name)
    found: dict[str, list[list[Any]]] = {}
    for sheet in book.sheets_metadata:
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        page = book.get_sheet_by_name(sheet.name)
        if page.height > MOST_ROWS or page.width > MOST_COLUMNS or page.height * page.width > MOST_CELLS:
            refuse(
                name,
                f"лист «{sheet.name}» слишком велик. Удалите пустые строки и столбцы.",
                f"the sheet “{sheet.name}” is too large. Delete empty rows and columns.",
            )
        found[sheet.name] = page.to_python(skip_empty_area=False)
    return found


def address(row: int, column: int) -> str:
    """«F12» for row 11 and column 5, both from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, index = divmod(rest - 1, 26)
        letters = chr(65 + index) + letters
    return f"{letters}{row + 1}"


def words(value: Any) -> str:
    """A cell as a text: numbers without needless zeros, spaces at the ends taken off."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
