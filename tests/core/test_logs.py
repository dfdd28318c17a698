"""What the log says of a request, and what it leaves out."""

import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from audit.tasks import seal_trail
from config.celery import carry_request_id, take_up_request_id
from core import logs
from core.logs import HiddenLinks, JsonLines, Numbered


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/join/7KHM-34CF-9XYT/", "/join/…/"),
        ("/password/set/eyJ1c2VyIjo3fQ:1abc:def/", "/password/set/…/"),
        ("/u/3f-7KHM34CF9XYTGHJK3467/pages/", "/u/…/pages/"),
        ("/s/3f-7KHM34CF9XYTGHJK3467/", "/s/…/"),
        ("/register/422/", "/register/422/"),
    ],
)
def test_a_link_that_opens_a_door_is_not_written_down(address: str, said: str) -> None:
    args = ("Unprocessable Entity", address)
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", args, None)
    HiddenLinks().filter(record)
    assert record.getMessage() == f"Unprocessable Entity: {said}"


def test_every_line_passes_the_filter() -> None:
    assert all("hidden_links" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


# --- The number of a request --------------------------------------------------------------------------------


@pytest.fixture
def lines(caplog) -> list[dict]:
    """What a collector of logs would read."""
    read: list[dict] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            read.append(json.loads(self.format(record)))

    collector = Collector()
    collector.setFormatter(JsonLines())
    for line_filter in (HiddenLinks(), Numbered()):
        collector.addFilter(line_filter)
    requests = logging.getLogger("core.requests")
    requests.addHandler(collector)
    requests.setLevel(logging.INFO)
    yield read
    requests.removeHandler(collector)
    requests.setLevel(logging.WARNING)


def test_a_request_is_one_line_of_json_with_its_number(client, lines, db) -> None:
    answer = client.get("/help/", headers={"x-request-id": "chosen-by-a-stranger"})
    (line,) = lines
    assert line["request_id"] == answer.headers["X-Request-ID"] != "chosen-by-a-stranger"
    assert (line["message"], line["level"], line["user"]) == ("GET /help/ 200", "INFO", None)
    assert isinstance(line["ms"], int)


def test_a_line_says_who_but_not_the_key_in_the_address(client, li, lines) -> None:
    client.force_login(li)
    client.get("/portal/")
    client.get("/join/7KHM-34CF-9XYT/")
    assert [(line["message"], line["user"]) for line in lines] == [
        ("GET /portal/ 200", li.pk),
        ("GET /join/…/ 404", li.pk),
    ]


def test_the_number_of_our_own_proxy_is_kept(client, settings, db) -> None:
    settings.BEHIND_PROXY = True
    number = "9f3c61ad7e02b84d"
    assert client.get("/help/", headers={"x-request-id": number}).headers["X-Request-ID"] == number


@pytest.mark.parametrize("forged", ["", "short", "a" * 65, "with space in it", "<script>alert(1)"])
def test_no_number_is_anything_but_a_number(client, settings, db, forged) -> None:
    settings.BEHIND_PROXY = True
    assert len(client.get("/help/", headers={"x-request-id": forged}).headers["X-Request-ID"]) == 16


def test_a_page_not_found_is_told_of_under_its_number_too(client, db, caplog) -> None:
    answer = client.get("/no-such-page/")
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    Numbered().filter(record)
    assert record.request_id == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("address", ["/no-such-page/", "/register/%00/"])
def test_an_error_page_bears_its_number(address, db) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert f"本页编号：<code>{answer.headers['X-Request-ID']}</code>" in answer.content.decode()


def test_two_requests_have_two_numbers_and_none_stays_behind(client, db) -> None:
    numbers = {client.get("/help/").headers["X-Request-ID"] for _time in range(2)}
    assert len(numbers) == 2
    assert logs.request_id() == ""


def test_a_task_is_told_of_under_the_number_of_the_request_that_rang() -> None:
    headers: dict[str, str] = {}
    with logs.under_request_id("9f3c61ad7e02b84d"):
        carry_request_id(headers)
    seal_trail.push_request(is_eager=False, **headers)
    try:
        with logs.under_request_id():
            take_up_request_id(seal_trail)
            assert logs.request_id() == "9f3c61ad7e02b84d"
    finally:
        seal_trail.pop_request()


def test_what_the_clock_rings_for_has_a_number_of_its_own() -> None:
    seal_trail.push_request(is_eager=False)
    try:
        with logs.under_request_id("9f3c61ad7e02b84d"):
            take_up_request_id(seal_trail)
            assert len(logs.request_id()) == 16
            assert logs.request_id() != "9f3c61ad7e02b84d"
    finally:
        seal_trail.pop_request()


def test_a_fault_is_one_line_too() -> None:
    fault = ZeroDivisionError("by nothing")
    record = logging.LogRecord("a", logging.ERROR, "", 0, "broken", None, (type(fault), fault, None))
    line = json.loads(JsonLines().format(record))
    assert line["message"] == "broken"
    assert line["exception"] == "ZeroDivisionError: by nothing"
    assert line["request_id"] == "-"
