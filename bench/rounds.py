"""Rounds in which every community is asked, in every state of the work: what staff pages are measured on."""

import datetime as dt
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from django.db import transaction

from bench.data import ANSWERS, analyse, round_of
from communities.models import Community
from core.clock import now
from surveys import figures
from surveys.enums import AWAITING_REVIEW, HANDED_IN, RoundStage, Stage
from surveys.models import Answer, Invitation, Response, Round, SealedCopy, Submission
from surveys.selectors.rounds import questionnaire

CODES = ("scale-1", "scale-2", "scale-3")
# One state after the other, so that any number of units has its share of each; an old round is over.
NOW = (
    *[Stage.UPLOADED] * 8, Stage.IN_REVIEW, Stage.IN_REVIEW, Stage.NOT_STARTED, Stage.DRAFT, Stage.DRAFT,
    Stage.SUBMITTED, Stage.SUBMITTED, Stage.RETURNED, Stage.COPY_RETURNED, Stage.ACCEPTED, Stage.ACCEPTED,
    Stage.ARCHIVED,
)  # fmt: skip
BEFORE = (*[Stage.ARCHIVED] * 9, Stage.NOT_STARTED)
WITH_COPY = AWAITING_REVIEW | {Stage.COPY_RETURNED, Stage.ACCEPTED, Stage.ARCHIVED}
YEARS, NEEDS = range(2026, 2036), ("training", "study_visit", "exchange", "discussion", "forum")


def ask_everybody() -> list[Round]:
    """Ask in each round whoever is not asked yet; the newest round is open and holds work in every state."""
    rounds = [round_of(code) for code in CODES]
    for survey_round in rounds:
        is_newest = survey_round.code == CODES[-1]
        if not is_newest:
            survey_round.stage = RoundStage.CLOSED
            survey_round.save()
        missing = Community.objects.exclude(responses__round=survey_round).order_by("pk")
        _ask(survey_round, list(missing), NOW if is_newest else BEFORE)
    analyse()
    return rounds


@transaction.atomic
def _ask(survey_round: Round, communities: list[Community], stages: tuple[str, ...]) -> None:
    invitations = Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            community=community,
            code_digest=f"{survey_round.code}-{community.pk}",
            valid_until=survey_round.closes_on,
        )
        for community in communities
    )
    responses = Response.objects.bulk_create(
        Response(
            round=survey_round,
            community=invitation.community,
            invitation=invitation,
            reference=f"AQ{survey_round.pk:02d}-{invitation.pk:06d}-KHMT",
            stage=stage,
            first_submitted_at=now() if stage in HANDED_IN else None,
            waiting_since=now() - dt.timedelta(minutes=invitation.pk),
            is_late=invitation.pk % 7 == 0 and stage in HANDED_IN,
        )
        for invitation, stage in zip(invitations, cycle(stages))
    )
    figures.asked(responses)
    Answer.objects.bulk_create(
        Answer(response=response, question=question, value=value)
        for response in responses
        if response.stage == Stage.DRAFT
        for question, value in list(ANSWERS.items())[:8]
    )
    submissions = Submission.objects.bulk_create(_submissions(responses))
    figures.handed_in(submissions, questionnaire(survey_round.edition))
    SealedCopy.objects.bulk_create(
        SealedCopy(
            response=submission.response,
            submission=submission,
            sent_at=now() - dt.timedelta(minutes=submission.pk),
        )
        for submission in submissions
        if submission.response.stage in WITH_COPY
    )


def _submissions(responses: list[Response]) -> Iterator[Submission]:
    for response in responses:
        if response.stage not in HANDED_IN:
            continue
        yield Submission(
            response=response,
            version=1,
            answers=_answers(response.pk),
            content_hash=f"{response.pk:064x}",
            submission_key=f"{response.pk:032x}",
            print_pages=2,
        )


def _answers(number: int) -> dict[str, Any]:
    return {
        **ANSWERS,
        "community_name": f"第{number}街道",
        "planned_year": YEARS[number % len(YEARS)],
        "needs": [need for place, need in enumerate(NEEDS) if number >> place & 1],
    }
