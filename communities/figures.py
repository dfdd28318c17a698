"""Counts kept in memory for as long as nothing of what they count has changed: of the register, of rounds, of reports.

A change writes its touch in its own transaction (``Touch``), so that whoever sees the change sees the touch.
The stamp is read before the counting: a count may be newer than the stamp it is kept under, never older.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import transaction
from django.db.models import Count, Model, Subquery, Window
from django.db.models.signals import post_delete, post_save

from communities.models import Authority, Community, RegisterEntry, Touch
from communities.querysets import written_at_once
from core.clock import today

Stamp = tuple[Any, ...]
T = TypeVar("T")

COMMUNITY = frozenset({"kind", "standing", "published", "province_name", "city_name", "supervisor"})
ENTRY = frozenset(
    {
        "community",
        "programme",
        "first_year",
        "ends_earliest",
        "ends_latest",
        "complete_to",
        "ended_kind",
        "ended_on",
    }
)
_counted_by: dict[type, frozenset[str]] = {}


def watch(model: type[Model], fields: Collection[str]) -> None:
    """Every way in which rows are written through their model: one, many at once (``CountedQuerySet``), gone.

    ``fields``: what is counted by; whatever else changes leaves the counts as they are.
    """
    _counted_by[model] = frozenset(fields)
    for signal in (post_save, post_delete, written_at_once):
        signal.connect(_note, sender=model, dispatch_uid="counted")


def watch_register() -> None:
    watch(Community, COMMUNITY)
    watch(RegisterEntry, ENTRY)
    # Its communities have no supervising authority any more.
    post_delete.connect(_note, sender=Authority, dispatch_uid="counted")


def _note(sender: type, update_fields: frozenset[str] | None = None, **_more: Any) -> None:
    if update_fields is None or _counted_by[sender] & {name.removesuffix("_id") for name in update_fields}:
        Touch.objects.create()


def stamp(**others: Subquery) -> Stamp | None:
    """Another one after every change. ``others``: what else a count depends on. None where no touch is known."""
    rows = Touch.objects.annotate(number=Window(Count("pk")), **others).order_by("-pk")
    # Beside the newest the number of all: who began earlier may commit later.
    return rows.values_list("token", "number", *others).first()


def remembered(name: str, known: Stamp | None, count: Callable[[], T]) -> T:
    """What ``count`` finds, counted once for each stamp and day, and anew after minutes: what a hand or code of the
    last release wrote without a touch shows then.
    """
    if known is None:
        return count()
    kept = caches["counts"]
    key = ":".join(map(str, (name, today(), *known)))
    if (found := kept.get(key)) is None:
        found = count()
        kept.set(key, found)
    return found


@transaction.atomic
def sum_up() -> None:
    """One touch instead of all that have piled up; it is a new one."""
    keys = list(Touch.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    if len(keys) > 1:
        Touch.objects.filter(pk__in=keys).delete()
        Touch.objects.create()
