from __future__ import annotations

from typing import Any, Self

from django.db import models

from communities.querysets import OwnedQuerySet, within_reach
from surveys.enums import AWAITING_DECISION, Stage


class ResponseQuerySet(OwnedQuerySet):
    def standing(self) -> Self:
        """All but the void ones: exactly one per unit and round."""
        return self.exclude(stage=Stage.VOID)

    def awaiting_decision(self) -> Self:
        return self.filter(stage__in=AWAITING_DECISION)


class ThroughResponseQuerySet(models.QuerySet):
    """For every model that hangs on a response."""

    def visible_to(self, user: Any) -> Self:
        return within_reach(self, user, prefix="response__community__")
