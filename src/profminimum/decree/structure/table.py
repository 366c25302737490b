"""Which column of a table holds what, told by the words of its header in one or two rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from profminimum.decree.structure.wording import cyrillic, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.structure.stream import TableRow

_NUMBER: Final = re.compile(
    r"(?:№|n|no|#|номер)?\.?\s*(?:п\s*[/\\.\-]?\s*п\.?|пункта?|раздела?|мероприятия|строки)?(?:\s*плана)?",
    re.IGNORECASE,
)
_ROLES: Final = (
    ("executors", re.compile(r"ответств|исполнит|соисполн|^кто\b|^исп\b|^отв\b|куратор")),
    ("note", re.compile(r"отметк|примечан|источник|финанс|об[ъь][её]м|охват|целевая (?:группа|аудит)|участник")),
    ("start", re.compile(r"начал[оа]?\b|^с$")),
    ("end", re.compile(r"окончан|^завершени|конец|^по$|^до$")),
    ("term", re.compile(r"срок|\bдат[аы]\b|период|время|месяц|когда|график")),
    ("result", re.compile(r"результат|ожидаем|\bитог|документ|выход|показател|подтвержд|"
                          r"индикатор|продукт|форма отч|форма заверш")),
    ("note", re.compile(r"\bместо\b|категори|класс|количеств|кол-во|ссылк|уровень|форма|телефон|адрес|контакт")),
    ("section", re.compile(r"^(?:направлени|раздел|модул|блок|задач[аи]?$)")),
    ("title", re.compile(r"мероприят|задач|содержан|деятельност|вид\w* работ|действи|наименован|направлен|"
                         r"тема|вопрос|\bшаг|этап|работы|поручен|пункт|событи|\bдел[ао]?\b")),
)  # fmt: skip
_STRONG: Final = re.compile(r"мероприят|задач|содержан|деятельност|вид\w* работ|действи|событи|поручен")
_FOREIGN: Final = re.compile(
    r"телефон|адрес|\bинн\b|\bф\.?\s?и\.?\s?о\b|должност|e-?mail|"
    r"наименовани\w+ (?:школ|образоват|общеобр|учрежд|организац|оо\b|муниц|район)|^(?:школ|организац|учрежден|"
    r"муниципал)"
)
_QUARTER: Final = re.compile(r"(?P<n>iv|i{1,3}|[1-4])\s*(?:-?й)?\s*(?P<unit>кв\w*|квартал\w*)?\.?(?P<rest>.*)")
_MONTHS: Final = (
    ("янв", "январь"), ("фев", "февраль"), ("мар", "март"), ("апр", "апрель"), ("май", "май"), ("мая", "май"),
    ("июн", "июнь"), ("июл", "июль"), ("авг", "август"), ("сен", "сентябрь"), ("окт", "октябрь"),
    ("ноя", "ноябрь"), ("дек", "декабрь"),
)  # fmt: skip
_YEAR: Final = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """A column of a matrix: what a mark in it means (kind quarter, month, half or year; label; year if known)."""

    column: int
    kind: str
    label: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The roles of a table's columns by their 0-based index; `headings` as written, one for each column."""

    headings: tuple[str, ...]
    title: int | None = None
    number: int | None = None
    section: int | None = None
    start: int | None = None
    end: int | None = None
    terms: tuple[int, ...] = ()
    executors: tuple[int, ...] = ()
    results: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = field(default=())

    @property
    def has_term(self) -> bool:
        return bool(self.terms or self.marks) or self.start is not None or self.end is not None

    @property
    def score(self) -> int:
        """Tell how much a header reads as a plan's; from 5 on it is one."""
        if self.title is None:
            return 0
        heading = cyrillic(self.headings[self.title]).lower()
        points = 3 if _STRONG.search(heading) else 1
        points += 3 * self.has_term + 2 * bool(self.executors) + 2 * bool(self.results) + (self.number is not None)
        foreign = sum(bool(_FOREIGN.search(text.lower())) for text in self.headings)
        return points - 4 * (foreign > 0 and not _STRONG.search(heading))


