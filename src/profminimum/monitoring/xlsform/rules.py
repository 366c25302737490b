"""What does a rule in a cell mean here? Compiled by the schema, with what authors in Excel write a bit differently.

A question of yes and no is a truth value here and «yes» or «no» in other tools: `${order} = 'yes'` means the same in
both. A choice filter names columns of the choices bare, as XLSForm does: `region = ${region}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.rules import Names, RuleError, compile_rule
from profminimum.monitoring.schema.values import NO, YES
from profminimum.monitoring.xlsform import columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from profminimum.monitoring.xlsform.sheets import Line

COLUMN: Final = "choice."  # before the name of a column of the choices, so that it is no question's name
OTHERWISE: Final[Mapping[str, tuple[str, str]]] = {  # functions that do not mean quite what other tools make of them
    "now": ("now() здесь — сегодняшняя дата без времени.", "now() is the date of today here, without a time."),
    "once": (
        "once() здесь вычисляется каждый раз заново: прежнего значения у вычисляемого вопроса нет.",
        "once() is worked out anew each time here: a calculated question has no former value.",
    ),
}
_STAND_IN: Final = "choice_column__"
_WORD: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{[^}]*\}|([A-Za-z_][\w-]*)(?!\s*\(|[\w-])")
_OPERATORS: Final = {"and", "or", "div", "mod"}


class Rules:
    """The rules of one form: its names, its questions of yes and no, and what of it is not collected."""

    def __init__(
        self,
        names: Names,
        *,
        truths: Collection[str] = (),
        silent: Collection[str] = (),
        skipped: Mapping[str, str] | None = None,
        registers: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.names, self.truths, self.silent, self.registers = names, truths, silent, registers
        self.skipped = skipped or {}

    def tree(self, line: Line, column: str, *, itself: bool = False) -> Any:
        """The rule in that cell; None, with a fault there, when it is broken. `itself`: it stands at a yes/no."""
        said = line.rule(column)
        if not said:
            return None
        if said.lower() in {"true", "false"}:  # Excel's own TRUE and FALSE
            said = f"{said.lower()}()"
        try:
            found = compile_rule(said, self.names)
        except RuleError as error:
            self._refuse(line, column, said, error)
            return None
        self._outside(line, column, found)
        return _plain_yes(found, self.truths, itself=itself)

    def choice_filter(self, line: Line, known: Collection[str]) -> Any:
        """As `tree`, for a filter of choices; `known` are the columns of their list."""
        said = line.rule("choice_filter")
        if not said:
            return None
        stretched, places = _stretched(said, known)
        names = Names({*self.names.items, *(_STAND_IN + name for name in known)}, self.names.tables)
        try:
            found = compile_rule(stretched, names)
        except RuleError as error:
            at = places[min(error.position, len(places) - 1)] if places else 0
            moved = {
                language: text.replace(f"{error.position + 1})", f"{at + 1})")
                for language, text in error.message.items()
            }
            self._refuse(line, "choice_filter", said, RuleError(moved, at))
            return None
        self._outside(line, "choice_filter", found)
        return _plain_yes(_renamed(found), self.truths)

    def _refuse(self, line: Line, column: str, said: str, error: RuleError) -> None:
        for name, kind in self.skipped.items():
            if f"${{{name}}}" in said:
                line.fault(
                    column,
                    f"Правило ссылается на «{name}»: служебный тип «{kind}» не собирается. Вместо даты заполнения "
                    "пишите today().",
                    f"The rule refers to «{name}»: the metadata type «{kind}» is not collected. For the date of "
                    "filling write today().",
                )
                return
        line.fault(column, f"{error.message['ru']}: {said[:120]}", f"{error.message['en']}: {said[:120]}")

    def _outside(self, line: Line, column: str, tree: Any) -> None:
        """Name what the rule asks of the registry, the registers and the last wave and will never get."""
        for node in _nodes(tree):
            if node[0] == "registry" and node[1] not in columns.FACTS:
                facts = ", ".join(sorted(columns.FACTS))
                line.fault(
                    column,
                    f"В реестре организаций нет «{node[1]}». Есть: {facts}.",
                    f"The registry of organisations has no «{node[1]}». It has: {facts}.",
                )
            elif node[0] == "register":
                self.register(line, column, f"{node[1]}.{node[2]}")
            elif node[0] == "last" and node[1] not in self.names.items:
                line.notice(
                    column,
                    f"В форме нет вопроса «{node[1]}»: ответ прошлой волны на него будет, только если он был тогда.",
                    f"The form has no question «{node[1]}»: its last answer is there only if it was asked then.",
                )
            elif node[0] == "ref" and node[1] in self.silent:
                line.notice(
                    column,
                    f"У «{node[1]}» нет ответа (раздел или пояснение): для правила он всегда пуст.",
                    f"«{node[1]}» has no answer (a section or a note): to the rule it is always empty.",
                )
            elif node[0] == "call" and node[1] in OTHERWISE:
                ru, en = OTHERWISE[node[1]]
                line.notice(column, ru, en)

    def register(self, line: Line, column: str, said: str) -> None:
        """A fault when «register.field» names no field of a register of the pack."""
        kind, dot, name = said.partition(".")
        if not dot or not kind or not name:
            line.fault(column, "Нужно «реестр.поле», например level.hours.", "«register.field» is wanted.")
        elif self.registers is not None and name not in self.registers.get(kind, ()):
            known = ", ".join(f"{each}.{one}" for each, fields in self.registers.items() for one in fields)
            line.fault(
                column,
                f"Нет реестра с полем «{said}». Есть: {known}.",
                f"No register has «{said}». There are: {known}.",
            )


def _nodes(tree: Any) -> Iterator[list[Any]]:
    if isinstance(tree, list) and tree:
        yield tree
        if tree[0] != "lit":
            for part in tree[1:]:
                yield from _nodes(part)


def _stretched(said: str, known: Collection[str]) -> tuple[str, list[int]]:
    """The filter with bare columns as references, and for each of its characters the one in the cell."""
    out, places, last = [], [], 0
    for match in _WORD.finditer(said):
        word = match[1]
        if word is None or word in _OPERATORS or word.lower() not in known:
            continue
        start, end = match.span(1)
        put = f"${{{_STAND_IN}{word.lower()}}}"
        out += [said[last:start], put]
        places += [*range(last, start), *([start] * len(put))]
        last = end
    out.append(said[last:])
    places += range(last, len(said) + 1)
    return "".join(out), places


def _renamed(tree: Any) -> Any:
    if not isinstance(tree, list) or not tree or tree[0] == "lit":
        return tree
    if tree[0] == "ref" and tree[1].startswith(_STAND_IN):
        return ["ref", COLUMN + tree[1].removeprefix(_STAND_IN)]
    return [tree[0], *(_renamed(part) for part in tree[1:])]


def _plain_yes(tree: Any, truths: Collection[str], *, itself: bool = False) -> Any:
    """`${order} = 'yes'` and selected(${order}, 'yes') of a yes-and-no question as a comparison of truth values."""
    if not isinstance(tree, list) or not tree or tree[0] == "lit":
        return tree
    kind, *parts = tree
    if kind == "call" and parts[0] == "selected" and _truth(parts[1], truths, itself=itself):
        said = _said(parts[2])
        if said is not None:
            return ["=", parts[1], said]
    if kind in {"=", "!="}:
        for one, other in (parts, reversed(parts)):
            if _truth(one, truths, itself=itself) and (said := _said(other)) is not None:
                return [kind, one, said]
    return [kind, *(_plain_yes(part, truths, itself=itself) for part in parts)]


def _truth(node: Any, truths: Collection[str], *, itself: bool) -> bool:
    if not isinstance(node, list) or not node:
        return False
    return (node[0] == "ref" and node[1] in truths) or (node[0] == "self" and itself)


def _said(node: Any) -> list[str] | None:
    if not isinstance(node, list) or node[0] != "lit" or not isinstance(node[1], str):
        return None
    low = node[1].casefold()
    if low in YES or low == "ok":
        return ["call", "true"]
    return ["call", "false"] if low in NO else None
