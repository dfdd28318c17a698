"""Writing the trail, in the same transaction as the change it tells of; sealing it; proving it unbroken."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from audit import selectors
from audit.enums import SYSTEM
from audit.models import AuditEntry
from audit.querysets import AuditQuerySet
from core.clock import now
from core.masks import masked_email

log = logging.getLogger(__name__)

BATCH = 1000
# 等保 and PIPL art. 56 ask for three years where handling of personal data must be shown.
LEAST_YEARS = 3
# Longer than any transaction may run (ten minutes, the limit of a task), so that no entry with a lower number
# can still become visible behind a sealed one.
SETTLED_AFTER = dt.timedelta(minutes=15)


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
    entry = note(
        action,
        by=by,
        target=target,
        community_id=community_id,
        changes=changes,
        personal=personal,
        reason=reason,
    )
    entry.save(force_insert=True)
    return entry


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Append what ``note`` has made, for a service that writes thousands of rows at once."""
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)


def note(
    action: str,
    *,
    by: Any | None,
    target: models.Model | None = None,
    community_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    personal: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> AuditEntry:
    """The entry that ``record`` would append, not yet written down."""
    facts = dict(changes or {})
    for name, (old, new) in (personal or {}).items():
        facts[name] = [_veiled(old), _veiled(new)]
    return AuditEntry(
        action=action,
        actor_id=getattr(by, "pk", None),
        actor_label=_label(by)[:150] if by is not None else SYSTEM,
        target_type=target._meta.label_lower if target is not None else "",  # noqa: SLF001 - Django's public _meta
        target_id=str(target.pk) if target is not None else "",
        target_label=_label(target)[:200] if target is not None else "",
        community_id=community_id if community_id is not None else getattr(target, "community_id", None),
        changes=json.loads(json.dumps(facts, cls=DjangoJSONEncoder)),
        reason=reason,
    )


def _label(thing: Any) -> str:
    """What it is called. Of a person the trail, which forgets nothing, keeps a masked name."""
    text = str(getattr(thing, "trail_label", "") or thing)
    return masked_email(text) if "@" in text else text


def _veiled(value: Any) -> dict[str, str] | None:
    if value in (None, ""):
        return None
    text = str(value)
    digest = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    shown = text[0] + "*" * (len(text) - 1) if len(text) < 8 else f"{text[:3]}****{text[-2:]}"
    return {"shown": shown, "hash": digest[:32]}


def export_trail(*, entries: AuditQuerySet, by: Any) -> Iterator[list[str]]:
    """The head and one row an entry, oldest first; recorded before the first row leaves."""
    last = AuditEntry.objects.aggregate(last=models.Max("pk"))["last"]
    rows = entries.filter(pk__lte=last or 0).order_by("pk")
    record("audit.export", by=by, changes={"entries": rows.count()})
    return selectors.as_table(rows)


# --- The chain: each seal covers the entry and the seal before it ---------------------------------------


@dataclass
class Verdict:
    """What a walk along the chain found. ``broken`` holds the numbers of entries whose seal does not fit."""

    sealed: int = 0
    waiting: int = 0
    head: str = ""
    broken: list[int] = field(default_factory=list)
    slipped_in: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.broken and not self.slipped_in


def seal_trail() -> int:
    """Seal what has settled, oldest first, and return how many.

    The head goes to the log too: whoever keeps the log can prove that nothing was cut off the end.
    """
    settled = now() - SETTLED_AFTER
    with transaction.atomic():
        last = AuditEntry.objects.sealed().select_for_update().order_by("-pk").first()
        head, number = (last.seal, last.pk) if last else ("", 0)
        count = 0
        waiting = AuditEntry.objects.unsealed().filter(pk__gt=number, at__lte=settled).order_by("pk")
        for entry in waiting[:BATCH]:
            head = _seal(entry, head)
            if AuditEntry.objects.set_seal(entry.pk, head):
                count, number = count + 1, entry.pk
    if count:
        log.info("sealed %d audit entries up to number %d, head %s", count, number, head)
    return count


def verify_trail(expected_head: str = "") -> Verdict:
    """Walk the whole chain. ``expected_head``, from an old log line, must occur in it."""
    verdict, seal, seen = Verdict(), _anchor(), not expected_head
    for entry in AuditEntry.objects.sealed().order_by("pk").iterator(chunk_size=BATCH):
        if not hmac.compare_digest(entry.seal, _seal(entry, seal)):
            verdict.broken.append(entry.pk)
        seal = entry.seal
        seen = seen or seal == expected_head
        verdict.sealed += 1
        last = entry.pk
    unsealed = AuditEntry.objects.unsealed().order_by("pk").values_list("pk", flat=True)
    if verdict.sealed:
        verdict.slipped_in = list(unsealed.filter(pk__lt=last))
    verdict.head, verdict.waiting = seal, unsealed.count()
    if not seen:
        verdict.broken.append(0)
    return verdict


def expire_trail(*, years: int) -> int:
    """Remove sealed entries older than so many years and return how many; the chain then begins at their last seal.

    Only the owner of the table can do this where ``protect_audit`` was run. Raises ValueError below three years.
    """
    if years < LEAST_YEARS:
        raise ValueError(f"the trail is kept for {LEAST_YEARS} years at least")
    before = now() - dt.timedelta(days=366 * years)
    with transaction.atomic():
        # From the beginning without a gap: an entry is never older than those before it by more than a transaction.
        first_kept = (
            AuditEntry.objects.filter(models.Q(at__gte=before) | models.Q(seal="")).order_by("pk").first()
        )
        old = AuditEntry.objects.filter(pk__lt=first_kept.pk) if first_kept else AuditEntry.objects.none()
        last = old.order_by("pk").last()
        if last is None:
            return 0
        count = old.count()
        facts = {"entries": count, "anchor": last.seal, "before": before.date().isoformat()}
        record("audit.expire", by=None, changes=facts)
        old._raw_delete(using=old.db)  # noqa: SLF001 - the one way round what forbids it everywhere else
    return count


def _anchor() -> str:
    """The seal before the first entry that is left; empty as long as none was ever removed."""
    removal = AuditEntry.objects.filter(action="audit.expire").order_by("-pk").first()
    return str(removal.changes["anchor"]) if removal else ""


def _seal(entry: AuditEntry, previous: str) -> str:
    return salted_hmac("audit.chain", previous + canonical(entry), algorithm="sha256").hexdigest()


def canonical(entry: AuditEntry) -> str:
    """The entry as one line of JSON that is the same on every database: sorted keys, UTC, no spaces."""
    fields = {
        "id": entry.pk,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "action": entry.action,
        "actor_id": entry.actor_id,
        "actor_label": entry.actor_label,
        "target_type": entry.target_type,
        "target_id": entry.target_id,
        "target_label": entry.target_label,
        "community_id": entry.community_id,
        "changes": entry.changes,
        "reason": entry.reason,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
