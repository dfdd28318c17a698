"""A round in which one community is asked, as the true one was, and its form filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.test import Client

from communities.models import Community
from surveys.answers import Entry
from surveys.enums import RoundStage
from surveys.models import Response, Round
from surveys.selectors import responses as selectors
from surveys.services.responses import Saved, save_answer
from surveys.services.rounds import open_round
from tests.factories import DesignationFactory, RegisterEntryFactory, RoundFactory
from tests.surveys.prints import ANSWERS


def named(community: Community, *, number: int = 362, sequence: int = 118, year: int = 2015) -> Community:
    """Give the community its row in the list."""
    entry = RegisterEntryFactory(community=community, number=number, sequence=sequence, first_year=year)
    DesignationFactory(entry=entry, designated_on=dt.date(year, 1, 1))
    return community


def opened(**fields: Any) -> Round:
    """The true round of 2024, opened for every named community there is."""
    survey_round = RoundFactory(stage=RoundStage.PREPARING, **fields)
    return open_round(survey_round=survey_round, by=None)


def asked(community: Community, **fields: Any) -> Response:
    if not community.entries.exists():
        named(community)
    survey_round = opened(**fields)
    return Response.objects.get(round=survey_round, community=community)


def write(
    response: Response, by: Any, question: str, *raw: str, keep: bool = False, seen: str | None = None
) -> Saved:
    """One answer as a page would send it that has just been loaded."""
    if seen is None:
        seen = selectors.token(response.answers.filter(question=question).first())
    response = Response.objects.select_related("round__edition", "invitation", "community__supervisor").get(
        pk=response.pk
    )
    return save_answer(response=response, question=question, entry=Entry(raw, seen, keep), by=by)


def raw_answers(answers: Mapping[str, Any] = ANSWERS) -> dict[str, list[str]]:
    return {
        question: (value or ["none"]) if isinstance(value, list) else [str(value)]
        for question, value in answers.items()
    }


def fill_in(response: Response, by: Any, **changed: str) -> Response:
    """Every question answered."""
    for question, raw in raw_answers({**ANSWERS, **changed}).items():
        write(response, by, question, *raw)
    response.refresh_from_db()
    return response


def check_values(client: Client, response: Response) -> dict[str, str]:
    """What the check page would send."""
    page = client.get(f"/portal/responses/{response.reference}/check/")
    return {
        "submission_key": page.context["submission_key"],
        "content_hash": page.context["content_hash"],
        "agreed": "1",
    }
