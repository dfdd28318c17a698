from django.db import models
from django.db.models import Q

from core.clock import now
from documents.enums import RunState


class RunQuerySet(models.QuerySet):
    def claimable(self) -> "RunQuerySet":
        """Queued, or running under a lease that has run out because its worker died."""
        lapsed = Q(state=RunState.RUNNING, lease_until__lt=now())
        return self.filter(Q(state=RunState.QUEUED) | lapsed)
