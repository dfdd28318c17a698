"""Asking for a rehearsal, and the part of it that needs the tables: everything written for it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.models import Community
from core.clock import now
from core.errors import Reason, Refused
from documents import services as documents
from documents.models import Run
from surveys import figures
from surveys.codes import content_hash, new_reference
from surveys.enums import RoundStage, Stage
from surveys.models import Invitation, Response, Round, Submission
from surveys.rehearsals import Finding, Level
from surveys.selectors.rehearsals import state_of
from surveys.selectors.rounds import questionnaire
from surveys.services.editions import may_manage

REHEARSAL = "surveys.rehearsal"
SILENT = 10  # every tenth made-up unit does not answer
LETTERS = "ZZ"  # of references that no true round has

Answers = Mapping[str, Any]
# What an app above counts: the round with its made-up responses, how many were asked, and what was handed in.
Recount = Callable[[Round, int, Sequence[Answers]], Iterable[Finding]]
_recounts: list[Recount] = []


def register_recount(recount: Recount) -> None:
    """Have figures checked in every rehearsal: the app that counts knows best what has to add up."""
    if recount not in _recounts:
        _recounts.append(recount)


@transaction.atomic
def request_rehearsal(*, survey_round: Round, by: Any) -> Run:
    """Try the round out in the background. Pressed twice it is one."""
    may_manage(by)
    if survey_round.stage != RoundStage.PREPARING:
        raise Refused(Reason(_("A round is rehearsed before it opens."), code="stage"))
    audit.record("round.rehearse", by=by, target=survey_round)
    return documents.request_run(
        handler=REHEARSAL,
        parameters={"round": survey_round.pk, "code": survey_round.code},
        by=by,
        key=f"{REHEARSAL}:{survey_round.pk}:{state_of(survey_round)}:{by.pk if by else ''}",
    )


def may_rehearse(user: Any, run: Run) -> bool:
    return bool(user.has_perm(Permission.ROUND_MANAGE))


def page_of(run: Run) -> str:
    return reverse("surveys:round_rehearsal", args=[run.parameters["code"]])


# --- made-up answers in the true tables -------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back at the end; nothing rings, nothing is sent."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counted(
    survey_round: Round, communities: Sequence[Community], answers: Sequence[Answers]
) -> list[Finding]:
    """Let everybody who counts count the round as if these units had answered so."""
    with undone():
        handed_in = _hand_in(survey_round, communities, answers)
        found = [
            finding for recount in _recounts for finding in recount(survey_round, len(communities), handed_in)
        ]
    return found or [Finding(Level.FINE, "counted", {"count": len(handed_in)})]


def _hand_in(
    survey_round: Round, communities: Sequence[Community], answers: Sequence[Answers]
) -> list[Answers]:
    moment = now()
    invitations = Invitation.objects.bulk_create(
        Invitation(round=survey_round, community=community, valid_until=survey_round.closes_on)
        for community in communities
    )
    responses = Response.objects.bulk_create(
        Response(
            round=survey_round,
            community=invitation.community,
            invitation=invitation,
            reference=new_reference(f"{LETTERS}{moment:%y}", number),
            stage=Stage.SUBMITTED if number % SILENT else Stage.NOT_STARTED,
            first_submitted_at=moment if number % SILENT else None,
        )
        for number, invitation in enumerate(invitations, start=1)
    )
    figures.asked(responses)
    said = [
        (response, given)
        for response, given in zip(responses, answers, strict=True)
        if response.first_submitted_at
    ]
    submissions = Submission.objects.bulk_create(
        Submission(response=response, version=1, answers=given, content_hash=content_hash(given))
        for response, given in said
    )
    figures.handed_in(submissions, questionnaire(survey_round.edition))
    return [given for _response, given in said]
