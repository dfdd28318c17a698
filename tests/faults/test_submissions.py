"""One press is one submission: pressed twenty times at once, or again because no answer came."""

from dataclasses import replace
from itertools import count

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route

from audit.models import AuditEntry
from documents.models import Run
from notices.models import Notice
from surveys.enums import Stage
from surveys.models import Response, Submission
from tests.faults.browser import visitor, with_script_changed
from tests.faults.drafts import Draft, drafts, is_complete
from tests.faults.wire import Answer, CuttingProxy, Request, Stubborn, send_all_at_once

CLIENTS, KEYS, CUTS = 20, 50, 200
FEWER = 10  # keys are enough to see a guard missing
PRESSING_AGAIN = "const PAUSES = [500, 1000, 2000, 4000, 8000];"
ONCE = next(rule for rule in Submission._meta.constraints if rule.name == "submission_once_per_version")


@pytest.fixture
def without_constraint(transactional_db):
    """The database would still refuse a second row of one version; in a control run it must not."""
    with connection.schema_editor() as editor:
        editor.remove_constraint(Submission, ONCE)
    yield
    Submission.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Submission, ONCE)


def pressed_by_many(port: int, units: list[Draft]) -> list[tuple[Draft, Answer]]:
    """Every client presses the button of every unit, each unit's with one key, all at one moment.

    Presses with one key stand together, so that the workers have several of them in hand at the same time.
    """
    pressed = [(unit, unit.submit(key=f"{number:032x}")) for number, unit in enumerate(units)]
    pairs = [pair for pair in pressed for _client in range(CLIENTS)]
    answers = send_all_at_once(port, [request for _unit, request in pairs])
    return [(unit, answer) for (unit, _request), answer in zip(pairs, answers, strict=True)]


def with_other_content(request: Request) -> Request:
    return replace(request, form={**request.form, "content_hash": "0" * 64})


def traces() -> dict[str, int]:
    """What handing in leaves behind, in every table that it writes."""
    return {
        "rows": Submission.objects.count(),
        "handed in": Response.objects.filter(stage=Stage.SUBMITTED).count(),
        "prints": Run.objects.count(),
        "receipts": Notice.objects.count(),
        "trail": AuditEntry.objects.filter(action="response.submit").count(),
    }


def statuses(answers: list[tuple[Draft, Answer]]) -> dict[int, int]:
    found = [answer.status for _unit, answer in answers]
    return {status: found.count(status) for status in sorted(set(found))}


def test_twenty_presses_with_one_key_are_one_submission(port, figure):
    units = drafts(KEYS)
    assert is_complete(units[0])
    answers = pressed_by_many(port, units)
    figure(f"{CLIENTS} clients x {KEYS} keys at once: {statuses(answers)}, {traces()}")
    assert traces() == dict.fromkeys(traces(), KEYS)
    assert [answer for unit, answer in answers if answer != Answer(302, unit.receipt)] == []


def test_a_known_key_with_other_content_is_refused_and_changes_nothing(port, figure):
    units = drafts(KEYS)
    first = [unit.submit(key=f"{number:032x}") for number, unit in enumerate(units)]
    send_all_at_once(port, first)
    before = list(Submission.objects.order_by("pk").values())
    answers = send_all_at_once(port, [with_other_content(request) for request in first])
    refused = [answer.status for answer in answers].count(409)
    figure(f"{KEYS} known keys with other content: {refused} x 409")
    assert refused == KEYS
    assert list(Submission.objects.order_by("pk").values()) == before


def test_an_answer_cut_two_hundred_times_leaves_two_hundred_rows(port, figure):
    units = drafts(CUTS)
    clients = Stubborn(CuttingProxy(port))
    answers = clients.send_all([unit.submit() for unit in units], clients=8)
    figure(f"{clients.failures} answers cut, all pressed again: {traces()}")
    assert clients.proxy.cut == clients.failures == CUTS
    assert answers == [Answer(302, unit.receipt) for unit in units]
    assert traces() == dict.fromkeys(traces(), CUTS)


