"""What blocks does a file hold, whatever its format: paragraphs and tables in reading order."""

from __future__ import annotations

import logging
from pathlib import Path

from profminimum.decree.model import Source, UnreadableError
from profminimum.decree.sources import docx, html, odt, safety, text, xlsx

__all__ = ["read_bytes", "read_source"]


def _pdf(data: bytes, name: str) -> Source:
    from profminimum.decree.sources import pdf  # noqa: PLC0415 - its library takes 20 MB of every process

    return pdf.read(data, name)


_READERS = {
    "docx": docx.read,
    "pdf": _pdf,
    "xlsx": xlsx.read,
    "xls": xlsx.read,
    "html": html.read,
    "odt": odt.read,
    "text": text.read,
}
_log = logging.getLogger(__name__)


def read_source(path: Path) -> Source:
    """Read a file of at most 50 MB; raises `UnreadableError` and nothing else."""
    return read_bytes(safety.load(path), path.name)


def read_bytes(data: bytes, name: str) -> Source:
    """Read the bytes of a file; the format is told by content. Raises `UnreadableError` and nothing else.

    `name` stands in the messages; its ending must not contradict the content. A cell that is merged over several
    columns or rows has its text in the first of them and «» in the others.
    """
    name = Path(name).name or "без имени"
    try:
        source = _READERS[safety.kind_of(data, name)](data, name)
    except UnreadableError:
        raise
    except safety.TooComplexError:
        safety.too_complex(name)
    except Exception:  # noqa: BLE001 - libraries raise anything on a damaged file; the user must read one kind of error
        _log.info("the file %r could not be read", name, exc_info=True)  # a warning would reach the terminal
        safety.damaged(name)
    if not source.blocks:
        safety.refuse(
            name,
            "в нём нет текста. Выберите файл с текстом распоряжения и плана.",
            "holds no text. Choose the file with the text of the decree and the plan.",
        )
    return source
