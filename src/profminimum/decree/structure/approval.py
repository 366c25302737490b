"""What does the mark of approval over a plan say, and where does the plan's own title begin?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from profminimum.decree.model import Act, Person
from profminimum.decree.structure.people import person
from profminimum.decree.structure.requisites import DATE, GENITIVE_KIND, body_name, find_date, find_number, unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from profminimum.decree.structure.stream import Line


@dataclass(frozen=True, slots=True)
class Approval:
    """The mark over a plan: «УТВЕРЖДЁН распоряжением … от … № …» or «УТВЕРЖДАЮ Директор … И.И. Иванов»."""

    kind: str = ""
    number: str = ""
    date: date | None = None
    issuer: str = ""
    by: Person = field(default_factory=Person)


def read_approval(lines: Sequence[Line]) -> tuple[Approval, int]:
    """Read the last mark of approval among the lines before a plan; gives it and the index of the line after it."""
    texts = [unspaced(line.text) for line in lines]
    start = next((i for i in range(len(texts) - 1, -1, -1) if re.match(r"утвержд", texts[i], re.IGNORECASE)), None)
    if start is None:
        start = next(
            (i for i in range(len(texts) - 1, -1, -1) if re.match(r"приложение", texts[i], re.IGNORECASE)), None
        )
    if start is None:
        return Approval(), 0
    end = start + 1
    while end < len(texts) and end - start < 10 and not plan_words(texts[end]):
        end += 1
    block = " ".join(texts[start:end])
    if re.match(r"утверждаю", block, re.IGNORECASE):
        words = re.sub(r"^утверждаю\W*", "", block, flags=re.IGNORECASE)
        found = DATE.search(words)
        by = person(words[: found.start()] if found else words)
        return Approval(date=find_date(words), by=by), end
    block = re.sub(r"^приложение\s*(?:№|N)?\s*\d*", "", block, flags=re.IGNORECASE)
    kind = GENITIVE_KIND.search(block + " ")
    if not kind:
        return Approval(date=find_date(block), number=find_number(block)), end
    noun = {"распоряжени": "распоряжение", "приказ": "приказ", "постановлени": "постановление", "решени": "решение"}
    return Approval(noun[kind[1].lower()], find_number(block), find_date(block), body_name(kind["issuer"])), end


def plan_words(text: str) -> bool:
    """Tell a line that names a plan."""
    return (
        re.match(
            r"[«\"(]?\s*(?:комплексн\w+\s+|региональн\w+\s+|муниципальн\w+\s+|рабоч\w+\s+|медиа|сетев\w+\s+|"
            r"единый\s+)*"
            r"(?:план\b|план[\s-]|дорожная|«дорожная|комплекс мер|график|перечень (?:основных\s+)?мероприятий|"
            r"программа|мероприятия|календар)",
            text.strip(),
            re.IGNORECASE,
        )
        is not None
    )


def with_approval(act: Act, approval: Approval) -> Act:
    """Fill what the act's own head leaves empty from the mark over the plan."""
    return replace(
        act,
        kind=act.kind or approval.kind,
        number=act.number or approval.number,
        date=act.date or approval.date,
        issuer=act.issuer or approval.issuer,
        signatory=act.signatory if act.signatory.text else approval.by,
    )
