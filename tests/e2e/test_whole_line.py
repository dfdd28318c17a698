"""The first real job, straight through: asked, filled in, printed, sealed, photographed, returned, accepted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.e2e.liaison import ADDRESS, BETTER_PLAN, PLAN, WORK, WORKER, Liaison, account_of
from tests.e2e.office import Office
from tests.e2e.server import Demonstration
from tests.surveys.photographs import photograph

REMARK = "请写明由哪个部门牵头、哪个月完成自评。"
OTHER_VERSION = "这是第1版的打印件，现在有效的是第2版"


@dataclass(frozen=True)
class Unit:
    name: str
    number: int
    place: str


UNITS = {390: Unit("筼筜街道", 362, "福建省厦门市"), 1280: Unit("双丰街道", 419, "北京市顺义区")}


def pictures(pdf: bytes, version: int) -> list[dict[str, object]]:
    """Every page as a phone takes it: tilted by 7°, JPEG, about 2,000 pixels."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
    return [
        {
            "name": f"第{version}版第{page + 1}页.jpg",
            "mimeType": "image/jpeg",
            "buffer": photograph(pdf, page, tilt=7, quality=70, long_side=2000),
        }
        for page in range(pages)
    ]


@pytest.fixture
def unit(width: int) -> Unit:
    return UNITS[width]


def test_the_round_for_one_unit_from_the_letter_to_the_register(
    demonstration: Demonstration, open_browser, unit: Unit, width: int, tmp_path: Path
) -> None:
    office, liaison = Office(open_browser(1280)), Liaison(open_browser(width))
    sees_that_all_are_asked(office, demonstration)
    joins(liaison, demonstration, unit)
    writes_and_loses_nothing(liaison)
    is_told_of_a_wrong_number(liaison)
    reference = checks_and_hands_in(liaison)
    first = hands_in_the_paper(liaison, version=1)
    returns_one_answer(office, unit)
    answers_the_remark(liaison)
    old_paper_is_refused(liaison, first)
    hands_in_the_paper(liaison, version=2)
    accepts(office, unit)
    changes_the_register(office, unit, demonstration)
    workbook_holds_it(office, reference, tmp_path)


def sees_that_all_are_asked(office: Office, demonstration: Demonstration) -> None:
    office.visitor.log_in(demonstration.account("case_officer"), after="/admin/")
    office.open_board()
    expect(office.main.get_by_text("127 个社区受邀")).to_be_visible()


