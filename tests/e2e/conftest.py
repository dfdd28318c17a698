"""One demonstration for all journeys, and as many browsers as a journey needs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.e2e.server import Demonstration, running_demonstration
from tests.e2e.visitor import HEIGHTS, Visitor

CHROMIUM = "/usr/bin/chromium"  # Debian's own; nothing is downloaded
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000  # milliseconds; both cores may be busy with a print

OpenBrowser = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with running_demonstration(tmp_path_factory.mktemp("demonstration")) as server:
        yield server


@pytest.fixture(scope="session")
def base_url(demonstration: Demonstration) -> str:
    return demonstration.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(params=[390, 1280], ids=["390px", "1280px"])
def width(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def open_browser(
    demonstration: Demonstration, new_context: Callable[..., BrowserContext]
) -> Iterator[OpenBrowser]:
    """Another person's browser. What it complained of, script errors and policy violations, ends the test."""
    visitors: list[Visitor] = []

    def open_one(width: int = 1280, **options: Any) -> Visitor:
        phone = {"is_mobile": True, "has_touch": True, "device_scale_factor": 1.5} if width < 600 else {}
        context = new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **{**phone, **options},
        )
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor.in_context(context, demonstration.url, width))
        return visitors[-1]

    yield open_one
    complaints = [line for visitor in visitors for line in visitor.complaints]
    assert complaints == [], "\n".join(complaints)