# --- The page presses again by itself ----------------------------------------------------------------------


@pytest.fixture
def beside_a_browser(monkeypatch):
    """Playwright keeps an event loop in this thread, and Django would take every query for one of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def without_an_answer(context: BrowserContext, times: int) -> None:
    """So many presses do arrive, but nothing of their answer, or only what nginx says when a web worker has died."""
    presses = count()

    def treat(route: Route) -> None:
        number = next(presses)
        if number >= times:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        if number % 2:
            route.fulfill(status=502, body="<h1>502 Bad Gateway</h1>")
        else:
            route.abort("connectionreset")

    context.route("**/submit/", treat)


def pressed_once(context: BrowserContext, port: int, draft: Draft) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}{reverse('surveys:check', args=[draft.response.reference])}")
    page.locator("#agreed").check()
    page.get_by_role("button", name="提交").click()
    return page


@pytest.mark.usefixtures("beside_a_browser")
def test_a_page_whose_press_gets_no_answer_presses_again_until_the_receipt(port, playwright, figure):
    units = drafts(FEWER)
    for times, unit in enumerate(units, 1):
        with visitor(playwright, port, unit) as context:
            without_an_answer(context, times % 4)
            pressed_once(context, port, unit).wait_for_url(f"**{unit.receipt}", timeout=20_000)
    figure(f"{FEWER} presses in the browser, up to 3 answers of each lost: {traces()}")
    assert traces() == dict.fromkeys(traces(), FEWER)


@pytest.mark.usefixtures("beside_a_browser")
def test_control_without_pressing_again_the_page_stays_where_it_is_and_says_so(port, playwright, figure):
    (unit,) = drafts(1)
    with visitor(playwright, port, unit) as context:
        with_script_changed(context, PRESSING_AGAIN, "const PAUSES = [];")
        without_an_answer(context, 1)
        page = pressed_once(context, port, unit)
        page.locator("[data-press-over]").wait_for(state="visible")
        left = page.url
        page.get_by_role("button", name="提交").click()
        page.wait_for_url(f"**{unit.receipt}")
    figure(
        "control without pressing again: still on the page of the button; pressed by hand it leads to the receipt"
    )
    assert left.endswith("/check/")
    assert traces() == dict.fromkeys(traces(), 1)


# --- Control: with the guard off each of these must go wrong -----------------------------------------------


def test_control_without_the_row_lock_the_presses_collide(platform, figure):
    with platform(without="lock") as port:
        answers = pressed_by_many(port, drafts(FEWER))
    figure(f"control without lock: {statuses(answers)}, {traces()}")
    assert any(answer.status >= 500 for _unit, answer in answers)


@pytest.mark.usefixtures("without_constraint")
def test_control_without_idempotency_every_press_leaves_a_row(platform, figure):
    with platform(without="once") as port:
        answers = pressed_by_many(port, drafts(FEWER))
    figure(f"control without idempotency: {statuses(answers)}, {traces()}")
    assert Submission.objects.count() > FEWER


def test_control_without_comparison_other_content_gets_the_receipt(platform, figure):
    with platform(without="comparison") as port:
        first = [unit.submit() for unit in drafts(FEWER)]
        send_all_at_once(port, first)
        answers = send_all_at_once(port, [with_other_content(request) for request in first])
    refused = [answer.status for answer in answers].count(409)
    figure(f"control without comparison: {refused} of {FEWER} x 409")
    assert refused < FEWER


@pytest.mark.usefixtures("without_constraint")
def test_control_without_idempotency_a_cut_answer_leaves_a_second_row(platform, figure):
    with platform(without="once") as port:
        clients = Stubborn(CuttingProxy(port))
        clients.send_all([unit.submit() for unit in drafts(FEWER)], clients=8)
    figure(f"control without idempotency: {clients.failures} answers cut, {traces()}")
    assert Submission.objects.count() > FEWER
