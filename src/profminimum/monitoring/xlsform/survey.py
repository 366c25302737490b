"""How do the rows of the survey sheet become the items of a form, with groups, repeats and tables around them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.loading import EMPTY
from profminimum.monitoring.schema.model import Check, Choice, Item, Kind, Severity, Source, Summary
from profminimum.monitoring.schema.rules import Names, RuleError, compile_rule
from profminimum.monitoring.xlsform import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.monitoring.schema.model import Words
    from profminimum.monitoring.xlsform.reading import Line, Sheets

ATTRIBUTES: Final = {  # attribute of an item → column
    "name": "name",
    "kind": "type",
    "choices": "type",
    "rows": "pm_rows",
    "required": "required",
    "relevant": "relevant",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
    "checks": "constraint",
}
NESTING: Final = {Kind.GROUP, Kind.REPEAT, Kind.TABLE}
YES: Final = {"yes", "true", "true()", "да", "1"}
NO: Final = {"", "no", "false", "false()", "нет", "0"}
SUMMED: Final = {
    Kind.INTEGER: Summary.SUM,
    Kind.AMOUNT: Summary.SUM,
    Kind.YESNO: Summary.SHARE,
    Kind.ONE: Summary.SHARE,
}
WRONG: Final[Words] = {"ru": "Ответ не подходит: проверьте его.", "en": "The answer does not fit: check it."}


class Node:
    """A row with the rows inside it."""

    def __init__(self, line: Line | None, kind: Kind) -> None:
        self.line, self.kind = line, kind
        self.children: list[Node] = []
        self.listed = ""


class Builder:
    """First the tree of rows, then the names, then the rules, which may look at any name."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.lines: dict[str, Line] = {}
        self.names = Names(())
        self.unnamed = 0

    def build(self) -> tuple[Item, ...]:
        root = self._tree()
        names: set[str] = set()
        tables: dict[str, tuple[set[str], set[str]]] = {}
        self._names(root, names, tables)
        self.names = Names(names, tables)
        return tuple(self._item(node) for node in root.children)

    def cell(self, item: str, attribute: str) -> str:
        """The cell in which an attribute of an item stands."""
        line = self.lines.get(item)
        return line.cell(ATTRIBUTES.get(attribute, "name")) if line else ""

    def _fault(self, line: Line, column: str, ru: str, en: str) -> None:
        self.sheets.fault("survey", line.cell(column), ru, en)

    def _tree(self) -> Node:
        root = Node(None, Kind.GROUP)
        open_: list[tuple[Node, str]] = [(root, "")]
        for line in self.sheets.survey:
            said = " ".join(line.get("type").split())
            if not said:
                self._fault(line, "name", "В строке нет типа (type).", "The row has no type.")
                continue
            begin = columns.BEGIN.fullmatch(said.lower())
            if begin is None:
                node = self._leaf(line, said)
                if node is not None:
                    open_[-1][0].children.append(node)
            elif begin[1] == "begin":
                node = self._nest(line, begin[2])
                open_[-1][0].children.append(node)
                open_.append((node, begin[2]))
            elif len(open_) > 1 and open_[-1][1] == begin[2]:
                open_.pop()
            else:
                self._fault(line, "type", f"«{said}» ничего не закрывает.", f"«{said}» closes nothing.")
        for node, what in open_[1:]:
            assert node.line is not None  # noqa: S101 - only the root has none
            self._fault(node.line, "type", f"Нет строки «end {what}».", f"There is no row «end {what}».")
        return root

    def _nest(self, line: Line, what: str) -> Node:
        kind = Kind.REPEAT if what == "repeat" else Kind.GROUP
        if line.get("pm_kind").lower() == "table":
            kind = Kind.TABLE
        if what in {"lgroup", "looped group"}:
            self._fault(line, "type", "Циклы (loop) не поддерживаются.", "Loops are not supported.")
        return Node(line, kind)

    def _leaf(self, line: Line, said: str) -> Node | None:
        low = said.lower()
        word = low.split()[0]
        if word in columns.METADATA and (low != "email" or not line.get("label")):
            self.sheets.notice(
                "survey",
                line.cell("type"),
                f"Служебный тип «{said}» не собирается.",
                f"The metadata type «{said}» is not collected.",
            )
            return None
        select = columns.SELECT.fullmatch(said) or columns.SELECT.fullmatch(low)
        if select is not None and word not in columns.UNSUPPORTED:
            return self._select(line, select[1], select[2] or "", other=bool(select[3]))
        kind = columns.TYPES.get(low)
        if kind is None:
            self._fault(
                line,
                "type",
                f"Тип «{said}» не поддерживается.",
                f"The type «{said}» is not supported.",
            )
            return None
        return Node(line, self._ours(line, low, kind))

    def _ours(self, line: Line, plain: str, kind: Kind) -> Kind:
        """The kind that our own column asks for, if it goes with the plain type."""
        said = line.get("pm_kind").lower()
        if not said:
            many_lines = "multiline" in line.get("appearance").lower()
            return Kind.LONG if kind == Kind.TEXT and many_lines else kind
        known = columns.OUR_KINDS.get(said)
        if known is None or not plain.startswith(known[0]):
            self._fault(
                line,
                "pm_kind",
                f"pm:kind «{said}» не сочетается с типом «{plain}».",
                f"pm:kind «{said}» does not go with the type «{plain}».",
            )
            return kind
        return known[1]

    def _select(self, line: Line, how: str, listed: str, *, other: bool) -> Node:
        many = "multiple" in how or "all that apply" in how
        kind = Kind.MANY if many else self._ours(line, "select_one", Kind.ONE)
        if other:
            self._fault(line, "type", "«or_other» не поддерживается.", "«or_other» is not supported.")
        if listed not in self.sheets.choices and kind != Kind.YESNO:
            self._fault(
                line,
                "type",
                f"На листе choices нет списка «{listed}».",
                f"The sheet choices has no list «{listed}».",
            )
        node = Node(line, kind)
        node.listed = listed
        return node

    def _names(self, node: Node, names: set[str], tables: dict[str, tuple[set[str], set[str]]]) -> None:
        for child in node.children:
            assert child.line is not None  # noqa: S101 - only the root has none
            name = child.line.get("name")
            if not name:
                self.unnamed += 1
                name = f"_{child.kind.value}_{self.unnamed}"
                if child.kind not in {Kind.NOTE, Kind.GROUP}:
                    self._fault(child.line, "type", "В строке нет имени (name).", "The row has no name.")
                child.line.cells["name"] = (name, child.line.cells["type"][1])
            if name in self.lines and name in names:
                self._fault(child.line, "name", f"Имя «{name}» уже занято.", f"The name «{name}» is taken already.")
            self.lines.setdefault(name, child.line)
            names.add(name)
            if child.kind == Kind.TABLE:
                rows = {choice.name for _line, choice in self.sheets.choices.get(child.line.get("pm_rows"), [])}
                tables[name] = (rows, {each.line.get("name") for each in child.children if each.line})
            self._names(child, names, tables)

    def _rule(self, line: Line, column: str) -> Any:
        said = line.get(column)
        if not said:
            return None
        try:
            return compile_rule(said, self.names)
        except RuleError as error:
            self._fault(line, column, error.message["ru"], error.message["en"])
            return None

    def _flag(self, line: Line, column: str) -> Any:
        said = line.get(column).lower()
        if said in YES:
            return True
        return False if said in NO else self._rule(line, column)

    def _item(self, node: Node) -> Item:
        line = node.line
        assert line is not None  # noqa: S101 - only the root has none
        label = line.words("label", self.sheets.default)
        if not label and node.kind not in {Kind.CALCULATED, Kind.GROUP}:
            self._fault(line, "name", "У вопроса нет подписи (label).", "The question has no label.")
        more = {
            **EMPTY,
            "hint": line.words("hint", self.sheets.default),
            "required": self._flag(line, "required"),
            "relevant": self._rule(line, "relevant"),
            "checks": self._checks(line),
            "calculation": self._rule(line, "calculation") if node.kind == Kind.CALCULATED else None,
            "choices": self._listed(node.listed) if node.kind != Kind.YESNO else (),
            "choice_filter": self._rule(line, "choice_filter"),
            "unit": line.words("pm_unit", self.sheets.default),
            "source": self._source(line),
            "register": self._register(line),
            "summary": self._summary(line, node.kind),
            "items": tuple(self._item(child) for child in node.children),
            "rows": self._rows(node, line),
            "read_only": bool(self._flag(line, "read_only")),
            "default": self._default(line, node.kind),
        }
        for name, column in (("least", "pm_least"), ("most", "pm_most")):
            more[name] = self._number(line, column, None)
        for name, column in (
            ("decimals", "pm_decimals"),
            ("longest", "pm_longest"),
            ("at_least", "pm_at_least"),
            ("at_most", "pm_at_most"),
        ):
            more[name] = int(self._number(line, column, EMPTY[name]) or 0)
        if node.kind == Kind.REPEAT and line.get("repeat_count"):
            more["at_least"] = more["at_most"] = int(self._number(line, "repeat_count", 1) or 1)
        return Item(
            **{**more, "kind": node.kind, "name": line.get("name"), "label": label or {"ru": line.get("name")}}
        )

    def _checks(self, line: Line) -> tuple[Check, ...]:
        found = []
        for rule, message, severity in (
            ("constraint", "constraint_message", "pm_severity"),
            ("pm_check", "pm_check_message", "pm_check_severity"),
        ):
            tree = self._rule(line, rule)
            said = line.get(severity).lower() or "error"
            if said not in {"error", "warning"}:
                self._fault(line, severity, "Допустимо: error или warning.", "Either error or warning.")
                said = "error"
            if tree is not None:
                found.append(Check(tree, line.words(message, self.sheets.default) or WRONG, Severity(said)))
        return tuple(found)

    def _listed(self, name: str) -> tuple[Choice, ...]:
        return tuple(choice for _line, choice in self.sheets.choices.get(name, []))

    def _rows(self, node: Node, line: Line) -> tuple[Choice, ...]:
        if node.kind != Kind.TABLE:
            return ()
        rows = self._listed(line.get("pm_rows"))
        if not rows:
            self._fault(
                line,
                "pm_rows" if line.get("pm_rows") else "pm_kind",
                "Строки таблицы: назовите список с листа choices в pm:rows.",
                "The rows of the table: name a list of the sheet choices in pm:rows.",
            )
        return rows

    def _source(self, line: Line) -> Source | None:
        said = line.get("pm_source")
        if not said:
            return None
        kind, _colon, name = said.partition(":")
        if kind not in {"registry", "register", "last"} or not name:
            self._fault(
                line,
                "pm_source",
                f"Источник «{said}» не годится: registry:pupils, register:level.hours или last:имя.",
                f"The source «{said}» will not do: registry:pupils, register:level.hours or last:name.",
            )
            return None
        return Source(kind, name)

    def _register(self, line: Line) -> str:
        said = line.get("pm_register")
        if said and said.count(".") != 1:
            self._fault(line, "pm_register", "Нужно «реестр.поле».", "«register.field» is wanted.")
        return said

    def _summary(self, line: Line, kind: Kind) -> Summary:
        said = line.get("pm_summary").lower()
        if not said:
            return SUMMED.get(kind, Summary.NONE)
        if said not in {each.value for each in Summary}:
            names = ", ".join(each.value for each in Summary)
            self._fault(line, "pm_summary", f"Допустимо: {names}.", f"One of: {names}.")
            return Summary.NONE
        return Summary(said)

    def _number(self, line: Line, column: str, usual: Any) -> Any:
        said = line.get(column)
        if not said:
            return usual
        try:
            return float(said.replace(",", "."))
        except ValueError:
            self._fault(line, column, f"«{said}» — не число.", f"«{said}» is no number.")
            return usual

    def _default(self, line: Line, kind: Kind) -> Any:
        said = line.get("default")
        if not said:
            return None
        if "${" in said or "(" in said:
            self._fault(
                line,
                "default",
                "Вычисляемое значение по умолчанию не поддерживается: поставьте вопрос типа calculate.",
                "A calculated default is not supported: make it a question of the type calculate.",
            )
            return None
        if kind == Kind.MANY:
            return said.split()
        return said


def names_of(items: Sequence[Item]) -> set[str]:
    """The names of all items that hold a value."""
    found: set[str] = set()
    for item in items:
        if item.kind not in {Kind.GROUP, Kind.NOTE}:
            found.add(item.name)
        found |= names_of(item.items)
    return found
