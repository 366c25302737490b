"""What blocks does a file hold, whatever its format: paragraphs and tables in reading order."""

from __future__ import annotations

from pathlib import Path

from profminimum.decree.model import Source
from profminimum.decree.sources import docx, safety, text

__all__ = ["read_bytes", "read_source"]


def read_source(path: Path) -> Source:
    """Read a file of at most 50 MB; raises `UnreadableError` and nothing else."""
    return read_bytes(safety.load(path), path.name)


def read_bytes(data: bytes, name: str) -> Source:
    """Read the bytes of a file; `name` serves the messages and as a hint. Raises `UnreadableError` and nothing else."""
    kind = safety.kind_of(data, name)
    if kind == "docx":
        return docx.read(data, name)
    return text.read(data, name)
