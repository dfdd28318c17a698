"""Staff screens as they stand, on a desk and on a telephone."""

import pytest
from playwright.sync_api import expect

PAGES = {
    "admin-home": "/admin/",
    "rounds": "/admin/rounds/",
    "review-queue": "/admin/review/",
    "admin-communities": "/admin/communities/community/",
    "admin-responses": "/admin/surveys/response/",
    "admin-users": "/admin/accounts/user/",
    "admin-audit": "/admin/audit/auditentry/",
    "admin-outbox": "/admin/notices/notice/",
}


def test_staff_sign_in_and_find_their_lists(open_browser, demonstration, width) -> None:
    visitor = open_browser(width)
    visitor.go("/login/")
    visitor.look("login")
    visitor.log_in(demonstration.account("administrator"), after="/admin/")
    for name, path in PAGES.items():
        visitor.go(path)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        visitor.look(name)
    visitor.go("/admin/rounds/")
    visitor.page.get_by_role("main").get_by_role("link").first.click()
    expect(visitor.page.get_by_role("heading", name="各省回收率")).to_be_visible()
    visitor.look("board")


@pytest.mark.parametrize("role", ["leadership", "expert", "community_liaison"])
def test_everybody_else_signs_in_to_a_page_of_their_own(open_browser, demonstration, role) -> None:
    visitor = open_browser(390)
    after = "/admin/" if role == "leadership" else "/portal/"
    visitor.log_in(demonstration.account(role), after=after)
    visitor.look(f"home-{role}")
