"""What do our own columns say of a question: its limits, its source, its register, its place in the summary?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring.schema.loading import EMPTY
from profminimum.monitoring.schema.model import Kind, Severity, Source, Summary
from profminimum.monitoring.xlsform import columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from profminimum.monitoring.xlsform.rules import Rules
    from profminimum.monitoring.xlsform.sheets import Line

SUMMED: Final = {
    Kind.INTEGER: Summary.SUM,
    Kind.AMOUNT: Summary.SUM,
    Kind.YESNO: Summary.SHARE,
    Kind.ONE: Summary.SHARE,
    Kind.MANY: Summary.SHARE,
}
NUMBERS: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT}
WORDS: Final = {Kind.TEXT, Kind.LONG}
ONLY: Final[Mapping[str, Collection[Kind]]] = {  # columns that mean something for these kinds alone
    "pm:unit": NUMBERS | {Kind.CALCULATED},
    "pm:least": NUMBERS,
    "pm:most": NUMBERS,
    "pm:decimals": {Kind.DECIMAL, Kind.AMOUNT},
    "pm:longest": WORDS,
    "pm:rows": {Kind.TABLE},
    "pm:at_least": {Kind.REPEAT},
    "pm:at_most": {Kind.REPEAT},
    "repeat_count": {Kind.REPEAT},
    "choice_filter": {Kind.ONE, Kind.MANY},
}
SILENT: Final = {Kind.GROUP, Kind.NOTE}
UNSOURCED: Final = {Kind.GROUP, Kind.NOTE, Kind.CALCULATED, Kind.FILE}


def idle(line: Line, kind: Kind) -> None:
    """Name what stands in cells that mean nothing for this kind."""
    for column, kinds in ONLY.items():
        if line.get(column) and kind not in kinds:
            line.notice(
                column,
                f"Для такого вопроса «{column}» не действует.",
                f"«{column}» does nothing for this question.",
            )
    _appearance(line, kind)


def _appearance(line: Line, kind: Kind) -> None:
    said = line.get("appearance")
    if kind in {Kind.ONE, Kind.MANY} and "search(" in said.lower().replace(" ", ""):
        line.fault(
            "appearance",
            "search() берёт варианты из другого файла, это не поддерживается: впишите их на лист choices.",
            "search() takes the choices from another file, which is not supported: put them on the sheet choices.",
        )
    elif set(said.lower().split()) - columns.SEEN_APPEARANCES:
        line.notice(
            "appearance",
            f"Вид «{said}» не поддерживается: показано как обычно.",
            f"The appearance «{said}» is not supported: it looks as usual.",
        )


def source(rules: Rules, line: Line, kind: Kind, holder: Kind | None) -> Source | None:
    said = line.get("pm:source")
    if not said:
        return None
    origin, _colon, name = said.partition(":")
    if origin not in {"registry", "register", "last"} or not name:
        line.fault(
            "pm:source",
            f"Источник «{said}» не годится: registry:pupils, register:level.hours или last:имя вопроса.",
            f"The source «{said}» will not do: registry:pupils, register:level.hours or last:name.",
        )
        return None
    if holder is not None or kind in UNSOURCED:
        line.fault(
            "pm:source",
            "Здесь источник не действует: он бывает у вопроса, у целой таблицы и у целого повтора.",
            "No source here: a question, a whole table and a whole repeat can have one.",
        )
        return None
    if origin == "registry" and name not in columns.FACTS:
        facts = ", ".join(sorted(columns.FACTS))
        line.fault("pm:source", f"В реестре организаций есть: {facts}.", f"The registry has: {facts}.")
    elif origin == "register":
        rules.register(line, "pm:source", name)
    return Source(origin, name)


def register(rules: Rules, line: Line, kind: Kind) -> str:
    said = line.get("pm:register")
    if said and kind in {*SILENT, Kind.TABLE, Kind.REPEAT}:
        line.fault("pm:register", "В реестр пишется ответ на вопрос.", "What goes to a register is an answer.")
    elif said:
        rules.register(line, "pm:register", said)
    return said


def summary(line: Line, kind: Kind) -> Summary:
    said = line.get("pm:summary").lower()
    if not said:
        return SUMMED.get(kind, Summary.NONE)
    fitting = {Summary.NONE.value}
    if kind in NUMBERS | {Kind.CALCULATED}:
        fitting |= {Summary.SUM.value, Summary.MEAN.value, Summary.MEDIAN.value}
    elif kind in {Kind.YESNO, Kind.ONE, Kind.MANY}:
        fitting.add(Summary.SHARE.value)
    if said not in fitting:
        names = ", ".join(sorted(fitting))
        line.fault("pm:summary", f"Для такого вопроса допустимо: {names}.", f"For this question: {names}.")
        return Summary.NONE
    return Summary(said)


def numbers(line: Line, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "least": _number(line, "pm:least", None, -1e15, 1e15),
        "most": _number(line, "pm:most", None, -1e15, 1e15),
        "decimals": int(_number(line, "pm:decimals", EMPTY["decimals"], 0, 6)),
        "longest": int(_number(line, "pm:longest", EMPTY["longest"], 1, 10_000)),
        "at_least": int(_number(line, "pm:at_least", EMPTY["at_least"], 0, 500)),
        "at_most": int(_number(line, "pm:at_most", EMPTY["at_most"], 1, 500)),
    }
    if kind == Kind.REPEAT and "${" in line.get("repeat_count"):
        line.fault(
            "repeat_count",
            "Число записей по ответу не поддерживается: укажите число или сотрите, записи добавит отвечающий.",
            "A count by an answer is not supported: give a number or nothing, the person adds entries.",
        )
    elif kind == Kind.REPEAT and line.get("repeat_count"):
        found["at_least"] = found["at_most"] = int(_number(line, "repeat_count", 1, 1, 500))
    for low, high, column in (("least", "most", "pm:most"), ("at_least", "at_most", "pm:at_most")):
        if found[low] is not None and found[high] is not None and found[low] > found[high]:
            line.fault(column, "Наибольшее меньше наименьшего.", "The most is less than the least.")
    return found


def _number(line: Line, column: str, usual: Any, least: float, most: float) -> Any:
    said = line.get(column)
    if not said:
        return usual
    try:
        found = float(said.replace(",", ".").replace(" ", ""))
    except ValueError:
        line.fault(column, f"«{said}» — не число: здесь нужно число.", f"«{said}» is no number: one is wanted here.")
        return usual
    if not least <= found <= most:
        line.fault(column, f"От {least:g} до {most:g}.", f"From {least:g} to {most:g}.")
        return usual
    return found


def severity_of(line: Line, column: str) -> Severity:
    """`error` unless the cell says `warning`."""
    said = line.get(column).lower()
    if said in {"warning", "предупреждение"}:
        return Severity.WARNING
    if said not in {"", "error", "ошибка"}:
        line.fault(column, f"«{said}»: допустимо error или warning.", f"«{said}»: either error or warning.")
    return Severity.ERROR
