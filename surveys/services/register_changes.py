"""Differences between an accepted answer and the register: listed on acceptance, taken over one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from communities.models import Community, RegisterEntry
from communities.services import register
from core.clock import now
from core.dates import format_moment
from core.errors import Reason, Refused
from surveys.enums import ChangeState
from surveys.models import RegisterChange, Response, Submission
from surveys.selectors.register_values import CONTACT, Agreement, is_personal, missing_dates, register_values
from surveys.selectors.responses import digest
from surveys.selectors.reviews import questionnaire_of
from surveys.services.prefill import full_name

DIFFERS = frozenset({Agreement.DIFFERENT, Agreement.UNKNOWN})


@transaction.atomic
def list_differences(*, response: Response, submission: Submission) -> list[RegisterChange]:
    """One row for every question that feeds the register and says something else. Nothing is changed yet.

    An answer left empty never takes a value out of the register. A list made before stays as it is.
    """
    held = register_values(response.community, response.round.programme)
    listed = set(response.register_changes.order_by().values_list("field", flat=True))
    changes = []
    for question in questionnaire_of(response).questions:
        answer = submission.answers.get(question.id)
        if (
            not question.feeds
            or question.feeds in listed
            or held.agreement(question.feeds, answer) not in DIFFERS
        ):
            continue
        change = RegisterChange(
            response=response,
            question=question.id,
            field=question.feeds,
            old_value=held.values.get(question.feeds) or None,
            new_value=answer,
        )
        change.full_clean()
        change.save()
        changes.append(change)
    return changes


@transaction.atomic
def apply_change(*, change: RegisterChange, by: Any, seen: str | None = None) -> RegisterChange:
    """Take the new value into the register. What the register itself refuses is refused here, with its reasons.

    ``seen``: digest of what the page said the register holds; a newer value is not overwritten unseen.
    """
    locked = _locked_open(change, by)
    response = locked.response
    held = register_values(response.community, response.round.programme).values.get(locked.field) or None
    if seen is not None and seen != digest(held):
        raise Refused(
            Reason(_("The register has changed meanwhile. Please look at it once more."), code="register")
        )
    locked.old_value = held
    _take_over(locked, by)
    return _close(locked, change, ChangeState.APPLIED, by)


@transaction.atomic
def dismiss_change(*, change: RegisterChange, by: Any) -> RegisterChange:
    """Leave the register as it is; the answer stays on the accepted form."""
    return _close(_locked_open(change, by), change, ChangeState.DISMISSED, by)


def _locked_open(change: RegisterChange, by: Any) -> RegisterChange:
    locked = (
        RegisterChange.objects.select_for_update(of=("self",))
        .select_related(
            "response__community__supervisor", "response__round__programme", "response__round__notice"
        )
        .get(pk=change.pk)
    )
    if not can(by, Permission.REGISTER_CHANGE, locked.response.community):
        raise PermissionDenied(Permission.REGISTER_CHANGE)
    if locked.state != ChangeState.OPEN:
        raise Refused(
            Reason(
                format_lazy(
                    _("{who} settled this on {when}: {outcome}."),
                    who=str(locked.decided_by or ""),
                    when=format_moment(locked.decided_at),
                    outcome=locked.get_state_display(),
                ),
                code="settled",
            )
        )
    return locked


def _close(locked: RegisterChange, change: RegisterChange, state: ChangeState, by: Any) -> RegisterChange:
    locked.state, locked.decided_at, locked.decided_by = state, now(), by
    locked.full_clean()
    locked.save(update_fields=["old_value", "state", "decided_at", "decided_by"])
    values = {locked.field: (locked.old_value, locked.new_value)}
    personal = is_personal(locked.field)
    audit.record(
        f"register_change.{state}",
        by=by,
        target=locked.response,
        changes={"field": locked.field} if personal else {key: list(pair) for key, pair in values.items()},
        personal=values if personal else None,
    )
    change.refresh_from_db()
    return locked


def _take_over(change: RegisterChange, by: Any) -> None:
    if change.field.startswith(CONTACT):
        _set_contact(change, by)
        return
    _TAKE[change.field](change, by)


def _set_contact(change: RegisterChange, by: Any) -> None:
    """``contact.liaison.mobile``: the role, then the one value of it that changes."""
    _contact, role, name = change.field.split(".")
    register.set_contact(
        community=_community(change),
        role=role,
        by=by,
        source=_source(change),
        **{name: str(change.new_value)},
    )


def _rename(change: RegisterChange, by: Any) -> None:
    """The form asks for the whole name; the register keeps its place apart."""
    community = _community(change)
    place = full_name(community).removesuffix(community.name_zh)
    name = str(change.new_value).removeprefix(place)
    register.rename_community(community=community, name=name, by=by, source=_source(change))


def _set_address(change: RegisterChange, by: Any) -> None:
    register.set_address(
        community=_community(change), address=str(change.new_value), by=by, source=_source(change)
    )


def _set_first_date(change: RegisterChange, by: Any) -> None:
    register.record_first_designation_date(
        entry=_entry(change), date_text=str(change.new_value), source=_source(change), by=by
    )


def _add_renewals(change: RegisterChange, by: Any) -> None:
    """Only what the register does not hold yet; it never loses a re-designation by an answer."""
    entry = _entry(change)
    held = [cycle.date_text for cycle in entry.designations.filter(cycle__gt=0).order_by("cycle")]
    for date_text in missing_dates(held, list(change.new_value or [])):
        register.record_renewal(entry=entry, date_text=date_text, source=_source(change), by=by)


_TAKE: dict[str, Callable[[RegisterChange, Any], None]] = {
    "community.name": _rename,
    "community.address": _set_address,
    "designation.first": _set_first_date,
    "designation.renewals": _add_renewals,
}


def _community(change: RegisterChange) -> Community:
    return change.response.community


def _entry(change: RegisterChange) -> RegisterEntry:
    response = change.response
    entry = response.community.entries.filter(programme=response.round.programme).first()
    if entry is None:
        raise Refused(
            Reason(_("This community has no entry in the register of this programme."), code="no_entry")
        )
    return entry


def _source(change: RegisterChange) -> str:
    """Where the new value comes from, as the register keeps it."""
    return f"{change.response.round.notice.number} {change.response.reference}"
