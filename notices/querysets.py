from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from core.clock import now
from core.leases import lapsed
from notices.enums import Channel, NoticeState

# After so many attempts somebody must look.
MAX_ATTEMPTS = 7


class NoticeQuerySet(models.QuerySet):
    def claimable(self) -> NoticeQuerySet:
        """Waiting, due, and not in the hands of a worker whose lease still runs."""
        moment = now()
        return self.filter(
            state=NoticeState.WAITING, not_before__lte=moment, attempts__lt=MAX_ATTEMPTS
        ).filter(Q(lease_until__isnull=True) | lapsed(moment))

    def in_hand(self) -> NoticeQuerySet:
        """A worker is about to send it."""
        return self.filter(~lapsed(now()), state=NoticeState.WAITING, lease_until__isnull=False)

    def lost(self) -> NoticeQuerySet:
        """In the hands of workers that died, and tried often enough."""
        return self.filter(lapsed(now()), state=NoticeState.WAITING, attempts__gte=MAX_ATTEMPTS)

    def mails(self) -> NoticeQuerySet:
        return self.filter(channel=Channel.MAIL)

    def inbox(self, user: Any) -> NoticeQuerySet:
        """What the user finds on the site, newest first."""
        own = self.filter(recipient=user, channel=Channel.SITE, state=NoticeState.SENT)
        return own.order_by("-sent_at", "-pk")

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def given_up(self) -> NoticeQuerySet:
        return self.filter(state=NoticeState.GIVEN_UP)
