"""Messages on the site are read: one by one, all at once, or because their reader saw the thing itself."""

from __future__ import annotations

from typing import Any

from core.clock import now
from notices.models import Notice
from notices.services.writing import about


def read(*, notice: Notice, by: Any) -> None:
    Notice.objects.inbox(by).unread().filter(pk=notice.pk).update(read_at=now())


def read_all(*, by: Any) -> int:
    return Notice.objects.inbox(by).unread().update(read_at=now())


def read_about(*, subject: Any, by: Any) -> int:
    """What tells of this object has been seen on its own page."""
    return Notice.objects.inbox(by).unread().filter(subject=about(subject)).update(read_at=now())
