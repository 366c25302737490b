"""How a letter is written, once, and what a person decides about one whose fate is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import make_msgid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.notices.models import Letter
from profminimum.orgs import access
from profminimum.orgs.models import Invitation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from profminimum.journal.models import Entry
    from profminimum.orgs.models import User


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be written. `key` says what it is, so that it is written once."""

    key: str
    kind: str
    address: str
    subject: str
    text: str
    user: int | None = None
    region: int | None = None
    object_id: int | None = None
    reply_to: str = ""


def write(drafts: Iterable[Draft], *, at: datetime) -> dict[str, int]:
    """Put these into the outbox; what is there already is left alone. Key → id of the new letters."""
    wanted = {one.key: one for one in drafts}
    known = set(Letter.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()
    domain = urlsplit(settings.ORIGIN).hostname or "localhost"
    made = Letter.objects.bulk_create(
        [
            Letter(
                region_id=one.region,
                user_id=one.user,
                address=one.address,
                kind=one.kind,
                subject=" ".join(one.subject.split())[:300],
                text=one.text,
                object_id=one.object_id,
                reply_to=one.reply_to,
                key=one.key,
                message_id=make_msgid(domain=domain),
                not_before=at,
                created=at,
                changed=timezone.now(),
            )
            for one in wanted.values()
            if one.key not in known
        ],
        batch_size=200,
    )
    return {one.key: one.pk for one in made}


def send_invitation(entry: Entry) -> None:
    """Write the letter with the link; its words are made when it goes. For user.invited and invitation.resent."""
    invitation = Invitation.objects.select_related("organisation").get(pk=entry.object_id)
    draft = Draft(
        key=f"invitation:{entry.pk}",
        kind=Letter.Kind.INVITATION,
        address=invitation.email,
        subject=_("Invitation"),
        text="",
        region=invitation.organisation.region_key,
        object_id=invitation.pk,
    )
    write([draft], at=entry.at)


@transaction.atomic
def again(letter: Letter, *, by: User, at: datetime) -> Letter:
    """Send a letter once more whose fate is unknown or which was refused: a person's decision, journalled.

    Its Message-ID stays, by which a mail server that has it already may drop the second one.
    """
    access.require(by, "letter.see", letter.region)
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.state not in {Letter.State.UNSURE, Letter.State.FAILED}:
        raise ValidationError(_("The state of the letter has changed: reload the page."))
    before, letter.state = letter.state, Letter.State.WAITING
    letter.attempts, letter.not_before, letter.holder, letter.changed = 0, at, "", timezone.now()
    letter.save()
    journal.record(
        "letter.resent",
        letter,
        by=by,
        at=at,
        organisation=letter.region_id,
        before={"state": before},
        after={"state": letter.state},
    )
    return letter
