"""How do the letters that wait go out? Each exactly once: every step is kept before the next one is taken.

waiting → sending → handing → sent. A letter found `sending` after a crash was never given away and waits again;
one found `handing` may have arrived: it becomes `unsure`, and a person decides. Steps are compare-and-set: two
runs never carry one letter.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone, translation

from profminimum.journal.timers import every, stopping
from profminimum.notices import smtp
from profminimum.notices.models import Letter
from profminimum.orgs import letters as invitations
from profminimum.orgs.models import User

if TYPE_CHECKING:
    from datetime import datetime

State = Letter.State
ATTEMPTS: Final = 25  # after which a letter that is put off again and again is given up: three days
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=4)
REST: Final = 60.0  # seconds until a mail server that is away is tried again
RUN: Final = 45.0  # seconds that one run takes at most
PART: Final = 50
TRIES: Final = 5  # to keep what the server has said, while the database is locked

logger = logging.getLogger("profminimum.letters")
_rest = {"until": 0.0}


def delay(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1 minute, doubled each time, at most 4 hours."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 12)), LONGEST_DELAY)


@every(seconds=5)
def send_letters(now: datetime) -> int:
    """Send what waits; how many were taken. Run by one worker at a time, the timer's mark sees to it."""
    if time.monotonic() < _rest["until"]:
        return 0
    moment, run = max(now, timezone.now()), uuid.uuid4().hex
    recover(run, now)
    begun, taken, carrier = time.monotonic(), 0, smtp.carrier()
    try:
        while time.monotonic() - begun < RUN and not stopping.is_set():
            letters = list(
                Letter.objects.filter(state=State.WAITING, not_before__lte=moment).order_by("not_before", "pk")[:PART]
            )
            for letter in letters:
                if stopping.is_set():
                    break
                taken += _send(letter, carrier, run, now)
            if not letters:
                break
    except smtp.AwayError as error:
        _rest["until"] = time.monotonic() + REST
        logger.warning("the mail server is away, letters wait: %s", error)
    finally:
        carrier.close()
    return taken


def recover(run: str, now: datetime) -> None:
    """Take over what a run that is no more has left."""
    left = Letter.objects.exclude(holder=run)
    left.filter(state=State.SENDING).update(state=State.WAITING, holder="", changed=timezone.now())
    unsure = left.filter(state=State.HANDING).update(state=State.UNSURE, changed=timezone.now(), not_before=now)
    if unsure:
        logger.warning("%d letters may have arrived or not: see the page of letters", unsure)


def _send(letter: Letter, carrier: smtp.Carrier, run: str, now: datetime) -> int:
    """One letter; 1 when the server has taken it."""
    if not _step(letter, [State.WAITING], State.SENDING, run):
        return 0
    message = _message(letter, now)
    if message is None:
        _step(letter, [State.SENDING], State.DROPPED, run)
        return 0

    def hand() -> bool:
        return _step(letter, [State.SENDING], State.HANDING, run, holder=run)

    try:
        carrier.carry(message, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], letter.address, hand)
    except smtp.AwayError:
        _step(letter, [State.SENDING, State.HANDING], State.WAITING, run, holder=run)
        raise
    except smtp.RefusedError as error:
        _put_off(letter, run, str(error), State.FAILED, now)
    except smtp.NotNowError as error:
        _put_off(letter, run, str(error), State.WAITING, now)
    except smtp.UnknownError as error:
        _step(letter, [State.HANDING], State.UNSURE, run, holder=run, error=str(error))
        logger.warning("letter %d may have arrived or not: %s", letter.pk, error)
    else:
        _step(letter, [State.HANDING, State.UNSURE], State.SENT, run, holder=run, sent=now, error="")
        return 1
    return 0


def _step(letter: Letter, before: list[str], state: str, run: str, holder: str | None = None, **more: object) -> bool:
    """Keep the next state if the letter still is in one of those before (and in our hands); true when it was."""
    rows = Letter.objects.filter(pk=letter.pk, state__in=before)
    if holder is not None:
        rows = rows.filter(holder=holder)
    for attempt in range(TRIES):
        try:
            return bool(rows.update(state=state, holder=run, changed=timezone.now(), **more))
        except OperationalError:
            if attempt == TRIES - 1:
                raise
            time.sleep(0.2)
    return False


def _put_off(letter: Letter, run: str, said: str, state: str, now: datetime) -> None:
    """Tried again later and later; given up after three days with what the server has said."""
    attempts = letter.attempts + 1
    moment = max(now, timezone.now())
    if attempts >= ATTEMPTS:
        state = State.FAILED
    following = moment + delay(attempts) if state == State.WAITING else moment
    _step(
        letter,
        [State.SENDING, State.HANDING],
        state,
        run,
        holder=run,
        error=said[:2000],
        attempts=attempts,
        not_before=following,
    )
    logger.info("letter %d to %s: %s", letter.pk, letter.address, said)


def _message(letter: Letter, now: datetime) -> EmailMessage | None:
    """The letter as it goes; None when it has lost its purpose (the invitation was accepted or withdrawn)."""
    subject, text = letter.subject, letter.text
    if letter.kind == Letter.Kind.INVITATION:
        known = User.objects.filter(email=letter.address).first()
        with translation.override(known.language if known else settings.LANGUAGE_CODE):
            written = invitations.invitation_letter(letter.object_id or 0, now)
        if written is None:
            return None
        subject, text = written
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = letter.address
    message["Subject"] = subject
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Date"] = format_datetime(timezone.localtime(letter.created))
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message[smtp.KIND] = letter.kind
    message.set_content(text, cte="base64")
    return message
