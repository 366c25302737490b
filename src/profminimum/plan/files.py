"""Where uploaded files live: checked by their content, kept once under the hash of the content, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profminimum.decree.model import UnreadableError
from profminimum.decree.sources import safety
from profminimum.plan.models import StoredFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

EVIDENCE: Final[Mapping[str, str]] = {  # what the content may be → how it is served
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_NAMES: Final = {"jpg": ("jpg", "jpeg"), "tif": ("tif", "tiff")}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a person sends it."""

    name: str
    data: bytes


def _office(data: bytes) -> str | None:
    """The kind of an office file, told by what is inside the archive.

    None for another archive, one with macros, and one that would unpack to far more than an office file does.
    """
    try:
        archive = safety.open_zip(data, "")
        names = set(archive.namelist())
        if any(name.endswith("vbaProject.bin") for name in names):
            return None
        if "content.xml" in names and {"META-INF/manifest.xml", "mimetype"} <= names:
            kind = safety.read_part(archive, "mimetype", "", limit=100).strip()
            return {EVIDENCE["odt"].encode(): "odt", EVIDENCE["ods"].encode(): "ods"}.get(kind)
    except UnreadableError:
        return None
    parts = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
    return next((kind for part, kind in parts.items() if part in names), None)


def kind_of(data: bytes) -> str | None:
    """What the content itself says it is: a key of EVIDENCE, or None when it is nothing that we take."""
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    guess = filetype.guess(data)
    kind = guess.extension if guess else None
    return kind if kind in EVIDENCE else None


def check_evidence(upload: Upload) -> str:
    """The kind of the file; ValidationError with what to do when it is empty, too large or not what is taken."""
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    if not upload.data:
        raise ValidationError(_("The file «%(name)s» is empty. Choose it again.") % {"name": upload.name})
    if len(upload.data) > settings.UPLOAD_LIMIT:
        raise ValidationError(
            _("The file «%(name)s» is larger than %(limit)d MB. Scan it in black and white or split it.")
            % {"name": upload.name, "limit": limit}
        )
    kind = kind_of(upload.data)
    if kind is None:
        raise ValidationError(
            _(
                "The file «%(name)s» is not PDF, JPEG, PNG, TIFF, DOCX, XLSX, ODT, ODS or holds macros. "
                "Save it as PDF."
            )
            % {"name": upload.name}
        )
    ending = Path(upload.name).suffix.lstrip(".").lower()
    if ending not in _NAMES.get(kind, (kind,)):
        raise ValidationError(
            _("The file «%(name)s» is in fact %(kind)s. Save it anew with the right ending.")
            % {"name": upload.name, "kind": kind.upper()}
        )
    return kind


def path_of(sha256: str) -> Path:
    return Path(settings.FILES) / sha256[:2] / sha256


def store(data: bytes, content_type: str, *, at: datetime) -> StoredFile:
    """Keep the content; on the disk and flushed before this returns, so that what is said to be saved is saved."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": len(data), "content_type": content_type, "created": at}
    )
    return stored


def store_evidence(upload: Upload, *, at: datetime) -> StoredFile:
    """Check and keep a file that proves an obligation."""
    return store(upload.data, EVIDENCE[check_evidence(upload)], at=at)
