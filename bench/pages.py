"""Which pages are measured, what is sent to each, and the goal as a part of the floor's requests per second."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse

from bench.load import request_bytes
from surveys.models import Response
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.submissions import content_of

TYPED = ("leader_name", "contact_name", "address", "work_now", "plan", "suggestions")


@dataclass(frozen=True)
class Page:
    name: str
    goal: float
    ours: list[bytes]
    floor: list[bytes]
    status: int = 200
    floor_status: int = 200
    lands: str = ""  # where a redirect must lead
    repeat: bool = True  # what changes a row is sent once


def pages(port: int, responses: list[Response], session: str) -> Iterator[Page]:
    """One after the other: what is handed in depends on what was saved before."""
    yield register(port)
    yield detail(port)
    yield survey_form(port, responses, session)
    yield autosave(port, responses, session)
    yield submit(port, responses, session)


def register(port: int) -> Page:
    return Page(
        "register list",
        1 / 3,
        [request_bytes(port, reverse("communities:register"))],
        [request_bytes(port, "/floor/list/")],
    )


def detail(port: int) -> Page:
    return Page(
        "detail",
        1 / 12,
        [request_bytes(port, reverse("communities:entry", args=[1000 + number])) for number in range(100)],
        [request_bytes(port, f"/floor/detail/{1000 + number}/") for number in range(100)],
    )


def survey_form(port: int, responses: list[Response], session: str) -> Page:
    some = responses[:100]
    return Page(
        "survey GET",
        1 / 3,
        [request_bytes(port, address("response", response), session=session) for response in some],
        [request_bytes(port, f"/floor/form/{response.pk}/", session=session) for response in some],
    )


def autosave(port: int, responses: list[Response], session: str) -> Page:
    ours, floor = [], []
    for response in responses:
        rows = selectors.answer_rows(response)
        for question in TYPED:
            form = {"question": question, "value": "改过的回答", "seen": selectors.token(rows.get(question))}
            ours.append(request_bytes(port, address("answer_save", response), session=session, form=form))
            floor.append(
                request_bytes(
                    port, f"/floor/autosave/{response.pk}/", session=session, form={"value": '"改"'}
                )
            )
    connection.close()
    return Page("autosave", 1 / 4, ours, floor, floor_status=204, repeat=False)


def submit(port: int, responses: list[Response], session: str) -> Page:
    ours, floor = [], []
    sheet = questionnaire(responses[0].round.edition)
    for response in responses:
        answers, digest = content_of(sheet, selectors.answer_rows(response))
        form = {"agreed": "on", "submission_key": f"{response.pk:032x}", "content_hash": digest}
        ours.append(request_bytes(port, address("submit", response), session=session, form=form))
        plain = {f"field{number}": str(value) for number, value in enumerate(answers.values())}
        floor.append(request_bytes(port, f"/floor/submit/{response.pk}/", session=session, form=plain))
    connection.close()
    return Page("submit", 1 / 6, ours, floor, status=302, floor_status=302, lands="/receipt/", repeat=False)


def address(name: str, response: Response) -> str:
    return reverse(f"surveys:{name}", args=[response.reference])
