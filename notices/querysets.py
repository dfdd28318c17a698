from django.db import models
from django.db.models import Q

from core.clock import now
from notices.enums import NoticeState


class NoticeQuerySet(models.QuerySet):
    def claimable(self) -> "NoticeQuerySet":
        """Waiting, due, and not in the hands of a worker whose lease still runs."""
        moment = now()
        return self.filter(state=NoticeState.WAITING, not_before__lte=moment).filter(
            Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
        )
