"""The trail only grows: nothing written is changed or taken away, except that a seal is set once."""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.db import models


class AppendOnly(TypeError):  # noqa: N818 - says what the trail is
    """Somebody tried to change or delete what has been written down."""


class AuditQuerySet(models.QuerySet):
    def unsealed(self) -> AuditQuerySet:
        return self.filter(seal="")

    def sealed(self) -> AuditQuerySet:
        return self.exclude(seal="")

    def with_names(self) -> AuditQuerySet:
        """``actor_name``: what the actor is called now. The entry itself knows a number and a masked name."""
        people = get_user_model().objects.filter(pk=models.OuterRef("actor_id"))
        return self.annotate(actor_name=models.Subquery(people.values("name")[:1]))

    def set_seal(self, entry_id: int, seal: str) -> bool:
        """True if this entry had no seal yet and has this one now."""
        return bool(super(AuditQuerySet, self.filter(pk=entry_id, seal="")).update(seal=seal))

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("the audit trail is never changed")

    def bulk_update(self, *args: Any, **values: Any) -> NoReturn:
        raise AppendOnly("the audit trail is never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("the audit trail is never deleted")
