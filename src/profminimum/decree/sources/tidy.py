"""How does the text of a cell or line become plain: no invisible characters, no literal markup, blanks folded?"""

from __future__ import annotations

import html
import re

_SPACES = {code: " " for code in (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0xF020)}
_DROPPED = {
    code: None
    for code in (
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        *range(0xD800, 0xE000),
    )
}
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
    r"&(?:nbsp|amp|lt|gt|quot|laquo|raquo|ndash|mdash|shy|hellip|bull|#\d{2,5}|#x[0-9a-f]{2,5});", re.I
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
