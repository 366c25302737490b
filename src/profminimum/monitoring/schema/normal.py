"""Is a value typed already? A quick look that spares the reading: on a deadline evening most values come as kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.evaluate import as_date
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.values import LARGEST, LONG, TEXT, YEARS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from profminimum.monitoring.schema.model import Item

    Look = Callable[[Any], Any]


def normal(item: Item) -> Look:
    """A function that gives a value as its reader would when that is seen at once, None when it must be read."""
    return LOOKS.get(item.kind, _never)(item)


def _never(_item: Item) -> Look:
    return lambda _value: None


def _whole(_item: Item) -> Look:
    return lambda value: value if type(value) is int and -LARGEST < value < LARGEST else None


def _decimal(item: Item) -> Look:
    places = item.decimals

    def look(value: Any) -> float | None:
        if type(value) is float and -LARGEST < value < LARGEST and round(value, places) == value:
            return value + 0.0  # no minus before zero
        return None

    return look


def _text(item: Item) -> Look:
    longest = item.longest or TEXT

    def look(value: Any) -> str | None:
        fits = type(value) is str and 0 < len(value) <= longest and value.isprintable()  # the only space is the plain
        return value if fits and value[0] != " " != value[-1] and "  " not in value else None

    return look


def _long(item: Item) -> Look:
    longest = item.longest or LONG

    def look(value: Any) -> str | None:
        fits = type(value) is str and 0 < len(value) <= longest and value.replace("\n", "").isprintable()
        return value if fits and value == value.strip() else None

    return look


def _day(_item: Item) -> Look:
    return lambda value: value if type(value) is str and _is_day(value) else None


@lru_cache(maxsize=4096)
def _is_day(value: str) -> bool:
    return as_date(value) == value and YEARS[0] <= int(value[:4]) <= YEARS[1]


def _yes_no(_item: Item) -> Look:
    return lambda value: value if type(value) is bool else None


def _one(item: Item) -> Look:
    names = {choice.name for choice in item.choices if choice.name and choice.name == choice.name.strip()}
    return lambda value: value if type(value) is str and value in names else None


LOOKS: Final[Mapping[Kind, Callable[[Item], Look]]] = {
    Kind.INTEGER: _whole,
    Kind.DECIMAL: _decimal,
    Kind.AMOUNT: _decimal,
    Kind.TEXT: _text,
    Kind.LONG: _long,
    Kind.DATE: _day,
    Kind.YESNO: _yes_no,
    Kind.ONE: _one,
}
