"""How does the text of a cell or line become plain: no invisible characters, no literal markup, blanks folded?"""

from __future__ import annotations

import html
import re

_SPACES = dict.fromkeys((9, 160, 5760, *range(8192, 8203), 8239, 8287, 12288, 61472), " ")
_DROPPED = dict.fromkeys(
    (
        *range(9),
        *range(14, 32),
        *range(127, 133),
        *range(134, 160),
        173,
        6158,
        *range(8203, 8208),
        *range(8234, 8239),
        *range(8288, 8304),
        65279,
        *range(65529, 65532),
        *range(55296, 57344),
    )
)
_BREAKS = {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_HYPHENS = {0x2010: "-", 0x2011: "-"}
_PLAIN = {**_SPACES, **_DROPPED, **_BREAKS, **_HYPHENS}

_LIST_TAGS = "ul|ol|dl|menu"
_BLOCK_TAGS = "p|div|br|tr|table|tbody|thead|h[1-6]|blockquote|section|dd|dt"
_INLINE_TAGS = "span|b|i|u|s|strong|em|font|a|sup|sub|td|th|small|big|strike|nobr|center|o:p"
_ATTRIBUTES = r"(?:\s+[^<>]*)?"
_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_LIST_TAGS}|{_BLOCK_TAGS}|{_INLINE_TAGS}|li){_ATTRIBUTES}/?>", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|laquo|raquo|ndash|mdash|shy|hellip|bull|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE
)
_LIST_ITEM = re.compile(r"(?<=[;:]) (?=[-–—•·▪] \S)")
_LONE_BULLET = re.compile(r"^(- )[-–—•·▪] ?(?=\S)", re.MULTILINE)
_BULLET = re.compile(r"^[•·▪●◦‣∙\uf0b7\uf0a7\uf02d]\s*(?=\S)", re.MULTILINE)


def clean(text: str) -> str:
    """Fold blanks line by line and drop what cannot be seen; empty lines go, other line breaks stay."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    plain = text.replace("\r\n", "\n").translate(_PLAIN)
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


def strip_markup(text: str) -> str:
    """Turn literal HTML tags that stand in a text (`<p>`, `<ul>`, `<li>`, `<br>`) into line breaks and «- » items.

    Only known tags go: «<20» or «<Фамилия>» stay as written.
    """
    if "<" in text:

        def plain(match: re.Match[str]) -> str:
            name = match["name"].lower()
            if name == "li":
                return "\n" if match["close"] else "\n- "
            return "\n" if re.fullmatch(f"{_LIST_TAGS}|{_BLOCK_TAGS}", name) else ""

        text = _LONE_BULLET.sub(r"\1", _TAG.sub(plain, text))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def cell(text: str) -> str:
    """Give the text of a table cell: literal markup resolved, blanks folded, bullets of any kind as «- ».

    An item of a list that was flattened into one line («…; - вебинар») begins a line again.
    """
    return _BULLET.sub("- ", _LIST_ITEM.sub("\n", clean(strip_markup(text))))
