"""A notice as a mail: three templates in the recipient's language, sent through Django's mail backend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

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
        "recipient": notice.recipient,
        "association": settings.ASSOCIATION,
        "home": absolute("/"),
    }
    with translation.override(notice.language):
        subject, text, page = (
            render_to_string(f"notices/{notice.kind}/{name}", context)
            for name in ("subject.txt", "body.txt", "body.html")
        )
    return Mail(subject=" ".join(subject.split()), text=text.strip() + "\n", page=page)


def _path(notice: Notice) -> str:
    return str(notice.context.get("path") or "")


def send(notice: Notice) -> None:
    """Hand the mail to the mail server. Raises OSError (SMTPException is one) when it is not taken."""
    mail = render(notice)
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[notice.address],
        # The same notice keeps its identity if a worker dies between the server's yes and our note of it.
        headers={"X-Notice": str(notice.pk), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.page, "text/html")
    message.send()
