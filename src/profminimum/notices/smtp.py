"""How is a letter handed to a mail server so that it is known whether it was taken?

A server takes a letter at the dot that ends it. Everything before the dot is sent first, then `hand` notes that the
dot follows, then the dot goes. A process that dies before `hand` has given nothing away; one that dies after it
leaves a note that the outcome is unknown.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings
from django.core.mail import EmailMessage as PlainMessage
from django.core.mail import get_connection

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    Hand = Callable[[], bool]

IMPLICIT_TLS: Final = 465
KIND: Final = "X-Profminimum-Kind"  # the header by which people may sort our letters
logger = logging.getLogger("profminimum.letters")
_DOT: Final = re.compile(rb"(?m)^\.")
_ACCESS: Final = frozenset(
    {530, 535, 538}
)  # the server wants us to sign in: a fault of the settings, not of a letter

_CONFUSED: Final = 503  # commands in a wrong order: a fault of the conversation, not of the letter


class NotNowError(Exception):
    """The server did not take the letter this time; it is tried again later."""


class RefusedError(Exception):
    """The server will never take this letter; its words are the text."""


class AwayError(Exception):
    """The server cannot be reached or does not let us in: no letter can be sent now."""


class UnknownError(Exception):
    """The line broke after the dot: nobody knows whether the letter was taken."""


class Carrier(Protocol):
    """Takes letters one after another; `hand` is called before the moment from which there is no way back."""

    def carry(self, message: EmailMessage, sender: str, to: str, hand: Hand) -> None:
        """Returns when the letter has been taken; raises one of the errors above when not."""

    def close(self) -> None: ...


def carrier() -> Carrier:
    """A mail server when the settings name one, else the log; or another of Django's backends."""
    kinds: dict[str, type[Carrier]] = {"smtp": Server, "console": Console}
    return kinds.get(settings.EMAIL_BACKEND.rpartition(".backends.")[2].partition(".")[0], Backend)()


class Console:
    """Where no mail server is: an invitation is printed whole, for its link; all others are counted in the log."""

    def __init__(self) -> None:
        self._count = 0

    def carry(self, message: EmailMessage, sender: str, to: str, hand: Hand) -> None:  # noqa: ARG002 - as Carrier says
        if not hand():
            return
        self._count += 1
        if message[KIND] == "invitation":
            logger.info("%s: %s\n%s", to, message["Subject"], message.get_content())

    def close(self) -> None:
        if self._count:
            logger.info("no mail server is set: %d letters are to be read on the page of letters", self._count)


class Backend:
    """What another backend of Django's does with letters: the tests' keeps them."""

    def carry(self, message: EmailMessage, sender: str, to: str, hand: Hand) -> None:
        plain = PlainMessage(
            message["Subject"], message.get_content(), sender, [to], headers={"Message-ID": message["Message-ID"]}
        )
        if hand():
            get_connection(fail_silently=False).send_messages([plain])

    def close(self) -> None:
        """Nothing is held."""


class Server:
    """A conversation with the mail server of the settings, kept for many letters."""

    def __init__(self) -> None:
        self._line: smtplib.SMTP | None = None

    def _ready(self) -> smtplib.SMTP:
        if self._line is not None:
            return self._line
        host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
        try:
            if port == IMPLICIT_TLS:
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, timeout=settings.EMAIL_TIMEOUT, context=ssl.create_default_context()
                )
            else:
                line = smtplib.SMTP(host, port, timeout=settings.EMAIL_TIMEOUT)
            line.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS and port != IMPLICIT_TLS:
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if settings.EMAIL_HOST_USER:
                line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (OSError, smtplib.SMTPException) as error:
            raise AwayError(f"{host}:{port}: {error}") from error
        self._line = line
        return line

    def carry(self, message: EmailMessage, sender: str, to: str, hand: Hand) -> None:
        """As Carrier says. A fault of the line before the dot is NotNowError: the server has not taken anything."""
        names = _ascii(sender), _ascii(to)
        line = self._ready()
        try:
            self._begin(line, *names)
            body = _DOT.sub(b"..", message.as_bytes())
            line.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NotNowError(str(error)) from error
        if not hand():
            self._drop()
            raise NotNowError("the letter is in other hands")
        try:
            line.send(b".\r\n")
            code, reply = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise UnknownError(str(error)) from error
        self._judge(code, reply, 250)

    def _begin(self, line: smtplib.SMTP, sender: str, to: str) -> None:
        code, reply = line.mail(sender)
        self._judge(code, reply, 250)
        code, reply = line.rcpt(to)
        self._judge(code, reply, 250, 251)
        code, reply = line.docmd("DATA")
        self._judge(code, reply, 354)

    def _judge(self, code: int, reply: bytes, *good: int) -> None:
        """Raise what the answer means; a line that the server still holds is made ready for the next letter."""
        if code in good:
            return
        said = f"{code} {reply.decode('utf-8', 'replace')}"
        if code == 421 or code in _ACCESS:
            self._drop()
            raise AwayError(said)
        if code == _CONFUSED:
            self._drop()
            raise NotNowError(said)
        self._reset()
        raise (RefusedError if 500 <= code < 600 else NotNowError)(said)

    def _reset(self) -> None:
        try:
            if self._line is not None and self._line.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        """Hang up at once: a letter whose dot has not been sent does not exist for the server."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def close(self) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._drop()
        self._line = None


def _ascii(address: str) -> str:
    """With the domain as mail servers write it; RefusedError when the name before the @ is not ASCII."""
    name, _at, domain = address.rpartition("@")
    try:
        name.encode("ascii")
        return f"{name}@{domain.encode('idna').decode('ascii')}" if name else address
    except UnicodeError as error:
        raise RefusedError(f"{address}: the address has letters that mail servers do not take") from error
