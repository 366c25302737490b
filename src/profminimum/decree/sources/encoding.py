"""In which encoding is this text written: UTF-8, UTF-16 with a mark, windows-1251, KOI8-R or DOS (cp866)?"""

from __future__ import annotations

import codecs
import re
from typing import Final

from profminimum.decree.sources.safety import MAX_PLAIN_BYTES, refuse

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ONE_BYTE: Final = ("cp1251", "koi8-r", "cp866")
_SAMPLE: Final = 64 * 1024
_COMMON: Final = re.compile("[оеаинтсрвл]")
_ODD: Final = re.compile(
    "[а-яё][А-ЯЁ]|[^\\x00-\\x7fа-яёА-ЯЁ«»№–—„“”…§°\u2500-\u257f\u2580-\u259f\u00a0\u00a6\u00ac\u00ad]"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_MAX_LOST: Final = 0.005
_MAX_CONTROL: Final = 0.002


def decode(data: bytes, name: str) -> str:
    r"""Give the text of the bytes with «\\n» line ends; refuse what is no text in any of the known encodings."""
    if len(data) > MAX_PLAIN_BYTES:
        limit = MAX_PLAIN_BYTES >> 20
        refuse(
            name,
            f"текста больше {limit} МБ, для распоряжения это слишком много. Проверьте, тот ли файл выбран.",
            f"holds more than {limit} MB of text, too much for a decree. Check that it is the right file.",
        )
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a\n")
    if len(_CONTROL.findall(text)) > max(1, len(text) * _MAX_CONTROL):
        refuse(
            name,
            "это не текст или он повреждён. Сохраните документ как DOCX, PDF с текстом или TXT в кодировке UTF-8.",
            "is no text or is damaged. Save the document as DOCX, PDF with text or TXT in UTF-8.",
        )
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") <= max(2, len(text) * _MAX_LOST) and len(text) < len(data) * 0.9:
            return text
    return data.decode(guess(data), errors="replace")


def guess(data: bytes) -> str:
    """Choose the one-byte encoding in which the bytes look most like Russian: common small letters, sane case."""
    return max(_ONE_BYTE, key=lambda encoding: _russian(data[:_SAMPLE].decode(encoding, errors="replace")))


def _russian(text: str) -> int:
    return len(_COMMON.findall(text)) - 3 * len(_ODD.findall(text))
