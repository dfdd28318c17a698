"""Thousands of steps in any order and thousands of texts that nobody wants: refused in words or kept as they are."""

import io
import itertools
import logging
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from openpyxl import load_workbook

from core import clock
from core.errors import Refused
from core.workflow import Workflow
from documents import services as documents
from documents.models import Run
from reports import workbooks
from reports.selectors import UnitFilter
from surveys.answers import Entry, clean_shape, shapes
from surveys.lifecycle import LIFECYCLE
from surveys.models import Submission
from surveys.questionnaires import Kind
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services import responses
from surveys.services.submissions import print_key
from surveys.views import filling, refusals, submitting
from tests.faults.monkey import FORM_TYPE, Monkey, encoded, routes_of_a_response
from tests.surveys.hostile import RARE_HAN, many_hostile_texts
from tests.surveys.prints import ANSWERS, page_texts, squeezed
from tests.surveys.rounds import asked, check_values, raw_answers
from tests.surveys.stateful import BEGIN, Life, World, make_world

STEPS, PAGES, TEXTS, FEWER = 2_000, 1_000, 10_000, 1_000
ROUNDS = list(itertools.product((False, True), repeat=3))  # all that a round may ask for
PASSES = 5  # through all of them at most; a walk is drawn by lot, and one may leave a rare move out
TAKEN_OR_REFUSED = {200, 302, 422}
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.ADDRESS, Kind.PHONE, Kind.MOBILE, Kind.EMAIL})
NAMES = 12  # signs of one name; all rare ones are written
MANY = settings(
    max_examples=6,
    stateful_step_count=50,
    database=None,
    deadline=None,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),  # explaining a failure takes longer than reading it
    suppress_health_check=list(HealthCheck),
)


# Of a control the first failure is enough.
UNTIL_RED = settings(MANY, phases=(Phase.generate,), report_multiple_bugs=False)


@pytest.fixture(autouse=True)
def quiet_log(caplog):
    """Every refusal of a page is a line in the log."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def world(community, li, zhao) -> World:
    return make_world(community, li, zhao)


def live(machine: type[Life], is_enough: Callable[[], bool], *, how: settings = MANY, **told: object) -> None:
    """Through everything that a round may ask for, and again until it is enough."""
    for turn, asks in enumerate(ROUNDS * PASSES):
        if turn >= len(ROUNDS) and is_enough():
            return
        life = type(machine.__name__, (machine,), {**told, "asks": st.just(asks)})
        run_state_machine_as_test(life, settings=how)


def unmade(world: World) -> set[str]:
    return {move.name for move in LIFECYCLE} - set(world.reached)


def never() -> bool:
    return False


def test_two_thousand_steps_by_four_people_stay_on_the_table(world, figure):
    live(Life, lambda: world.steps >= STEPS and not unmade(world), world=world)
    figure(f"{world.steps} steps; moves made: {dict(world.reached)}")
    assert world.steps >= STEPS
    assert unmade(world) == set()


def test_two_thousand_steps_through_the_pages_never_fail(world, figure):
    statuses: Counter[int] = Counter()

    def is_enough() -> bool:
        return world.steps >= STEPS and statuses.total() >= PAGES

    live(Monkey, is_enough, world=world, statuses=statuses, routes=routes_of_a_response())
    figure(f"{world.steps} steps, {statuses.total()} pages by status: {dict(sorted(statuses.items()))}")
    assert is_enough()
    assert statuses[200] > PAGES // 10


def test_ten_thousand_hostile_texts_are_kept_as_they_are_or_refused_in_words(community, li, figure):
    with clock.frozen(BEGIN):
        response = asked(community)
        client = Client(raise_request_exception=False)
        client.force_login(li)
        statuses: Counter[int] = Counter()
        kept = _send_texts(client, response, TEXTS, statuses)
    figure(f"{TEXTS} texts: {kept} kept, the others refused; pages by status {dict(statuses)}")
    assert set(statuses) <= TAKEN_OR_REFUSED
    assert kept > TEXTS // 10


def _send_texts(client: Client, response, count: int, statuses: Counter[int]) -> int:
    """Fill the form in again and again, at times answer by answer as the script does. How many were kept."""
    form = questionnaire(response.round.edition)
    boxes = [question for question in form.questions if question.kind in TYPED]
    texts = many_hostile_texts(count, seed=20240229)
    kept = 0
    for start in range(0, count, len(boxes)):
        sent = dict(zip(boxes, texts[start : start + len(boxes)], strict=False))
        way = _send_one_by_one if start // len(boxes) % 20 == 0 else _send
        statuses.update(way(client, response, sent))
        kept += _check_kept(client, response, sent)
    return kept


def _send(client: Client, response, sent) -> list[int]:
    rows = selectors.answer_rows(response)
    values = [(question.id, text) for question, text in sent.items()]
    values += [(f"seen-{question.id}", selectors.token(rows.get(question.id))) for question in sent]
    answer = client.post(
        reverse("surveys:response", args=[response.reference]), encoded(values), content_type=FORM_TYPE
    )
    return [answer.status_code]


def _send_one_by_one(client: Client, response, sent) -> list[int]:
    found = []
    for question, text in sent.items():
        seen = selectors.token(selectors.answer_rows(response).get(question.id))
        values = [("question", question.id), ("seen", seen), ("value", text)]
        address = reverse("surveys:answer_save", args=[response.reference])
        found.append(client.post(address, encoded(values), content_type=FORM_TYPE).status_code)
    return found


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


def shown_of(response, li, **answers: str) -> tuple[str, str, set[object]]:
    """Fill in and hand in; what the page, the print and the round's workbook show of it."""
    client = Client()
    client.force_login(li)
    rows = selectors.answer_rows(response)
    entries = {
        question: Entry(raw, selectors.token(rows.get(question)))
        for question, raw in raw_answers({**ANSWERS, **answers}).items()
    }
    responses.save_answers(response=response, entries=entries, by=li)
    page = client.get(reverse("surveys:check", args=[response.reference])).content.decode()
    client.post(reverse("surveys:submit", args=[response.reference]), check_values(client, response))
    submission = Submission.objects.get()
    documents.perform(Run.objects.get(key=print_key(submission)).pk)
    book = workbooks.round_workbook(response.round, UnitFilter(), unmasked=True, progress=id)
    submission.refresh_from_db()
    with submission.print_file.file.open("rb") as content:
        paper = squeezed("".join(page_texts(content.read())))
    return page, paper, {cell.value for row in load_workbook(io.BytesIO(book)).worksheets[0] for cell in row}


