"""A reminder by hand: a person chooses whom, says what, sees the letter, and sends it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profminimum.journal import services as journal
from profminimum.notices import texts
from profminimum.notices.models import Letter, Mailing, Notice
from profminimum.notices.queries.reminding import reach
from profminimum.notices.services.letters import Draft, write
from profminimum.notices.services.telling import Fresh, tell
from profminimum.orgs import access
from profminimum.plan import phrases
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from profminimum.notices.queries.reminding import Addressee, Reach
    from profminimum.orgs.models import User
    from profminimum.plan.models import Standing

LONGEST: Final = 3000  # characters


class SentAlreadyError(Exception):
    """The same form has been sent before: nothing was sent again."""


@transaction.atomic
def remind(ids: Collection[int], *, text: str, nonce: str, by: User, at: datetime) -> Mailing:
    """Remind those who answer for these obligations, by one letter a person and a notice each. Journalled.

    Only what is open and may be checked by `by` counts. Refuses an empty text and when nobody would be reached;
    SentAlreadyError when the form with this `nonce` has been sent.
    """
    access.require(by, "obligation.review", None)
    today = timezone.localdate(at)
    found = reach(ids, by, today)
    errors = {}
    if not text.strip() or len(text) > LONGEST:
        errors["text"] = _("Write the text, at most %(n)s characters.") % {"n": LONGEST}
    if not found.addressees:
        errors["text"] = _("The letter reaches nobody: nothing of this is open, or nobody has an address.")
    if errors:
        raise ValidationError(errors)
    region = _region(by)
    try:
        with transaction.atomic():
            made = Mailing.objects.create(
                region_id=region,
                by=by,
                at=at,
                text=text.strip(),
                nonce=nonce,
                obligations=len(found.rows),
                letters=len(found.addressees),
            )
    except IntegrityError as error:
        raise SentAlreadyError from error
    drafts = [draft(one, found, made.text, key=f"mailing:{made.pk}", by=by, today=today) for one in found.addressees]
    letters = write(drafts, at=at)
    _tell(found, made, letters)
    journal.record(
        "letters.reminded",
        made,
        by=by,
        at=at,
        organisation=region,
        after={"letters": len(drafts), "obligations": len(found.rows)},
        reason=made.text,
    )
    return made


def _region(by: User) -> int:
    """The region for which the person reminds: that of the first seat that may."""
    grants = access.GRANTS["obligation.review"]
    return next(seat.region_id for seat in access.seats(by) if seat.role in grants)


def _tell(found: Reach, made: Mailing, letters: dict[str, int]) -> None:
    told = [one for one in found.addressees if one.user is not None]
    tell(
        Fresh(
            user=one.user.pk,
            kind="called",
            key=f"called:{made.pk}",
            thing=("plan.obligation", one.rows[0].obligation_id),
            at=made.at,
            data={
                "number": one.rows[0].measure.number,
                "title": one.rows[0].measure.title[:400],
                "due": one.rows[0].due.isoformat() if one.rows[0].due else None,
                "reason": made.text[:1000],
                "by": made.by.full_name,
                "submission": found.answers.get(one.rows[0].obligation_id),
            },
            organisation=one.rows[0].organisation_id,
            count=len(one.rows),
        )
        for one in told
        if one.user is not None
    )
    for one in told:
        letter = letters.get(f"mailing:{made.pk}:{one.address}")
        Notice.objects.filter(user=one.user, key=f"called:{made.pk}").update(letter=letter)


def _title(row: Standing) -> str:
    title, duty = phrases.plain(row.measure.title), texts.duty(row.obligation.duty)
    return " · ".join(part for part in (texts.numbered(row.measure.number, title), duty) if part)


def _there(row: Standing, found: Reach) -> str:
    """Where it is done: the answer to the monitoring, or the obligation itself."""
    answer = found.answers.get(row.obligation_id)
    return reverse("submission", args=[answer]) if answer else reverse("obligation", args=[row.obligation_id])


def draft(one: Addressee, found: Reach, text: str, *, key: str, by: User, today: date) -> Draft:
    """The letter to one of them as it goes, in their language."""
    with translation.override(one.user.language if one.user else settings.LANGUAGE_CODE):
        lines = [
            {
                "title": _title(row),
                "due": wording.deadline(row.due, today),
                "place": found.names.get(row.organisation_id, "") if len(one.places) > 1 else "",
                "link": settings.ORIGIN + _there(row, found),
            }
            for row in one.rows
        ]
        values = {
            "name": one.name,
            "organisation": one.places[0] if len(one.places) == 1 else "",
            "text": text,
            "lines": lines,
            "by": by,
        }
        n = len(one.rows)
        subject = ngettext("Reminder: %(n)s obligation", "Reminder: %(n)s obligations", n) % {"n": n}
        return Draft(
            key=f"{key}:{one.address}",
            kind=Letter.Kind.REMINDER,
            address=one.address,
            subject=subject,
            text=render_to_string("notices/letters/reminder.txt", values).strip() + "\n",
            user=one.user.pk if one.user else None,
            region=_region(by),
            reply_to=by.email,
        )
