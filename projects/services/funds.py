"""Keeping the ledger of funds of a community or of an authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.errors import Reason, Refused
from projects.enums import Element
from projects.models import FundEntry
from projects.selectors.funds import entries_of
from projects.services import records
from projects.services.evidence import Checked, add_files

FOREIGN = Reason(_("This belongs to another community."), "foreign", "project")


def owner_of(entry: FundEntry) -> records.Owner:
    owner = entry.community or entry.authority
    if owner is None:
        raise ValueError("an entry belongs to a community or to an authority")
    return owner


@transaction.atomic
def enter(
    *,
    owner: records.Owner,
    fields: Mapping[str, Any],
    checked: Iterable[Checked] = (),
    form_key: str = "",
    by: Any,
) -> FundEntry:
    """The same ``form_key`` again gives back the first row: an amount is never counted twice."""
    records.may_record(by, owner)
    type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)  # noqa: SLF001 - public
    known: FundEntry | None = entries_of(owner).filter(form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    belongs = {"community": owner} if isinstance(owner, Community) else {"authority": owner}
    entry = FundEntry(**belongs, form_key=form_key, **fields)
    _refuse_project(entry, fields)
    records.add(entry, owner=owner, action="fund.add", by=by)
    _show(entry, checked, by)
    return entry


@transaction.atomic
def change(
    *,
    entry: FundEntry,
    fields: Mapping[str, Any],
    seen: str | None,
    checked: Iterable[Checked] = (),
    by: Any,
) -> FundEntry:
    _refuse_project(entry, fields)
    kept = records.change(entry, owner=owner_of(entry), fields=fields, seen=seen, action="fund.change", by=by)
    _show(kept, checked, by)
    return kept


def remove(*, entry: FundEntry, by: Any) -> None:
    """Its scans stay in the archive."""
    records.remove(entry, owner=owner_of(entry), action="fund.remove", by=by)


def _refuse_project(entry: FundEntry, fields: Mapping[str, Any]) -> None:
    project = fields.get("project")
    if project is not None and project.community_id != entry.community_id:
        raise Refused(FOREIGN)


def _show(entry: FundEntry, checked: Iterable[Checked], by: Any) -> None:
    kept = add_files(
        community=entry.community,
        authority=entry.authority,
        checked=checked,
        element=Element.ARCHIVE,
        happened_on=entry.on,
        title=f"{entry.purpose} {entry.voucher}".strip(),
        by=by,
    )
    entry.evidence.add(*kept)
