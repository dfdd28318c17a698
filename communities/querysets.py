"""The law of who sees what, stated once, and the status of a designation as SQL."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Self

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.dispatch import Signal

from accounts.enums import Permission
from communities.enums import REACHING, EntryEnd, Standing, Status
from core.clock import today

DUE_WITHIN = relativedelta(months=12)
YES, NO = Value(value=True), Value(value=False)


def reach(user: Any, prefix: str = "") -> Q:
    """Which communities this user may see, as a condition on any model that leads to one by ``prefix``.

    Association staff see all; an authority its subtree of supervising authorities; a liaison the own community;
    experts and the certifying centre what a grant gives them. What the public sees is another question: ``published``.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Q(pk__in=[])
    if user.has_perm(Permission.REGISTER_VIEW):
        return Q()
    day = today()
    member = {
        f"{prefix}memberships__user": user,
        f"{prefix}memberships__state__in": REACHING,
    }
    granted = Q(**{f"{prefix}access_grants__user": user}) & (
        Q(**{f"{prefix}access_grants__until__isnull": True})
        | Q(**{f"{prefix}access_grants__until__gte": day})
    )
    condition = Q(**member) | granted
    for path in user.authority_posts.values_list("authority__path", flat=True):
        condition |= Q(**{f"{prefix}supervisor__path__startswith": path})
    return condition


def within_reach(rows: Any, user: Any, prefix: str = "") -> Any:
    """Those of ``rows`` (a queryset) that the user may see, each once.

    The ways that lead to a community stay in a subquery: a join would repeat rows and put every later count wrong,
    and who sees all must not pay for sorting out repetitions in a table that grows with every round.
    """
    condition = reach(user, prefix)
    if not condition:
        return rows.all()
    return rows.filter(pk__in=rows.model.objects.filter(condition).values("pk"))


# Rows of the sender were written without a signal for each; ``update_fields`` as in ``post_save``.
written_at_once = Signal()


class CountedQuerySet(models.QuerySet):
    """Of models over which counts are kept: says so when rows are written many at once."""

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db, savepoint=False):
            changed = super().update(**values)
            if changed:
                written_at_once.send(self.model, update_fields=frozenset(values))
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Any, *args: Any, **more: Any) -> list[Any]:
        with transaction.atomic(using=self.db, savepoint=False):
            made = super().bulk_create(objs, *args, **more)
            if made:
                written_at_once.send(self.model, update_fields=None)
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]


class CommunityQuerySet(CountedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return within_reach(self, user)

    def published(self) -> CommunityQuerySet:
        return self.filter(published=True)


class OwnedQuerySet(models.QuerySet):
    """For every model with a ``community`` foreign key, in whichever app it lives."""

    def visible_to(self, user: Any) -> Self:
        return within_reach(self, user, prefix="community__")


class RegisterEntryQuerySet(CountedQuerySet, OwnedQuerySet):
    def published(self) -> RegisterEntryQuerySet:
        left_out = self.model.objects.filter(community__published=False).order_by().values("pk")
        return self.exclude(pk__in=left_out)

    def with_status(self, on: date | None = None) -> RegisterEntryQuerySet:
        """Annotate ``status`` by the interval rule: a date known to the year only is an interval of possible ends.

        Before the earliest possible end: active. After the latest possible end with nothing later known: unknown,
        unless the record is known to be complete past it (then overdue). In between: unknown for want of the date.
        """
        day = on or today()
        return self.annotate(status=_status(day), lacks_exact_date=_lacks_exact_date(day))

    def with_unknown_status(self) -> RegisterEntryQuerySet:
        """Those whose ``status`` is unknown today; the few that were merged are looked up, no community is joined."""
        merged = self.model.objects.filter(community__standing=Standing.MERGED).order_by().values("pk")
        rows = self.alias(own_status=_own_status(today())).filter(own_status=Status.UNKNOWN)
        return rows.exclude(pk__in=merged)


@lru_cache(maxsize=8)
def _status(day: date) -> Case:
    """Built once for each day: every row of every list asks for it."""
    merged = When(community__standing=Standing.MERGED, then=Value(Status.MERGED.value))
    own = _own_status(day)
    return Case(merged, *own.cases, default=own.default, output_field=models.CharField())


@lru_cache(maxsize=8)
def _own_status(day: date) -> Case:
    """What the entry alone says of it, whatever became of the community."""
    ended = [
        When(ended_kind=EntryEnd.LAPSED, ended_on__lte=day, then=Value(Status.LAPSED.value)),
        When(
            ended_kind__in=[EntryEnd.WITHDRAWN, EntryEnd.REVOKED],
            ended_on__lte=day,
            then=Value(Status.WITHDRAWN.value),
        ),
    ]
    running = [
        When(ends_earliest__gt=day, ends_latest__lte=day + DUE_WITHIN, then=Value(Status.DUE.value)),
        When(ends_earliest__gt=day, then=Value(Status.ACTIVE.value)),
        When(ends_latest__lte=day, complete_to__gte=F("ends_latest"), then=Value(Status.OVERDUE.value)),
    ]
    return Case(*ended, *running, default=Value(Status.UNKNOWN.value), output_field=models.CharField())


@lru_cache(maxsize=8)
def _lacks_exact_date(day: date) -> Case:
    between = When(ends_earliest__lte=day, ends_latest__gt=day, then=YES)
    return Case(between, default=NO, output_field=models.BooleanField())
