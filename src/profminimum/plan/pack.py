"""What does a region's pack say? A folder of TOML files that a region copies and edits: levels, registers; pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Words = Mapping[str, str]


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
class Register:
    """A kind of register: its columns by name, whether it is kept by school year, whether it has many entries."""

    name: str
    title: Words
    fields: Mapping[str, Words]
    by_year: bool
    many: bool
    of: tuple[str, ...]  # kinds of organisations that ought to have an entry


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    title: Words
    levels: Mapping[str, Level]
    registers: Mapping[str, Register]


def read(folder: Path) -> Pack:
    """The pack in that folder; PackError names the file and the key. Read once until a file changes."""
    files = ("pack.toml", "levels.toml", "registers.toml")
    try:
        stamps = tuple((folder / name).stat().st_mtime_ns for name in files)
    except OSError as error:
        raise PackError(f"{error.filename}: файла нет · there is no such file") from error
    return _read(folder, stamps)


@lru_cache(maxsize=4)
def _read(folder: Path, _stamps: tuple[int, ...]) -> Pack:
    head = table(folder / "pack.toml")
    levels = table(folder / "levels.toml").get("level", [])
    registers = table(folder / "registers.toml").get("register", [])
    return Pack(
        name=_want(head, "name", folder / "pack.toml"),
        title=_want(head, "title", folder / "pack.toml"),
        levels={one["name"]: _level(one, folder / "levels.toml") for one in levels},
        registers={one["name"]: _register(one, folder / "registers.toml") for one in registers},
    )


def table(path: Path) -> dict[str, Any]:
    """A TOML file; PackError names the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from error


def _want(data: Mapping[str, Any], key: str, path: Path) -> Any:
    if key not in data:
        raise PackError(f"{path.name}: нет ключа «{key}» · the key «{key}» is missing")
    return data[key]


def _level(data: Mapping[str, Any], path: Path) -> Level:
    return Level(
        name=_want(data, "name", path),
        title=_want(data, "title", path),
        hours=int(_want(data, "hours", path)),
        since=data.get("since", ""),
        until=data.get("until", ""),
    )


def _register(data: Mapping[str, Any], path: Path) -> Register:
    return Register(
        name=_want(data, "name", path),
        title=_want(data, "title", path),
        fields=_want(data, "fields", path),
        by_year=bool(data.get("by_year", False)),
        many=bool(data.get("many", False)),
        of=tuple(data.get("of", ())),
    )
