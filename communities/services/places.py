"""Writes to what the register stands on: authorities in their tree, programmes with their terms."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.models import Authority, Programme
from communities.services.changes import save_checked, set_fields
from communities.services.terms import refresh_ends
from core.errors import Reason, Refused

AUTHORITY_EDITABLE = frozenset({"name_zh", "name_en", "region", "parent", "former_names", "mailbox"})
PROGRAMME_EDITABLE = frozenset(
    {
        "name_zh",
        "name_en",
        "title_zh",
        "title_en",
        "level",
        "validity_months",
        "validity_origin",
    }
)


@transaction.atomic
def create_authority(*, by: Any | None, **values: Any) -> Authority:
    authority = Authority()
    set_fields(authority, values, AUTHORITY_EDITABLE)
    save_checked(authority)
    authority.path = _path(authority)
    authority.save(update_fields=["path"])
    audit.record("authority.create", by=by, target=authority, changes={"path": authority.path})
    return authority


@transaction.atomic
def change_authority(*, authority: Authority, by: Any | None, **values: Any) -> Authority:
    """Under another parent the whole subtree moves along, and with it what its people may see."""
    locked = Authority.objects.select_for_update().get(pk=authority.pk)
    parent = values.get("parent", locked.parent)
    if parent is not None and parent.path.startswith(locked.path):
        raise Refused(
            Reason(
                _("An authority cannot stand under itself or its own subtree."), code="cycle", field="parent"
            )
        )
    changes = set_fields(locked, values, AUTHORITY_EDITABLE)
    if not changes:
        return locked
    save_checked(locked)
    if "parent" in changes:
        _move_subtree(locked)
    audit.record("authority.change", by=by, target=locked, changes=changes)
    return locked


@transaction.atomic
def change_programme(*, programme: Programme, by: Any | None, **values: Any) -> Programme:
    """Another term moves the ends of every entry, and so the status of every community of the programme."""
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    changes = set_fields(locked, values, PROGRAMME_EDITABLE)
    if not changes:
        return locked
    save_checked(locked)
    if "validity_months" in changes:
        for entry in locked.entries.select_related("programme").order_by("pk"):
            refresh_ends(entry)
            entry.save(update_fields=["ends_earliest", "ends_latest"])
    audit.record("programme.change", by=by, target=locked, changes=changes)
    return locked


def _path(authority: Authority) -> str:
    return f"{authority.parent.path if authority.parent else '/'}{authority.pk}/"


def _move_subtree(authority: Authority) -> None:
    old, new = authority.path, _path(authority)
    for below in Authority.objects.filter(path__startswith=old).order_by("path"):
        below.path = new + below.path.removeprefix(old)
        below.save(update_fields=["path"])
    authority.path = new
