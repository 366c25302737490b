"""Which answers can be chosen? The lists of the sheet «choices», each with its columns that filters compare."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Choice
from profminimum.monitoring.schema.values import NO, YES
from profminimum.monitoring.xlsform import columns
from profminimum.monitoring.xlsform.rules import COLUMN

if TYPE_CHECKING:
    from profminimum.monitoring.xlsform.sheets import Line, Sheet

NAME: Final = re.compile(r"[^\s]{1,100}")


@dataclass(slots=True)
class Lists:
    """The lists by name, also those of which no row could be read. `columns`: further columns of the sheet."""

    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.lists

    def get(self, name: str) -> tuple[Choice, ...]:
        return self.lists.get(name, ())

    def is_yes_and_no(self, name: str) -> bool:
        names = [choice.name.casefold() for choice in self.get(name)]
        return len(names) == 2 and any(one in YES for one in names) and any(one in NO for one in names)


def read(sheet: Sheet) -> Lists:
    """The lists; what is wrong with a row is a fault at its cell, and the row is left out."""
    extra = [head for head in sheet.unknown(columns.CHOICES | columns.MEDIA) if not head.language]
    found: dict[str, dict[str, Choice]] = {}
    for line in sheet.lines:
        of, name = line.get("list_name"), line.get("name")
        if of:
            found.setdefault(of, {})
        if not of or not name:
            line.fault(
                "name" if of else "list_name",
                "Укажите и список (list_name), и имя варианта (name).",
                "Give both the list (list_name) and the name of the choice (name).",
            )
        elif not NAME.fullmatch(name):
            line.fault(
                "name",
                f"Имя варианта «{name}» не годится: без пробелов, не длиннее 100 знаков.",
                f"The name «{name}» will not do: no spaces, at most 100 characters.",
            )
        elif name in found[of]:
            line.fault(
                "name",
                f"Вариант «{name}» уже есть в списке «{of}».",
                f"The choice «{name}» is in the list «{of}» already.",
            )
        else:
            found[of][name] = _choice(line, name, [head.name for head in extra])
    for head in sheet.heads:
        if sheet.used(head) is not None and (
            head.name in columns.MEDIA or (head.language and head.name not in columns.CHOICES)
        ):
            sheet.faults.notice(
                sheet.name,
                sheet.cell(head),
                f"Столбец «{head.said}» не поддерживается и не читается.",
                f"The column «{head.said}» is not supported and not read.",
            )
    return Lists({of: tuple(each.values()) for of, each in found.items()}, tuple(head.name for head in extra))


def name_idle(sheet: Sheet, survey: Sheet) -> None:
    """Name the further columns that no filter compares: nothing is done with what stands there."""
    filters = " ".join(line.get("choice_filter") for line in survey.lines)
    compared = {word.lower() for word in re.findall(r"[A-Za-z_][\w-]*", filters)}
    for head in sheet.unknown(columns.CHOICES | columns.MEDIA):
        if not head.language and head.name not in compared and sheet.used(head) is not None:
            sheet.faults.notice(
                sheet.name,
                sheet.cell(head),
                f"Столбец «{head.said}» не читается: его не называет ни один choice_filter.",
                f"The column «{head.said}» is not read: no choice_filter names it.",
            )


def _choice(line: Line, name: str, extra: list[str]) -> Choice:
    label = line.words("label")
    if not label:
        line.notice(
            "label",
            f"У варианта «{name}» нет подписи: показано имя.",
            f"The choice «{name}» has no label: its name is shown.",
        )
    line.name_substitution("label")
    held = {COLUMN + column: line.get(column) for column in extra if line.get(column)}
    return Choice(name, label or {"ru": name}, held)
