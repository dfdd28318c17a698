"""What a case officer does: look at the board, check a copy, return or accept, change the register, export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

from tests.e2e.liaison import WORKER
from tests.e2e.visitor import Visitor
from tests.worker import wait_until

TICKS = ("签字", "盖章", "日期", "版本一致", "清晰")


@dataclass(frozen=True)
class Office:
    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def open_board(self) -> None:
        self.visitor.go("/admin/rounds/")
        self.main.get_by_role("table").get_by_role("link").first.click()
        expect(self.page.get_by_role("heading", name="各省回收率")).to_be_visible()

    def open_desk(self, unit: str) -> None:
        self.visitor.go("/admin/review/")
        self.main.get_by_role("link", name=unit).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(unit)
        scan = self.page.locator(".scan__sheet").first
        wait_until(
            lambda: scan.evaluate("picture => picture.naturalWidth > 0"), what="the picture of the scan"
        )

    def return_answer(self, label: str, remark: str) -> None:
        answer = self.main.locator(".answer").filter(has=self.page.locator("dt", has_text=label))
        answer.get_by_role("checkbox").check()
        answer.get_by_role("textbox").fill(remark)

    def give_back(self) -> None:
        """What returns stands in a panel of its own, with the day by which it is wanted again."""
        self.page.locator("[data-return-open]").click()
        expect(self.page.get_by_label("退回后截止日期")).not_to_have_value("")
        self.press("退回修改")

    def tick_everything(self) -> None:
        for word in TICKS:
            self.page.locator(".ticks").get_by_label(word).check()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def take_over(self, label: str) -> None:
        """One difference goes into the register."""
        row = self.main.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=label))
        row.get_by_role("button", name="更新名录").click()
        expect(self.page.get_by_text("已更新名录").first).to_be_visible()
        expect(row.get_by_role("button")).to_have_count(0)

    def export(self, folder: Path) -> openpyxl.Workbook:
        """Ask for the workbook of the round, wait for the worker, open what came."""
        self.open_board()
        self.press("导出 Excel")
        expect(self.main.get_by_role("link", name="下载")).to_be_visible(timeout=WORKER)
        return openpyxl.load_workbook(self.visitor.download("下载", folder))
