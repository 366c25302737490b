"""Who took which file that proves an obligation? Handing one out is an act of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.plan import files

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from profminimum.orgs.models import User
    from profminimum.plan.models import Attachment


@transaction.atomic
def hand_out(attachment: Attachment, *, by: User, at: datetime) -> Path:
    """Where the content lies, once it is in the journal who took it; DeniedError for those who see no evidence."""
    access.require(by, "evidence.see", attachment)
    obligation = attachment.report.obligation
    journal.record(
        "file.downloaded",
        obligation,
        by=by,
        at=at,
        organisation=obligation.organisation_id,
        after={"file": attachment.name, "sha256": attachment.file.sha256},
    )
    return files.path_of(attachment.file.sha256)
