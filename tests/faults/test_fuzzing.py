"""Thousands of steps in any order and thousands of texts that nobody wants: refused in words or kept as they are."""

import io
import logging
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from openpyxl import load_workbook

from core import clock
from core.errors import Refused
from documents import services as documents
from documents.models import Run
from reports import workbooks
from reports.selectors import UnitFilter
from surveys.answers import clean_shape
from surveys.lifecycle import LIFECYCLE
from surveys.models import Submission
from surveys.questionnaires import Kind
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.submissions import print_key
from tests.faults.monkey import FORM_TYPE, Monkey, encoded, routes_of_a_response
from tests.surveys.hostile import RARE_HAN, many_hostile_texts
from tests.surveys.prints import page_texts, squeezed
from tests.surveys.rounds import asked, check_values, fill_in
from tests.surveys.stateful import BEGIN, Life, World, make_world

STEPS, TEXTS = 2_000, 10_000
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.ADDRESS, Kind.PHONE, Kind.MOBILE, Kind.EMAIL})
NAMES = 12  # signs of one name; all rare ones are written
MANY = settings(
    max_examples=60,
    stateful_step_count=50,
    database=None,
    deadline=None,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),  # explaining a failure takes longer than reading it
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def quiet_log(caplog):
    """Every refusal of a page is a line in the log."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def world(community, li, zhao) -> World:
    return make_world(community, li, zhao)


def test_two_thousand_steps_by_four_people_stay_on_the_table(world, figure):
    while world.steps < STEPS:
        run_state_machine_as_test(type("Life", (Life,), {"world": world}), settings=MANY)
    figure(f"{world.steps} steps; moves made: {dict(world.reached)}")
    assert {move.name for move in LIFECYCLE} - set(world.reached) == set()


def test_two_thousand_steps_through_the_pages_never_fail(world, figure):
    statuses: dict[int, int] = {}
    told = {"world": world, "statuses": statuses, "routes": routes_of_a_response()}
    while world.steps < STEPS:
        run_state_machine_as_test(type("Monkey", (Monkey,), told), settings=MANY)
    figure(f"{world.steps} steps; answers by status: {dict(sorted(statuses.items()))}")
    assert statuses[200] > 0


def test_ten_thousand_hostile_texts_are_kept_as_they_are_or_refused_in_words(community, li, figure):
    with clock.frozen(BEGIN):
        response = asked(community)
        client = Client(raise_request_exception=False)
        client.force_login(li)
        form = questionnaire(response.round.edition)
        boxes = [question for question in form.questions if question.kind in TYPED]
        texts = many_hostile_texts(TEXTS, seed=20240229)
        statuses: Counter[int] = Counter()
        kept = 0
        for start in range(0, TEXTS, len(boxes)):
            sent = dict(zip(boxes, texts[start : start + len(boxes)], strict=False))
            statuses[_send(client, response, sent)] += 1
            kept += _check_kept(client, response, sent)
    figure(f"{TEXTS} texts: {kept} kept, the others refused; pages by status {dict(statuses)}")
    assert set(statuses) <= {200, 302, 422}
    assert kept > TEXTS // 10


def _send(client: Client, response, sent) -> int:
    rows = selectors.answer_rows(response)
    values = [(question.id, text) for question, text in sent.items()]
    values += [(f"seen-{question.id}", selectors.token(rows.get(question.id))) for question in sent]
    answer = client.post(
        reverse("surveys:response", args=[response.reference]), encoded(values), content_type=FORM_TYPE
    )
    return answer.status_code


def _check_kept(client: Client, response, sent) -> int:
    """Each text as the server heard it: stored as its shape says, shown as stored, or not stored at all."""
    rows = selectors.answer_rows(response)
    page = client.get(reverse("surveys:response", args=[response.reference])).content.decode()
    kept = 0
    for question, text in sent.items():
        heard = text.encode(errors="surrogatepass").decode(errors="replace")
        try:
            wanted = clean_shape(question, heard)
        except Refused:
            continue
        row = rows.get(question.id)
        assert (row.value if row else None) == wanted
        assert wanted is None or escape(wanted) in page
        kept += wanted is not None
    return kept


def test_rare_characters_are_the_same_on_the_page_on_paper_and_in_the_workbook(community, li, figure):
    names = [RARE_HAN[start : start + NAMES] for start in range(0, len(RARE_HAN), NAMES)]
    long_text = "、".join(names)
    with clock.frozen(BEGIN):
        response = asked(community)
        client = Client()
        client.force_login(li)
        fill_in(response, li, community_name=names[0], leader_name=names[1], work_now=long_text)
        page = client.get(reverse("surveys:check", args=[response.reference])).content.decode()
        client.post(reverse("surveys:submit", args=[response.reference]), check_values(client, response))
        submission = Submission.objects.get()
        documents.perform(Run.objects.get(key=print_key(submission)).pk)
        book = workbooks.round_workbook(response.round, UnitFilter(), unmasked=True, progress=id)
    submission.refresh_from_db()
    with submission.print_file.file.open("rb") as content:
        paper = squeezed("".join(page_texts(content.read())))
    cells = {cell.value for row in load_workbook(io.BytesIO(book)).worksheets[0] for cell in row}
    assert [name for name in names if name not in page or name not in paper] == []
    assert {long_text, names[0], names[1]} <= cells
    figure(f"{len(RARE_HAN)} rare signs the same on the page, on paper and in the workbook")
