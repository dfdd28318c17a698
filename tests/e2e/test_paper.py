"""An Annex 2 came by post: the office types it in with its scan, and it is accepted like the others."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.office import Office
from tests.e2e.server import Demonstration
from tests.surveys.photographs import photograph
from tests.surveys.test_scans import blank_pdf

UNITS = {390: 351, 1280: 352}
SAYS = "社区已成立安全促进委员会，每季度召开一次会议（示例）。"


def test_a_paper_by_post_is_entered_and_accepted(
    open_browser, demonstration: Demonstration, width: int
) -> None:
    office = Office(open_browser(width))
    office.visitor.allowed.append("422")
    reference = demonstration.run(
        f"answer = Response.objects.get(community__entries__number={UNITS[width]},"
        " round__code='demonstration').reference"
    )
    office.visitor.log_in(demonstration.account("case_officer"), after="/admin/")
    page = office.visitor.go(f"/admin/paper/{reference}/")
    office.visitor.look("paper-empty")
    page.locator("[name=work_now]").fill(SAYS)
    page.get_by_role("button", name="录入并提交审核").click()
    # Nothing typed is lost while the day, the way and the scan are missing.
    expect(page.locator("[name=work_now]")).to_have_value(SAYS)
    office.visitor.look("paper-refused")
    page.get_by_label("邮寄纸质件").check()
    page.get_by_label("收到日期").fill("2026-01-05")
    page.locator("[name=scans]").set_input_files(
        [{"name": "来件.jpg", "mimeType": "image/jpeg", "buffer": photograph(blank_pdf(1), tilt=2)}]
    )
    page.get_by_role("button", name="录入并提交审核").click()
    expect(page.get_by_text("纸质件已录入").first).to_be_visible()
    office.visitor.look("paper-desk")
    office.tick_everything()
    office.press("通过")
    expect(page.get_by_text("已通过").first).to_be_visible()
