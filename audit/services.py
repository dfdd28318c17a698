"""Writing the trail, in the same transaction as the change it tells of."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models

from audit.models import AuditEntry

SYSTEM = "system"


def record(
    action: str,
    *,
    by: Any | None,
    target: models.Model | None = None,
    community_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    personal: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry. ``by=None`` is the system itself.

    ``changes`` holds plain facts or ``{field: [old, new]}``. ``personal`` holds ``{field: (old, new)}`` of personal
    values: they enter masked, with a keyed hash, so that equality can be proved later and erasure stays possible.
    """
    facts = dict(changes or {})
    for field, (old, new) in (personal or {}).items():
        facts[field] = [_veiled(old), _veiled(new)]
    return AuditEntry.objects.create(
        action=action,
        actor_id=getattr(by, "pk", None),
        actor_label=str(by) if by is not None else SYSTEM,
        target_type=target._meta.label_lower if target is not None else "",  # noqa: SLF001 - Django's public _meta
        target_id=str(target.pk) if target is not None else "",
        target_label=str(target)[:200] if target is not None else "",
        community_id=community_id if community_id is not None else getattr(target, "community_id", None),
        changes=facts,
        reason=reason,
    )


def _veiled(value: Any) -> dict[str, str] | None:
    if value in (None, ""):
        return None
    text = str(value)
    digest = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    shown = text[0] + "*" * (len(text) - 1) if len(text) < 8 else f"{text[:3]}****{text[-2:]}"
    return {"shown": shown, "hash": digest[:32]}
