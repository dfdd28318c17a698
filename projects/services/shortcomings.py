"""Entering shortcomings, giving them to somebody, saying that they are rectified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from communities.models import Authority, Community
from communities.services.changes import check
from core.errors import Reason, Refused
from projects.authz import can_for_authority, must
from projects.enums import INSPECTED, Element, ShortcomingSource, ShortcomingStage
from projects.lifecycle.shortcomings import SHORTCOMING_LIFECYCLE, advance_shortcoming
from projects.models import Shortcoming
from projects.selectors.shortcomings import OF_THE_AUTHORITY
from projects.services import records
from projects.services.decisions import LONGEST
from projects.services.evidence import Checked, add_files
from projects.services.work import begin

RECORD, JUDGE = Permission.WORK_RECORD, Permission.WORK_JUDGE
OWN = ("organisation", "body", "venue")
MAY_CHANGE = (ShortcomingStage.FOUND, ShortcomingStage.ASSIGNED)

WAITS = Reason(
    _("It is said to be rectified, or closed. Give it back or open it again before you change it."),
    code="not_open",
)
OF_ABOVE = Reason(
    _("An authority entered this one: its words and its day stay as they are."), code="of_an_authority"
)
NOT_NEW = Reason(
    _("Somebody has been given this one. What was entered by mistake is closed with a sentence."),
    code="not_new",
)
NO_DAY = Reason(_("Say by which day it is to be rectified."), code="no_day", field="due_on")
WHY_LATER = Reason(_("Say why it is to be rectified later."), code="why_later", field="reason")


@transaction.atomic
def enter(
    *,
    community: Community,
    fields: Mapping[str, Any],
    checked: Iterable[Checked] = (),
    form_key: str = "",
    authority: Authority | None = None,
    by: Any,
) -> Shortcoming:
    """Write one down; where who and when are said, it is given to them at once.

    The same ``form_key`` again gives back the first row: a second press adds nothing. ``authority``: that of the
    inspection which enters it. Raises Refused for what belongs elsewhere, PermissionDenied without the right.
    """
    _must_enter(by, community, authority)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    rows = Shortcoming.objects.filter(community=community, form_key=form_key)
    known: Shortcoming | None = rows.first() if form_key else None
    if known is not None:
        return known
    if authority is None:
        begin(community=community, by=by)
    found = Shortcoming(
        community=community, authority=authority, form_key=form_key, created_by=by, **dict(fields)
    )
    _check(found)
    found.save()
    audit.record(
        "shortcoming.add",
        by=by,
        target=found,
        community_id=community.pk,
        changes={"source": [None, found.source], "due_on": [None, found.due_on]},
    )
    _show(found, "before", checked, by)
    _assign_if_complete(found, by)
    return found


def _must_enter(by: Any, community: Community, authority: Authority | None) -> None:
    if authority is None:
        must(by, RECORD, community)
        return
    must(by, JUDGE, community)
    supervisor = community.supervisor
    if supervisor is None or not supervisor.path.startswith(authority.path):
        sentence = _("This community does not stand below this authority.")
        raise Refused(Reason(sentence, code="foreign", field="community"))


def may_change(by: Any, shortcoming: Shortcoming) -> bool:
    """Who records the work; what an authority entered also by who judges there."""
    if can(by, RECORD, shortcoming.community):
        return True
    return is_judge_of(by, shortcoming)


def is_judge_of(by: Any, shortcoming: Shortcoming) -> bool:
    """Of what an authority entered: who judges the work there."""
    authority = shortcoming.authority
    return by is not None and authority is not None and can_for_authority(by, JUDGE, authority)


def stands(by: Any, shortcoming: Shortcoming) -> bool:
    """Whether this person finds it as an authority left it."""
    return by is not None and shortcoming.authority_id is not None and not is_judge_of(by, shortcoming)


def _right_of(by: Any, shortcoming: Shortcoming) -> Permission:
    return JUDGE if is_judge_of(by, shortcoming) else RECORD


@transaction.atomic
def change(
    *,
    shortcoming: Shortcoming,
    fields: Mapping[str, Any],
    seen: str | None,
    checked: Iterable[Checked] = (),
    reason: str = "",
    by: Any,
) -> Shortcoming:
    """``seen``: the version that the writer had before the eyes. ``reason``: why its day is moved later.

    Raises Refused for what is no longer open, and for a day that is moved later in silence or taken away.
    """
    locked = _locked(shortcoming)
    if locked.stage not in MAY_CHANGE:
        raise Refused(WAITS)
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    if stands(by, locked) and set(changed) & set(OF_THE_AUTHORITY):
        raise Refused(OF_ABOVE)
    before = locked.due_on
    for name, value in fields.items():
        setattr(locked, name, value)
    _check(locked)
    is_later = _is_moved_later(before, locked.due_on, reason)
    first = {"first_due_on": locked.first_due_on or before} if locked.due_on != before else {}
    kept = records.change(
        shortcoming,
        owner=locked.community,
        fields={**fields, **first},
        seen=seen,
        action="shortcoming.change",
        by=by,
        permission=_right_of(by, locked),
        reason=reason.strip() if is_later else "",
    )
    if is_later:
        kept.stage_changes.create(
            move="postpone", from_stage=kept.stage, to_stage=kept.stage, by=by, note=reason.strip()
        )
    _show(kept, "before", checked, by)
    _assign_if_complete(kept, by)
    return kept


def _is_moved_later(before: dt.date | None, due_on: dt.date | None, reason: str) -> bool:
    """Raises Refused for a day that is taken away, and for a later one without a sentence."""
    if before is None:
        return False
    if due_on is None:
        raise Refused(NO_DAY)
    if due_on > before and not reason.strip():
        raise Refused(WHY_LATER)
    return due_on > before


@transaction.atomic
def rectify(
    *,
    shortcoming: Shortcoming,
    fields: Mapping[str, Any],
    seen: str | None,
    checked: Iterable[Checked] = (),
    by: Any,
) -> Shortcoming:
    """What was done, by when, with photographs; from then on it waits for another person's eyes."""
    locked = _locked(shortcoming)
    for name, value in fields.items():
        setattr(locked, name, value)
    SHORTCOMING_LIFECYCLE.check("rectify", locked)
    kept = records.change(
        shortcoming, owner=locked.community, fields=fields, seen=seen, action="shortcoming.change", by=by
    )
    _show(kept, "after", checked, by)
    return advance_shortcoming(kept, "rectify", by=by)


