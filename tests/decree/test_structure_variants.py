"""The rows of the first decree give one plan in whatever layout, order of columns and wording they come."""

from __future__ import annotations

import html
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from openpyxl import Workbook

from profminimum.decree.contract import reading_json
from profminimum.decree.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = Path(__file__).parents[1] / "data" / "seed"
HEAD = """МИНИСТЕРСТВО ОБРАЗОВАНИЯ
САХАЛИНСКОЙ ОБЛАСТИ

РАСПОРЯЖЕНИЕ

08.09.2023 № 3.12-1264-р
Южно-Сахалинск

Об утверждении плана-графика на 2023/2024 учебный год

1. Утвердить прилагаемый план-график.
2. Контроль за исполнением настоящего распоряжения возложить на первого заместителя министра И.А. Шпаченко.

Министр\tА.Н. Киктева

УТВЕРЖДЁН
распоряжением министерства образования
Сахалинской области
от 08.09.2023 № 3.12-1264-р

План-график («дорожная карта») в 2023/2024 учебном году
""".splitlines()
WORDINGS = [
    ("№ п/п", "Задачи/ наименование мероприятий", "Сроки", "Ответственный исполнитель", "Планируемый результат"),
    ("№", "Мероприятие", "Срок исполнения", "Ответственные", "Ожидаемый результат"),
    ("N п/п", "Содержание работы", "Дата проведения", "Исполнители", "Вид документа"),
    ("№\nп/п", "Наименование мероприятия", "Сроки реализации", "Ответственные исполнители", "Выход"),
]
ORDERS = [(0, 1, 2, 3, 4), (0, 1, 4, 3, 2), (0, 2, 1, 3, 4), (0, 1, 3, 2, 4), (2, 1, 3, 4, 0)]

Rows = list[tuple[str, ...]]  # a section is a row of one cell


def seed_rows() -> Rows:
    """Take the rows from the Word file, the best of the three, as tuples in the order number … result."""
    rows: Rows = []
    for row in Document(str(SEED / "decree.docx")).tables[0].rows[1:]:
        cells = [cell.text for cell in row.cells]
        rows.append((cells[0],) if len(set(cells)) == 1 else tuple(_marked(cell) for cell in cells))
    return rows


def _marked(cell: str) -> str:
    """Put marks before the items, which Word numbers by itself."""
    lead, colon, rest = cell.partition(":\n")
    return f"{lead}:\n- " + rest.replace("\n", "\n- ") if colon else cell


def ordered(rows: Rows, header: Sequence[str], order: Sequence[int]) -> Rows:
    return [row if len(row) == 1 else tuple(row[i] for i in order) for row in (tuple(header), *rows)]


def plan_of(path: Path) -> list[Any]:
    """Give the sections as the contract has them, without places and without numbers of sections."""
    sections = reading_json(read(path))["plan"]["sections"]
    for section in sections:
        del section["number"]
        for measure in section["measures"]:
            del measure["source"]
    return list(sections)


EXPECTED = plan_of(SEED / "decree.txt")
ROWS = seed_rows()


def flat(cell: str) -> str:
    return " ".join(cell.split())


def tabs(path: Path, rows: Rows, width: int) -> Path:
    lines = ["\t".join(map(flat, row)) + "\t" * (width - len(row)) for row in rows]
    path.write_text("\n".join([*HEAD, *lines, ""]), encoding="utf-8")
    return path


def pipes(path: Path, rows: Rows, width: int) -> Path:
    lines = [" | ".join(map(flat, row)) + " | " * (width - len(row)) + " |" for row in rows]
    path.write_text("\n".join([*HEAD, *lines, ""]), encoding="cp1251")
    return path


def box(path: Path, rows: Rows, width: int) -> Path:
    sizes = [34] * width
    lines = [_rule("┌┬┐", sizes)]
    for number, row in enumerate(rows):
        if number:
            lines.append(_rule("├┼┤", sizes))
        spans = sizes if len(row) == width else [sum(sizes) + width - 1]
        columns = [
            [part for line in cell.split("\n") for part in textwrap.wrap(line, span - 2)] or [""]
            for cell, span in zip(row, spans, strict=True)
        ]
        for height in range(max(map(len, columns))):
            parts = [column[height] if height < len(column) else "" for column in columns]
            padded = (f" {part}".ljust(span) for part, span in zip(parts, spans, strict=True))
            lines.append("│" + "│".join(padded) + "│")
    path.write_text("\n".join([*HEAD, *lines, _rule("└┴┘", sizes), ""]), encoding="utf-8")
    return path


def _rule(ends: str, sizes: Sequence[int]) -> str:
    return ends[0] + ends[1].join("─" * size for size in sizes) + ends[2]


