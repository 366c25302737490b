"""A real mail server for tests: it keeps what it takes, and refuses, delays or hangs up when told to."""

from __future__ import annotations

import time
from collections import Counter
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller

from processes import free_port

if TYPE_CHECKING:
    from email.message import EmailMessage


class Mailbox:
    """`later` addresses get 451 once, `never` 550; a letter is taken after `slow` seconds; `cut` hangs up then."""

    def __init__(self, *, slow: float = 0.0) -> None:
        self.letters: list[EmailMessage] = []
        self.later: set[str] = set()
        self.never: set[str] = set()
        self.slow = slow
        self.cut = False
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def arrived(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(letter["Message-ID"]) for letter in self.letters)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.later:
            self.later.discard(address)
            return "451 4.7.1 Greylisted, try again later"
        if address in self.never:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        time.sleep(self.slow / 2)  # noqa: ASYNC251 - the server has nothing else to do
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]  # EmailMessage by the policy
        time.sleep(self.slow / 2)  # noqa: ASYNC251 - as above
        if self.cut:
            server.transport.abort()
        return "250 OK"
