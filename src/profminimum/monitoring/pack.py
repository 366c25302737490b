"""Which forms does a pack bring, and which monitorings does it propose for which rows of the plan?"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from profminimum.plan.pack import PackError, table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

FILE: Final = "campaigns.toml"
KINDS: Final = ("school", "branch", "authority", "coordinator", "institute")  # who can be asked
LAST: Final = ("authority", "coordinator", "ministry")  # who accepts
LATE: Final = ("allow", "close")
AUTHORS: Final = ("coordinator", "ministry", "institute")  # who writes the analytical note


@dataclass(frozen=True, slots=True)
class Proposal:
    """A monitoring as the pack proposes it: `measures` are numbers of rows, `author` a kind of organisation."""

    form: str
    measures: tuple[str, ...]
    title: Mapping[str, str]
    kinds: tuple[str, ...]
    by_authority: bool
    last: str
    late: str
    days: int
    check_days: int
    author: str


def forms(folder: Path) -> list[Path]:
    """The workbooks of the pack, by name."""
    return sorted((folder / "forms").glob("*.xlsx"))


def proposals(folder: Path) -> list[Proposal]:
    """What `campaigns.toml` proposes; PackError names the file, the monitoring and the key."""
    listed = table(folder / FILE).get("campaign", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise PackError(f"{FILE}: нужны разделы [[campaign]] · sections [[campaign]] are wanted")
    return [_proposal(one, number) for number, one in enumerate(listed, 1)]


def _proposal(data: Mapping[str, Any], number: int) -> Proposal:
    def wanted(key: str, fits: Callable[[Any], bool], ru: str, en: str, usual: Any = None) -> Any:
        value = data.get(key, usual)
        if not fits(value):
            raise PackError(f"{FILE}, campaign {number} ({data.get('form', '?')}), {key}: {ru} · {en}")
        return value

    def among(names: Collection[str]) -> tuple[Callable[[Any], bool], str, str]:
        said = ", ".join(names)
        return (lambda value: isinstance(value, str) and value in names), f"одно из: {said}", f"one of: {said}"

    def several(value: Any) -> bool:
        return bool(value) and isinstance(value, list) and all(isinstance(one, str) and one for one in value)

    for key in data:
        if key not in {field.name for field in fields(Proposal)}:
            wanted(key, lambda _value: False, "такого ключа нет", "there is no such key")

    def text(value: Any) -> bool:
        return isinstance(value, str) and bool(value)

    known = wanted(
        "title", lambda value: isinstance(value, dict) and text(value.get("ru")), "нужен текст в ru", "a text in ru"
    )
    kinds = wanted(
        "kinds", lambda value: several(value) and set(value) <= set(KINDS), f"из: {', '.join(KINDS)}", "kinds of them"
    )
    return Proposal(
        form=wanted("form", text, "имя формы (form_id)", "the name of a form (form_id)"),
        measures=tuple(wanted("measures", several, "номера строк плана", "numbers of rows of the plan")),
        title=known,
        kinds=tuple(kinds),
        by_authority=wanted(
            "by_authority", lambda value: isinstance(value, bool), "true или false", "true or false", True
        ),
        last=wanted("last", *among(LAST)),
        late=wanted("late", *among(LATE), LATE[0]),
        days=wanted("days", _days(1, 200), "дней: от 1 до 200", "days: from 1 to 200", 14),
        check_days=wanted("check_days", _days(0, 100), "дней: от 0 до 100", "days: from 0 to 100", 5),
        author=wanted("author", *among(("", *AUTHORS)), ""),
    )


def _days(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most