@transaction.atomic
def remove(*, shortcoming: Shortcoming, by: Any) -> None:
    """Only what nobody was given yet: what was found does not vanish by the way."""
    locked = _locked(shortcoming)
    if locked.stage != ShortcomingStage.FOUND:
        raise Refused(NOT_NEW)
    if stands(by, locked):
        raise Refused(OF_ABOVE)
    records.remove(
        locked,
        owner=locked.community,
        action="shortcoming.remove",
        by=by,
        permission=_right_of(by, locked),
    )


def _locked(shortcoming: Shortcoming) -> Shortcoming:
    rows = Shortcoming.objects.select_related("community__supervisor", "authority")
    return rows.select_for_update(of=("self",)).get(pk=shortcoming.pk)


def _show(shortcoming: Shortcoming, way: str, checked: Iterable[Checked], by: Any) -> None:
    """Photographs go through the archive of the community, whoever took them."""
    kept = add_files(
        community=shortcoming.community,
        checked=checked,
        element=shortcoming.element or Element.CORRECTION,
        happened_on=(shortcoming.rectified_on if way == "after" else None) or shortcoming.found_on,
        title=str(shortcoming),
        by=by,
        permission=_right_of(by, shortcoming),
    )
    getattr(shortcoming, way).add(*kept)


def _assign_if_complete(shortcoming: Shortcoming, by: Any) -> None:
    if shortcoming.stage != ShortcomingStage.FOUND:
        return
    move = SHORTCOMING_LIFECYCLE.find("assign")
    may = by is None or can(by, move.permission, shortcoming.community)
    if may and not move.refusals(shortcoming):
        advance_shortcoming(shortcoming, move.name, by=by)


def _check(shortcoming: Shortcoming) -> None:
    reasons = [
        Reason(_("This belongs to another community."), "foreign", name)
        for name in OWN
        if (one := getattr(shortcoming, name)) is not None and one.community_id != shortcoming.community_id
    ]
    if not _is_own_activity(shortcoming):
        reasons.append(Reason(_("This belongs to another community."), "foreign", "activity"))
    if (shortcoming.source == ShortcomingSource.INDICATOR) != bool(shortcoming.element):
        sentence = _("A gap against an indicator names its element, and nothing else does.")
        reasons.append(Reason(sentence, "element", "element"))
    first, due_on = shortcoming.found_on, shortcoming.due_on
    if due_on and first and not first <= due_on <= first + LONGEST:
        sentence = _("Give a day after it was found, within ten years.")
        reasons.append(Reason(sentence, "due_on_out_of_range", "due_on"))
    if reasons:
        raise Refused(reasons)
    check(shortcoming)


def _is_own_activity(shortcoming: Shortcoming) -> bool:
    activity = shortcoming.activity
    if activity is None:
        return True
    if activity.kind not in INSPECTED:
        return False
    if shortcoming.authority_id:
        return activity.authority_id == shortcoming.authority_id
    return activity.community_id == shortcoming.community_id
