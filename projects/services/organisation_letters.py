"""Letters of responsibility and their sealed scans. The platform never draws a seal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from communities.services.changes import check, set_fields
from core.clock import today
from core.errors import Reason, Refused
from projects.enums import Element
from projects.models import Evidence, ResponsibilityLetter
from projects.services.evidence import Checked, add_files
from projects.services.organisation import in_the_community, lock, refuse_stale

LETTER = ("year", "organisation", "party", "signed_on")


@transaction.atomic
def add_letter(
    *, community: Community, by: Any, form_key: str = "", scans: Iterable[Checked] = (), **values: Any
) -> ResponsibilityLetter:
    """The same form pressed twice adds once."""
    lock(community, by)
    rows = ResponsibilityLetter.objects.filter(community=community)
    known: ResponsibilityLetter | None = rows.filter(form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    letter = ResponsibilityLetter(community=community, form_key=form_key)
    in_the_community(community, organisation=values.get("organisation"))
    set_fields(letter, values, LETTER)
    _check(letter)
    letter.save()
    added = _add_scans(letter, scans, by)
    audit.record("responsibility.add", by=by, target=letter, changes={"files": added})
    return letter


@transaction.atomic
def change_letter(
    *,
    letter: ResponsibilityLetter,
    by: Any,
    revision: int | None = None,
    scans: Iterable[Checked] = (),
    without: Iterable[Evidence] = (),
    **values: Any,
) -> ResponsibilityLetter:
    """``without``: scans that no longer belong to it; they stay in the archive."""
    lock(letter.community, by)
    row = ResponsibilityLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    refuse_stale(row, revision)
    in_the_community(row.community, organisation=values.get("organisation"))
    changes = set_fields(row, values, LETTER)
    _check(row)
    kept = set(row.evidence.values_list("pk", flat=True))
    row.evidence.remove(*without)
    _add_scans(row, scans, by)
    now_kept = set(row.evidence.values_list("pk", flat=True))
    if kept != now_kept:
        changes["files"] = [len(kept), len(now_kept)]
    if changes or kept != now_kept:
        row.revision += 1
        row.save()
        audit.record("responsibility.change", by=by, target=row, changes=changes)
    return row


@transaction.atomic
def remove_letter(*, letter: ResponsibilityLetter, by: Any) -> None:
    """Its scans stay in the archive."""
    lock(letter.community, by)
    row = ResponsibilityLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    audit.record("responsibility.remove", by=by, target=row, changes={"files": row.evidence.count()})
    row.delete()


def _check(letter: ResponsibilityLetter) -> None:
    same = ResponsibilityLetter.objects.filter(
        community=letter.community_id, year=letter.year, party=letter.party
    )
    if same.exclude(pk=letter.pk).exists():
        sentence = _("There is already a letter with this party for this year.")
        raise Refused(Reason(sentence, code="same_letter", field="party"))
    check(letter)


def _add_scans(letter: ResponsibilityLetter, scans: Iterable[Checked], by: Any) -> int:
    kept = add_files(
        community=letter.community,
        checked=scans,
        element=Element.ORGANISATION,
        happened_on=letter.signed_on or today(),
        title=f"{letter.year} {letter.party}",
        by=by,
    )
    letter.evidence.add(*kept)
    return len(kept)
