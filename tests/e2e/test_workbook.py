"""The questionnaire in Excel: down, filled in at a desk, up again; one answer was changed on the page meanwhile."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, expect

from surveys.workbooks.lines import ANSWER, FORM_SHEET, HEAD_ROW, KEY, STILL_TRUE
from tests.e2e.liaison import ADDRESS, PLAN, WORK, Liaison, account_of

# Units of the register for these journeys alone.
PHONE, DESK = 290, 291
ONLINE = "在网页上写的计划（示例）"


def fill_in(path: Path, cells: dict[str, object]) -> None:
    """As an office does: what the yellow cells ask for, √ where the register is still right."""
    book = openpyxl.load_workbook(path)
    sheet = book[FORM_SHEET]
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        if sheet.cell(row, KEY).value in cells:
            sheet.cell(row, ANSWER).value = cells[sheet.cell(row, KEY).value]
        if not sheet.cell(row, STILL_TRUE).protection.locked:
            sheet.cell(row, STILL_TRUE).value = "√"
    book.save(path)


def change(liaison: Liaison, label: str) -> Locator:
    """What the page of changes says of one question."""
    return liaison.main.locator(".field").filter(has_text=label)


def test_a_questionnaire_goes_through_excel_and_back(open_browser, demonstration, width, tmp_path) -> None:
    """On the phone without scripts, at the desk with them."""
    number, scripts = (PHONE, False) if width < 600 else (DESK, True)
    liaison = Liaison(open_browser(width, java_script_enabled=scripts))
    liaison.join(demonstration.invitation_code(number), account_of(number), mobile=f"139{number:08}")
    liaison.open_form()
    liaison.page.get_by_role("link", name="下载表格，填好后上传").click()
    liaison.visitor.look("workbook", accessible=scripts)
    path = liaison.visitor.download("下载调查表（Excel）", tmp_path)
    cells = {
        "address": ADDRESS,
        "work_now": WORK,
        "plan": PLAN,
        "leader_mobile": 13800000000,
        "intends": "也许",
    }
    fill_in(path, {**cells, "needs:training": "√", "needs:forum": "√"})
    liaison.open_form()
    liaison.write("plan", ONLINE)
    liaison.page.get_by_role("button", name="保存，稍后再填").click()
    liaison.page.get_by_role("link", name="下载表格，填好后上传").click()
    liaison.page.get_by_label("填好的工作簿").set_input_files(path)
    liaison.page.get_by_role("button", name="上传并比较").click()
    expect(liaison.page.get_by_role("heading", level=1)).to_have_text("工作簿里的改动")
    stale = change(liaison, "国际安全社区认证和复评工作计划")
    expect(stale).to_contain_text("下载之后有人在平台上改过这一项")
    expect(stale).to_contain_text(ONLINE)
    expect(stale).to_contain_text(PLAN)
    expect(change(liaison, "是否打算申请复评")).to_contain_text("“也许”不在选项里。")
    liaison.visitor.look("workbook-changes", accessible=scripts)
    change(liaison, "联系地址").get_by_role("checkbox").uncheck()
    liaison.page.get_by_role("button", name="采用勾选的改动").click()
    expect(liaison.page.get_by_text("项内容。").first).to_contain_text("已采用工作簿里的")
    expect(liaison.box("work_now")).to_have_value(WORK)
    expect(liaison.box("leader_mobile")).to_have_value("13800000000")
    expect(liaison.box("plan")).to_have_value(ONLINE)
    expect(liaison.box("address")).not_to_have_value(ADDRESS)
    expect(liaison.question("needs").get_by_label("专项论坛")).to_be_checked()
    expect(liaison.question("first_certified").get_by_label("修改")).to_have_count(0)
