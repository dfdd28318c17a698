"""Keeping the registers: each row once, with its trail and its files, and never over somebody else's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from communities.models import Community
from communities.services.changes import check, set_fields
from core.clock import today
from core.errors import Reason, Refused
from projects.enums import AwardedTo
from projects.models import Appraisal, Award, Evidence, NewsItem
from projects.selectors.registers import Owner, Register
from projects.selectors.versions import version_of
from projects.services import records
from projects.services.activities import EARLIEST
from projects.services.evidence import Checked, add_files
from projects.services.organisation import STALE

AHEAD = dt.timedelta(days=3653)


@transaction.atomic
def add(*, register: Register, owner: Owner, by: Any, checked: Iterable[Checked] = (), **values: Any) -> Any:
    """The same row again is the same press again; another one of the same name is refused."""
    _lock(owner, by)
    row: Any = register.model(**{"community" if isinstance(owner, Community) else "authority": owner})
    set_fields(row, values, register.fields)
    reasons = _completed(row)
    known = _same(register, owner, row).first()
    if known is not None and _says_the_same(register, known, row):
        return known
    _check(register, owner, row, reasons, is_taken=known is not None)
    row.save()
    _keep(register, row, checked, by)
    audit.record(f"{register.action}.add", by=by, target=row)
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
    """``seen``: the mark of the row as it was read. Refused when somebody saved in between.

    Shown news is hidden by a change of whoever may not show it: nothing reaches the public past that right.
    """
    owner = owner_of(row)
    _lock(owner, by)
    locked: Any = register.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # noqa: SLF001
    if version_of(locked) != seen:
        raise Refused(STALE)
    changes = set_fields(locked, values, register.fields)
    reasons = _completed(locked)
    is_taken = _same(register, owner, locked).exclude(pk=locked.pk).exists()
    _check(register, owner, locked, reasons, is_taken=is_taken)
    out, files = list(dropped), list(checked)
    is_hidden = bool(changes or out or files) and _hide_unseen(locked, by)
    locked.save()
    if out:
        locked.evidence.remove(*out)
    _keep(register, locked, files, by)
    personal = {name: tuple(changes.pop(name)) for name in locked.Privacy.personal if name in changes}
    audit.record(f"{register.action}.change", by=by, target=locked, changes=changes, personal=personal)
    if is_hidden:
        audit.record("news.hide", by=by, target=locked)
    return locked


@transaction.atomic
def remove(*, register: Register, row: Any, by: Any) -> None:
    """Its documents stay in the archive; what points at the row stays without it."""
    _lock(owner_of(row), by)
    locked: Any = register.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # noqa: SLF001
    audit.record(f"{register.action}.remove", by=by, target=locked)
    locked.delete()


def _hide_unseen(row: Any, by: Any) -> bool:
    """True when the row is no longer shown."""
    if not isinstance(row, NewsItem) or not row.is_published or by is None:
        return False
    row.is_published = can(by, Permission.WORK_REVIEW, row.community)
    return not row.is_published


def owner_of(row: Any) -> Owner:
    owner: Owner = row.community if row.community is not None else row.authority
    return owner


def _lock(owner: Owner, by: Any) -> None:
    """One writer at a time, and only who may record there."""
    records.may_record(by, owner)
    type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)  # noqa: SLF001 - public


def _same(register: Register, owner: Owner, row: Any) -> models.QuerySet[Any]:
    return register.rows(owner).filter(**{name: getattr(row, name) for name in register.unique})


def _says_the_same(register: Register, one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in register.fields)


# --- What a row must be ------------------------------------------------------------------------------------


def _check(register: Register, owner: Owner, row: Any, reasons: list[Reason], *, is_taken: bool) -> None:
    if is_taken:
        sentence = _("There is already one of this name.")
        reasons.append(Reason(sentence, code="same_name", field=register.unique[0]))
    reasons += [*_days(register, row), *_order(register, row), *_foreign(register, owner, row)]
    if reasons:
        raise Refused(reasons)
    check(row)


def _days(register: Register, row: Any) -> Iterator[Reason]:
    for name in register.fields:
        day = getattr(row, name)
        if not isinstance(day, dt.date):
            continue
        if name in register.ahead:
            if not EARLIEST <= day <= today() + AHEAD:
                sentence = _("Give a day between 1990 and ten years from now.")
                yield Reason(sentence, code="day_out_of_range", field=name)
        elif not EARLIEST <= day <= today():
            yield Reason(_("Give a day between 1990 and today."), code="day_out_of_range", field=name)


def _order(register: Register, row: Any) -> Iterator[Reason]:
    for first, last, sentence in register.in_order:
        begin, end = getattr(row, first), getattr(row, last)
        if begin and end and end < begin:
            yield Reason(str(sentence), code="order", field=last)


def _foreign(register: Register, owner: Owner, row: Any) -> Iterator[Reason]:
    for name in register.fields:
        value = getattr(row, name)
        if isinstance(value, models.Model) and getattr(value, "community_id", None) != owner.pk:
            yield Reason(_("This belongs to another community."), code="foreign", field=name)


def _completed(row: Any) -> list[Reason]:
    """What follows from what was filled in is set; what is missing for it is said."""
    complete = _COMPLETED.get(type(row))
    return complete(row) if complete else []


def _appraised(row: Appraisal) -> list[Reason]:
    """Without words of its own an appraisal is called by what was appraised."""
    if not row.subject.strip():
        row.subject = str(row.letter.party if row.letter else row.body or row.organisation or "")
    if row.subject:
        return []
    sentence = _("Choose a letter, a body or an organisation, or write who was appraised.")
    return [Reason(sentence, code="nobody", field="subject")]


def _honoured(row: Award) -> list[Reason]:
    if row.given_to == AwardedTo.COMMUNITY:
        row.person = ""
        return []
    if row.person.strip():
        return []
    return [Reason(_("Write which person, by role or name."), code="nobody", field="person")]


_COMPLETED: dict[type[models.Model], Callable[[Any], list[Reason]]] = {
    Appraisal: _appraised,
    Award: _honoured,
}


def _keep(register: Register, row: Any, checked: Iterable[Checked], by: Any) -> None:
    """Its documents lie in the archive under the latest of the row's days that has come."""
    files = list(checked)
    if not files or register.element is None:
        return
    days = (getattr(row, name) for name in register.days)
    kept = add_files(
        community=row.community,
        checked=files,
        element=register.element,
        happened_on=min(next((day for day in days if day), today()), today()),
        title=str(row)[:120],
        by=by,
    )
    row.evidence.add(*kept)
