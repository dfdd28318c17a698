"""What a meeting decided, who does it by when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.services.changes import check, set_fields
from core.clock import today
from core.errors import Reason, Refused
from projects.authz import must
from projects.enums import ActivityKind
from projects.models import Activity, Decision
from projects.selectors.versions import version_of
from projects.services.organisation import STALE

FIELDS = ("text", "organisation", "due_on", "done_on", "note")
# Nobody decides today what is to be done in a hundred years: that is a slip of the pen.
LONGEST = relativedelta(years=10)


@transaction.atomic
def add(*, activity: Activity, by: Any, **fields: Any) -> Decision:
    """The same words in the same meeting are the same decision: a second press adds nothing."""
    meeting = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    _must(by, meeting)
    if meeting.kind != ActivityKind.MEETING:
        raise Refused(Reason(_("Only a meeting decides."), code="no_meeting"))
    known: Decision | None = meeting.decisions.filter(text=fields["text"]).first()
    if known is not None:
        return known
    decision = Decision(activity=meeting, **_of(fields))
    _check(decision)
    decision.save()
    audit.record(
        "decision.add",
        by=by,
        target=decision,
        community_id=meeting.community_id,
        changes={"due_on": [None, decision.due_on]},
    )
    return decision


@transaction.atomic
def change(*, decision: Decision, seen: str, by: Any, **fields: Any) -> Decision:
    """``seen``: the mark of the decision as it was read. Refused when somebody saved in between."""
    locked = _locked(decision)
    _must(by, locked.activity)
    if version_of(locked) != seen:
        raise Refused(STALE)
    changes = set_fields(locked, _of(fields), FIELDS)
    _check(locked)
    if changes:
        locked.save(update_fields=list(changes))
        audit.record(
            "decision.change",
            by=by,
            target=locked,
            community_id=locked.activity.community_id,
            changes=changes,
        )
    return locked


@transaction.atomic
def remove(*, decision: Decision, by: Any) -> None:
    locked = _locked(decision)
    _must(by, locked.activity)
    audit.record(
        "decision.remove",
        by=by,
        target=locked,
        community_id=locked.activity.community_id,
        changes={"text": [locked.text, None]},
    )
    locked.delete()


def _locked(decision: Decision) -> Decision:
    rows = Decision.objects.select_related("activity__community__supervisor", "organisation")
    return rows.select_for_update(of=("self",)).get(pk=decision.pk)


def _must(by: Any, meeting: Activity) -> None:
    """Decisions are followed up in a community; authorities keep theirs in their minutes."""
    if meeting.community is None:
        raise Refused(Reason(_("Decisions are kept for the meetings of a community."), code="no_community"))
    must(by, Permission.WORK_RECORD, meeting.community)


def _of(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in FIELDS if name in fields}


def _check(decision: Decision) -> None:
    day, met_on = today(), decision.activity.on
    reasons = []
    if decision.due_on and not met_on <= decision.due_on <= day + LONGEST:
        sentence = _("Give a day after the meeting, within ten years.")
        reasons.append(Reason(sentence, "due_on_out_of_range", "due_on"))
    if decision.done_on and not met_on <= decision.done_on <= day:
        sentence = _("Give a day between the meeting and today.")
        reasons.append(Reason(sentence, "done_on_out_of_range", "done_on"))
    organisation = decision.organisation
    if organisation is not None and organisation.community_id != decision.activity.community_id:
        reasons.append(Reason(_("This belongs to another community."), "foreign", "organisation"))
    if reasons:
        raise Refused(reasons)
    check(decision)
