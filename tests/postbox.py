"""A mail server of the test's own: it takes real messages over SMTP, and does not know some of the addresses."""

from __future__ import annotations

import datetime as dt
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from aiosmtpd.controller import Controller

from core import clock


@dataclass
class Postbox:
    """``received``: what was taken, in order. ``turned_away``: every try to write to one of ``unknown``."""

    port: int
    unknown: frozenset[str] = frozenset()
    received: list[bytes] = field(default_factory=list)
    turned_away: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            self.turned_away.append(address)
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(envelope.content)
        return "250 OK"

    def messages(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.SMTP)
            for raw in self.received
        ]


@contextmanager
def postbox(*unknown: str) -> Iterator[Postbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Postbox(free.getsockname()[1], frozenset(unknown))
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


def subject(message: EmailMessage) -> str:
    """A folded header begins with the blank of its second line."""
    return str(message["Subject"]).strip()


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def left_on(message: EmailMessage) -> dt.date:
    """The day in Beijing by the message's own date."""
    return clock.local(parsedate_to_datetime(message["Date"])).date()
