"""What does the act say around its plan: requisites, title, clauses, people?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from profminimum.decree.model import Act
from profminimum.decree.structure.clauses import APPROVED, CLAUSE, ORDERS, clauses_of, controller_of, signatory_of
from profminimum.decree.structure.requisites import (
    PREAMBLE,
    TITLE,
    find_date,
    find_number,
    issuer_of,
    kind_line,
    parts,
    place_of,
    unspaced,
)
from profminimum.decree.structure.stream import noise
from profminimum.decree.structure.wording import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.structure.stream import Line


def read_act(lines: Sequence[Line], *, mentions: str = "") -> Act:
    """Read the lines before the plan; an act without a head gives empty fields.

    `mentions` is the whole text, in which the issuer's name is sought in ordinary letters.
    """
    texts = [unspaced(line.text) for line in lines if "№" in line.text or not noise(line.text)]
    start = next((i for i, text in enumerate(texts) if kind_line(text)), None)
    if start is None:
        return Act()
    end = next(
        (i for i in range(start + 1, len(texts)) if APPROVED.match(texts[i]) and not _in_clause(texts, i)),
        len(texts),
    )
    head, body = parts(texts[start:end])
    kind, rest = kind_line(texts[start]) or ("", "")
    requisites = "\n".join([rest, *head])
    issuer = issuer_of(texts[:start], rest, head, mentions)
    number = find_number(requisites) or find_number("\n".join(texts[max(0, start - 3) : start]))
    day = find_date(requisites) or find_date("\n".join(texts[:start]))
    title, body = _title(body, rest)
    clauses, people = clauses_of(body)
    signatory = signatory_of(people)
    return Act(
        kind=kind,
        number=number,
        date=day,
        place=place_of(head) or place_of(texts[:start]),
        issuer=issuer,
        title=title,
        clauses=tuple(clauses),
        signatory=signatory,
        controller=controller_of(clauses, signatory),
    )


def _in_clause(texts: Sequence[str], index: int) -> bool:
    """Tell «Приложение: …» or «утверждён» that only goes on with a clause from a mark that begins an annex."""
    return texts[index][:1].islower() and not APPROVED.fullmatch(texts[index].strip(" .:"))


def _title(body: Sequence[str], rest: str) -> tuple[str, list[str]]:
    """Take the heading «Об утверждении …» with its further lines; gives it and the text below."""
    quoted = re.search(r"[«\"](Об?\s.+)[»\"]\s*$", rest)
    if quoted and not (body and TITLE.match(body[0])):
        return quoted[1], list(body)
    if not body or not TITLE.match(body[0]):
        return "", list(body)
    title, index = body[0], 1
    while index < len(body):
        text = body[index]
        if (PREAMBLE.match(text) and (text[:1].isupper() or text[:1].isdigit())) or ORDERS.search(text):
            break
        if CLAUSE.match(text) or APPROVED.match(text) or text.endswith(":") or (len(text) > 150 and len(title) > 60):
            break
        title = join(title, text)
        index += 1
    quotes = title[:1] in '«"“' and title[-1:] in '»"”' and len(re.findall(r"[«\"“]", title)) == 1
    return (title[1:-1] if quotes or (title[:1] == '"' and title.count('"') == 2) else title).strip(), list(
        body[index:]
    )
