"""What staff see of imports: which, what each row would do, and what is to be mended."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.enums import Permission
from communities.authz import can_somewhere
from communities.enums import ABOUT_PERSONS, ImportKind, ImportState, RowFate
from communities.models import ImportBatch
from documents.enums import RunState

BATCHES_SHOWN = 50


def may_import(user: Any, kind: str | None = None) -> bool:
    """Who changes the register, everywhere or below an authority; what names persons also asks to see them."""
    if kind in ABOUT_PERSONS and not can_somewhere(user, Permission.CONTACT_VIEW):
        return False
    return can_somewhere(user, Permission.REGISTER_CHANGE)


def kinds_for(user: Any) -> list[ImportKind]:
    return [kind for kind in ImportKind if may_import(user, kind)]


def batches_for(user: Any) -> QuerySet[ImportBatch]:
    """The own ones, and of colleagues what names no person; persons too for whoever finishes what others began.

    Who looks after a region sees the own ones alone.
    """
    kinds = kinds_for(user)
    others = set(kinds) if user.has_perm(Permission.REGISTER_CHANGE) else set()
    if not user.has_perm(Permission.IMPORT_MANAGE):
        others -= ABOUT_PERSONS
    batches = ImportBatch.objects.filter(Q(created_by=user) | Q(kind__in=others), kind__in=kinds)
    return batches.select_related("created_by", "applied_by", "run", "file", "errors_file").order_by("-pk")


def batch_page(user: Any, number: str | None) -> Page[ImportBatch]:
    return Paginator(batches_for(user), BATCHES_SHOWN).get_page(number)


def is_working(batch: ImportBatch) -> bool:
    return batch.run is not None and batch.run.state in {RunState.QUEUED, RunState.RUNNING}


def has_failed(batch: ImportBatch) -> bool:
    """The work broke off, and was given up after some attempts; what it would have written is not there."""
    return batch.run is not None and batch.run.state == RunState.FAILED


def acts_on(batch: ImportBatch) -> dict[str, Any]:
    """What can be done with it now, and the figures that lead to its rows."""
    is_free = not is_working(batch) and batch.expired_at is None
    is_checked = batch.state == ImportState.CHECKED
    writes = batch.new_count + batch.change_count
    return {
        "may_apply": is_free and is_checked and not batch.error_count and writes > 0,
        "may_check": is_free and (is_checked or (batch.state == ImportState.READING and has_failed(batch))),
        "may_undo": is_free and batch.state == ImportState.APPLIED,
        "writes": writes,
        "figures": [
            {"label": str(label), "value": value, "url": f"?fate={fate}#rows"}
            for fate, label, value in (
                (RowFate.ERROR, RowFate.ERROR.label, batch.error_count),
                (RowFate.CREATE, RowFate.CREATE.label, batch.new_count),
                (RowFate.CHANGE, RowFate.CHANGE.label, batch.change_count),
                (RowFate.SAME, RowFate.SAME.label, batch.same_count),
            )
        ],
    }
