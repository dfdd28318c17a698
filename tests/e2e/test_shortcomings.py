"""A hazard on a phone, from the photograph to another person's look; the ledgers beside it; an authority's finding."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.server import Demonstration
from tests.e2e.test_safety_work import photograph
from tests.e2e.visitor import Visitor

LONG = "三楼安全出口被杂物堵塞，疏散指示灯不亮，灭火器压力不足；物业承诺一周内清理完毕并更换器材。"


def fill(page: Page, **values: str) -> None:
    """Texts and days are typed, buttons pressed, lists chosen from."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]").first
        if field.get_attribute("type") == "radio":
            page.locator(f"main [name={name}][value='{value}']").check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").first.click()
    expect(page.locator(".error-summary")).to_have_count(0)


def keep_ledgers(member: Visitor, work: str) -> None:
    page = member.go(f"{work}venues/add/")
    fill(page, name="老街面馆", kind="restaurant", address="和平街3号", phone="13812349689")
    member.look("venue-form")
    save(page)
    member.look("venue")
    page = member.go(f"{work}venues/paste/")
    fill(page, kind="internet", lines="新桥网吧，新桥路1号\n红星网吧，红星路2号")
    member.look("venue-paste")
    save(page)
    member.look("venues")
    page = member.go(f"{work}funds/add/")
    fill(page, direction="out", amount="1200.50", source="special", use="training", purpose="印刷宣传册")
    member.look("fund-form")
    save(page)
    member.look("funds")


def rectify(member: Visitor, work: str) -> str:
    """The address of a hazard that waits for another person."""
    page = member.go(f"{work}shortcomings/add/")
    fill(page, description=LONG, kind="business", source="self_check", post="物业经理", due_on="2031-01-01")
    page.locator("[name=files]").set_input_files([photograph(1)])
    member.look("shortcoming-form")
    save(page)
    address = member.path
    page = member.go(f"{address}rectified/")
    fill(page, corrective="清空楼梯间，更换指示灯", preventive="每周检查一次")
    page.locator("[name=files]").set_input_files([photograph(2)])
    member.look("shortcoming-rectify")
    save(page)
    member.look("shortcoming")
    return address


def test_a_hazard_from_the_photograph_to_its_end(
    demonstration: Demonstration, open_browser: Callable[..., Visitor]
) -> None:
    member = open_browser(390)
    member.log_in(demonstration.account("community_liaison@"))
    member.go("/work/")
    work = member.path
    keep_ledgers(member, work)
    address = rectify(member, work)
    member.go(f"{work}shortcomings/")
    member.look("shortcomings")
    page = member.go(f"{work}shortcomings/gaps/")
    page.locator("main a[href*='element=training']").click()
    fill(page, description="缺少培训效果评估记录")
    save(page)
    member.go(f"{work}shortcomings/gaps/")
    member.look("gaps")
    member.go(work)
    member.look("work-home-shortcomings")
    authority = open_browser(1280)
    authority.log_in(demonstration.account("authority@"))
    page = authority.go(address)
    authority.look("shortcoming-authority")
    with page.expect_navigation():
        page.locator("#verify button").first.click()
    expect(page.locator("main")).to_contain_text("已销号")
    authority.go("/work/board/")
    authority.look("work-board-shortcomings")
