"""Which columns and types of XLSForm are known, which are ours, and which are named as not supported?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSLATED: Final = {"label", "hint", "constraint_message", "required_message", "guidance_hint"}
SURVEY: Final = {
    "type", "name", "required", "relevant", "constraint", "calculation", "default", "choice_filter", "read_only",
    "repeat_count", "appearance", "parameters",
}  # fmt: skip
OTHER_SPELLINGS: Final[Mapping[str, str]] = {
    "relevance": "relevant",
    "readonly": "read_only",
    "read only": "read_only",
    "calculate": "calculation",
    "constraint message": "constraint_message",
    "required message": "required_message",
    "choice filter": "choice_filter",
    "repeat count": "repeat_count",
    "list name": "list_name",
    "value": "name",
    "caption": "label",
    "command": "type",
}
OURS: Final = {  # our own columns; other XLSForm tools skip what they do not know
    "pm_kind", "pm_unit", "pm_rows", "pm_source", "pm_register", "pm_summary", "pm_least", "pm_most", "pm_decimals",
    "pm_longest", "pm_severity", "pm_check", "pm_check_message", "pm_check_severity", "pm_at_least", "pm_at_most",
}  # fmt: skip
OUR_TRANSLATED: Final = {"pm_unit", "pm_check_message"}
SETTINGS: Final = {"form_title", "form_id", "version", "default_language", "style", "instance_name", "note"}
TYPES: Final[Mapping[str, Kind]] = {
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "date": Kind.DATE,
    "note": Kind.NOTE,
    "calculate": Kind.CALCULATED,
    "acknowledge": Kind.YESNO,
    "file": Kind.FILE,
    "image": Kind.FILE,
    "photo": Kind.FILE,
}
OUR_KINDS: Final[Mapping[str, tuple[str, Kind]]] = {  # pm_kind → the plain type that other tools see, and what it is
    "amount": ("decimal", Kind.AMOUNT),
    "long": ("text", Kind.LONG),
    "person": ("text", Kind.PERSON),
    "yesno": ("select_one", Kind.YESNO),
    "table": ("begin group", Kind.TABLE),
}
METADATA: Final = {
    "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit", "simserial", "subscriberid",
    "start-geopoint", "background-audio", "background-geopoint", "hidden", "imei", "uri:deviceid",
}  # fmt: skip
UNSUPPORTED: Final = {
    "geopoint", "geotrace", "geoshape", "barcode", "audio", "video", "range", "rank", "time", "datetime", "dateTime",
    "select_one_from_file", "select_multiple_from_file", "select_one_external", "csv-external", "xml-external", "osm",
    "trigger", "entity", "gps", "location",
}  # fmt: skip
BEGIN: Final = re.compile(r"(begin|end)[ _]+(group|repeat|lgroup|looped group)")
SELECT: Final = re.compile(
    r"(select_one|select one|select1|select_multiple|select multiple|select all that apply"
    r"|add select one prompt using|add select multiple prompt using)"
    r"(?:\s+(?:from\s+)?(\S+))?(\s+or_other|\s+or other|\s+or specify other)?"
)
LANGUAGE: Final = re.compile(r"(?:.*\()?([a-z]{2,3})\)?", re.IGNORECASE)
RUSSIAN: Final = {"ru", "rus", "russian", "русский"}
ENGLISH: Final = {"en", "eng", "english", "английский"}


def language(said: str, default: str) -> str:
    """«Russian (ru)» → ru, «English» → en; without a name the default."""
    low = said.strip().casefold()
    if not low:
        return default
    if low in RUSSIAN or low.endswith("(ru)"):
        return "ru"
    if low in ENGLISH or low.endswith("(en)"):
        return "en"
    match = LANGUAGE.fullmatch(low)
    return match[1] if match else low[:10]


def heading(said: str) -> tuple[str, str]:
    """(column, language): «label::Russian (ru)» → ("label", "Russian (ru)"), «pm:unit» → ("pm_unit", "")."""
    head, _colons, tail = said.strip().partition("::")
    if not _colons and ":" in head and not head.lower().startswith("pm:"):
        head, _colons, tail = head.partition(":")
    name = re.sub(r"\s+", " ", head.strip().lower()).replace("pm:", "pm_")
    name = OTHER_SPELLINGS.get(name, name)
    return name, tail
