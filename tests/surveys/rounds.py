"""A round in which one community is asked, as the true one was, and its form filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Community
from surveys.answers import Entry
from surveys.enums import RoundStage
from surveys.models import Answer, Response, Round
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


def seen(response: Response, question: str) -> str:
    return selectors.token(response.answers.filter(question=question).first())


def autosave(client: Client, response: Response, question: str, *values: str, **given: str) -> Any:
    """One answer as the page's script sends it."""
    data = {"question": question, "value": list(values), "seen": seen(response, question), **given}
    return client.post(f"/portal/responses/{response.reference}/answers/", data)


def raw_answers(answers: Mapping[str, Any] = ANSWERS) -> dict[str, list[str]]:
    return {
        question: (value or ["none"]) if isinstance(value, list) else [str(value)]
        for question, value in answers.items()
    }


def fill_in(response: Response, by: Any, **changed: Any) -> Response:
    """Every question answered; the first as a page does it, the others straight into the table."""
    (first, value), *others = {**ANSWERS, **changed}.items()
    write(response, by, first, str(value))
    response.answers.exclude(question=first).delete()
    Answer.objects.bulk_create(
        Answer(response=response, question=question, value=value, updated_by=by) for question, value in others
    )
    response.refresh_from_db()
    return response


def real_queries(captured: CaptureQueriesContext) -> int:
    """What a page asks of the database; a test's own transaction makes savepoints of the page's transactions."""
    return len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]])


def check_values(client: Client, response: Response) -> dict[str, str]:
    """What the check page would send."""
    page = client.get(f"/portal/responses/{response.reference}/check/")
    return {
        "submission_key": page.context["submission_key"],
        "content_hash": page.context["content_hash"],
        "agreed": "1",
    }
