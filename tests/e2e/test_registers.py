"""The liaison keeps the registers of the unit by phone: staff, experts, services, news, media, honours, plans."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.server import Demonstration

ROWS = {
    "staff": {"post": "专职安全员（示例）", "person": "示例姓名", "work_time": "full", "since": "2024-01-01"},
    "appraisals": {
        "subject": "第一小学（示例）",
        "result": "完成目标（示例）",
        "basis": "社区目标责任书考核办法（示例）",
        "on": "2026-01-10",
    },
    "experts": {"person": "交通工程师（示例）", "field": "消防安全", "employer": "消防救援站"},
    "services": {
        "provider": "社工服务中心（示例）",
        "service": "老年人居家安全评估",
        "starts_on": "2026-01-01",
        "amount": "20000",
    },
    "news": {"title": "社区开展消防演练（示例）", "on": "2026-03-01", "text": "全体居民参加了演练。"},
    "media": {
        "title": "社区安全走进千家万户（示例）",
        "medium": "示例日报",
        "on": "2026-03-02",
        "link": "https://example.org/a-very-long-address/that/has-no-place-to-break/on-a-narrow-screen-of-a-phone",
    },
    "awards": {"kind": "honour", "title": "安全文化示范单位（示例）", "level": "city", "year": "2025"},
    "teaching": {"topic": "暑期防溺水（示例）", "kind": "publicity", "month_from": "6", "month_to": "8"},
}


def test_every_register_is_kept_on_a_phone(open_browser, demonstration: Demonstration) -> None:
    liaison = open_browser(390)
    liaison.log_in(demonstration.account("community_liaison@"))
    home = liaison.go("/work/").url.removeprefix(liaison.url)
    for register, row in ROWS.items():
        page = liaison.go(f"{home}registers/{register}/add/")
        for name, value in row.items():
            field = page.locator(f"main [name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        liaison.look(f"register-{register}-form")
        with page.expect_navigation():
            page.locator("main form.form button[type=submit]").click()
        expect(page.locator(".error-summary")).to_have_count(0)
        expect(page.locator("main .decision-list")).to_contain_text("（示例）")
        liaison.look(f"register-{register}")
    page = liaison.go(f"{home}registers/news/")
    page.locator("main").get_by_role("link", name=ROWS["news"]["title"]).click()
    page.locator("main button[name=shown]").click()
    liaison.look("register-news-shown")
    anybody = open_browser(390)
    community = home.strip("/").split("/")[-1]
    anybody.go(f"/communities/{community}/news/")
    anybody.look("news")
    anybody.page.locator("main .activity-list a").first.click()
    anybody.look("news-item")
    expect(anybody.page.locator("main")).to_contain_text("全体居民参加了演练。")
    page = liaison.go(f"{home}activities/?kind=training")
    page.locator("main .activity-list a").first.click()
    liaison.look("work-training")
    page.locator("main a[href='trainees/']").click()
    page.locator("main [name=lines]").fill("社区主任（示例）\t示培2026-001\n安全员（示例），示培2026-002")
    liaison.look("work-trainees")
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").click()
    expect(page.locator("main .facts")).to_contain_text("2")
    for name in ("organisation", "evidence", "plans", "reports"):
        liaison.go(f"{home}{name}/")
        liaison.look(f"register-beside-{name}")
