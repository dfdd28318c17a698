"""The list of reasons that reviewers choose from. One that was ever used is hidden, never deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from surveys.models import ReturnReason


@transaction.atomic
def save_reason(*, reason: ReturnReason, by: Any) -> ReturnReason:
    """Add a reason or change it. What was returned before keeps the words it was returned with."""
    if not by.has_perm(Permission.RESPONSE_REVIEW):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)
    is_new = reason.pk is None
    if is_new:
        reason.code = _new_code(reason.about)
        reason.position = reason.position or _last_position(reason.about) + 1
    reason.full_clean()
    reason.save()
    audit.record(
        "return_reason.create" if is_new else "return_reason.change",
        by=by,
        target=reason,
        changes={"text_zh": reason.text_zh, "is_active": reason.is_active, "position": reason.position},
    )
    return reason


def _new_code(about: str) -> str:
    """Nobody has to think of one; the numbers only grow, as rows are never deleted."""
    return f"{about}-{ReturnReason.objects.count() + 1}"


def _last_position(about: str) -> int:
    return (
        ReturnReason.objects.filter(about=about)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
        or 0
    )
