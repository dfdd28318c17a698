"""How long tables that staff brought in are kept, and until when one of them can be undone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.models import ImportBatch
from core import retention
from core.clock import now
from documents import services as documents

IMPORTS = "imported_tables"


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code=IMPORTS,
            what=_("Tables that staff brought in: file, rows and what stood there before"),
            happens=_(
                "file and rows are deleted; the import and its figures stay, and it can no longer be undone"
            ),
            days=30,
            origin=_("the association's own period, counted from the upload or from the taking over"),
            due=_over,
            expire=expire_imports,
        )
    )


def kept_until(batch: ImportBatch) -> dt.datetime:
    return (batch.applied_at or batch.created_at) + dt.timedelta(days=retention.periods()[IMPORTS])


# What an import loses when it ends; who brought it in, its counts and its state stay.
FORGOTTEN = ["file", "errors_file", "expired_at", "source", "titles", "unread", "problem"]


def _over(before: dt.datetime) -> QuerySet[ImportBatch]:
    batches = ImportBatch.objects.annotate(counts_from=Coalesce("applied_at", "created_at"))
    return batches.filter(counts_from__lt=before, expired_at__isnull=True)


@transaction.atomic
def expire_imports(batches: QuerySet[ImportBatch]) -> int:
    """The batch and its counts stay. Returns how many batches."""
    locked = batches.select_for_update(of=("self",), skip_locked=True)
    over = list(locked.select_related("file", "errors_file").order_by("pk"))
    for batch in over:
        files = [file for file in (batch.file, batch.errors_file) if file is not None]
        rows = batch.rows.count()
        batch.rows.all().delete()
        batch.file = batch.errors_file = None
        batch.expired_at = now()
        batch.source, batch.titles, batch.unread, batch.problem = "", [], [], []
        batch.save(update_fields=FORGOTTEN)
        for file in files:
            documents.forget_file(file)
        audit.record("import.expire", by=None, target=batch, changes={"rows": rows})
    return len(over)
