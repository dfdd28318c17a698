"""A copy of what is stored about somebody, for themselves (个人信息保护法 art. 45)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import RoleGrant, User
from accounts.selectors import sessions_of
from audit.models import AuditEntry
from audit.selectors import line
from audit.services import record
from core.clock import now
from core.dates import format_moment
from notices.models import Notice

Source = Callable[[User], QuerySet[Any]]

# They open something, or say nothing to a person.
LEFT_OUT = frozenset({"id", "password", "session_key", "session_data", "context", "user", "recipient"})
MOST_ENTRIES = 1000

_sources: list[Source] = [
    lambda user: User.objects.filter(pk=user.pk),
    lambda user: RoleGrant.objects.filter(user=user).select_related("role", "granted_by"),
    sessions_of,
    lambda user: Notice.objects.filter(recipient=user).order_by("pk"),
]


def register_own_data(source: Source) -> None:
    """``source(user)`` gives rows about the person; what of them is told is what the model's ``Privacy`` names."""
    _sources.append(source)


def own_data(*, user: User) -> dict[str, Any]:
    """Every stored row about the user by the names the pages use, and what the user did; taken down in the trail."""
    record("account.data_export", by=user, target=user)
    told: dict[str, Any] = {
        str(_meta(rows.model).verbose_name): [_row(row) for row in rows] for rows in _asked(user)
    }
    entries = AuditEntry.objects.filter(actor_id=user.pk).order_by("-at", "-pk")[:MOST_ENTRIES]
    told[str(AuditEntry._meta.verbose_name_plural)] = [  # noqa: SLF001 - Django's public _meta
        f"{format_moment(said.at, user.language)} {said.what} {said.about}".strip()
        for said in map(line, entries)
    ]
    return {"user": str(user), "at": now().isoformat(timespec="seconds"), "data": told}


def _asked(user: User) -> list[QuerySet[Any]]:
    return [source(user) for source in _sources]


def _row(row: Model) -> dict[str, str]:
    fields = [field for field in _meta(row).concrete_fields if field.name not in LEFT_OUT]
    return {str(field.verbose_name): _shown(row, field) for field in fields}


def _shown(row: Model, field: Any) -> str:
    value = getattr(row, field.name)
    if value in (None, ""):
        return ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return format_moment(value) if field.get_internal_type() == "DateTimeField" else str(value)


def _meta(model: Any) -> Any:
    return model._meta  # noqa: SLF001 - Django's public _meta
