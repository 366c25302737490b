"""Are the measures numbered without gaps, repeats and missing numbers?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from profminimum.decree.model import Finding, PlanText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def check(plan: PlanText, noted: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Report missing numbers, repeats and gaps; numbers that begin anew in a section are one remark."""
    given = [number for kind, number in noted if kind == "absent"]
    if any(kind == "none" for kind, _ in noted):
        yield Finding(
            "numbering", "info", "",
            "Мероприятия в плане не пронумерованы, номера присвоены по порядку строк.",
            "The plan does not number its measures; numbers were given in the order of rows.",
        )  # fmt: skip
        return
    for number in given:
        yield Finding(
            "numbering", "warning", number,
            f"У строки плана нет номера, ей присвоен номер {number}. Проверьте, что это отдельное мероприятие.",
            f"A row of the plan has no number; it was given {number}. Check that it is a measure of its own.",
            {"number": number},
        )  # fmt: skip
    yield from _sequence(plan, set(given))


def _sequence(plan: PlanText, given: set[str]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    restarted = False
    last: tuple[int, ...] | None = None
    for index, section in enumerate(plan.sections):
        for position, measure in enumerate(section.measures):
            number = measure.number
            here = _parts(number)
            if number in given:
                continue
            if number in seen and seen[number] == index:
                yield _repeat(number)
            elif number in seen:
                restarted = True
            elif here and last and not _follows(last, here, first=position == 0):
                yield _gap(last, number)
            seen[number] = index
            last = here or last
    if restarted:
        yield Finding(
            "numbering", "info", "",
            "Нумерация мероприятий начинается заново в разделах, поэтому номер пункта не единственный: "
            "указывайте его вместе с разделом.",
            "Numbers begin anew in sections, so a number is not unique: name it together with its section.",
        )  # fmt: skip


def _parts(number: str) -> tuple[int, ...] | None:
    return (
        tuple(int(part) for part in re.split(r"[.\-]", number)) if re.fullmatch(r"\d+(?:[.\-]\d+)*", number) else None
    )


def _follows(last: tuple[int, ...], here: tuple[int, ...], *, first: bool) -> bool:
    if here[-1] == 1 and (first or len(here) > len(last) or here[:-1] != last[:-1]):
        return True
    if len(here) == len(last):
        return here[:-1] == last[:-1] and here[-1] == last[-1] + 1
    if len(here) < len(last):
        return here[-1] in {last[len(here) - 1], last[len(here) - 1] + 1}
    return False


def _repeat(number: str) -> Finding:
    return Finding(
        "numbering", "warning", number,
        f"Номер {number} стоит у двух мероприятий. Исправьте нумерацию.",
        f"Number {number} stands at two measures. Mend the numbering.",
    )  # fmt: skip


def _gap(last: tuple[int, ...], number: str) -> Finding:
    before = ".".join(str(part) for part in last)
    return Finding(
        "numbering", "warning", number,
        f"После пункта {before} идёт пункт {number}. Проверьте, не потеряна ли строка.",
        f"Measure {before} is followed by {number}. Check that no row is lost.",
    )  # fmt: skip
