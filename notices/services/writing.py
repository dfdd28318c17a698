"""Writing a mail into the outbox, in the transaction of the change that wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from core.clock import now
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice
from notices.plans import site_address

# Stands before the number of a notice whose recipient was erased.
ERASED = "erased-"


@transaction.atomic
def queue(
    *,
    kind: str,
    subject: models.Model | str,
    recipient: Any | None = None,
    address: str = "",
    channel: Channel = Channel.MAIL,
    community_id: int | None = None,
    context: Mapping[str, Any] | None = None,
    attachments: Sequence[str] = (),
    due_on: str = "",
    step: str = "",
    batch: str = "",
    language: str = "",
    hold: bool = False,
    not_before: dt.datetime | None = None,
    is_first: bool = False,
) -> Notice:
    """Write one message into the outbox, in the caller's transaction, and return its row.

    The same kind about the same ``subject`` (an object, or ``app.model:pk``) to the same address is written once;
    ``due_on``, ``step`` or ``batch`` tell a wanted second one apart. A second call returns the row of the first.
    ``attachments`` are named as ``notices.kinds`` says. ``context`` must be plain JSON; ``path`` in it becomes the
    absolute ``link``. With ``hold`` it waits for staff. With ``is_first`` nobody looks for a first one: the
    subject is new in this transaction.
    Raises ValueError for an unknown kind, without an address, and on the site without an account.
    """
    address = _address(channel, recipient, address)
    told_apart = {
        "kind": Kind(kind),
        "channel": channel,
        "address": address,
        "subject": subject if isinstance(subject, str) else about(subject),
        "due_on": due_on,
        "step": step,
        "batch": batch,
    }
    content = {
        "recipient": recipient,
        "language": language or getattr(recipient, "language", "") or settings.LANGUAGE_CODE,
        "community_id": community_id,
        "context": dict(context or {}),
        "attachments": list(attachments),
        "state": NoticeState.HELD if hold else NoticeState.WAITING,
        "not_before": not_before or now(),
    }
    if is_first:
        return Notice.objects.create(**told_apart, **content)
    notice, _created = Notice.objects.get_or_create(**told_apart, defaults=content)
    return notice


def forget_recipients(notices: models.QuerySet[Notice]) -> int:
    """Nobody can be named any more: address, words and content go, the row stays and says that something was sent.

    What was not sent yet is dropped.
    """
    left = [NoticeState.HELD, NoticeState.WAITING]
    numbers = list(notices.values_list("pk", flat=True))
    found = Notice.objects.filter(pk__in=numbers)
    found.filter(state__in=left).update(state=NoticeState.DROPPED)
    return found.update(
        recipient=None,
        address=Concat(Value(ERASED), Cast("pk", models.CharField())),
        context={},
        own_subject="",
        own_text="",
        last_error="",
    )


@transaction.atomic
def tell(*, recipient: Any, **message: Any) -> Notice:
    """By mail and among the recipient's own messages on the site, as ``queue`` says; the mail's row is returned."""
    queue(recipient=recipient, channel=Channel.SITE, **message)
    return queue(recipient=recipient, **message)


def _address(channel: Channel, recipient: Any | None, address: str) -> str:
    if channel == Channel.SITE:
        if recipient is None:
            raise ValueError("a message on the site needs an account")
        return site_address(recipient)
    address = (address or getattr(recipient, "email", "")).strip().lower()
    if not address:
        raise ValueError("a mail needs an address")
    return address


def about(subject: models.Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"  # noqa: SLF001 - Django's public _meta
