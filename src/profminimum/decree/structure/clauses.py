"""Which clauses does an act hold, who signed it and who controls it?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Person
from profminimum.decree.structure.people import controller, name_in, person
from profminimum.decree.structure.requisites import PREAMBLE
from profminimum.decree.structure.wording import join

if TYPE_CHECKING:
    from collections.abc import Sequence

CLAUSE: Final = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]\s*(?=[А-ЯЁа-яё«(])(?P<text>.+)", re.DOTALL)
ORDERS: Final = re.compile(
    r"(?:приказываю|обязываю|постановля(?:ю|ет)|распоряжаюсь|предлагаю|решил\w*)\s*:?\s*$", re.IGNORECASE
)
APPROVED: Final = re.compile(
    r"(?:приложение|утвержд[её]н[аоы]?|утверждаю|согласован\w*|к\s+приказу)\b", re.IGNORECASE
)


def clauses_of(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """Gather numbered clauses with their sub-clauses; gives their texts and the lines that follow the last."""
    clauses: list[str] = []
    rest: list[str] = []
    opened = False
    for index, text in enumerate(body):
        found = CLAUSE.match(text)
        top = found is not None and "." not in found["number"]
        if found and top and int(found["number"]) == len(clauses) + 1 and not rest:
            clauses.append(found["text"].strip())
            opened = True
        elif found and not top and clauses and not rest:
            clauses[-1] += "\n" + text
        elif clauses and not rest and not _ends(clauses[-1], text):
            clauses[-1] = _continue(clauses[-1], text)
        elif opened or clauses:
            rest.append(text)
        elif ORDERS.search(text) and not any(CLAUSE.match(later) for later in body[index + 1 :]):
            return _unnumbered(body[index + 1 :])
    if clauses:
        return clauses, rest
    return _unnumbered(body[1:] if body and body[0].endswith(":") else body)


def _unnumbered(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """Read clauses without numbers: each paragraph one, until the signature."""
    clauses: list[str] = []
    for index, text in enumerate(body):
        signed = name_in(text) and len(text) < 160 and not re.search(r"[.;]$", text) and not text[:1].islower()
        if (signed or _short_post(text)) and clauses and re.search(r"[.;]$", clauses[-1]):
            return clauses, list(body[index:])
        if clauses and text[:1].islower():
            clauses[-1] = join(clauses[-1], text)
        elif re.match(r"[А-ЯЁ]", text) and not APPROVED.match(text):
            clauses.append(text)
    return [clause for clause in clauses if not PREAMBLE.match(clause) or clause.startswith("Утверд")], []


def _short_post(text: str) -> bool:
    return len(text) < 90 and not text.endswith((".", ";", ":", ",")) and text[:1].isupper()


def _ends(clause: str, text: str) -> bool:
    """Tell whether a line below a clause belongs to it no more: the clause is complete and a signature may begin."""
    complete = re.search(r"[.;!»]$", clause) is not None and not re.search(r"\s[А-ЯЁ]\.$", clause)
    if not complete:
        whole = name_in(clause[-60:]) is not None and clause.rstrip(".").endswith(
            tuple("абвгдежзийклмнопрстуфхцчшщъыьэюя")
        )
        return whole and text[:1].isupper() and _short_post(text)
    return text[:1].isupper() or bool(re.match(r"[А-ЯЁ]\.|_+", text))


def _continue(clause: str, text: str) -> str:
    if re.match(r"[-–—•]\s|[а-я]\)", text):
        return f"{clause}\n{text}"
    head, _, last = clause.rpartition("\n")
    return f"{head}\n{join(last, text)}" if head else join(last, text)


def signatory_of(lines: Sequence[str]) -> Person:
    """Read the post and the name under the text; the name may stand on a line of its own."""
    gathered: list[str] = []
    for text in lines[:8]:
        if APPROVED.match(text) or re.match(
            r"(?:исп\b|исполнитель|тел\b|с приказом|ознаком|рассылка|верно)", text, re.IGNORECASE
        ):
            break
        gathered.append(" ".join(text.replace("_", " ").split()))
        if name_in(gathered[-1]):
            return person(" ".join(gathered))
    return Person()


def controller_of(clauses: Sequence[str], signatory: Person) -> Person:
    for clause in reversed(clauses):
        found = controller(clause)
        if found is None:
            continue
        if not found.position and not found.name and re.search(r"собой|на себя", found.text):
            return Person(signatory.position, signatory.name, found.text)
        return found
    return Person()