def header_at(rows: Sequence[TableRow], index: int) -> tuple[Columns, int] | None:
    """Read a plan's header that begins at a row; gives the columns and how many rows it takes, or None."""
    row = rows[index]
    if not _could_head(row.cells):
        return None
    best: tuple[Columns, int] | None = None
    for height in (1, 2, 3):
        block = rows[index : index + height]
        if len(block) < height or any(part.table != row.table for part in block):
            break
        if height > 1 and not _continues_header(block[-2].cells, block[-1].cells):
            break
        columns = _columns([part.cells for part in block])
        if columns.score >= 5 and (best is None or columns.score >= best[0].score):
            best = columns, height
    return best


def same_header(cells: Sequence[str], columns: Columns) -> bool:
    """Tell a header repeated on another page, even when a part of its words is missing."""
    if len(cells) != len(columns.headings):
        return False
    filled = [(_key(cell), _key(columns.headings[index])) for index, cell in enumerate(cells) if cell]
    if len(filled) < 2:
        return False
    alike = sum(bool(b) and (a == b or (len(a) > 2 and (a in b or b in a))) for a, b in filled)
    return alike >= max(2, len(filled) - 1)


def counting(cells: Sequence[str]) -> bool:
    """Tell the row of column numbers «1 2 3 4 5» under a header."""
    figures = [cell.strip(" .()") for cell in cells if cell.strip()]
    return len(figures) >= 3 and figures == [str(number) for number in range(1, len(figures) + 1)]


def month_of(text: str) -> str:
    """Give the month that a short text names («сент.» → «сентябрь»), else «»."""
    word = cyrillic(text).strip(" .").lower()
    if not re.fullmatch(r"[а-я]{3,8}", word):
        return ""
    return next(
        (full for start, full in _MONTHS if (word.startswith(start) and full[:3] == word[:3]) or word == start), ""
    )


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", cyrillic(text).lower())


def _could_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > 120 for cell in filled):
        return False
    if re.fullmatch(r"\d+(?:\.\d+)*\.?", cells[0]) or len({_key(cell) for cell in filled}) < 2:
        return False
    return not any(re.search(r"\d\d\.\d\d\.\d{2,4}", cell) for cell in filled)


