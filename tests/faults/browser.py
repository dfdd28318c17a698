"""Chromium as somebody has it on their desk: with its profile on disk, and it may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, Route

from tests.e2e.conftest import CHROMIUM, QUIET
from tests.faults.drafts import Draft
from tests.worker import wait_until

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"


@dataclass
class Chromium:
    process: subprocess.Popen[bytes]
    context: BrowserContext

    def kill(self) -> None:
        """As a crash or a power cut does: no event, no good-bye, nothing written any more."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def own_chromium(playwright: Playwright, profile: Path) -> Iterator[Chromium]:
    command = [CHROMIUM, *QUIET, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    process = subprocess.Popen([*command, "about:blank"], stderr=subprocess.DEVNULL, start_new_session=True)
    told = profile / "DevToolsActivePort"
    try:
        wait_until(
            lambda: told.exists() and "\n" in told.read_text(), what="the start of Chromium", seconds=60
        )
        port = told.read_text().splitlines()[0]
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        chromium = Chromium(process, browser.contexts[0])
        yield chromium
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(Error, UnboundLocalError):
            browser.close()


@contextmanager
def visitor(playwright: Playwright, port: int, draft: Draft) -> Iterator[BrowserContext]:
    """A browser in which the liaison of the draft is signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    context = browser.new_context(locale="zh-CN")
    sign_in(context, port, draft)
    yield context
    browser.close()


def sign_in(context: BrowserContext, port: int, draft: Draft) -> None:
    url = f"http://127.0.0.1:{port}"
    context.add_cookies([{"name": "sessionid", "value": draft.session, "url": url}])


def opened(context: BrowserContext, port: int, draft: Draft) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}{draft.form}")
    box(page, "plan").wait_for()
    return page


def box(page: Page, question: str) -> Locator:
    return page.locator(f'[data-question="{question}"] [data-answer]').first


def with_script_changed(context: BrowserContext, old: str, new: str) -> None:
    """Take a guard out of the page's scripts on their way to this browser; what is not there cannot be taken out."""
    assert any(old in script.read_text() for script in SCRIPTS.glob("*.js")), (
        f"no script holds {old!r} any more"
    )

    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(old, new))

    context.route("**/js/*.js", change)
