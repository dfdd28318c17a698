"""The closing of a round and the own deadlines of single units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import today
from core.dates import format_date
from core.errors import Reason, Refused
from surveys.enums import RoundStage
from surveys.models import Invitation, Round
from surveys.selectors.extensions import Extension, extension
from surveys.services.editions import may_manage
from surveys.services.extension_notices import tell_units


def set_closing(survey_round: Round, closes_on: date) -> None:
    """Move the closing day, and with it the end of the codes."""
    survey_round.closes_on = closes_on
    survey_round.full_clean()
    survey_round.save(update_fields=["closes_on"])
    prolong_codes(survey_round)


def prolong_codes(survey_round: Round) -> None:
    """Codes go with the closing day; none becomes shorter, because it stands on a letter."""
    ends = survey_round.codes_end_on
    survey_round.invitations.filter(valid_until__lt=ends).update(valid_until=ends)


def refuse_day(survey_round: Round, due_on: date) -> None:
    """A unit's own deadline lies ahead, and between the round's deadline and its closing."""
    if not survey_round.deadline_on <= due_on <= survey_round.closes_on:
        sentence = _("The unit's own deadline must lie between the round's deadline and its closing.")
        raise Refused(Reason(sentence, code="due_on", field="due_on"))
    if due_on < today():
        raise Refused(Reason(_("This day has passed already."), code="passed", field="due_on"))


@transaction.atomic
def extend_deadline(*, invitation: Invitation, due_on: date, by: Any, reason: str = "") -> Invitation:
    """One unit's own deadline, as somebody types it on its page."""
    may_manage(by)
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("round").get(pk=invitation.pk)
    refuse_day(locked.round, due_on)
    _extend(locked, due_on, by, reason)
    tell_units([locked])
    return locked


@transaction.atomic
def extend_deadlines(
    *,
    survey_round: Round,
    communities: Collection[int],
    due_on: date,
    reason: str,
    by: Any,
    move_closing: bool = False,
) -> Extension:
    """Give several units (community ids) until ``due_on``, and tell them.

    Who has handed in or has more time already is left alone.

    ``move_closing``: a day after the closing of the round moves the closing too, for everybody; without it such a day
    is refused with code ``after_closing``.
    """
    may_manage(by)
    locked = Round.objects.select_for_update().get(pk=survey_round.pk)
    if locked.stage != RoundStage.OPEN:
        raise Refused(Reason(_("This round is not open. Open it again first."), code="not_open"))
    if due_on > locked.closes_on:
        _move_closing(locked, due_on, by, reason, is_wanted=move_closing)
    refuse_day(locked, due_on)
    found = extension(locked, communities, due_on, lock=True)
    if not found.extended:
        raise Refused(Reason(_("None of these units gets more time by this day."), code="nobody"))
    for invitation in found.extended:
        _extend(invitation, due_on, by, reason)
    tell_units(found.extended)
    return found


def _move_closing(survey_round: Round, day: date, by: Any, reason: str, *, is_wanted: bool) -> None:
    before = survey_round.closes_on
    if not is_wanted:
        sentence = _(
            "The round closes on %(day)s, and then nobody can hand in. Choose an earlier day, or tick that the whole"
            " round closes later."
        )
        values = {"day": format_date(before)}
        raise Refused(Reason(sentence % values, code="after_closing", field="due_on"))
    set_closing(survey_round, day)
    changes = {"closes_on": [str(before), str(day)]}
    audit.record("round.change", by=by, target=survey_round, changes=changes, reason=reason)


def _extend(invitation: Invitation, due_on: date, by: Any, reason: str) -> None:
    before, invitation.due_on = invitation.due_on, due_on
    invitation.save(update_fields=["due_on"])
    audit.record(
        "invitation.extend",
        by=by,
        target=invitation,
        changes={"due_on": [str(before or invitation.round.deadline_on), str(due_on)]},
        reason=reason,
    )