def page(path: Path, rows: Rows, width: int) -> Path:
    def cell(text: str) -> str:
        lines = [html.escape(line) for line in text.split("\n")]
        items = "".join(f"<li>{line[2:]}</li>" for line in lines if line.startswith("- "))
        body = "".join(f"<p>{line}</p>" for line in lines if not line.startswith("- "))
        return body + (f"<ul>{items}</ul>" if items else "")

    table = "".join(
        f'<tr><td colspan="{width}">{cell(row[0])}</td></tr>'
        if len(row) == 1
        else "<tr>" + "".join(f"<td>{cell(text)}</td>" for text in row) + "</tr>"
        for row in rows
    )
    head = "".join(f"<p>{html.escape(line)}</p>" for line in HEAD)
    path.write_text(f"<html><meta charset='utf-8'><body>{head}<table>{table}</table></body></html>", encoding="utf-8")
    return path


def book(path: Path, rows: Rows, width: int) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in HEAD:
        sheet.append(line.split("\t"))
    for row in rows:
        sheet.append(list(row))
        if len(row) == 1:
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=width)
    workbook.save(path)
    return path


def word(path: Path, rows: Rows, width: int) -> Path:
    """Write a table for every four rows, each under its header and a page number."""
    document = Document()
    for line in HEAD:
        document.add_paragraph(line)
    for start in range(1, len(rows), 4):
        table = document.add_table(rows=0, cols=width)
        for row in (rows[0], *rows[start : start + 4]):
            cells = table.add_row().cells
            if len(row) == 1:
                cells[0].merge(cells[-1]).text = row[0]
            else:
                for cell, text in zip(cells, row, strict=True):
                    cell.text = text
        document.add_paragraph(f"- {start} -")
    document.save(str(path))
    return path


def cut(path: Path, rows: Rows, width: int) -> Path:
    """Cut every third row in the middle of its cells, with a stamp of another act in between."""
    lines = []
    for number, row in enumerate(rows):
        cells = list(map(flat, row))
        if number % 3 or len(row) == 1 or not number:
            lines.append("\t".join(cells) + "\t" * (width - len(cells)))
            continue
        upper, lower = [], []
        for cell in cells:
            words = cell.split(" ")
            half = (len(words) + 1) // 2
            upper.append(" ".join(words[:half]))
            lower.append(" ".join(words[half:]))
        lines += ["\t".join(upper), "", "3.12-1327-р (п)(2.0)", "", "\t".join(lower)]
    path.write_text("\n".join([*HEAD, *lines, ""]), encoding="utf-8")
    return path


WRITERS = [(tabs, "txt"), (pipes, "txt"), (box, "txt"), (page, "html"), (book, "xlsx"), (word, "docx"), (cut, "txt")]


@pytest.mark.parametrize("wording", range(len(WORDINGS)))
@pytest.mark.parametrize(("write", "ending"), WRITERS, ids=lambda value: getattr(value, "__name__", None))
def test_wording_of_the_header(
    tmp_path: Path, write: Callable[[Path, Rows, int], Path], ending: str, wording: int
) -> None:
    path = write(tmp_path / f"plan.{ending}", ordered(ROWS, WORDINGS[wording], ORDERS[0]), 5)
    assert plan_of(path) == EXPECTED


@pytest.mark.parametrize("order", ORDERS[1:])
@pytest.mark.parametrize(("write", "ending"), WRITERS, ids=lambda value: getattr(value, "__name__", None))
def test_order_of_columns(
    tmp_path: Path, write: Callable[[Path, Rows, int], Path], ending: str, order: tuple[int, ...]
) -> None:
    header = tuple(WORDINGS[1][i] for i in order)
    rows = [header, *ordered(ROWS, WORDINGS[1], order)[1:]]
    assert plan_of(write(tmp_path / f"plan.{ending}", rows, 5)) == EXPECTED


@pytest.mark.parametrize(
    "heading", ["I. {0}", "Раздел {1}. {0}", "РАЗДЕЛ {2}. {0}", "{2} {0}", "Направление {1}: {0}", "{0}"]
)
@pytest.mark.parametrize(("write", "ending"), WRITERS, ids=lambda value: getattr(value, "__name__", None))
def test_wording_of_sections(
    tmp_path: Path, write: Callable[[Path, Rows, int], Path], ending: str, heading: str
) -> None:
    rows: Rows = [WORDINGS[1]]
    for row in ROWS:
        number, _, title = row[0].partition(". ")
        rows.append((heading.format(title, number, "I" * int(number)),) if len(row) == 1 else row)
    if heading.startswith("I"):
        rows = [(row[0].replace("I.", "I" * i + ".", 1),) if len(row) == 1 else row for i, row in _counted(rows)]
    assert plan_of(write(tmp_path / f"plan.{ending}", rows, 5)) == EXPECTED


def _counted(rows: Rows) -> list[tuple[int, tuple[str, ...]]]:
    count, found = 0, []
    for row in rows:
        count += len(row) == 1
        found.append((count, row))
    return found
