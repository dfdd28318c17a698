"""A notice as a mail: three templates in the recipient's language, sent through Django's mail backend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from core.dates import days_left
from core.links import absolute
from notices import kinds
from notices.models import Notice

# What stands in a preview where the mail has its one-time link.
HIDDEN_LINK = "https://…"


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    page: str


def render(notice: Notice) -> Mail:
    """The mail as it leaves, one-time links included: never shown to staff, never stored."""
    return _render(notice, kinds.prepared(notice))


def preview(notice: Notice) -> Mail:
    return _render(notice, {"link": absolute(notice.context["path"])} if _path(notice) else {})


def _render(notice: Notice, secrets: dict[str, Any]) -> Mail:
    context = {
        "link": absolute(_path(notice)) if _path(notice) else HIDDEN_LINK,
        **notice.context,
        **secrets,
        "recipient": notice.recipient or {"name": notice.context.get("name", "")},
        "association": settings.ASSOCIATION,
        "home": absolute("/"),
    }
    with translation.override(notice.language):
        context["days_left"] = days_left(dt.date.fromisoformat(notice.due_on)) if notice.due_on else ""
        subject, text, page = (
            render_to_string(f"notices/{notice.kind}/{name}", context)
            for name in ("subject.txt", "body.txt", "body.html")
        )
    return Mail(subject=" ".join(subject.split()), text=text.strip() + "\n", page=page)


def _path(notice: Notice) -> str:
    return str(notice.context.get("path") or "")


class AddressRefused(Exception):  # noqa: N818 - what the mail server did
    """The mail server says for good that nobody takes mail at this address; the text is its answer."""


class Post:
    """Sends notices over one connection: ``with Post() as send: send(notice)``.

    Raises AddressRefused, or OSError (SMTPException is one) when the mail was not taken.
    """

    def __enter__(self) -> Self:
        self._connection = get_connection()
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def __call__(self, notice: Notice) -> None:
        try:
            self._connection.open()
            message(notice, self._connection).send()
        except SMTPRecipientsRefused as refused:
            self._connection.close()
            for code, answer in refused.recipients.values():
                said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
                if _is_for_good(code, said):
                    raise AddressRefused(f"{code} {said}") from None
            raise
        except OSError:
            self._connection.close()
            raise


def _is_for_good(code: int, answer: str) -> bool:
    """A full mailbox is emptied one day (RFC 3463: x.2.2)."""
    return 500 <= code < 600 and code != 552 and not answer.startswith("5.2.2")


def message(notice: Notice, connection: Any = None) -> EmailMultiAlternatives:
    mail = render(notice)
    written = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[notice.address],
        # The same notice keeps its identity if a worker dies between the server's yes and our note of it.
        headers={"X-Notice": str(notice.pk), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    written.attach_alternative(mail.page, "text/html")
    return written


def send(notice: Notice) -> None:
    """Hand one mail to the mail server."""
    with Post() as post:
        post(notice)
