"""How do the rows of the survey sheet become the items of a form? Every cell is read, or named as not read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.loading import EMPTY, NAME, RESERVED
from profminimum.monitoring.schema.model import Check, Choice, Item, Kind
from profminimum.monitoring.schema.rules import Names
from profminimum.monitoring.schema.values import READERS, BadValueError
from profminimum.monitoring.xlsform import columns, extras
from profminimum.monitoring.xlsform.nodes import NESTING, Node, Tree
from profminimum.monitoring.xlsform.rules import COLUMN, Rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from profminimum.monitoring.schema.model import Words
    from profminimum.monitoring.xlsform.choices import Lists
    from profminimum.monitoring.xlsform.sheets import Line, Sheet

ATTRIBUTES: Final = {  # attribute of an item → column
    "name": "name",
    "kind": "type",
    "choices": "type",
    "items": "type",
    "rows": "pm:rows",
    "choice_filter": "choice_filter",
    "checks": "constraint",
}
YES: Final = {"yes", "true", "true()", "да", "1"}
NO: Final = {"no", "false", "false()", "нет", "0"}
SILENT: Final = {Kind.GROUP, Kind.NOTE}
UNANSWERED: Final = {Kind.GROUP, Kind.NOTE, Kind.CALCULATED}
WRONG: Final[Words] = {"ru": "Ответ не подходит: проверьте его.", "en": "The answer does not fit: check it."}


class Builder:
    """First the tree of rows, then the names, then the rules, which may look at any name.

    `more` are checks of the sheet «checks» that stand at a question: name → (line, check).
    """

    def __init__(self, sheet: Sheet, lists: Lists, registers: Mapping[str, Collection[str]] | None) -> None:
        self.sheet, self.lists = sheet, lists
        self.lines: dict[str, Line] = {}
        self.kinds: dict[str, Kind] = {}
        self.more: dict[str, list[Check]] = {}
        self.tree = Tree(sheet, lists)
        names: set[str] = set()
        tables: dict[str, tuple[set[str], set[str]]] = {}
        self._names(self.tree.root, names, tables)
        truths = {name for name, kind in self.kinds.items() if kind == Kind.YESNO}
        silent = {name for name, kind in self.kinds.items() if kind in SILENT}
        self.rules = Rules(
            Names(names, tables), truths=truths, silent=silent, skipped=self.tree.skipped, registers=registers
        )

    def build(self) -> tuple[Item, ...]:
        return tuple(self._item(node, None) for node in self.tree.root.children)

    def cell(self, item: str, attribute: str) -> str:
        """The cell in which an attribute of an item stands."""
        line = self.lines.get(item)
        return line.cell(ATTRIBUTES.get(attribute, attribute), "name", "type") if line else ""

    def _names(self, node: Node, names: set[str], tables: dict[str, tuple[set[str], set[str]]]) -> None:
        for child in node.children:
            line = child.line
            assert line is not None  # noqa: S101 - only the root has none
            if not child.name:
                child.name = f"{child.kind.value}_{line.row + 1}"
                if child.kind not in SILENT:
                    line.fault("name", "У вопроса нет имени (name).", "The question has no name.")
            elif child.name in RESERVED:
                line.fault(
                    "name",
                    f"Имя «{child.name}» занято самой страницей формы: назовите вопрос иначе.",
                    f"The name «{child.name}» is taken by the page of the form itself: call the question otherwise.",
                )
            elif not NAME.fullmatch(child.name):
                line.fault(
                    "name",
                    f"Имя «{child.name}» не годится: латинские буквы, цифры и «_», с буквы, не длиннее 60.",
                    f"The name «{child.name}» will not do: a Latin letter, then letters, digits and «_», at most 60.",
                )
            if child.name in self.lines:
                first = self.lines[child.name]
                line.fault(
                    "name",
                    f"Имя «{child.name}» уже занято в строке {first.row + 1}: имена не повторяются во всей форме.",
                    f"The name «{child.name}» is taken by row {first.row + 1}: names are unique in the whole form.",
                )
            self.lines.setdefault(child.name, line)
            self.kinds.setdefault(child.name, child.kind)
            names.add(child.name)
            if child.kind == Kind.TABLE:
                rows = {choice.name for choice in self.lists.get(child.listed)}
                tables[child.name] = (rows, {each.name for each in child.children})
            self._names(child, names, tables)

    def _item(self, node: Node, holder: Kind | None) -> Item:
        line = node.line
        assert line is not None  # noqa: S101 - only the root has none
        kind = self._calculated(node, line)
        label = self._label(node, kind, line)
        extras.idle(line, kind)
        chosen = kind in {Kind.ONE, Kind.MANY}
        filtered = self.rules.choice_filter(line, {*self.lists.columns, "name"}) if chosen else None
        more: dict[str, Any] = {
            **EMPTY,
            "hint": self._said(line, "hint"),
            "required": self._required(line, kind),
            "relevant": self.rules.tree(line, "relevant"),
            "checks": (*self._checks(line, kind), *self.more.get(node.name, ())),
            "calculation": self.rules.tree(line, "calculation") if kind == Kind.CALCULATED else None,
            "choices": self._choices(node, filtered=filtered is not None) if chosen else (),
            "choice_filter": filtered,
            "unit": line.words("pm:unit"),
            "source": extras.source(self.rules, line, kind, holder),
            "register": extras.register(self.rules, line, kind),
            "summary": extras.summary(line, kind),
            "rows": self._rows(node, line),
            "read_only": self._read_only(line),
            **extras.numbers(line, kind),
        }
        inside = kind if kind in {Kind.TABLE, Kind.REPEAT} else holder
        more["items"] = tuple(self._item(child, inside) for child in node.children)
        made = Item(**{**more, "kind": kind, "name": node.name, "label": label})
        if kind in NESTING and not node.children and not node.lost:
            line.fault("type", "Внутри нет ни одного вопроса.", "There is no question inside.")
        return replace(made, default=self._default(line, made, holder))

    def _calculated(self, node: Node, line: Line) -> Kind:
        """A question that has a calculation and cannot be typed is a calculated one, as in XLSForm."""
        if not line.get("calculation"):
            if node.kind == Kind.CALCULATED:
                line.fault("calculation", "Не указано, как вычислять (calculation).", "The calculation is missing.")
            return node.kind
        if node.kind == Kind.CALCULATED:
            return node.kind
        unseen = not line.get("label") and not line.get("hint")
        if node.kind in columns.CALCULABLE and (unseen or self._read_only(line)):
            return Kind.CALCULATED
        line.fault(
            "calculation",
            "Вычисление бывает только у типа calculate и у вопросов с read_only. Исправьте тип или удалите формулу.",
            "Only the type calculate and read-only questions have a calculation: mend the type or delete it.",
        )
        return node.kind

    def _label(self, node: Node, kind: Kind, line: Line) -> Words:
        label = self._said(line, "label")
        if label:
            return label
        if kind in {Kind.CALCULATED, Kind.GROUP, Kind.REPEAT}:
            line.notice(
                "label",
                "Нет подписи (label): показано имя.",
                "There is no label: the name is shown.",
            )
        else:
            line.fault("label", "У вопроса нет подписи (label).", "The question has no label.")
        return {"ru": node.name}

    def _said(self, line: Line, column: str) -> dict[str, str]:
        line.name_substitution(column)
        return line.words(column)

    def _flag(self, line: Line, column: str) -> Any:
        said = line.get(column).lower()
        if said in YES:
            return True
        return False if said in NO or not said else self.rules.tree(line, column)

    def _required(self, line: Line, kind: Kind) -> Any:
        if kind not in UNANSWERED:
            return self._flag(line, "required")
        if line.get("required").lower() not in {"", *NO}:
            line.notice("required", "Здесь нечего требовать: ответа нет.", "There is no answer here to be wanted.")
        return False

    def _read_only(self, line: Line) -> bool:
        said = line.get("read_only").lower()
        if said in YES:
            return True
        if said and said not in NO:
            line.fault(
                "read_only",
                "read_only — только yes или no: правило здесь не поддерживается.",
                "read_only is yes or no: a rule is not supported here.",
            )
        return False

    def _checks(self, line: Line, kind: Kind) -> Iterator[Check]:
        for column, message, severity in (
            ("constraint", "constraint_message", "pm:severity"),
            ("pm:check", "pm:check_message", "pm:check_severity"),
        ):
            if not line.get(column):
                if line.get(severity):
                    line.notice(severity, f"Без «{column}» не действует.", f"Does nothing without «{column}».")
                continue
            if kind in UNANSWERED:
                line.fault(
                    column,
                    "Здесь нет ответа, который можно проверить: поставьте проверку вопросу или на лист checks.",
                    "There is no answer here to be checked: put the check at a question or on the sheet checks.",
                )
                continue
            tree = self.rules.tree(line, column, itself=kind == Kind.YESNO)
            if not line.get(message):
                line.notice(
                    message if self.sheet.of(message) else column,
                    "Нет текста, что исправить: будет «Ответ не подходит: проверьте его».",
                    "It is not said what to mend: «The answer does not fit: check it» is shown.",
                )
            if tree is not None:
                yield Check(tree, self._said(line, message) or WRONG, extras.severity_of(line, severity))

    def _choices(self, node: Node, *, filtered: bool) -> tuple[Choice, ...]:
        """Columns for filters go along only where there is a filter."""
        return tuple(
            Choice(one.name, one.label, {COLUMN + "name": one.name, **one.extra} if filtered else {})
            for one in self.lists.get(node.listed)
        )

    def _rows(self, node: Node, line: Line) -> tuple[Choice, ...]:
        if node.kind != Kind.TABLE:
            return ()
        rows = tuple(Choice(one.name, one.label, {}) for one in self.lists.get(node.listed))
        if not rows:
            line.fault(
                "pm:rows",
                "Строки таблицы: назовите в pm:rows список с листа choices.",
                "The rows of the table: name a list of the sheet choices in pm:rows.",
            )
        for row in rows:
            if not NAME.fullmatch(row.name):
                line.fault(
                    "pm:rows",
                    f"Имя строки «{row.name}» не годится: латинские буквы, цифры и «_».",
                    f"The name of the row «{row.name}» will not do: Latin letters, digits and «_».",
                )
        return rows

    def _default(self, line: Line, item: Item, holder: Kind | None) -> Any:
        said = line.get("default")
        if not said:
            return None
        if "${" in said or ("(" in said and said.rstrip().endswith(")")):
            line.fault(
                "default",
                "Вычисляемое значение по умолчанию не поддерживается: есть pm:source и тип calculate.",
                "A calculated default is not supported: there are pm:source and the type calculate.",
            )
            return None
        read = READERS.get(item.kind)
        if read is None or holder is not None or item.kind in {Kind.FILE, Kind.PERSON}:
            line.fault("default", "Здесь значение по умолчанию не действует.", "No default value here.")
            return None
        try:
            return read(item, said.split() if item.kind == Kind.MANY else said)
        except BadValueError as error:
            line.fault("default", f"«{said}»: {error.message['ru']}", f"«{said}»: {error.message['en']}")
            return None
