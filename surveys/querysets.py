from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from communities.querysets import OwnedQuerySet, reach
from surveys.enums import AWAITING_REVIEW, Stage


class ResponseQuerySet(OwnedQuerySet):
    def standing(self) -> ResponseQuerySet:
        """All but the void ones: exactly one per unit and round."""
        return self.exclude(stage=Stage.VOID)

    def awaiting_review(self) -> ResponseQuerySet:
        return self.filter(stage__in=AWAITING_REVIEW)


class ThroughResponseQuerySet(models.QuerySet):
    """For every model that hangs on a response."""

    def visible_to(self, user: Any) -> ThroughResponseQuerySet:
        condition: Q = reach(user, prefix="response__community__")
        return self.filter(condition).distinct()
