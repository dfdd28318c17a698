"""Rows of a community, of an authority, or of the association: who may see them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.enums import Permission
from communities.querysets import CountedQuerySet, OwnedQuerySet, reach, within_reach


class CountedOwnedQuerySet(CountedQuerySet, OwnedQuerySet):
    """Rows of a community that are counted over all communities."""


class OfCommunityOrAuthorityQuerySet(models.QuerySet):
    """Plans and activities belong to a community or to an authority; the association's own belong to neither."""

    def visible_to(self, user: Any) -> Self:
        if user.is_active and user.has_perm(Permission.REGISTER_VIEW):
            return self.all()
        condition = Q(community__isnull=False) & reach(user, "community__")
        if user.is_authenticated and user.is_active:
            for path in user.authority_posts.values_list("authority__path", flat=True):
                condition |= Q(authority__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))


class _ThroughQuerySet(models.QuerySet):
    prefix = ""

    def visible_to(self, user: Any) -> Self:
        return within_reach(self, user, prefix=self.prefix)


class ThroughProjectQuerySet(_ThroughQuerySet):
    """For what hangs on a project, as a measure does."""

    prefix = "project__community__"


class ThroughReportQuerySet(_ThroughQuerySet):
    prefix = "report__community__"


class ThroughBodyQuerySet(_ThroughQuerySet):
    prefix = "body__community__"


class ThroughShortcomingQuerySet(_ThroughQuerySet):
    prefix = "shortcoming__community__"


class ThroughSurveyQuerySet(_ThroughQuerySet):
    """For what hangs on a survey of residents."""

    prefix = "survey__community__"


class _ThroughSharedQuerySet(models.QuerySet):
    """For what hangs on something that may belong to an authority."""

    owner = ""

    def visible_to(self, user: Any) -> Self:
        owner = self.model._meta.get_field(self.owner).related_model  # noqa: SLF001 - Django's public _meta
        owners = owner.objects.visible_to(user)
        return self.filter(**{f"{self.owner}__in": owners.values("pk")})


class ThroughPlanQuerySet(_ThroughSharedQuerySet):
    owner = "plan"


class ThroughActivityQuerySet(_ThroughSharedQuerySet):
    owner = "activity"
