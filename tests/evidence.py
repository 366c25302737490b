"""Small real files made on the spot, good and bad ones, and short ways to report with them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import date
from io import BytesIO

import docx

from profminimum.plan.files import Upload
from profminimum.plan.services.obligations import Answer

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 300 + b"\xff\xd9"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 500
HTML = "<!doctype html><script>alert('приказ')</script>".encode()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\xff")) + chunk(b"IEND", b"")
    )


def word(text: str = "Приказ") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def archive(parts: dict[str, bytes], *, start: bytes = b"") -> bytes:
    """A ZIP with these parts, after those of the archive `start`."""
    kept = BytesIO(start)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return kept.getvalue()


def macro_word() -> bytes:
    return archive({"word/vbaProject.bin": b"macro"}, start=word())


def swelling_word() -> bytes:
    """A Word document in which one part unpacks to 60 MB of nothing."""
    return archive({"word/media/image1.bmp": bytes(60 * 2**20)}, start=word())


def odf(kind: str) -> bytes:
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": b"<x/>",
            "META-INF/manifest.xml": b"<x/>",
        }
    )


def order(number: str = "17-ОД", *, day: date = date(2023, 9, 15), files: tuple[Upload, ...] | None = None) -> Answer:
    """An order with its scan: what row 2 of the seed asks for."""
    return Answer(
        act_kind="Приказ",
        act_number=number,
        act_date=day,
        files=(Upload("приказ.pdf", PDF),) if files is None else files,
    )
