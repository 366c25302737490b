"""What is a measure's title, and which sub-items does its cell list?"""

from __future__ import annotations

import re
from typing import Final

from profminimum.decree.structure.wording import join, one_line, starts_item

_MARK: Final = re.compile(r"^(?:[-–—•*·▪●]\s+|\d{1,2}\)\s*|\d{1,2}\.\s+|[а-я]\)\s*)")
_INLINE_DASH: Final = re.compile(r"(?<=[;:])\s+(?=[-–—•]\s+\S)")
_INLINE_NUMBER: Final = re.compile(r"(?<=[;:,.])\s+(?=(?:\d{1,2}|[а-я])\)\s*\S)")


def split_items(cell: str) -> tuple[str, tuple[str, ...]]:
    """Part the lead-in from the list below it; the lead-in loses its colon, items their marks and semicolons.

    Lines without marks are items only after a lead-in that ends with a colon. A cell that is nothing but a list keeps
    all its words as the title as well.
    """
    text = _INLINE_DASH.sub("\n", cell)
    if re.search(r":\s+(?:1|а)\)", text) or re.match(r"(?:1|а)\)", text):
        text = _INLINE_NUMBER.sub("\n", text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    lead: list[str] = []
    found: list[str] = []
    for line in lines:
        if starts_item(line):
            found.append(_MARK.sub("", line))
        elif found and (_open(found[-1]) or (re.match(r"[а-яёa-z(]", line) and not found[-1].endswith(";"))):
            found[-1] = join(found[-1], line, broken=True)
        elif found or (lead and lead[-1].endswith(":")):
            found.append(line)
        else:
            lead.append(line)
    items = tuple(item for item in (one.strip().rstrip(";,").rstrip() for one in found) if item)
    title = one_line("\n".join(lead))
    if items and title:
        items = tuple(
            item[:-1] if item.endswith(".") and index == len(items) - 1 else item for index, item in enumerate(items)
        )
        return title.rstrip().removesuffix(":").rstrip(), items
    if items:
        return one_line("\n".join(lines)), items if len(items) > 1 else ()
    return title.removesuffix(":").rstrip(), ()


def _open(item: str) -> bool:
    return item.count("«") > item.count("»") or item.count("(") > item.count(")")
