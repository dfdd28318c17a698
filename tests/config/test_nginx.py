"""What nginx writes down: who asked for what, but no address that opens a door."""

import re
from pathlib import Path

import pytest

CONFIGURATION = (Path(__file__).resolve().parents[2] / "deploy/nginx.conf").read_text("utf-8")
HIDDEN = re.findall(r"^    ~(\S+) +(\S+);$", CONFIGURATION, re.MULTILINE)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/join/7KHM-34CF-9XYT/", "/join/(hidden)/"),
        ("/password/set/eyJ1c2VyIjo3fQ:1abc:def/", "/password/set/(hidden)/"),
        ("/u/3f-7KHM34CF9XYTGHJK3467/pages/", "/(hidden)/"),
        ("/s/3f-7KHM34CF9XYTGHJK3467/", "/(hidden)/"),
        ("/join/", "/join/"),
        ("/register/422/", "/register/422/"),
    ],
)
def test_a_link_that_opens_a_door_is_not_written_down(address: str, said: str) -> None:
    found = (shown for pattern, shown in HIDDEN if re.search(pattern, address))
    assert next(found, address) == said


def test_every_server_writes_only_what_was_made_harmless() -> None:
    (form,) = re.findall(r"^log_format said (.*?);$", CONFIGURATION, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"\$\w+", form)) == {
        "$remote_addr",
        "$time_local",
        "$request_method",
        "$said_uri",
        "$server_protocol",
        "$status",
        "$body_bytes_sent",
        "$request_time",
        "$request_id",
        "$http_user_agent",
    }
    logs = re.findall(r"access_log \S+ (\w+);", CONFIGURATION)
    assert logs == ["said"] * CONFIGURATION.count("server {")
