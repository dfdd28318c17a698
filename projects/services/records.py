"""How everything that is recorded here is written down: once, with its trail, and never over somebody else's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.enums import Permission
from audit import services as audit
from communities.models import Authority, Community
from core.errors import STALE, Refused
from projects.authz import can_for_authority, must
from projects.selectors.versions import version_of

Owner = Community | Authority
Thing = TypeVar("Thing", bound=models.Model)


def may_record(by: Any, owner: Owner, permission: Permission = Permission.WORK_RECORD) -> None:
    """Raises PermissionDenied. A community's work is recorded in it, an authority's plan by who judges there.

    ``permission``: another than to record, where somebody above the community writes down what is his own.
    """
    if isinstance(owner, Community):
        must(by, permission, owner)
    elif by is not None and not can_for_authority(by, Permission.WORK_JUDGE, owner):
        raise PermissionDenied(Permission.WORK_JUDGE)


@transaction.atomic
def add(thing: Thing, *, owner: Owner, action: str, by: Any, many: Mapping[str, Any] | None = None) -> Thing:
    """Write a new row; ``many``: what it points at many times, by field."""
    may_record(by, owner)
    thing.full_clean()
    thing.save()
    for name, values in (many or {}).items():
        getattr(thing, name).set(values)
    audit.record(action, by=by, target=thing, community_id=_community_id(owner))
    return thing


@transaction.atomic
def change(
    thing: Thing,
    *,
    owner: Owner,
    fields: Mapping[str, Any],
    action: str,
    by: Any,
    seen: str | None = None,
    many: Mapping[str, Any] | None = None,
    permission: Permission = Permission.WORK_RECORD,
    reason: str = "",
) -> Thing:
    """``seen``: the version that the writer had before the eyes; None asks for nothing. ``reason``: for the trail.

    Raises Refused for a version that is no longer the present one, ValidationError for what the model forbids.
    """
    may_record(by, owner, permission)
    locked = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)  # noqa: SLF001 - public
    if seen is not None and seen != version_of(locked):
        raise Refused(STALE)
    plain, personal = _differences(locked, fields)
    for name, value in fields.items():
        setattr(locked, name, value)
    for name, values in (many or {}).items():
        old, new = {one.pk for one in getattr(locked, name).all()}, {one.pk for one in values}
        if old != new:
            plain[name] = [len(old), len(new)]
            getattr(locked, name).set(values)
    if plain or personal:
        _raise_revision(locked)
        locked.full_clean()
        locked.save()
        audit.record(
            action,
            by=by,
            target=locked,
            community_id=_community_id(owner),
            changes=plain,
            personal=personal,
            reason=reason,
        )
    return locked


@transaction.atomic
def remove(
    thing: models.Model,
    *,
    owner: Owner,
    action: str,
    by: Any,
    permission: Permission = Permission.WORK_RECORD,
) -> None:
    """Twice is harmless: what is gone stays gone."""
    may_record(by, owner, permission)
    rows = type(thing)._default_manager  # noqa: SLF001 - public
    if thing.pk is None or not rows.select_for_update(of=("self",)).filter(pk=thing.pk).exists():
        return
    audit.record(action, by=by, target=thing, community_id=_community_id(owner))
    thing.delete()


def _differences(
    thing: models.Model, fields: Mapping[str, Any]
) -> tuple[dict[str, list[Any]], dict[str, tuple[Any, Any]]]:
    veiled = thing.Privacy.personal  # type: ignore[attr-defined]
    plain: dict[str, list[Any]] = {}
    personal: dict[str, tuple[Any, Any]] = {}
    for name, new in fields.items():
        old = getattr(thing, name)
        if old == new:
            continue
        if name in veiled:
            personal[name] = (old, new)
        else:
            plain[name] = [_written(old), _written(new)]
    return plain, personal


def _community_id(owner: Owner) -> int | None:
    return owner.pk if isinstance(owner, Community) else None


def _written(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def _raise_revision(thing: models.Model) -> None:
    if hasattr(thing, "revision"):
        thing.revision += 1
