"""The commands that read a decree and its deadline wordings, for people and for other tools; they need no Django."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.model import Measure, Reading, UnreadableError

_HEADS: Final = {
    "ru": ("№", "Мероприятие", "Срок", "Исполнители", "Результат"),
    "en": ("No.", "Measure", "Term", "Executors", "Result"),
}
_WIDTHS: Final = (5, 40, 18, 20, 25)
_SEVERITY: Final = {
    "ru": {"error": "ошибка", "warning": "внимание", "info": "сведения"},
    "en": {"error": "error", "warning": "warning", "info": "info"},
}
_LANG = click.option(
    "--lang",
    type=click.Choice(["ru", "en"]),
    default="ru",
    show_default=True,
    help="Язык сообщений. · Language of messages.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Печатать JSON. · Print JSON.")


@click.group()
def decree() -> None:
    """Прочитать распоряжение, понять сроки. · Read a decree, understand its dates."""


@decree.command()
@click.argument("file", type=click.Path(path_type=Path))
@_JSON
@_LANG
def read(file: Path, *, as_json: bool, lang: str) -> None:
    """Прочитать распоряжение из FILE (DOCX, PDF, XLSX, HTML, текст). · Read a decree from FILE.

    Коды завершения: 0 — прочитано, 2 — файл не читается как распоряжение. · Exit codes: 0 read, 2 unreadable.
    """
    from profminimum.decree import reading  # noqa: PLC0415 - a command loads only what it needs
    from profminimum.decree.model import UnreadableError  # noqa: PLC0415 - a command loads only what it needs

    try:
        found = reading.read(file)
    except UnreadableError as error:
        _refuse(error, lang)
    if as_json:
        from profminimum.decree.contract import reading_json  # noqa: PLC0415 - a command loads only what it needs

        _print(json.dumps(reading_json(found, lang=lang), ensure_ascii=False, indent=2))
    else:
        _print("\n".join(report(found, lang)))


@decree.command()
@click.option("--decree-date", required=True, metavar="ГГГГ-ММ-ДД", help="Дата распоряжения. · Date of the decree.")
@click.option(
    "--school-year", required=True, metavar="ГГГГ/ГГГГ", help="Учебный год плана. · School year of the plan."
)
@_JSON
def terms(decree_date: str, school_year: str, *, as_json: bool) -> None:  # noqa: ARG001 - JSON is the only output
    """Понять сроки, по одному в строке ввода; на каждую строку печатается объект JSON.

    Understand deadline wordings, one a line of the input; one JSON object is printed for each.
    """
    from profminimum.decree.structure import period as periods  # noqa: PLC0415 - a command loads only what it needs
    from profminimum.decree.terms import read_term, term_json  # noqa: PLC0415 - a command loads only what it needs

    try:
        day = date.fromisoformat("-".join(reversed(decree_date.strip().split("."))))
    except ValueError:
        raise click.BadParameter(
            f"«{decree_date}»: нужна дата вида 2023-09-08. · A date like 2023-09-08 is needed."
        ) from None
    named = re.fullmatch(r"(20\d\d)\s*[/\-–]\s*(20\d\d)", school_year.strip())
    if not named or int(named[2]) != int(named[1]) + 1:
        raise click.BadParameter(
            f"«{school_year}»: нужен учебный год вида 2023/2024. · A school year like 2023/2024 is needed."
        )
    period = periods.school_year(int(named[1]))
    for line in _input().splitlines():
        _print(json.dumps(term_json(read_term(line.strip(), decree_date=day, period=period)), ensure_ascii=False))


def report(reading: Reading, lang: str) -> list[str]:
    """Give a reading as lines for a terminal: the act, the plan as a table, the findings."""
    act, plan = reading.decree, reading.plan
    day = f"{act.date:%d.%m.%Y}" if act.date else ""
    head = " ".join(filter(None, [act.kind, day, f"№ {act.number}" if act.number else "", act.place]))
    people = [f"{one.position} {one.name}".strip() for one in (act.signatory, act.controller)]
    signs, controls = ("Подписал", "Контроль") if lang == "ru" else ("Signed by", "Controlled by")
    lines = [line for line in (act.issuer, head, act.title) if line]
    lines += [f"{index}. {clause}" for index, clause in enumerate(act.clauses, start=1)]
    lines += [f"{word}: {who}" for word, who in zip((signs, controls), people, strict=True) if who]
    lines += ["", plan.title, _row(_HEADS[lang]), "-" * (sum(_WIDTHS) + 3 * 4)]
    for section in plan.sections:
        if section.title:
            lines += ["", f"{section.number}. {section.title}" if section.number else section.title, ""]
        for measure in section.measures:
            lines.append(_row(_cells(measure)))
    titles = ("Замечания", "Замечаний нет.") if lang == "ru" else ("Findings", "No findings.")
    lines += ["", titles[0] if reading.findings else titles[1]]
    for one in reading.findings:
        message = one.message_en if lang == "en" else one.message
        lines.append(f"  {_SEVERITY[lang][one.severity]} [{one.code}] {message}")
    return [line.rstrip() for line in lines]


def _cells(measure: Measure) -> tuple[str, ...]:
    title = "\n".join([measure.title, *(f"- {item}" for item in measure.items)])
    days = [day.strftime("%d.%m.%Y") for day in measure.occurrences[:6]]
    term = "\n".join([measure.term.text, *(f"→ {day}" for day in days)])
    papers = dict.fromkeys(result.text for result in measure.results)
    return measure.number, title, term, "\n".join(one.name for one in measure.executors), "\n".join(papers)


def _row(cells: Sequence[str]) -> str:
    columns = [
        [part for line in cell.split("\n") for part in textwrap.wrap(line, width) or [""]]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    height = max(len(column) for column in columns)
    padded = [column + [""] * (height - len(column)) for column in columns]
    rows = zip(*padded, strict=True)
    return "\n".join(
        " | ".join(part.ljust(width) for part, width in zip(row, _WIDTHS, strict=True)).rstrip() for row in rows
    )


def _refuse(error: UnreadableError, lang: str) -> NoReturn:
    sys.stderr.buffer.write(((error.message_en if lang == "en" else error.message) + "\n").encode())
    raise SystemExit(2)


def _print(text: str) -> None:
    sys.stdout.buffer.write((text + "\n").encode())


def _input() -> str:
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")
