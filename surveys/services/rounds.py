"""Rounds: made from a notice and an edition, opened for the named communities, closed at their end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community, Programme
from core.errors import Reason, Refused
from surveys.codes import new_reference
from surveys.lifecycle import advance_round
from surveys.models import Answer, Invitation, OfficialNotice, QuestionnaireEdition, Response, Round
from surveys.selectors.rounds import asked_entry, audience, questionnaire
from surveys.services.editions import may_manage
from surveys.services.invitations import code_of, digest_of
from surveys.services.prefill import prefilled

REFERENCE_LETTERS = "AQ"
SAVED = (
    "code",
    "title_zh",
    "title_en",
    "notice",
    "edition",
    "programme",
    "opens_on",
    "deadline_on",
    "closes_on",
)
NUMBERS = 1_000_000  # a reference has room for six digits


@transaction.atomic
def save_notice(*, notice: OfficialNotice, by: Any | None) -> OfficialNotice:
    """Keep an official notice as it was issued; the number is written with 〔〕."""
    may_manage(by)
    is_new = notice.pk is None
    notice.full_clean()
    notice.save()
    audit.record("official_notice.create" if is_new else "official_notice.change", by=by, target=notice)
    return notice


@transaction.atomic
def create_round(
    *,
    code: str,
    title_zh: str,
    notice: OfficialNotice,
    edition: QuestionnaireEdition,
    programme: Programme,
    opens_on: date,
    deadline_on: date,
    closes_on: date,
    by: Any | None,
    title_en: str = "",
) -> Round:
    """Days mean their end in Beijing time. Nobody is asked before the round is opened."""
    survey_round = Round(
        code=code,
        title_zh=title_zh,
        title_en=title_en,
        notice=notice,
        edition=edition,
        programme=programme,
        opens_on=opens_on,
        deadline_on=deadline_on,
        closes_on=closes_on,
        created_by=by,
    )
    return save_round(survey_round=survey_round, by=by)


@transaction.atomic
def save_round(*, survey_round: Round, by: Any | None) -> Round:
    """Keep a round that is being made or changed. An edition in use never changes under its answers."""
    may_manage(by)
    is_new = survey_round.pk is None
    if not survey_round.edition.is_published:
        raise Refused(
            Reason(_("Publish the questionnaire edition first."), code="not_published", field="edition")
        )
    if not is_new:
        before = Round.objects.select_for_update().get(pk=survey_round.pk)
        asked = before.invitations.exists()
        if asked and (before.edition_id, before.programme_id) != (
            survey_round.edition_id,
            survey_round.programme_id,
        ):
            raise Refused(
                Reason(_("Units have been asked already: edition and programme stay."), code="asked")
            )
    survey_round.full_clean()
    # The stage is the lifecycle's: a round that is closed while its page is open stays closed.
    survey_round.save(update_fields=None if is_new else SAVED)
    # Codes last as long as the round; those that were renewed to last longer stay.
    survey_round.invitations.filter(valid_until__lt=survey_round.closes_on).update(
        valid_until=survey_round.closes_on
    )
    audit.record("round.create" if is_new else "round.change", by=by, target=survey_round)
    return survey_round


@transaction.atomic
def open_round(*, survey_round: Round, by: Any | None) -> Round:
    """Ask every published named community of the programme. Raises Refused when there is none."""
    advance_round(survey_round, "open", by=by)
    if not invite(survey_round=survey_round, communities=list(audience(survey_round)), by=by):
        raise Refused(Reason(_("There is no named community to ask."), code="nobody"))
    return survey_round


@transaction.atomic
def close_round(*, survey_round: Round, by: Any | None, note: str = "") -> Round:
    return advance_round(survey_round, "close", by=by, note=note)


@transaction.atomic
def reopen_round(*, survey_round: Round, closes_on: date, by: Any | None, note: str = "") -> Round:
    survey_round.closes_on = closes_on
    survey_round.full_clean()
    survey_round.save(update_fields=["closes_on"])
    return advance_round(survey_round, "reopen", by=by, note=note)


@transaction.atomic
def invite(*, survey_round: Round, communities: list[Community], by: Any | None) -> list[Response]:
    """One invitation and one prefilled response for each; who was asked before is left alone.

    ``communities`` come from ``selectors.rounds.audience``. A handful of queries for any number of units.
    """
    asked = set(survey_round.invitations.values_list("community_id", flat=True))
    new = [community for community in communities if community.pk not in asked]
    invitations = Invitation.objects.bulk_create(
        Invitation(round=survey_round, community=community, valid_until=survey_round.closes_on)
        for community in new
    )
    for invitation in invitations:
        invitation.code_digest = digest_of(code_of(invitation))
    Invitation.objects.bulk_update(invitations, ["code_digest"], batch_size=500)
    responses = Response.objects.bulk_create(
        Response(
            round=survey_round,
            community=invitation.community,
            invitation=invitation,
            reference=_reference(survey_round, invitation.community),
        )
        for invitation in invitations
    )
    form = questionnaire(survey_round.edition)
    Answer.objects.bulk_create(
        [answer for response in responses for answer in prefilled(response, response.community, form)],
        batch_size=500,
    )
    audit.record("round.invite", by=by, target=survey_round, changes={"units": len(responses)})
    return responses


def _reference(survey_round: Round, community: Community) -> str:
    entry = asked_entry(community)
    number = entry.number if entry and entry.number else community.pk % NUMBERS
    return new_reference(f"{REFERENCE_LETTERS}{survey_round.opens_on:%y}", number)


@transaction.atomic
def extend_deadline(*, invitation: Invitation, due_on: date, by: Any, reason: str = "") -> Invitation:
    """A unit's own deadline; it may not lie after the closing of the round, nor before the round's deadline."""
    may_manage(by)
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("round").get(pk=invitation.pk)
    if not locked.round.deadline_on <= due_on <= locked.round.closes_on:
        raise Refused(
            Reason(
                _("The unit's own deadline must lie between the round's deadline and its closing."),
                code="due_on",
                field="due_on",
            )
        )
    before, locked.due_on = locked.due_on, due_on
    locked.save(update_fields=["due_on"])
    audit.record(
        "invitation.extend",
        by=by,
        target=locked,
        changes={"due_on": [str(before or locked.round.deadline_on), str(due_on)]},
        reason=reason,
    )
    return locked
