"""What proves that a row is done? It follows from the row's expected result (design rule 14); pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ACT: Final = re.compile(r"распорядительн\w+ акт|приказ|распоряжени|постановлени|решени", re.IGNORECASE)
DOCUMENT: Final = re.compile(
    r"отч[её]т|справк|программ|план|карт|письм|протокол|перечень|реестр|список|анонс|релиз|положени|регламент",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """`act`: number, date and file of an act are wanted; `file`: a document is wanted; neither: words will do."""

    act: bool
    file: bool


def wanted(results: list[dict[str, str]]) -> Proof:
    """What the expected results of a row, [{text, owner}, …], ask for."""
    text = " ".join(result.get("text", "") for result in results)
    act = bool(ACT.search(text))
    return Proof(act=act, file=act or bool(DOCUMENT.search(text)))
