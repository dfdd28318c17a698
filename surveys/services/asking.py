"""Asking units: one invitation and one prefilled response for each, when a round is opened and later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from core.errors import Reason, Refused
from surveys import figures
from surveys.codes import new_reference
from surveys.enums import Asked, RoundStage
from surveys.models import Answer, Invitation, Response, Round
from surveys.selectors.last_answers import last_answers
from surveys.selectors.rounds import AudienceFilter, asked_entry, audience, questionnaire
from surveys.services.deadlines import refuse_day
from surveys.services.editions import may_manage
from surveys.services.invitations import code_of, digest_of
from surveys.services.prefill import prefilled

REFERENCE_LETTERS = "AQ"
NUMBERS = 1_000_000  # a reference has room for six digits


@transaction.atomic
def ask_further(
    *, survey_round: Round, communities: Collection[int], by: Any, due_on: date | None = None
) -> list[Response]:
    """Ask more named communities (ids) in an open round; who was asked before is left alone.

    ``due_on`` is their own deadline, where the round's is too near or has passed.
    """
    may_manage(by)
    locked = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=survey_round.pk)
    if locked.stage != RoundStage.OPEN or locked.asks != Asked.NAMED:
        raise Refused(Reason(_("Units are asked while the round is open."), code="not_open"))
    if due_on is not None:
        refuse_day(locked, due_on)
    found = list(audience(locked, AudienceFilter(communities=tuple(communities)))) if communities else []
    if not found:
        raise Refused(Reason(_("Choose at least one unit."), code="nobody"))
    return invite(survey_round=locked, communities=found, by=by, due_on=due_on)


@transaction.atomic
def invite(
    *, survey_round: Round, communities: list[Community], by: Any | None, due_on: date | None = None
) -> list[Response]:
    """One invitation and one prefilled response for each; who was asked before is left alone.

    ``communities`` come from ``selectors.rounds.audience``. A handful of queries for any number of units.
    """
    asked = set(survey_round.invitations.values_list("community_id", flat=True))
    new = [community for community in communities if community.pk not in asked]
    invitations = Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            community=community,
            valid_until=survey_round.codes_end_on,
            due_on=due_on,
        )
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
    figures.asked(responses)
    form, said = questionnaire(survey_round.edition), last_answers(survey_round, new)
    Answer.objects.bulk_create(
        [
            answer
            for response in responses
            for answer in prefilled(response, response.community, form, said.get(response.community_id))
        ],
        batch_size=500,
    )
    audit.record("round.invite", by=by, target=survey_round, changes={"units": len(responses)})
    return responses


def _reference(survey_round: Round, community: Community) -> str:
    entry = asked_entry(community)
    number = entry.number if entry and entry.number else community.pk % NUMBERS
    return new_reference(f"{REFERENCE_LETTERS}{survey_round.opens_on:%y}", number)
