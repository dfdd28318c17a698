"""A unit that intends to apply: is not on the list, enters itself, confirms by mail, is accepted unsealed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.liaison import Liaison
from tests.e2e.office import Office
from tests.e2e.server import Demonstration

UNITS = {390: "良渚街道（示例）", 1280: "仓前街道（示例）"}
MAIL = "p{width}@example.org"


def link_in_the_mail(demonstration: Demonstration, address: str) -> str:
    return demonstration.run(
        "from notices.models import Notice\n"
        "from surveys.services.prospects import link_of\n"
        f"answer = link_of(Notice.objects.get(kind='prospect_link', address={address!r}))['link']"
    )


def test_from_the_open_link_to_acceptance(open_browser, demonstration: Demonstration, width: int) -> None:
    person, unit, address = Liaison(open_browser(width)), UNITS[width], MAIL.format(width=width)
    enters(person, unit, address)
    page = person.visitor.go(link_in_the_mail(demonstration, address).removeprefix(demonstration.url))
    person.visitor.look("prospect-confirm")
    page.get_by_label("新密码", exact=True).fill("Anquan-shequ-2026")
    page.get_by_label("再次输入新密码").fill("Anquan-shequ-2026")
    page.get_by_role("button", name="确认并填表").click()
    expect(person.main.locator(".duty").first).to_contain_text(unit)
    fills_in(person)
    reference = person.hand_in()
    expect(person.main.get_by_text("下载打印件")).to_have_count(0)
    person.visitor.look("prospect-receipt")
    accepts(Office(open_browser(1280)), demonstration, reference)
    page.reload()
    expect(person.main.get_by_text("通过").first).to_be_visible()


def enters(person: Liaison, unit: str, address: str) -> None:
    page = person.visitor.go("/apply/")
    page.get_by_label("请先查一查").fill(unit)
    person.main.get_by_role("button", name="搜索").click()
    person.visitor.look("prospect-find")
    page.get_by_role("link", name="我单位不在其中").click()
    page.get_by_label("省（直辖市）").select_option("浙江省")
    page.get_by_label("市（区）").fill("杭州市余杭区")
    page.get_by_label("您的姓名").fill("经办人（示例）")
    page.get_by_label("电子邮箱").fill(address)
    person.visitor.look("prospect-apply")
    page.get_by_role("button", name="发送链接").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请查收邮件")
    person.visitor.look("prospect-sent")


def fills_in(person: Liaison) -> None:
    person.main.locator(".duty .button").first.click()
    expect(person.box("planned_year")).to_be_visible()
    person.confirm()
    person.write("contact_mobile", "13900000099")
    person.question("planned_year").get_by_role("combobox").select_option("2028")
    person.expect_saved()
    person.visitor.look("prospect-form")
    person.check()


def accepts(office: Office, demonstration: Demonstration, reference: str) -> None:
    office.visitor.log_in(demonstration.account("case_officer"), after="/admin/")
    office.visitor.go(f"/admin/review/{reference}/")
    office.visitor.look("desk-without-a-seal")
    office.press("通过")
    expect(office.page.get_by_text("已通过").first).to_be_visible()
