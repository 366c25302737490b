"""What did a person mean by a value? From JSON, a plain post or a cell of a workbook to a typed value of an item."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import as_date
from profminimum.monitoring.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from profminimum.monitoring.schema.model import Item, Words

LARGEST: Final = 10**15  # whole numbers stay exact in both evaluators below it
TEXT, LONG = 500, 10_000  # characters unless the item says otherwise
PERSON_PARTS: Final = ("name", "post", "phone", "email")
YES: Final = {"да", "yes", "true", "1", "y", "истина", "on", "+"}
NO: Final = {"нет", "no", "false", "0", "n", "ложь", "-"}
_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
_NUMBER: Final = re.compile(r"[-−]?\d+(?:[.,]\d+)?", re.ASCII)
_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAK: Final = re.compile(r"\r\n?")
_PARTS: Final = re.compile(r"[;\n]")
YEARS: Final = (1900, 2100)


class BadValueError(Exception):
    """The value is not one that the item can have; `message` says what is wanted."""

    def __init__(self, code: str, ru: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.message: Words = {"ru": ru, "en": en}


def blank(value: Any) -> bool:
    """Nothing has been answered."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def whole(_item: Item, value: Any) -> int:
    found = _number(value)
    if found is None or found != math.floor(found):
        raise BadValueError("whole", "Укажите целое число цифрами.", "Give a whole number in figures.")
    if abs(found) >= LARGEST:
        raise BadValueError("large", "Число слишком велико.", "The number is too large.")
    return int(found)


def decimal(item: Item, value: Any) -> float:
    found = _number(value)
    if found is None:
        raise BadValueError(
            "number", "Укажите число цифрами, например 12,5.", "Give a number in figures, such as 12.5."
        )
    if abs(found) >= LARGEST:
        raise BadValueError("large", "Число слишком велико.", "The number is too large.")
    tidy = round(found, item.decimals)
    if abs(tidy - found) > 1e-9 * max(1.0, abs(found)):
        raise BadValueError(
            "decimals",
            f"После запятой может быть знаков: не больше {item.decimals}.",
            f"There may be at most {item.decimals} digits after the point.",
        )
    return tidy + 0.0  # no minus before zero


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 and math.isfinite(value) else None
    if isinstance(value, str):
        tight = _SPACES.sub("", value)
        if len(tight) <= 40 and _NUMBER.fullmatch(tight):
            return float(tight.replace(",", ".").replace("−", "-"))
    return None


def printable(text: str) -> str:
    """Without what no database or file keeps: control characters, halves of letters."""
    return _CONTROL.sub("", text)


def words(item: Item, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValueError("text", "Здесь нужен текст.", "A text is wanted here.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = _BREAK.sub("\n", printable(str(value)).strip())
    found = " ".join(found.split()) if item.kind == Kind.TEXT else found.strip()
    longest = item.longest or (LONG if item.kind == Kind.LONG else TEXT)
    if len(found) > longest:
        raise BadValueError(
            "long",
            f"Текст длиннее {longest} знаков: сократите на {len(found) - longest}.",
            f"The text is longer than {longest} characters: shorten it by {len(found) - longest}.",
        )
    return found


def day(_item: Item, value: Any) -> str:
    found = _day(value)
    if found is None:
        raise BadValueError("date", "Укажите дату: день.месяц.год.", "Give a date: year-month-day.")
    if not YEARS[0] <= int(found[:4]) <= YEARS[1]:
        raise BadValueError("year", f"Проверьте год: {found[:4]}.", f"Look at the year: {found[:4]}.")
    return found


def _day(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    tight = value.strip()
    russian = _DATE.fullmatch(tight)
    return as_date(f"{russian[3]}-{int(russian[2]):02}-{int(russian[1]):02}" if russian else tight)


def yes_no(_item: Item, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    said = str(value).strip().casefold() if isinstance(value, (str, int, float)) else ""
    if said in YES or said == "1.0":
        return True
    if said in NO or said == "0.0":
        return False
    raise BadValueError("yesno", "Ответьте «да» или «нет».", "Answer «yes» or «no».")


def _chosen(item: Item, value: Any) -> str:
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    for choice in item.choices:
        if said == choice.name:
            return choice.name
    folded = said.casefold()
    for choice in item.choices:
        if folded in {label.casefold() for label in choice.label.values()}:
            return choice.name
    raise BadValueError(
        "choice", f"«{said[:60]}» нет среди вариантов ответа.", f"«{said[:60]}» is not among the choices."
    )


def one(item: Item, value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if isinstance(value, (list, dict, bool)):
        raise BadValueError("choice", "Выберите один вариант.", "Choose one of the answers.")
    return _chosen(item, value)


def many(item: Item, value: Any) -> list[str]:
    taken = {_chosen(item, each) for each in (value if isinstance(value, list) else _apart(item, str(value)))}
    return [choice.name for choice in item.choices if choice.name in taken]


def _apart(item: Item, said: str) -> list[str]:
    """«a; b» by lines and semicolons, «a b» when all of it are names of choices, as exports write them."""
    names = {choice.name for choice in item.choices}
    if said not in names and names.issuperset(said.split()):
        return said.split()
    return [part for part in _PARTS.split(said) if part.strip()]


def file(_item: Item, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        number, name, size = value.get("file"), value.get("name"), value.get("size") or 0
        if type(number) is int and 0 < number < LARGEST and type(size) is int and isinstance(name, str):
            return {"file": number, "name": _line(name)[:255], "size": size}
    raise BadValueError("file", "Приложите файл.", "Attach a file.")


def _line(value: Any) -> str:
    said = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    return " ".join(printable(said).split())


def person(_item: Item, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise BadValueError("person", "Укажите ФИО и должность.", "Give the name and the post.")
    parts = {name: _line(value.get(name))[:200].rstrip() for name in PERSON_PARTS}
    return {name: said for name, said in parts.items() if said}


READERS: Final[Mapping[Kind, Callable[[Item, Any], Any]]] = {
    Kind.INTEGER: whole,
    Kind.DECIMAL: decimal,
    Kind.AMOUNT: decimal,
    Kind.TEXT: words,
    Kind.LONG: words,
    Kind.DATE: day,
    Kind.ONE: one,
    Kind.MANY: many,
    Kind.YESNO: yes_no,
    Kind.FILE: file,
    Kind.PERSON: person,
}
