"""What the log leaves out."""

import logging

import pytest
from django.conf import settings

from core.logs import HiddenLinks


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