def _continues_header(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell a second header row: each cell empty, as above, or the name of a part of what stands above."""
    if len(above) != len(cells) or counting(cells):
        return False
    news = [cell for index, cell in enumerate(cells) if cell and _key(cell) != _key(above[index])]
    if not news:
        return any(cells)
    if sum(1 for cell in cells if cell) == 1:
        return re.fullmatch(r"п\s*/\s*п\.?", news[0].strip(), re.IGNORECASE) is not None
    return all(_part(cell) for cell in news) and not re.fullmatch(r"\d+\.?", cells[0].strip() or "-")


def _part(cell: str) -> bool:
    text = cyrillic(cell).lower().strip()
    if len(text) > 40:
        return False
    known = ("start", "end", "executors", "result", "term", "note")
    named = any(pattern.search(text) for role, pattern in _ROLES if role in known)
    return named or _label(text) is not None or bool(re.fullmatch(r"(?:план|факт|фио|п/п|№|20\d\d\s*г?\w*\.?)", text))


def _label(text: str) -> tuple[str, str] | None:
    """Read the heading of a matrix column as (kind, label)."""
    word = cyrillic(one_line(text)).lower().strip(" .")
    word = re.sub(r"(?<![а-я])(?:і|і{2,3})(?![а-я])", "i", word)
    if month_of(word.split(" ")[0]) and len(word) < 20 and not re.search(r"\d\d?\s*[а-я]", word):
        return "month", month_of(word.split(" ")[0])
    latin = word.replace("х", "x").replace("і", "i")
    quarter = _QUARTER.fullmatch(latin)
    if quarter and (quarter["unit"] or not quarter["rest"].strip()) and len(word) < 24:
        number = {"1": "I", "2": "II", "3": "III", "4": "IV"}.get(quarter["n"], quarter["n"].upper())
        return "quarter", number
    half = re.fullmatch(r"(1|2|i|ii)(?:-?[её]|-?ое)?\s*полугоди\w*.*", latin)
    if half:
        return "half", {"1": "1", "i": "1", "2": "2", "ii": "2"}[half[1]]
    year = re.fullmatch(r"(20\d\d)\s*(?:г\.?|год)?", word)
    return ("year", year[1]) if year else None


def _columns(block: Sequence[Sequence[str]]) -> Columns:
    width = max(len(cells) for cells in block)
    grid = [list(cells) + [""] * (width - len(cells)) for cells in block]
    headings = []
    for index in range(width):
        parts: list[str] = []
        for cells in grid:
            text = one_line(cells[index])
            if text and text not in parts:
                parts.append(text)
        headings.append(" ".join(parts))
    marks = _marks(grid)
    marked = {mark.column for mark in marks}
    roles: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        if index not in marked:
            roles.setdefault(_role(heading, [cells[index] for cells in grid]), []).append(index)
    titles = _by_strength(roles.get("title", []), headings)
    sections = roles.get("section", [])
    if not titles and sections:
        titles, sections = sections[:1], sections[1:]
    if not titles:
        papers = [i for i in roles.get("result", []) if re.search(r"наименован", headings[i].lower())]
        titles = papers[:1]
        roles["result"] = [i for i in roles.get("result", []) if i not in titles]
    return Columns(
        headings=tuple(headings),
        title=titles[0] if titles else None,
        number=next(iter(roles.get("number", [])), None),
        section=next((index for index in sections if not titles or index < titles[0]), None),
        start=next(iter(roles.get("start", [])), None),
        end=next(iter(roles.get("end", [])), None),
        terms=tuple(roles.get("term", [])),
        executors=tuple(roles.get("executors", [])),
        results=tuple(roles.get("result", [])),
        marks=marks,
    )


def _role(heading: str, parts: Sequence[str]) -> str:
    text = cyrillic(heading).lower().strip(" .:*")
    if not text:
        return "none"
    if _NUMBER.fullmatch(heading.strip(" .:*")) and text != "мероприятия":
        return "number"
    last = cyrillic(next((part for part in reversed(parts) if part), "")).lower().strip(" .:*")
    for role, pattern in _ROLES:
        if role in {"start", "end"}:
            if pattern.search(last) and len(last) < 40 and not re.search(r"форма|документ", last):
                return role
        elif pattern.search(text):
            return role
    return "none"


def _by_strength(titles: Sequence[int], headings: Sequence[str]) -> list[int]:
    def weakness(index: int) -> tuple[int, int]:
        text = cyrillic(headings[index]).lower()
        order = (r"мероприят|событи", r"содержан|действи|вид\w* работ|деятельност", r"наименован", r"задач|поручен")
        return next((rank for rank, words in enumerate(order) if re.search(words, text)), len(order)), index

    return sorted(titles, key=weakness)


def _marks(grid: Sequence[Sequence[str]]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    width = len(grid[0])
    year = ""
    for index in range(width):
        column = [cells[index] for cells in grid]
        texts = [text for text in column if text]
        upper = _YEAR.search(" ".join(column[:-1]))
        year = upper[0] if upper else (year if len(texts) < len(column) or len(set(column)) == 1 else "")
        label = _label(texts[-1]) if texts else None
        if label is None:
            continue
        if (
            label[0] == "quarter"
            and not re.search(r"[ivIVхХ]|кв", texts[-1])
            and "кварт" not in " ".join(grid[0]).lower()
        ):
            continue
        own = _YEAR.search(texts[-1])
        found.append(Mark(index, label[0], label[1], own[0] if own and label[0] != "year" else year))
    kinds = [mark.kind for mark in found]
    least = {"quarter": 2, "month": 3, "half": 2, "year": 2}
    return tuple(mark for mark in found if kinds.count(mark.kind) >= least[mark.kind])
