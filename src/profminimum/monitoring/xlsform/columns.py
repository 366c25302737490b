"""Which columns and types of XLSForm are known, which are ours, and which are named as not supported?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSLATED: Final = {"label", "hint", "constraint_message"}
PLAIN: Final = {
    "type", "name", "required", "relevant", "constraint", "calculation", "default", "choice_filter", "read_only",
    "repeat_count", "appearance",
}  # fmt: skip
OURS: Final = {  # our own columns; other XLSForm tools skip what they do not know
    "pm:kind", "pm:rows", "pm:source", "pm:register", "pm:summary", "pm:least", "pm:most", "pm:decimals",
    "pm:longest", "pm:severity", "pm:check", "pm:check_severity", "pm:at_least", "pm:at_most",
}  # fmt: skip
OUR_TRANSLATED: Final = {"pm:unit", "pm:check_message"}
SURVEY: Final = TRANSLATED | PLAIN | OURS | OUR_TRANSLATED
CHOICES: Final = {"list_name", "name", "label"}
MEDIA: Final = {"media", "image", "big-image", "audio", "video"}
CHECKS: Final = {"name", "rule", "severity", "message"}
SETTINGS: Final = {"form_title", "form_id", "version", "default_language", "pm:title", "pm:note"}
OTHER_SPELLINGS: Final[Mapping[str, str]] = {
    "relevance": "relevant",
    "readonly": "read_only",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "value": "name",
    "tag": "name",
    "caption": "label",
    "command": "type",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::readonly": "read_only",
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "control::jr:count": "repeat_count",
    "body::jr:count": "repeat_count",
}
CHOICES_SPELLINGS: Final = {"value": "name", "caption": "label"}
SETTINGS_SPELLINGS: Final = {
    "title": "form_title",
    "set_form_title": "form_title",
    "id_string": "form_id",
    "set_form_id": "form_id",
}
SEEN_APPEARANCES: Final = {"multiline", "field-list"}  # a long text; a section on one page, as all are here
LANGUAGES: Final = {"ru", "en"}  # of the pages on which a form is filled
TYPES: Final[Mapping[str, Kind]] = {
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "phone number": Kind.TEXT,
    "date": Kind.DATE,
    "note": Kind.NOTE,
    "calculate": Kind.CALCULATED,
    "acknowledge": Kind.YESNO,
    "trigger": Kind.YESNO,
    "file": Kind.FILE,
    "image": Kind.FILE,
    "photo": Kind.FILE,
}
OUR_KINDS: Final[Mapping[str, tuple[str, Kind]]] = {  # pm:kind → the plain type that other tools see, and what it is
    "amount": ("decimal", Kind.AMOUNT),
    "long": ("text", Kind.LONG),
    "person": ("text", Kind.PERSON),
    "yesno": ("select_one", Kind.YESNO),
    "table": ("begin group", Kind.TABLE),
}
CALCULABLE: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT, Kind.TEXT, Kind.DATE}
METADATA: Final = {
    "start", "end", "today", "deviceid", "device id", "username", "phonenumber", "get phone number", "email", "audit",
    "simserial", "sim id", "subscriberid", "subscriber id", "start-geopoint", "background-audio",
    "background-geopoint", "imei", "start time", "end time",
}  # fmt: skip
OF_THE_PERSON: Final = {
    "start",
    "start time",
    "end",
    "end time",
    "today",
    "username",
    "email",
}  # known without asking
UNSUPPORTED: Final = {
    "geopoint", "geotrace", "geoshape", "gps", "location", "barcode", "audio", "video", "range", "rank", "time",
    "datetime", "date time", "hidden", "select_one_from_file", "select_multiple_from_file", "select one from file",
    "select multiple from file", "select_one_external", "select one external", "csv-external", "xml-external", "osm",
    "entity", "percentage", "cascading_select", "cascading select", "begin loop", "end loop", "begin lgroup",
    "end lgroup", "include", "number of days in last month", "number of days in last six months",
    "number of days in last year",
}  # fmt: skip
FACTS: Final = {  # what the registry of organisations knows of each
    "name", "short_name", "code", "kind", "oktmo", "school_type", "pupils", "address", "email", "phone",
    "municipality",
}  # fmt: skip
NESTING: Final = re.compile(r"(begin|end)[ _]+(group|repeat)")
SELECT: Final = re.compile(
    r"(select_one|select one|select1|select_multiple|select multiple|select all that apply"
    r"|add select one prompt using|add select multiple prompt using)\s+(?:from\s+)?(\S+)"
    r"(\s+(?:or_other|or other|or specify other))?",
    re.IGNORECASE,
)
_PART: Final = re.compile(  # «bind::jr:constraintMsg::English (en)»: a part of what other tools make, no language
    r"(attribute|bind|body|control|instance)\s*::?\s*((?:[a-z]+:(?!:))?[^:]+?)\s*(?:::?\s*(.*))?", re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"(?:.*\(\s*)?([a-z]{2,3})(?:[-_][a-z]+)?\s*\)?", re.IGNORECASE)
_NAMED: Final[Mapping[str, str]] = {
    "russian": "ru",
    "русский": "ru",
    "rus": "ru",
    "english": "en",
    "английский": "en",
    "eng": "en",
}


def language(said: str, default: str) -> str:
    """«Russian (ru)» → ru, «English» → en; without a name the default."""
    low = said.strip().casefold()
    if not low:
        return default
    match = _LANGUAGE.fullmatch(low)
    if match and match[1] not in _NAMED:
        return match[1].lower()
    return _NAMED.get(low) or next((code for name, code in _NAMED.items() if low.startswith(name)), low[:10])


def heading(said: str, sheet: str = "survey") -> tuple[str, str]:
    """(column, language): «label::Russian (ru)» → ("label", "Russian (ru)"), «PM:Unit::ru» → ("pm:unit", "ru").

    What a column may be called besides depends on the sheet: «count» of the choices is a column of the author's own.
    """
    part = _PART.fullmatch(said.strip())
    head, colons, tail = (f"{part[1]}::{part[2]}", "::", part[3] or "") if part else said.strip().partition("::")
    if not colons and not head.lower().startswith(("pm:", "jr:")):
        head, _colon, tail = head.partition(":")
    name = re.sub(r"\s+", "_", head.strip().lower())
    spellings = {"choices": CHOICES_SPELLINGS, "settings": SETTINGS_SPELLINGS}.get(sheet, OTHER_SPELLINGS)
    return spellings.get(name, name), tail.strip()
