"""What does a region's pack say? A folder of TOML files that a region copies and edits: levels, registers, reminders.

Every mistake is named by file, entry and key, in both languages, for the one who edits the file by hand.
"""

from __future__ import annotations

import itertools
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

Words = Mapping[str, str]  # language → text; «ru» is always there
FILES: Final = ("pack.toml", "levels.toml", "registers.toml")
TYPES: Final = ("text", "person", "choice", "level", "hours")
KINDS: Final = ("ministry", "coordinator", "institute", "authority", "school", "branch")
UPWARD: Final = ("", "authority", "region")  # whom a reminder tells besides those who are late
FAR: Final = 365  # days from the date
SHORT: Final = 10  # characters of a reminder's name, which is kept with each that was given
AUTUMN: Final = 8  # August belongs to the school year that it prepares
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_YEAR: Final = re.compile(r"(\d{4})/(\d{4})")


class PackError(Exception):
    """What is wrong with the pack: the file, the key, what to do."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level at which a school works: hours a school year at least, and in which school years it may be chosen."""

    name: str
    title: Words
    hours: int
    since: str  # school years, «2023/2024»; empty: always
    until: str

    def allowed(self, period: str) -> bool:
        return (not self.since or period >= self.since) and (not self.until or period <= self.until)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a register. `type` is one of TYPES; `choices` of a choice: stored value → words."""

    name: str
    title: Words
    type: str = "text"
    choices: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of register: its columns by name, whether it is kept by school year, whether it has many entries."""

    name: str
    title: Words
    fields: Mapping[str, Field]
    by_year: bool
    many: bool
    of: tuple[str, ...]  # kinds of organisations that ought to have an entry

    def typed(self, wanted: str) -> Field | None:
        """The first column of that type."""
        return next((one for one in self.fields.values() if one.type == wanted), None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """When people are reminded: from the day `first` to the day `last` after the date (negative: before it)."""

    name: str
    first: int
    last: int
    upward: str  # whom besides: "", "authority" that counts it, "region": who decides there


Made = TypeVar("Made", Level, Register, Reminder)


@dataclass(frozen=True, slots=True)
class Pack:
    """`levels` and `registers` stand in the order of their files: that is the order on every page.

    `reminders` by their days; None when the pack says nothing about them and the program's own hold.
    """

    name: str
    title: Words
    levels: Mapping[str, Level]
    registers: Mapping[str, Register]
    reminders: tuple[Reminder, ...] | None = None


def said(words: Words, language: str | None) -> str:
    """The words in that language, in Russian when the pack has none."""
    return words.get((language or "ru")[:2]) or words["ru"]


def school_year(day: date) -> str:
    """«2023/2024»: the school year in which the day lies; August belongs to the coming one."""
    first = day.year if day.month >= AUTUMN else day.year - 1
    return f"{first}/{first + 1}"


def is_school_year(text: str) -> bool:
    """«2023/2024» is one; «2023/2025» and «2023-24» are none."""
    found = _YEAR.fullmatch(text)
    return found is not None and int(found[2]) == int(found[1]) + 1


def read(folder: Path) -> Pack:
    """The pack in that folder; PackError names the file and the key. Read once until a file changes."""
    try:
        stamps = tuple(os.stat(path).st_mtime_ns for path in _paths(folder))  # noqa: PTH116 - asked very often: a Path costs ten times as much
    except OSError as error:
        raise PackError(f"{error.filename}: файла нет · there is no such file") from error
    return _read(folder, stamps)


@lru_cache(maxsize=4)
def _paths(folder: Path) -> tuple[str, ...]:
    return tuple(str(folder / name) for name in FILES)


@lru_cache(maxsize=4)
def _read(folder: Path, _stamps: tuple[int, ...]) -> Pack:
    head = table(folder / "pack.toml")
    place = _Place("pack.toml", "")
    _only(head, ("name", "title", "reminder"), place)
    levels = _each(table(folder / "levels.toml"), "level", "levels.toml", _level)
    registers = _each(table(folder / "registers.toml"), "register", "registers.toml", _register)
    return Pack(
        name=_text(head, "name", place),
        title=_words(head, "title", place),
        levels={one.name: one for one in levels},
        registers={one.name: one for one in registers},
        reminders=_reminders(head),
    )


def table(path: Path) -> dict[str, Any]:
    """A TOML file; PackError names the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the files a key stands, for the message."""

    file: str
    entry: str

    def wrong(self, key: str, ru: str, en: str) -> PackError:
        entry = f", {self.entry}" if self.entry else ""
        return PackError(f"{self.file}{entry}, {key}: {ru} · {en}")


def _each(
    data: Mapping[str, Any], key: str, file: str, make: Callable[[Mapping[str, Any], _Place], Made]
) -> list[Made]:
    listed = data.get(key)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise _Place(file, "").wrong(f"[[{key}]]", "нужен хотя бы один раздел", "at least one section is needed")
    made: dict[str, Made] = {}
    for number, one in enumerate(listed, 1):
        entry = f"{key} {number}" + (f" ({one['name']})" if isinstance(one.get("name"), str) else "")
        place = _Place(file, entry)
        name = _text(one, "name", place)
        if not _NAME.fullmatch(name):
            raise place.wrong("name", "латинские строчные буквы, цифры и «_»", "small Latin letters, digits and «_»")
        if name in made:
            raise place.wrong("name", "такое имя уже есть", "this name is taken already")
        made[name] = make(one, place)
    return list(made.values())


def _level(data: Mapping[str, Any], place: _Place) -> Level:
    _only(data, ("name", "title", "hours", "since", "until"), place)
    hours = data.get("hours")
    if not isinstance(hours, int) or isinstance(hours, bool) or not 0 < hours < 2000:
        raise place.wrong("hours", "нужно целое число часов больше нуля", "a whole number of hours above zero")
    made = Level(
        data["name"], _words(data, "title", place), hours, _year(data, "since", place), _year(data, "until", place)
    )
    if made.since and made.until and made.since > made.until:
        raise place.wrong("until", "раньше, чем since", "is before since")
    return made


def _reminders(head: Mapping[str, Any]) -> tuple[Reminder, ...] | None:
    if "reminder" not in head:
        return None
    if head["reminder"] == []:  # nobody is reminded
        return ()
    made = sorted(_each(head, "reminder", "pack.toml", _reminder), key=lambda one: one.first)
    for before, after in itertools.pairwise(made):
        if before.last >= after.first:
            place = _Place("pack.toml", f"reminder ({after.name})")
            raise place.wrong("from", f"пересекается с {before.name}", f"overlaps {before.name}")
    return tuple(made)


def _reminder(data: Mapping[str, Any], place: _Place) -> Reminder:
    _only(data, ("name", "from", "to", "upward"), place)
    if len(data["name"]) > SHORT:
        raise place.wrong("name", f"не длиннее {SHORT} знаков", f"at most {SHORT} characters")
    days = [data.get("from"), data.get("to", data.get("from"))]
    for key, day in zip(("from", "to"), days, strict=True):
        if not isinstance(day, int) or isinstance(day, bool) or abs(day) > FAR:
            raise place.wrong(key, f"нужно целое число дней, не больше {FAR}", f"whole days, at most {FAR}")
    first, last = int(days[0] or 0), int(days[1] or 0)
    if last < first or (first < 0 <= last) or (first == 0 < last):
        raise place.wrong(
            "to", "не раньше from и по ту же сторону срока", "not before from and on the same side of the date"
        )
    upward = data.get("upward", "")
    if upward not in UPWARD:
        raise place.wrong("upward", f"одно из: {', '.join(UPWARD[1:])}", f"one of: {', '.join(UPWARD[1:])}")
    return Reminder(data["name"], first, last, upward)


def _register(data: Mapping[str, Any], place: _Place) -> Register:
    _only(data, ("name", "title", "fields", "by_year", "many", "of"), place)
    fields = data.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise place.wrong("fields", "нужна хотя бы одна графа", "at least one column is needed")
    made = {name: _field(name, one, place) for name, one in fields.items()}
    by_year = _flag(data, "by_year", place)
    if not by_year and any(one.type == "level" for one in made.values()):
        raise place.wrong(
            "by_year", "уровень ведётся по учебным годам: true", "a level is kept by school years: true"
        )
    return Register(
        name=data["name"],
        title=_words(data, "title", place),
        fields=made,
        by_year=by_year,
        many=_flag(data, "many", place),
        of=_kinds(data, place),
    )


def _field(name: str, data: Any, place: _Place) -> Field:
    key = f"fields.{name}"
    if not _NAME.fullmatch(name) or not isinstance(data, dict):
        raise place.wrong(key, "нужна таблица с ключами ru, en, type", "a table with ru, en, type is needed")
    inside = _Place(place.file, f"{place.entry}, {key}")
    _only(data, ("ru", "en", "type", "choices"), inside)
    kind = data.get("type", "text")
    if kind not in TYPES:
        raise inside.wrong("type", f"одно из: {', '.join(TYPES)}", f"one of: {', '.join(TYPES)}")
    choices = data.get("choices", {})
    if (kind == "choice") != bool(choices) or not isinstance(choices, dict):
        raise inside.wrong(
            "choices", "перечислите значения у choice, и только у него", "list them for a choice alone"
        )
    title = _words({"title": {key: value for key, value in data.items() if key in ("ru", "en")}}, "title", inside)
    return Field(name, title, kind, {value: _words(choices, value, inside) for value in choices})


def _only(data: Mapping[str, Any], known: Sequence[str], place: _Place) -> None:
    for key in data:
        if key not in known:
            raise place.wrong(key, f"такого ключа нет; есть: {', '.join(known)}", f"no such key; {', '.join(known)}")


def _text(data: Mapping[str, Any], key: str, place: _Place) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.wrong(key, "нужен текст", "a text is needed")
    return value


def _words(data: Mapping[str, Any], key: str, place: _Place) -> Words:
    value = data.get(key)
    if isinstance(value, dict) and value.get("ru") and all(isinstance(one, str) for one in value.values()):
        return dict(value)
    raise place.wrong(key, 'нужны слова: { ru = "…", en = "…" }', 'words are needed: { ru = "…", en = "…" }')


def _year(data: Mapping[str, Any], key: str, place: _Place) -> str:
    value = data.get(key, "")
    if value != "" and not (isinstance(value, str) and is_school_year(value)):
        raise place.wrong(key, "нужен учебный год: «2023/2024»", "a school year is needed: «2023/2024»")
    return str(value)


def _flag(data: Mapping[str, Any], key: str, place: _Place) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise place.wrong(key, "нужно true или false", "true or false is needed")
    return value


def _kinds(data: Mapping[str, Any], place: _Place) -> tuple[str, ...]:
    value = data.get("of", [])
    if not isinstance(value, list) or any(one not in KINDS for one in value):
        raise place.wrong("of", f"список из: {', '.join(KINDS)}", f"a list of: {', '.join(KINDS)}")
    return tuple(value)
