"""Keeping the registers of emergency plans, teams and equipment."""

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
from projects.models import EmergencyPlan, Evidence
from projects.selectors.emergency import Register
from projects.selectors.versions import version_of
from projects.services.activities import EARLIEST
from projects.services.evidence import Checked, add_files
from projects.services.organisation import STALE, lock

DAYS = ("issued_on", "revised_on", "checked_on")


@transaction.atomic
def add(
    *, register: Register, community: Community, by: Any, checked: Iterable[Checked] = (), **values: Any
) -> Any:
    """The same row again is the same press again; another one of the same name is refused."""
    lock(community, by)
    row: Any = register.model(community=community)
    set_fields(row, values, register.fields)
    known = register.rows(community).filter(**{name: getattr(row, name) for name in register.unique}).first()
    if known is not None and _says_the_same(register, known, row):
        return known
    _check(row, is_taken=known is not None)
    row.save()
    _keep(row, checked, by)
    audit.record("emergency.add", by=by, target=row)
    return row


@transaction.atomic
def change(
    *,
    register: Register,
    row: Any,
    seen: str,
    by: Any,
    checked: Iterable[Checked] = (),
    dropped: Iterable[Evidence] = (),
    **values: Any,
) -> Any:
    """``seen``: the mark of the row as it was read. Refused when somebody saved in between."""
    lock(row.community, by)
    locked: Any = register.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # noqa: SLF001
    if version_of(locked) != seen:
        raise Refused(STALE)
    changes = set_fields(locked, values, register.fields)
    same = register.rows(row.community).filter(**{name: getattr(locked, name) for name in register.unique})
    _check(locked, is_taken=same.exclude(pk=locked.pk).exists())
    locked.save()
    for evidence in dropped:
        locked.evidence.remove(evidence)
    _keep(locked, checked, by)
    personal = {name: tuple(changes.pop(name)) for name in locked.Privacy.personal if name in changes}
    audit.record("emergency.change", by=by, target=locked, changes=changes, personal=personal)
    return locked


@transaction.atomic
def remove(*, register: Register, row: Any, by: Any) -> None:
    """Its documents stay in the archive; drills that tried a plan stay without it."""
    lock(row.community, by)
    locked: Any = register.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # noqa: SLF001
    audit.record("emergency.remove", by=by, target=locked)
    locked.delete()


def _says_the_same(register: Register, one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in register.fields)


def _check(row: Any, *, is_taken: bool) -> None:
    reasons = []
    if is_taken:
        reasons.append(Reason(_("There is already one of this name."), code="same_name", field="name"))
    for name in DAYS:
        day = getattr(row, name, None)
        if day is not None and not EARLIEST <= day <= today():
            sentence = _("Give a day between 1990 and today.")
            reasons.append(Reason(sentence, code="day_out_of_range", field=name))
    issued, revised = getattr(row, "issued_on", None), getattr(row, "revised_on", None)
    if issued and revised and revised < issued:
        sentence = _("A plan is revised after it was issued.")
        reasons.append(Reason(sentence, code="revised_before_issued", field="revised_on"))
    if reasons:
        raise Refused(reasons)
    check(row)


def _keep(row: Any, checked: Iterable[Checked], by: Any) -> None:
    """Documents belong to plans alone; they lie in the archive under the day of the latest wording."""
    files = list(checked)
    if not files or not isinstance(row, EmergencyPlan):
        return
    kept = add_files(
        community=row.community,
        checked=files,
        element=Element.EMERGENCY,
        happened_on=row.revised_on or row.issued_on or today(),
        title=row.name,
        by=by,
    )
    row.evidence.add(*kept)
