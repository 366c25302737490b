"""What must come out of a measure, and whose it is: a cell cut into results with their owners."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Executor, Result
from profminimum.decree.structure.wording import sentences, split_outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.decree.structure.names import Alias, Mention, Names

_PAPER: Final = re.compile(
    r"\b(?:акт|приказ|распоряжени|постановлени|письм|справк|отч[её]т|план|протокол|программ|решени|анонс|релиз|пресс-релиз|карт|перечен|"
    r"положени|информаци|сводн\w+\s+информаци|аналитик|материал|договор|соглашени|график|реестр|координатора?|оператора?)\w*\s*$",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"^(?:[-–—•*]\s+|\d{1,2}[.)]\s+|[а-я]\)\s*)")
NOTHING: Final = frozenset({"", "-", "–", "—", "--", "---", "нет", "х", "x", "…"})


def results(cell: str, names: Names, executors: Sequence[Executor]) -> tuple[list[Result], list[Alias]]:
    """Cut a cell into results, one for each owner that a result names; the text of each is as written.

    Lines, items, «;» and ends of sentences part results, commas do not.
    """
    found: list[Result] = []
    aliases: list[Alias] = []
    for text in _texts(cell):
        owners, misspelt = _owners(text, names, {one.name for one in executors})
        aliases.extend(misspelt)
        found.extend(Result(text, owner) for owner in owners or [""])
    return found, aliases


def _texts(cell: str) -> list[str]:
    texts: list[str] = []
    for raw in cell.split("\n"):
        line = _MARK.sub("", raw.strip())
        for part in split_outside(line, ";"):
            for sentence in sentences(part):
                text = sentence.strip(" ;")
                text = text[:-1].rstrip() if text.endswith(".") and not re.search(r"\s[а-яё]{1,2}\.$", text) else text
                if text.lower() not in NOTHING:
                    texts.append(text)
    return texts


def _owners(text: str, names: Names, executors: set[str]) -> tuple[list[str], list[Alias]]:
    """Find whose a result is: an abbreviation right after the paper, after a dash, or at the end.

    Between other words an abbreviation is what the paper is about («о готовности ОО»); at the end it owns the result
    only when it is an executor of the row («опыт педагогов ОО»).
    """
    groups = _groups(text, names, executors)
    for group in groups:
        before = text[: group[0][0]].rstrip()
        if re.search(r"\s[-–—]$", before) and not text[group[-1][1] :].strip(" .;)"):
            return _taken(group)
    papers: list[Mention] = []
    for group in groups:
        before = text[: group[0][0]]
        if _PAPER.search(before) and (not papers or before[papers[-1][1] :].startswith(",")):
            papers.extend(group)
    if papers:
        return _taken(papers)
    if groups:
        group = groups[-1]
        at_end = not text[group[-1][1] :].strip(" .;)»")
        if at_end and (not text[: group[0][0]].strip() or all(one[2] in executors for one in group)):
            return _taken(group)
    return [], [alias for group in groups for *_, alias in group if alias]


def _groups(text: str, names: Names, executors: set[str]) -> list[list[Mention]]:
    """Gather mentions that stand in one row, parted by commas or «и» only."""
    groups: list[list[Mention]] = []
    for mention in names.mentions(text, executors):
        if groups and re.fullmatch(r"\s*(?:,|и|/)?\s*", text[groups[-1][-1][1] : mention[0]]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _taken(group: list[Mention]) -> tuple[list[str], list[Alias]]:
    owners = list(dict.fromkeys(mention[2] for mention in group))
    return owners, [mention[3] for mention in group if mention[3]]
