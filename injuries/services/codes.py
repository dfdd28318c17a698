"""Changing what a code or a family is called, or whether it is offered; records keep their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from injuries.models import Code, Family

ACTIONS = {Code: "injury_code.change", Family: "injury_family.change"}


@transaction.atomic
def change(word: Code | Family, fields: Mapping[str, Any], *, by: Any) -> None:
    if by is not None and not by.has_perm(Permission.INJURY_MANAGE):
        raise PermissionDenied(Permission.INJURY_MANAGE)
    locked = type(word).objects.select_for_update().get(pk=word.pk)
    changes = {
        name: [getattr(locked, name), new] for name, new in fields.items() if getattr(locked, name) != new
    }
    for name, (_old, new) in changes.items():
        setattr(locked, name, new)
    if changes:
        locked.full_clean()
        locked.save()
        audit.record(ACTIONS[type(locked)], by=by, target=locked, changes=changes)
