"""How an uploaded workbook is kept until it is decided upon, and how what was shown becomes drafts: all or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profminimum.journal.timers import every
from profminimum.monitoring.queries import books
from profminimum.monitoring.services import drafts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.queries.books import Preview, Seen
    from profminimum.orgs.models import User
    from profminimum.plan.files import Upload

KEPT: Final = 7 * 24 * 3600  # seconds that the address of a preview is good for
LONGEST: Final = 80  # characters of the name of a file


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file; `token` opens it again."""

    token: str
    name: str
    data: bytes


class ChangedError(Exception):
    """What would be changed is no longer what was shown."""


def _salt(purpose: str, by: User) -> str:
    return f"monitoring.books/{purpose}/{by.pk}"


def keep(upload: Upload, *, purpose: str, by: User, at: datetime) -> str:
    """Keep the file until it is decided upon; gives a word that opens it for this person and purpose alone.

    It lies apart from what is kept for good: `forget_unused` deletes it when the word is no longer good.
    """
    digest = sha256(upload.data).hexdigest()
    folder = _waiting()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        file.write(upload.data)
    os.utime(file.name, (at.timestamp(), at.timestamp()))
    Path(file.name).replace(folder / digest)
    return signing.dumps([digest, upload.name[-LONGEST:]], salt=_salt(purpose, by), compress=True)


def _waiting() -> Path:
    return Path(settings.FILES) / "waiting"


def kept(token: str, *, purpose: str, by: User) -> Kept:
    """What was kept; ValidationError when the word is not right or too old."""
    try:
        digest, name = signing.loads(token, salt=_salt(purpose, by), max_age=KEPT)
        return Kept(token, name, (_waiting() / digest).read_bytes())
    except (signing.BadSignature, OSError, ValueError):
        raise ValidationError(_("The uploaded file is no longer here: upload it once more.")) from None


@every(hours=6)
def forget_unused(now: datetime) -> int:
    """Delete the uploaded files whose previews can no longer be opened, applied or not; how many."""
    gone = 0
    for path in _waiting().glob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            if path.stat().st_mtime < now.timestamp() - KEPT:
                path.unlink()
                gone += 1
    return gone


def busy(rows: Iterable[Submission], *, by: User, at: datetime) -> dict[int, str]:
    """Who is typing now: id of the answer → name; needs the drafts with their editors."""
    found = {row.pk: drafts.editor(row.draft, by, at) for row in rows}
    return {key: name for key, name in found.items() if name}


@transaction.atomic
def apply_school(row: Submission, shown: Preview, *, seal: str, by: User, at: datetime) -> int:
    """Put what a template changes into the draft; how many values. ChangedError when the draft is another by now.

    Refuses as `drafts.save` does: the answer is sent or not the person's, another person is typing.
    """
    if seal != shown.seal or seal != books.seal([row]):
        raise ChangedError
    if not shown.changes:
        return 0
    drafts.save(row, changes=shown.payload, by=by, at=at)
    return len(shown.changes)


@transaction.atomic
def apply_wave(ready: Sequence[Seen], *, seal: str, by: User, at: datetime) -> int:
    """Prepare the drafts of the good rows; how many. ChangedError when one of them is another by now."""
    rows = [one.submission for one in ready if one.submission]
    if seal != books.seal(rows):
        raise ChangedError
    payload: dict[int, Any] = {one.submission.pk: one.payload for one in ready if one.submission}
    return drafts.prepare_all(payload, rows, by=by, at=at) if rows else 0
