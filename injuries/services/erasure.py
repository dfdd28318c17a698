"""What injury data know of an account: told to its owner, ended when the person is erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from audit import services as audit
from core.clock import today
from injuries.models import LockException, RowAccess
from injuries.services import accesses

REASON = "erased"


def own_accesses(user: Any) -> QuerySet[RowAccess]:
    """To look at single cases: given to the person, and given by them; to whom is left to those."""
    rows = RowAccess.objects.filter(Q(user=user) | Q(given_by=user))
    return rows.select_related("community", "given_by").order_by("pk")


def own_exceptions(user: Any) -> QuerySet[LockException]:
    rows = LockException.objects.filter(Q(user=user) | Q(given_by=user))
    return rows.select_related("data_set__family", "given_by").order_by("pk")


def forget_person(user: Any, by: Any | None) -> None:
    """What is still open ends; that it was there stays on record under the number of the account."""
    for access in RowAccess.objects.filter(user=user, ended_at__isnull=True):
        accesses.end_with_account(access, by=by, reason=REASON)
    for exception in LockException.objects.filter(user=user, until__gte=today()):
        before = exception.until
        exception.until = today() - dt.timedelta(days=1)
        exception.save(update_fields=["until"])
        audit.record(
            "injury_data.except_end",
            by=by,
            target=exception.data_set,
            changes={"until": [before, exception.until]},
            reason=REASON,
        )
