"""Uploaded tables of injuries end a few days after the upload: what was not taken by then is brought in anew."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core import retention
from injuries.models import Batch
from injuries.services.imports.batches import FILES, forget_files

TABLES = "injury_tables"


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code=TABLES,
            what=_("Tables of injuries that a community uploaded and has not taken over"),
            happens=_("the file, its marked copy and what was found in it are deleted; the counts stay"),
            days=7,
            origin=_(
                "the platform's own period, counted from the upload; what was taken over loses its file at once"
            ),
            due=_over,
            expire=expire_tables,
        )
    )


def _over(before: dt.datetime) -> QuerySet[Batch]:
    with_file = Q()
    for name in FILES:
        with_file |= Q(**{f"{name}__isnull": False})
    return Batch.objects.filter(with_file, created_at__lt=before)


@transaction.atomic
def expire_tables(batches: QuerySet[Batch]) -> int:
    locked = batches.select_for_update(of=("self",), skip_locked=True)
    over = list(locked.select_related(*FILES).order_by("pk"))
    for batch in over:
        forget_files(batch)
        audit.record("injury_import.expire", by=None, target=batch)
    return len(over)


def kept_days() -> int:
    return retention.periods()[TABLES]
