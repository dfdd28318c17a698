"""Rows that lead to a community over their data set."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from communities.querysets import within_reach


class ThroughDataSetQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return within_reach(self, user, prefix="data_set__community__")