def joins(liaison: Liaison, demonstration: Demonstration, unit: Unit) -> None:
    code = demonstration.invitation_code(unit.number)
    page = liaison.visitor.go(f"/join/{code}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(unit.name)
    liaison.visitor.look("join")
    liaison.join(code, account_of(unit.number), mobile=f"138{unit.number:08}")
    expect(page.get_by_text(unit.name).first).to_be_visible()
    liaison.visitor.look("duties")


def writes_and_loses_nothing(liaison: Liaison) -> None:
    liaison.open_form()
    liaison.write("leader_name", "负责人（示例）")
    liaison.expect_saved()
    liaison.write("leader_phone", "010-64000000")
    liaison.page.reload()  # before the second answer was saved
    expect(liaison.box("leader_phone")).to_have_value("010-64000000")
    expect(liaison.box("leader_name")).to_have_value("负责人（示例）")
    liaison.visitor.look("form-empty")
    liaison.fill_in()
    liaison.change("first_certified", "2020-05")
    liaison.expect_saved()
    liaison.visitor.look("form")


def is_told_of_a_wrong_number(liaison: Liaison) -> None:
    liaison.write("leader_mobile", "1380000")
    liaison.page.get_by_role("button", name="检查并提交").click()
    summary = liaison.page.get_by_role("alert")
    expect(summary).to_contain_text("手机：应为 11 位数字，现在是 7 位")
    expect(summary).to_be_focused()
    liaison.visitor.look("form-errors")
    summary.get_by_role("link").click()
    expect(liaison.box("leader_mobile")).to_be_focused()
    liaison.write("leader_mobile", "138 0000 0000")


def checks_and_hands_in(liaison: Liaison) -> str:
    liaison.check()
    expect(liaison.main.get_by_text(WORK)).to_be_visible()
    expect(liaison.main.get_by_text("2020年5月")).to_be_visible()
    liaison.visitor.look("check")
    reference = liaison.hand_in()
    assert reference.startswith("AQ")
    return reference


def hands_in_the_paper(liaison: Liaison, *, version: int) -> list[dict[str, object]]:
    taken = pictures(liaison.take_print(), version)
    liaison.upload(*taken)
    liaison.expect_recognised(len(taken))
    liaison.visitor.look(f"receipt-{version}")
    liaison.send()
    return taken


def returns_one_answer(office: Office, unit: Unit) -> None:
    office.open_desk(unit.name)
    expect(office.page.locator(".scan__sheet").first).to_be_visible()
    office.visitor.look("review-desk", whole=False)
    office.return_answer("国际安全社区认证和复评工作计划", REMARK)
    office.visitor.look("review-desk-return", whole=False)
    office.give_back()
    expect(office.page.get_by_text(f"{unit.name}：已退回修改")).to_be_visible()


def answers_the_remark(liaison: Liaison) -> None:
    page = liaison.visitor.go("/portal/")
    expect(liaison.main.locator(".duty").first).to_contain_text("协会退回 1 处")
    liaison.visitor.look("duties-returned")
    liaison.main.locator(".duty .button").first.click()
    expect(page.locator("[data-question]")).to_have_count(1)
    expect(liaison.question("plan")).to_contain_text(REMARK)
    expect(liaison.question("plan").locator(".returned__old")).to_contain_text(PLAN)
    liaison.visitor.look("form-returned")
    liaison.write("plan", BETTER_PLAN)
    liaison.expect_saved()
    liaison.check()
    liaison.hand_in()
    expect(page.get_by_text("第2版").first).to_be_visible()


def old_paper_is_refused(liaison: Liaison, old: list[dict[str, object]]) -> None:
    liaison.expect_print()
    liaison.upload(*old[:1])
    expect(liaison.page.get_by_text(OTHER_VERSION)).to_be_visible(timeout=WORKER)
    liaison.visitor.look("receipt-other-version")


def accepts(office: Office, unit: Unit) -> None:
    office.open_desk(unit.name)
    office.tick_everything()
    office.visitor.look("review-desk-ticked", whole=False)
    office.press("通过")
    expect(office.page.get_by_text(f"{unit.name}：已通过")).to_be_visible()


def changes_the_register(office: Office, unit: Unit, demonstration: Demonstration) -> None:
    office.page.get_by_role("link", name="处不同").click()
    office.visitor.look("register-changes")
    expect(office.main.get_by_role("row").filter(has_text="初次认证时间")).to_contain_text("2020年5月")
    expect(office.main.get_by_role("row").filter(has_text="联系地址")).to_contain_text(ADDRESS)
    office.take_over("联系地址")
    office.take_over("复评时间")
    stored = demonstration.run(f"answer = Community.objects.get(entries__number={unit.number}).address")
    assert stored == ADDRESS
    page = office.visitor.go(f"/register/{unit.number}/")
    expect(page.get_by_role("main")).to_contain_text("2025年6月18日")
    expect(page.locator(".page-head .tag")).to_have_text("有效期内")
    office.visitor.look("community-renewed")


def workbook_holds_it(office: Office, reference: str, folder: Path) -> None:
    book = office.export(folder)
    office.visitor.look("run")
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    ours = next(row for row in rows if reference in row)
    assert {BETTER_PLAN, WORK, ADDRESS} <= set(ours)
    head, *sums = book["核对"].iter_rows(values_only=True)
    verdicts = [row[head.index("结果")] for row in sums if row[1] is not None and row[2] is not None]
    assert set(verdicts) == {"一致"}
