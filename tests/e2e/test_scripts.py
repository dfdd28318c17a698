"""Scripts by themselves, on a page of a few lines and a clock that is moved by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
ADDRESS = "http://platform.test/"
WORDS = " ".join(
    f'data-word-{word}="{word}"'
    for word in ("name", "waiting", "shrinking", "sending", "again", "failed", "retry")
)
UPLOAD = f"""
  <form data-phone {WORDS} action="{ADDRESS}up">
    <label data-phone-label hidden><input type="file" data-phone-input disabled></label>
    <div data-phone-plain></div>
  </form>
  <ul data-phone-list></ul>
  <script>window.shrinkPicture = async (file) => file;</script>"""
WATCHED = """
  <div data-watch="3"></div>
  <script>window.asked = 0; window.htmx = { trigger() { window.asked += 1; } };</script>"""


@pytest.fixture
def show(page: Page) -> Callable[[str, str], Page]:
    """``show(body, script)``: a page of our own with one script of the platform on it."""

    def open_page(body: str, script: str) -> Page:
        html = f"<!doctype html><meta charset=utf-8>{body}<script>{(SCRIPTS / script).read_text()}</script>"
        page.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.clock.install()
        page.goto(ADDRESS)
        return page

    return open_page


def is_watched(page: Page) -> bool:
    """Whether the list is asked for in the next ten seconds."""
    before = page.evaluate("window.asked")
    page.clock.run_for("00:10")
    return page.evaluate("window.asked") > before


def test_a_list_is_watched_for_half_an_hour_after_the_last_sign_of_a_reader(show):
    page = show(WATCHED, "watch.js")
    page.clock.fast_forward("20:00")
    page.keyboard.press("ArrowDown")
    page.clock.fast_forward("29:00")
    assert is_watched(page)
    page.clock.fast_forward("01:00")
    assert not is_watched(page)
    page.mouse.move(5, 5)
    assert is_watched(page)


def test_a_picture_that_failed_is_offered_again(show):
    page = show(UPLOAD, "phone.js")
    broken = [True]

    def answer(route: Route) -> None:
        if broken[0]:
            route.abort()
        else:
            route.fulfill(json={"files": [{"state": "kept", "sentence": "已上传"}]})

    page.route(f"{ADDRESS}up", answer)
    page.locator("[data-phone-input]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": b"picture"}
    )
    for _pause in range(3):
        expect(page.get_by_text("again")).to_be_visible()
        page.clock.run_for("00:15")
    expect(page.get_by_text("failed")).to_be_visible()
    broken[0] = False
    page.get_by_role("button", name="retry").click()
    expect(page.locator(".pages__ok")).to_have_text("已上传")
    assert page.get_by_role("button", name="retry").count() == 0
