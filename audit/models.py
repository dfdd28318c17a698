"""The append-only trail: who did what to what, when and why. No foreign keys, so nothing can take it along."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.enums import action_label
from audit.querysets import AppendOnly, AuditQuerySet
from core.clock import now
from core.dates import format_moment


class AuditEntry(models.Model):
    at = models.DateTimeField(_("time"), default=now, db_index=True)
    action = models.CharField(_("action"), max_length=60, db_index=True)
    actor_id = models.BigIntegerField(_("actor's number"), null=True, blank=True, db_index=True)
    actor_label = models.CharField(_("actor"), max_length=150)
    target_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    target_id = models.CharField(_("object's number"), max_length=40, blank=True)
    target_label = models.CharField(_("object"), max_length=200, blank=True)
    community_id = models.BigIntegerField(_("community's number"), null=True, blank=True, db_index=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    seal = models.CharField(_("chain hash"), max_length=64, blank=True, db_index=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("target_type", "target_id"), name="audit_by_target"),)

    class Privacy:
        personal = frozenset({"actor_label", "target_label", "changes", "reason"})
        plain = frozenset(
            {"id", "at", "action", "actor_id", "target_type", "target_id", "community_id", "seal"}
        )

    def __str__(self) -> str:
        return f"{format_moment(self.at)} {action_label(self.action)} {self.target_label}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("the audit trail is never changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly("the audit trail is never deleted")
