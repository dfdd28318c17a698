from django.db import models
from django.db.models import Q

from core.clock import now
from core.leases import lapsed
from documents.enums import RunState


class RunQuerySet(models.QuerySet):
    def claimable(self) -> "RunQuerySet":
        """Queued, or running under a lease that has run out because its worker died."""
        lost = Q(state=RunState.RUNNING) & lapsed(now())
        return self.filter(Q(state=RunState.QUEUED) | lost)
