"""What is said to a person who has not answered, or whose number is out of its limits?"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.schema.model import Item, Words

NUMBERS: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT}
ASKED: Final[Mapping[Kind, Words]] = {
    Kind.TEXT: {"ru": "Заполните это поле.", "en": "Fill this field in."},
    Kind.LONG: {"ru": "Заполните это поле.", "en": "Fill this field in."},
    Kind.DATE: {"ru": "Укажите дату.", "en": "Give a date."},
    Kind.ONE: {"ru": "Выберите один из вариантов.", "en": "Choose one of the answers."},
    Kind.MANY: {"ru": "Отметьте хотя бы один вариант.", "en": "Mark at least one of the answers."},
    Kind.YESNO: {"ru": "Ответьте «да» или «нет».", "en": "Answer «yes» or «no»."},
    Kind.FILE: {"ru": "Приложите файл.", "en": "Attach a file."},
    Kind.PERSON: {"ru": "Укажите ФИО и должность.", "en": "Give the name and the post."},
    Kind.TABLE: {"ru": "Заполните таблицу.", "en": "Fill the table in."},
    Kind.REPEAT: {"ru": "Добавьте хотя бы одну запись.", "en": "Add at least one entry."},
}
OTHER: Final[Words] = {"ru": "Ответьте на этот вопрос.", "en": "Answer this question."}


def wanted(item: Item) -> Words:
    """What a required item asks for: «Укажите целое число, не больше 5 000.»"""
    if item.kind not in NUMBERS:
        return ASKED.get(item.kind, OTHER)
    whole = item.kind == Kind.INTEGER
    limits = {language: _limits(item, language) for language in ("ru", "en")}
    return {
        "ru": f"Укажите {'целое число' if whole else 'число'}{limits['ru']}.",
        "en": f"Give a {'whole number' if whole else 'number'}{limits['en']}.",
    }


def _limits(item: Item, language: str) -> str:
    russian = language == "ru"
    low = None if item.least is None or item.least == 0 else figures(item.least, language)
    high = None if item.most is None else figures(item.most, language)
    if low and high:
        return f" от {low} до {high}" if russian else f" from {low} to {high}"
    if high:
        return f", не больше {high}" if russian else f", at most {high}"
    if low:
        return f", не меньше {low}" if russian else f", at least {low}"
    return ""


def figures(value: float, language: str) -> str:
    """A number as people write it: «12 345,5», «−3»; fifteen digits, so that sums of decimals leave no dust."""
    written = str(value) if isinstance(value, int) else format(Decimal(f"{value or 0:.15g}"), "f")
    whole, _point, rest = written.partition(".")
    grouped = f"{abs(int(whole)):,}".replace(",", "\u202f" if language == "ru" else ",")
    sign = "\u2212" if whole.startswith("-") else ""
    return f"{sign}{grouped}{',' if language == 'ru' else '.'}{rest}" if rest else f"{sign}{grouped}"


def beyond(item: Item, size: float) -> Words | None:
    """What is wrong with a number that the limits of the item do not allow; None when they do."""
    if item.least is not None and size < item.least:
        return {
            "ru": f"Число не может быть меньше {figures(item.least, 'ru')}.",
            "en": f"The number cannot be less than {figures(item.least, 'en')}.",
        }
    if item.most is not None and size > item.most:
        return {
            "ru": f"Число не может быть больше {figures(item.most, 'ru')}.",
            "en": f"The number cannot be more than {figures(item.most, 'en')}.",
        }
    return None
