"""Which forms does a pack bring, and which monitorings does it propose for which rows of the plan?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profminimum.plan.pack import PackError, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
    """What `campaigns.toml` proposes; PackError names the file and the key."""
    path = folder / "campaigns.toml"
    return [_proposal(one) for one in table(path).get("campaign", [])]


def _proposal(data: Mapping[str, Any]) -> Proposal:
    try:
        return Proposal(
            form=data["form"],
            measures=tuple(data["measures"]),
            title=data["title"],
            kinds=tuple(data["kinds"]),
            by_authority=bool(data.get("by_authority", True)),
            last=data["last"],
            late=data.get("late", "allow"),
            days=int(data.get("days", 14)),
            check_days=int(data.get("check_days", 5)),
            author=data.get("author", ""),
        )
    except KeyError as error:
        raise PackError(f"campaigns.toml: нет ключа {error} · the key {error} is missing") from error
