"""A section filled in by another office on a telephone, handed back, compared and taken over."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.liaison import Liaison, account_of
from tests.e2e.server import Demonstration
from tests.e2e.visitor import Visitor

UNITS = {390: 377, 1280: 378}
OURS = "成立安全社区建设促进委员会（示例）。"
THEIRS = "派出所每周巡逻三次，调解纠纷12起，电动车违停明显减少（示例）。"


@pytest.fixture
def liaison(open_browser, demonstration: Demonstration, width: int) -> Liaison:
    number = UNITS[width]
    person = Liaison(open_browser(width))
    person.join(demonstration.invitation_code(number), account_of(number), mobile=f"135{number:08}")
    person.open_form()
    person.write("work_now", OURS)
    person.expect_saved()
    return person


def test_the_police_fill_in_a_section_and_the_unit_takes_it_over(open_browser, liaison: Liaison) -> None:
    police = open_browser(390)
    police.allowed.append("422")
    page = police.go(hands_out(liaison, police))
    fills_in_and_hands_back(police)
    compares_and_takes_over(liaison)
    page.reload()
    expect(page.get_by_text("已交回并已采用")).to_be_visible()


def hands_out(liaison: Liaison, police: Visitor) -> str:
    page = liaison.page
    page.locator("#s-work .section-acts a").click()
    liaison.visitor.look("handout-new")
    page.get_by_label("由谁填写").fill("派出所 王警官")
    page.get_by_role("button", name="生成链接").click()
    expect(page.get_by_text("尚未打开")).to_be_visible()
    liaison.visitor.look("handout")
    shown = Image.open(io.BytesIO(page.locator(".qr").screenshot()))
    (code,) = zxingcpp.read_barcodes(shown)
    assert code.text in page.locator("[data-copy-text]").input_value()
    return code.text.removeprefix(police.url)


def fills_in_and_hands_back(police: Visitor) -> None:
    page = police.page
    expect(page.get_by_role("heading", level=1)).to_have_text("工作情况")
    expect(page.get_by_text(OURS)).to_have_count(0)
    police.look("section")
    page.get_by_role("button", name="填好了，交回").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写您的单位和姓名。")
    police.look("section-errors")
    page.get_by_role("textbox").first.fill(THEIRS)
    page.get_by_role("button", name="保存，稍后再填").last.click()
    expect(page.get_by_text("已保存。可以关闭页面")).to_be_visible()
    page.get_by_label("您的单位和姓名").fill("王警官")
    page.get_by_role("button", name="填好了，交回").click()
    expect(page.get_by_text("此栏目已交回，谢谢")).to_be_visible()
    police.look("section-thanks")


def compares_and_takes_over(liaison: Liaison) -> None:
    liaison.open_form()
    liaison.visitor.look("form-section-back")
    liaison.page.get_by_role("link", name="王警官已交回").click()
    both = liaison.main.locator(".compare__both")
    expect(both).to_contain_text(OURS)
    expect(both).to_contain_text(THEIRS)
    liaison.visitor.look("handout-compare")
    liaison.page.get_by_role("button", name="采用勾选的内容").click()
    expect(liaison.page.get_by_text("已采用 1 项。")).to_be_visible()
    liaison.open_form()
    box = liaison.page.locator("#q-work_now")
    expect(box).to_contain_text(THEIRS)
    expect(box).to_contain_text("派出所 王警官 填写")
    liaison.visitor.look("form-section-taken")
