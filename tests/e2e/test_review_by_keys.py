"""A reviewer's hands stay on the keyboard: pages, ticks, accept, the next one, a reason, return."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.office import Office
from tests.e2e.server import Demonstration

FIRST, SECOND = "甲街道（示例）", "乙街道（示例）"
ROUND = "by-keys"
REASON = "计划不明确，请写明计划年份和主要步骤。"
# A round of its own, so that no other journey meets these papers; every page has a picture behind it.
PAPERS = f"""
import datetime, io
from PIL import Image
from tests.factories import CommunityFactory, RoundFactory
from tests.surveys.scenes import awaiting_review
day = datetime.date(2023, 1, 1)
own = RoundFactory(code="{ROUND}", opens_on=day, deadline_on=day, closes_on=day)
for name in ("{FIRST}", "{SECOND}"):
    response = awaiting_review(
        CommunityFactory(name_zh=name, standing="candidate", published=False),
        round=own,
        reference=f"AQ23-{{name[0]}}",
    )
    for page in CopyPage.objects.filter(file__sealed_copy__response=response):
        picture = io.BytesIO()
        Image.new("RGB", (700, 990), "white").save(picture, "JPEG")
        page.file.stored.file.save("scan.jpg", picture)
"""
RETURNED = f"""
remark = Remark.objects.get(response__round__code="{ROUND}")
response = remark.response
answer = [remark.question, remark.text, remark.reason.code, response.stage, response.return_due_on is not None]
"""


@pytest.fixture
def office(open_browser, demonstration: Demonstration) -> Office:
    demonstration.run(PAPERS)
    person = Office(open_browser(1280))
    person.visitor.log_in(demonstration.account("case_officer"), after=f"/admin/review/?round={ROUND}")
    return person


def test_two_papers_are_decided_without_the_mouse(office: Office, demonstration: Demonstration) -> None:
    page = office.page
    office.main.get_by_role("link", name=FIRST).click()
    turns_pages(office)
    accepts(office)
    returns_with_a_reason(office)
    assert demonstration.run(RETURNED) == ["plan", f"{REASON}\n写到月1。", "plan_vague", "returned", True]
    expect(page).to_have_url(f"{office.visitor.url}/admin/review/?round={ROUND}")


def turns_pages(office: Office) -> None:
    keys, now = office.page.keyboard, office.page.locator("[data-scan-now]")
    expect(office.page.locator(".scan__sheet").first).to_be_visible()
    keys.press("j")
    expect(now).to_have_text("2")
    keys.press("ArrowLeft")
    expect(now).to_have_text("1")
    keys.press("z")
    expect(office.page.locator("[data-scan-view]")).to_have_attribute("data-zoom", "1")
    assert office.page.evaluate("window.scrollY") == 0
    keys.press("?")
    expect(office.page.get_by_label("在这台电脑上使用快捷键")).to_be_checked()
    office.visitor.look("review-keys", whole=False)
    keys.press("Escape")


def accepts(office: Office) -> None:
    """A alone decides nothing: it says what is missing, then leads to the button."""
    keys, accept = office.page.keyboard, office.page.get_by_role("button", name="通过", exact=True)
    for key in "1234a":
        keys.press(key)
    expect(office.page.locator("[data-marked]")).to_contain_text("还不能通过")
    keys.press("5")
    keys.press("a")
    expect(accept).to_be_focused()
    expect(office.page.get_by_role("heading", level=1)).to_have_text(FIRST)
    keys.press("Enter")
    expect(office.page.get_by_role("heading", level=1)).to_have_text(SECOND)
    expect(office.page.get_by_text(f"{FIRST}：已通过")).to_be_visible()


def returns_with_a_reason(office: Office) -> None:
    """While somebody writes, keys are letters."""
    keys = office.page.keyboard
    answer = office.main.locator("#id_mark-plan").locator("xpath=ancestor::div[contains(@class, 'answer')]")
    answer.get_by_role("checkbox").focus()
    keys.press("Space")
    expect(answer.get_by_role("combobox")).to_be_focused()
    answer.get_by_role("combobox").select_option(REASON)
    expect(answer.get_by_role("textbox")).to_be_focused()
    keys.type("\n写到月1。")
    expect(office.page.get_by_label("签字")).not_to_be_checked()
    answer.get_by_role("checkbox").focus()
    keys.press("r")
    expect(office.page.get_by_role("button", name="退回修改")).to_be_focused()
    office.visitor.look("review-return", whole=False)
    keys.press("Enter")
    expect(office.page.get_by_text(f"{SECOND}：已退回修改")).to_be_visible()
