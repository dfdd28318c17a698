"""Three rounds of many units: lists with their pages and filters, boards and files ask as often as for few.

``make bench ARGS=scale`` prints what it costs at 10,000 units; here only the number of questions is held.
"""

from dataclasses import fields
from itertools import cycle

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from communities.models import Community, RegisterEntry
from core.clock import now
from reports import workbooks
from reports.selectors import UnitFilter
from surveys.enums import AWAITING_DECISION, HANDED_IN, Stage
from surveys.models import Invitation, Response, Round, SealedCopy, Submission
from surveys.selectors.queues import QueueFilter
from tests.architecture.routes import DOORS, Door, all_routes
from tests.factories import CommunityFactory, ProgrammeFactory, RoundFactory
from tests.surveys.prints import ANSWERS

CODES = ("2018", "2021", "2024")
STAGES = (Stage.UPLOADED, Stage.IN_REVIEW, *Stage)
FEW, MANY = 60, 60  # more than one page of fifty, and twice as many
FILTERS = {"column": "in_review", "province": "福建省", "planned_year": "2025", "need": "training"}
FILTERS |= {"intends": "applies", "search": "街道"}

pytestmark = pytest.mark.django_db


def ask_more(count: int) -> None:
    """So many more communities, asked in every round, their responses in every state."""
    made = Community.objects.bulk_create(CommunityFactory.build_batch(count))
    RegisterEntry.objects.bulk_create(
        RegisterEntry(community=community, programme=ProgrammeFactory(), number=community.pk, source="名单")
        for community in made
    )
    for code in CODES:
        _ask(RoundFactory(code=code), made)


def _ask(survey_round: Round, communities: list[Community]) -> None:
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
            reference=f"AQ{survey_round.code}-{invitation.pk}",
            stage=stage,
            first_submitted_at=now() if stage in HANDED_IN else None,
        )
        for invitation, stage in zip(invitations, cycle(STAGES))
    )
    submissions = Submission.objects.bulk_create(
        Submission(response=response, version=1, answers=ANSWERS, content_hash="0" * 64, print_pages=2)
        for response in responses
        if response.stage in HANDED_IN
    )
    SealedCopy.objects.bulk_create(
        SealedCopy(response=submission.response, submission=submission, sent_at=now())
        for submission in submissions
        if submission.response.stage in AWAITING_DECISION
    )


def pages() -> list[str]:
    """Every page of one round that staff may open, by every filter and every list, first page and second."""
    of_round = [
        route.url({"code": CODES[-1]})
        for route in all_routes()
        if route.parameters == ("code",) and DOORS.get(route.name) == Door.STAFF
    ]
    units, queue = reverse("reports:units", args=[CODES[-1]]), reverse("surveys:review_queue")
    narrowed = [f"{units}?{field.name}={FILTERS.get(field.name, '1')}" for field in fields(UnitFilter)]
    lists = [f"{queue}?list={name}" for name in QueueFilter.values]
    waiting = Response.objects.filter(stage=Stage.UPLOADED, round__code=CODES[-1]).earliest("pk")
    return [
        *of_round, *narrowed, *lists, f"{units}?page=2", f"{queue}?page=2", reverse("reports:round_list"),
        reverse("surveys:review", args=[waiting.reference]), reverse("communities:register_csv"),
        reverse("communities:register_xlsx"),
    ]  # fmt: skip


def asked(client: Client) -> dict[str, int]:
    """How often each page asks the database; what takes no GET is no page."""
    found = {}
    for address in pages():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code == 200:
            found[address] = len(queries)
    survey_round = RoundFactory(code=CODES[-1])
    with CaptureQueriesContext(connection) as queries:
        workbooks.round_workbook(survey_round, UnitFilter(), unmasked=True, progress=id)
    return {**found, "workbook": len(queries)}


def test_three_rounds_of_many_units_ask_as_often_as_of_few(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    ask_more(FEW)
    client.get(reverse("admin:index"))  # warms what is kept for long
    at_few = asked(client)
    ask_more(MANY)
    at_many = asked(client)
    assert len(at_few) > 20
    assert {page: (count, at_many[page]) for page, count in at_few.items() if at_many[page] > count} == {}