def rare_losses(community, li) -> list[str]:
    """Names of rare signs that are not the same everywhere."""
    names = [RARE_HAN[start : start + NAMES] for start in range(0, len(RARE_HAN), NAMES)]
    answers = {"community_name": names[0], "leader_name": names[1], "work_now": "、".join(names)}
    with clock.frozen(BEGIN):
        page, paper, cells = shown_of(asked(community), li, **answers)
    missing = [name for name in names if name not in page or name not in paper]
    return missing + [text for text in answers.values() if text not in cells]


def test_rare_characters_are_the_same_on_the_page_on_paper_and_in_the_workbook(community, li, figure):
    assert rare_losses(community, li) == []
    figure(f"{len(RARE_HAN)} rare signs the same on the page, on paper and in the workbook")


# --- Control: with the guard off each of these must go wrong -----------------------------------------------


@pytest.fixture
def without_table(monkeypatch):
    monkeypatch.setattr(Workflow, "check", lambda workflow, name, _subject: workflow.find(name))


@pytest.fixture
def without_look_at_signs(monkeypatch):
    monkeypatch.setattr(shapes, "_check_keepable", lambda _question, _value: None)


@pytest.fixture
def without_words_for_refusals(monkeypatch):
    for views in (filling, refusals, submitting):
        monkeypatch.setattr(views, "Refused", NotImplementedError)


@pytest.fixture
def without_rare_signs(monkeypatch):
    """Signs of four bytes are dropped, as by a database that keeps three."""

    def short(question, raw):
        value = shapes.clean_shape(question, raw)
        return "".join(sign for sign in value if sign < "\U00010000") if isinstance(value, str) else value

    monkeypatch.setattr(responses, "clean_shape", short)


@pytest.mark.usefixtures("without_table")
def test_control_without_the_table_a_walk_leaves_it(world, figure):
    with pytest.raises((AssertionError, IntegrityError)) as red:
        live(Life, never, how=UNTIL_RED, world=world)
    figure(f"control without the table: {red.typename} after {world.steps} steps")


@pytest.mark.usefixtures("without_words_for_refusals")
def test_control_without_words_for_refusals_a_page_fails(world, figure):
    statuses: Counter[int] = Counter()
    with pytest.raises(AssertionError):
        live(Monkey, never, how=UNTIL_RED, world=world, statuses=statuses, routes=routes_of_a_response())
    figure(f"control without words for refusals: {dict(sorted(statuses.items()))}")
    assert statuses[500] > 0


@pytest.mark.usefixtures("without_look_at_signs")
def test_control_without_the_look_at_signs_texts_are_lost(community, li, figure):
    statuses: Counter[int] = Counter()
    with clock.frozen(BEGIN):
        client = Client(raise_request_exception=False)
        client.force_login(li)
        with pytest.raises(AssertionError):
            _send_texts(client, asked(community), FEWER, statuses)
    figure(f"control without the look at signs: {dict(sorted(statuses.items()))}")
    assert statuses[500] > 0


@pytest.mark.usefixtures("without_rare_signs")
def test_control_with_signs_of_three_bytes_only_names_are_lost(community, li, figure):
    lost = rare_losses(community, li)
    figure(f"control with signs of three bytes only: {len(lost)} texts lost")
    assert lost != []
