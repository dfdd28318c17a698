"""Somebody at a browser: where they look, what their browser complains of, and the pictures kept of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.e2e.server import ROOT, Account

PICTURES = ROOT / "var" / "screenshots"
HEIGHTS = {390: 844}
axe = Axe()
# axe would fetch imported style sheets itself, by a wrong address; no serious rule needs them.
AXE_OPTIONS = {"preload": False}


@dataclass
class Visitor:
    """``allowed``: patterns of complaints that a journey brings about on purpose."""

    page: Page
    url: str
    width: int
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    @classmethod
    def in_context(cls, context: BrowserContext, url: str, width: int) -> Visitor:
        visitor = cls(context.new_page(), url, width)
        visitor.page.on("console", visitor._note_console)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
        return visitor

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "").removeprefix(self.url)
            self.problems.append(f"console: {message.text} ({where})")

    @property
    def complaints(self) -> list[str]:
        """A content security policy violation is one of them: browsers report it on the console."""
        return [line for line in self.problems if not any(re.search(mark, line) for mark in self.allowed)]

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    def log_in(self, account: Account, after: str = "/portal/") -> None:
        self.go(f"/login/?next={after}")
        self.page.get_by_label("邮箱或手机号").fill(account.identifier)
        self.page.get_by_label("密码", exact=True).fill(account.password)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        expect(self.page).to_have_url(self.url + after)

    def look(self, name: str, *, accessible: bool = True, whole: bool = True) -> None:
        """Keep a picture; nothing may stick out sideways; the accessibility rules hold."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.screenshot(path=PICTURES / f"{name}-{self.width}.png", full_page=whole)
        assert self.overflow() <= 0, f"{name} is wider than {self.width} px"
        if accessible:
            found = self.barriers()
            assert not found, found

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        wide = self.page.evaluate("document.scrollingElement.scrollWidth")
        return int(wide) - self.page.viewport_size["width"]

    def barriers(self) -> list[str]:
        found = axe.run(self.page, options=AXE_OPTIONS).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
            for rule in found
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"][:3]
        ]

    def fetch(self, link: str) -> bytes:
        """What the link of this name leads to, for this very visitor; a browser may show it or keep it."""
        address = self.page.get_by_role("main").get_by_role("link", name=link).first.get_attribute("href")
        answer = self.page.request.get(f"{self.url}{address}")
        assert answer.ok, f"{address}: {answer.status}"
        return answer.body()

    def download(self, click: str, folder: Path) -> Path:
        """Press the link of this name and keep the file under the name it is offered by."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("main").get_by_role("link", name=click).first.click()
        target = folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target
