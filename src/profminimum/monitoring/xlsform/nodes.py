"""Which rows of the survey sheet lie in which, and what kind is each? Types, groups, repeats, tables."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.xlsform import columns

if TYPE_CHECKING:
    from profminimum.monitoring.xlsform.choices import Lists
    from profminimum.monitoring.xlsform.sheets import Line, Sheet

NESTING: Final = {Kind.GROUP, Kind.REPEAT, Kind.TABLE}


class Node:
    """A row with the rows inside it; `listed` is the list of its choices."""

    def __init__(self, line: Line | None, kind: Kind, listed: str = "", *, plain: str = "") -> None:
        self.line, self.kind, self.listed, self.plain = line, kind, listed, plain
        self.children: list[Node] = []
        self.lost = False  # a row inside was refused
        self.name = line.get("name") if line else ""


class Tree:
    """The rows as a tree; `skipped` are metadata that are not collected, name → type; `lost`: a row was refused."""

    def __init__(self, sheet: Sheet, lists: Lists) -> None:
        self.sheet, self.lists = sheet, lists
        self.skipped: dict[str, str] = {}
        self.lost = False
        self.root = Node(None, Kind.GROUP)
        self._grow()
        self._lift(self.root)

    def _grow(self) -> None:
        open_: list[tuple[Node, str]] = [(self.root, "")]
        for line in self.sheet.lines:
            said = " ".join(line.get("type").split())
            if not said:
                if any(line.get(column) for column in columns.SURVEY):
                    line.fault("type", "В строке нет типа (type).", "The row has no type.")
                continue
            nesting = columns.NESTING.fullmatch(said.lower())
            if nesting is None:
                self._ask(line, said, open_[-1][0])
            elif nesting[1] == "begin":
                node = self._nest(line, nesting[2])
                open_[-1][0].children.append(node)
                open_.append((node, nesting[2]))
            elif open_[-1][1] == nesting[2]:
                open_.pop()
            else:
                wanted = f"end {open_[-1][1]}" if open_[-1][1] else "begin"
                line.fault(
                    "type",
                    f"«{said}» ничего не закрывает: выше нет открытой строки «begin {nesting[2]}»"
                    + (f", здесь ожидается «{wanted}»." if open_[-1][1] else "."),
                    f"«{said}» closes nothing: no «begin {nesting[2]}» is open above"
                    + (f", «{wanted}» is expected here." if open_[-1][1] else "."),
                )
        for node, what in open_[1:]:
            if node.line is not None:
                node.line.fault(
                    "type", f"Не закрыто: нет строки «end {what}».", f"Not closed: there is no row «end {what}»."
                )

    def _ask(self, line: Line, said: str, holder: Node) -> None:
        node = self._leaf(line, said)
        if node is not None:
            holder.children.append(node)
        elif (line.get("name") or said.lower()) not in self.skipped:
            holder.lost = self.lost = True

    def _nest(self, line: Line, what: str) -> Node:
        said = line.get("pm:kind").lower()
        if not said:
            return Node(line, Kind.REPEAT if what == "repeat" else Kind.GROUP)
        if said == "table" and what == "group":
            return Node(line, Kind.TABLE, line.get("pm:rows"))
        line.fault(
            "pm:kind",
            f"У «begin {what}» не может быть pm:kind «{said}»: для таблицы нужны begin group и table.",
            f"«begin {what}» cannot have the pm:kind «{said}»: a table is a begin group with table.",
        )
        return Node(line, Kind.GROUP)

    def _leaf(self, line: Line, said: str) -> Node | None:
        low = said.lower()
        for start in ("add ", "q "):
            plain = low.removesuffix(" prompt").removeprefix(start)
            if low.startswith(start) and (plain in columns.TYPES or plain in columns.UNSUPPORTED):
                low = plain
        for start in ("get ", "uri:"):
            if low.removeprefix(start) in columns.METADATA:
                low = low.removeprefix(start)
        if low in columns.METADATA and not (low == "email" and line.get("label")):
            self.skipped[line.get("name") or low] = low
            person = low in columns.OF_THE_PERSON
            line.notice(
                "type",
                f"Служебный тип «{said}» не собирается: "
                + (
                    "кто и когда заполнил, система знает сама." if person else "форма ничего не узнаёт об устройстве."
                ),
                f"The metadata type «{said}» is not collected: "
                + ("who filled and when is known anyway." if person else "a form learns nothing of the device."),
            )
            return None
        if self._known_elsewhere(low):
            line.fault(
                "type",
                f"Тип «{said}» здесь не поддерживается. Замените его другим или удалите строку.",
                f"The type «{said}» is not supported here. Replace it by another one or delete the row.",
            )
            return None
        select = columns.SELECT.fullmatch(said)
        if select is not None:
            return self._select(line, select[1].lower(), select[2], other=bool(select[3]))
        kind = columns.TYPES.get(low)
        if kind is None:
            self._unknown(line, said, low)
            return None
        if low == "phone number":
            line.notice(
                "type",
                "Тип «phone number» — обычный текст: что в нём только цифры, не проверяется.",
                "The type «phone number» is a plain text: that it has digits only is not checked.",
            )
        return Node(line, self._ours(line, low, kind), plain=low)

    def _known_elsewhere(self, low: str) -> bool:
        words = low.split()
        return any(" ".join(words[:count]) in columns.UNSUPPORTED for count in range(1, len(words) + 1))

    def _unknown(self, line: Line, said: str, low: str) -> None:
        if low.split(maxsplit=1)[0] in {"select_one", "select_multiple", "select1"}:
            line.fault(
                "type",
                f"«{said}»: после типа назовите один список с листа choices, например select_one levels.",
                f"«{said}»: after the type name one list of the sheet choices, such as select_one levels.",
            )
            return
        close = get_close_matches(low, [*columns.TYPES, "begin group", "end group", "begin repeat", "end repeat"], 1)
        line.fault(
            "type",
            f"Неизвестный тип «{said}»." + (f" Возможно, «{close[0]}»?" if close else ""),
            f"An unknown type «{said}»." + (f" Perhaps «{close[0]}»?" if close else ""),
        )

    def _ours(self, line: Line, plain: str, kind: Kind) -> Kind:
        """The kind that our own column asks for, if it goes with the plain type."""
        said = line.get("pm:kind").lower()
        if not said:
            many_lines = "multiline" in line.get("appearance").lower()
            return Kind.LONG if kind == Kind.TEXT and many_lines else kind
        known = columns.OUR_KINDS.get(said)
        if known is None or (known[0] != plain and not (known[0] == "text" and plain == "string")):
            line.fault(
                "pm:kind",
                f"pm:kind «{said}» не сочетается с типом «{plain}»."
                + (f" Ему нужен тип «{known[0]}»." if known else f" Есть: {', '.join(columns.OUR_KINDS)}."),
                f"pm:kind «{said}» does not go with the type «{plain}»."
                + (f" It wants the type «{known[0]}»." if known else f" There are: {', '.join(columns.OUR_KINDS)}."),
            )
            return kind
        return known[1]

    def _select(self, line: Line, how: str, listed: str, *, other: bool) -> Node:
        many = "multiple" in how or "all that apply" in how
        plain = "select_multiple" if many else "select_one"
        kind = self._ours(line, plain, Kind.MANY if many else Kind.ONE)
        if other:
            line.fault(
                "type",
                "«or_other» не поддерживается: добавьте вариант «другое» в список и текстовый вопрос с relevant.",
                "«or_other» is not supported: add a choice «other» to the list and a text question with relevant.",
            )
        if listed not in self.lists:
            line.fault(
                "type", f"На листе choices нет списка «{listed}».", f"The sheet choices has no list «{listed}»."
            )
        elif kind == Kind.YESNO and self.lists.get(listed) and not self.lists.is_yes_and_no(listed):
            line.fault(
                "type",
                f"pm:kind yesno: в списке «{listed}» должно быть ровно два варианта, yes и no.",
                f"pm:kind yesno: the list «{listed}» must have exactly two choices, yes and no.",
            )
        return Node(line, kind, listed, plain=plain)

    def _lift(self, node: Node) -> None:
        """A group inside a repeat gives its children to the repeat: an entry is flat here."""
        for child in node.children:
            self._lift(child)
        if node.kind != Kind.REPEAT:
            return
        flat: list[Node] = []
        for child in node.children:
            line = child.line
            if child.kind != Kind.GROUP or line is None:
                flat.append(child)
                continue
            if line.get("relevant"):
                line.fault(
                    "relevant",
                    "У группы внутри повтора не может быть relevant: поставьте его каждому вопросу.",
                    "A group inside a repeat cannot have relevant: give it to each question.",
                )
            line.notice(
                "type",
                "Группа внутри повтора не показывается отдельно: её вопросы стоят прямо в записи.",
                "A group inside a repeat is not shown by itself: its questions stand in the entry.",
            )
            flat += child.children
        node.children = flat
