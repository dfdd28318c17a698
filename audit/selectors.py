"""The trail as people read it: who, when, what, old → new, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Min
from django.utils.translation import gettext

from audit.enums import SYSTEM, action_label, fact_choices, fact_label
from audit.models import AuditEntry
from audit.querysets import AuditQuerySet
from core.clock import local
from core.dates import format_moment

HISTORY_LIMIT = 50


@dataclass(frozen=True)
class Change:
    """One field: ``old`` is None where the entry states a fact and not a change."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True)
class HistoryLine:
    at: dt.datetime
    who: str
    what: str
    about: str
    changes: list[Change]
    why: str


# The trail only grows: what was counted once stays counted.
COUNTED, COUNTED_FOR = "audit.counted", 3600


def entry_count() -> int:
    """How many entries there are. A million is counted once an hour; else only what came since."""
    ends = AuditEntry.objects.order_by().aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"], ends["last"]
    kept = cache.get(COUNTED)
    if last is not None and kept and kept[0] == first and kept[1] <= last:
        return int(kept[2] + AuditEntry.objects.filter(pk__gt=kept[1]).count())
    count = AuditEntry.objects.count()
    if last is not None:
        cache.set(COUNTED, [first, last, count], COUNTED_FOR)
    return count


def first_day() -> dt.date | None:
    """Since when there are entries."""
    first = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    return local(first).date() if first else None


def entries_about(target: models.Model) -> models.QuerySet[AuditEntry]:
    kind = target._meta.label_lower  # noqa: SLF001 - Django's public _meta
    return (
        AuditEntry.objects.with_names()
        .filter(target_type=kind, target_id=str(target.pk))
        .order_by("-at", "-pk")
    )


def history(target: models.Model, limit: int = HISTORY_LIMIT) -> list[HistoryLine]:
    """Newest first, for ``components/history.html``."""
    return [line(entry) for entry in entries_about(target)[:limit]]


def line(entry: AuditEntry) -> HistoryLine:
    return HistoryLine(
        at=entry.at,
        who=actor(entry),
        what=action_label(entry.action),
        about=entry.target_label,
        changes=changes(entry),
        why=entry.reason,
    )


def actor(entry: AuditEntry) -> str:
    if entry.actor_id is None and entry.actor_label == SYSTEM:
        return gettext("The system")
    return getattr(entry, "actor_name", None) or entry.actor_label


def kind_of_target(target_type: str) -> str:
    model = _model(target_type)
    return str(model._meta.verbose_name) if model else target_type  # noqa: SLF001 - Django's public _meta


def changes(entry: AuditEntry) -> list[Change]:
    model = _model(entry.target_type)
    return [_change(model, name, value) for name, value in sorted(entry.changes.items())]


def as_table(entries: AuditQuerySet) -> Iterator[list[str]]:
    """A head, then a row for each entry, read as a stream."""
    field = AuditEntry._meta.get_field  # noqa: SLF001 - Django's public _meta
    names = (
        "id",
        "at",
        "actor_label",
        "action",
        "target_type",
        "target_label",
        "target_id",
        "changes",
        "reason",
        "seal",
    )
    yield [str(getattr(field(name), "verbose_name", name)) for name in names]
    for entry in entries.with_names().iterator(chunk_size=1000):
        yield [
            str(entry.pk),
            format_moment(entry.at),
            actor(entry),
            action_label(entry.action),
            kind_of_target(entry.target_type),
            entry.target_label,
            entry.target_id,
            gettext("; ").join(_said(change) for change in changes(entry)),
            entry.reason,
            entry.seal,
        ]


def _said(change: Change) -> str:
    values = change.new if change.old is None else f"{change.old} → {change.new}"
    return f"{change.label}: {values}"


def _change(model: type[models.Model] | None, name: str, value: Any) -> Change:
    field = _field(model, name)
    label = str(getattr(field, "verbose_name", "") or fact_label(name))
    choices = dict(getattr(field, "flatchoices", None) or fact_choices(name))
    if isinstance(value, list) and len(value) == 2:
        old, new = value
        return Change(label, _shown(choices, old), _shown(choices, new))
    return Change(label, None, _shown(choices, value))


def _shown(choices: dict[Any, Any], value: Any) -> str:
    if value in (None, "", []):
        return gettext("(empty)")
    if isinstance(value, dict) and "shown" in value:
        return str(value["shown"])
    if isinstance(value, dict):
        return gettext(", ").join(f"{name}: {_shown(choices, item)}" for name, item in value.items())
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return gettext(", ").join(_shown(choices, item) for item in value)
    return str(choices.get(value, value))


def _model(target_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(target_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None  # noqa: SLF001 - Django's public _meta
    except FieldDoesNotExist:
        return None
