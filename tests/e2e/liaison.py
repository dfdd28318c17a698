"""What a liaison does in the portal: join, fill in, check, hand in, photograph, upload."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Account
from tests.e2e.visitor import Visitor
from tests.worker import wait_until

TITLE = "国际安全社区认证和复评调查表"
WORK = "一、组织机构（示例）。成立安全社区建设促进委员会，下设办公室，七个专项工作组各有牵头部门。"
PLAN = "2020年获得命名，计划2027年上半年完成自评并提交复评申请（示例）。"
BETTER_PLAN = "由平安建设办公室牵头，2027年3月完成自评，2027年5月提交复评申请（示例）。"
RENEWED = "2025-06-18"
ADDRESS = "建设路1号 101300（示例）"
UNSAVED = "Object.keys(localStorage).filter(key => key.startsWith('survey:')).length"
WORKER = 90_000  # milliseconds for what a worker does in the background


def account_of(number: int) -> Account:
    """What the liaison of the unit with this designation number chooses at joining."""
    return Account(f"u{number}@example.org", "Anquan-shequ-2024")


@dataclass(frozen=True)
class Liaison:
    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def question(self, name: str) -> Locator:
        """The box of one question, its label, hints and errors included."""
        return self.page.locator(f'[data-question="{name}"]')

    def box(self, name: str) -> Locator:
        return self.question(name).locator("[data-answer]").first

    # --- the account ---------------------------------------------------------------------------------------

    def join(self, code: str, account: Account, *, mobile: str) -> None:
        self.visitor.go(f"/join/{code}/")
        self.page.get_by_label("您的姓名").fill("联络人（示例）")
        self.page.get_by_label("邮箱").fill(account.identifier)
        self.page.get_by_label("手机").fill(mobile)
        self.page.get_by_label("密码", exact=True).fill(account.password)
        self.page.get_by_label(re.compile("再输.*密码")).fill(account.password)
        self.page.get_by_role("button", name="开通账号").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("我的待办")

    def open_form(self) -> None:
        self.visitor.go("/portal/")
        self.main.locator(".duty .button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(TITLE)

    # --- writing -------------------------------------------------------------------------------------------

    def write(self, name: str, text: str) -> None:
        self.box(name).fill(text)

    def confirm(self) -> None:
        """仍属实: whatever the register says and asks about still holds."""
        for question in self.page.get_by_label("仍属实").all():
            question.check()

    def change(self, name: str, text: str) -> None:
        """修改: what the register says is no longer right, or not the whole of it."""
        self.question(name).get_by_label("修改").check()
        self.write(name, text)

    def fill_in(self) -> None:
        """Every required answer that nobody knew before, with text marked as an example."""
        self.confirm()
        self.question("recertified").get_by_label("已复评").check()
        self.question("recertified").get_by_label("第1次").fill(RENEWED)
        for name, text in {
            "leader_name": "负责人（示例）",
            "leader_phone": "010-64000000",
            "leader_mobile": "13800000000",
            "contact_phone": "010-64000001转8",
            "address": ADDRESS,
            "work_now": WORK,
            "plan": PLAN,
        }.items():
            self.write(name, text)
        self.question("intends").get_by_label("打算申请", exact=True).check()
        self.question("planned_year").get_by_role("combobox").select_option("2027")
        self.question("needs").get_by_label("培训").check()
        self.question("needs").get_by_label("专项论坛").check()

    def leave_field(self) -> None:
        self.page.keyboard.press("Tab")

    def expect_saved(self) -> None:
        """Everything written has reached the server, and the page says so."""
        self.leave_field()
        wait_until(lambda: not self.page.evaluate(UNSAVED), what="the saving of every answer")
        expect(self.page.locator("[data-save-state]")).to_contain_text("已保存")

    def check(self) -> None:
        self.page.get_by_role("button", name="检查并提交").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("提交前请检查")

    def hand_in(self) -> str:
        """Tick that it is true, submit, and return the reference on the receipt."""
        self.page.get_by_label("我已核对以上内容").check()
        self.page.get_by_role("button", name="确认提交").click()
        expect(self.page.get_by_text("调查表已提交")).to_be_visible()
        return self.page.locator(".receipt__ref").inner_text()

    # --- paper ---------------------------------------------------------------------------------------------

    def expect_print(self) -> None:
        """The worker makes it; the page shows it without being asked again."""
        expect(self.page.get_by_role("link", name="下载打印件")).to_be_visible(timeout=WORKER)

    def take_print(self) -> bytes:
        self.expect_print()
        return self.visitor.fetch("下载打印件")

    def upload(self, *pictures: dict[str, object]) -> None:
        """As a phone does: the upload begins once the pictures are chosen."""
        with self.page.expect_navigation():
            self.page.locator("#copy-files").set_input_files(list(pictures))  # type: ignore[arg-type]

    def expect_recognised(self, pages: int) -> None:
        expect(self.page.get_by_text("已识别，版本一致")).to_have_count(pages, timeout=WORKER)

    def send(self) -> None:
        self.page.get_by_role("button", name="送审").click()
        expect(self.page.get_by_text("盖章件已送审").first).to_be_visible()
