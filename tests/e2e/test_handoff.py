"""From the screen or the paper to the phone and back: scan a code, take pictures, see them arrive."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.liaison import WORKER, Liaison, account_of
from tests.e2e.server import Demonstration
from tests.e2e.visitor import Visitor
from tests.surveys.photographs import SEAL_PLACE, Shot, page_picture, taken

# One unit of the register for each journey.
SCREEN, BROKEN_LINE, PAPER = 384, 385, 386
LONGEST_SIDE = 2500  # pixels, of a photograph made smaller on the phone
THUMBNAILS = "#copy-pages img.thumb"


def handed_in(open_browser, demonstration: Demonstration, number: int) -> Liaison:
    """At a desk, with the form submitted and its print there."""
    liaison = Liaison(open_browser(1280))
    liaison.join(demonstration.invitation_code(number), account_of(number), mobile=f"136{number:08}")
    liaison.open_form()
    liaison.fill_in()
    liaison.check()
    liaison.hand_in()
    liaison.expect_print()
    return liaison


def link_in(picture: Image.Image) -> str:
    """The one code in a picture that leads to the upload page."""
    (link,) = [code.text for code in zxingcpp.read_barcodes(picture) if "/u/" in code.text]
    return link


def scanned(liaison: Liaison, phone: Visitor) -> str:
    """The phone's camera over the screen; what it says is an address of this very server."""
    shown = liaison.page.locator("#phone-code .qr").screenshot()
    link = link_in(Image.open(io.BytesIO(shown)))
    assert link.startswith(f"{phone.url}/u/")
    return link.removeprefix(phone.url)


def pictures(pdf: bytes, *pages: int) -> list[dict[str, object]]:
    """Printed pages (from 0), sealed, as a phone of today takes them: twelve million pixels."""
    shot = Shot(signed=True, seals=(SEAL_PLACE,), long_side=4000, quality=90)
    return [
        {"name": f"IMG_{page + 1}.jpg", "mimeType": "image/jpeg", "buffer": taken(pdf, page, shot)}
        for page in pages
    ]


@pytest.fixture
def phone(open_browser) -> Visitor:
    return open_browser(390)


def test_what_the_phone_photographs_appears_on_the_desk(open_browser, demonstration, phone) -> None:
    desk = handed_in(open_browser, demonstration, SCREEN)
    shots = pictures(desk.take_print(), 0, 1)
    page = phone.go(scanned(desk, phone))
    expect(page.get_by_role("heading", level=1)).to_have_text("上传盖章件")
    phone.look("phone-empty")
    page.locator("#phone-files").set_input_files(shots)
    expect(page.locator(".sending .pages__ok")).to_have_count(2, timeout=WORKER)
    expect(page.get_by_text("各页已齐")).to_be_visible(timeout=WORKER)
    phone.look("phone-done")
    expect(desk.page.locator(THUMBNAILS)).to_have_count(2, timeout=WORKER)
    desk.visitor.look("receipt-handed-over")
    assert_made_smaller(demonstration, shots)
    desk.send()
    phone.allowed.append("410")
    expect(page.get_by_text("本表的盖章件已送审")).to_be_visible()


def assert_made_smaller(demonstration: Demonstration, shots: list[dict[str, object]]) -> None:
    stored = demonstration.run(
        "from PIL import Image\n"
        f"files = UploadedFile.objects.filter(sealed_copy__response__community__entries__number={SCREEN})\n"
        "answer = [(one.stored.size, max(Image.open(one.stored.file).size)) for one in files.order_by('pk')]"
    )
    assert [side for _size, side in stored] == [LONGEST_SIDE, LONGEST_SIDE]
    assert all(size < len(shot["buffer"]) / 3 for (size, _side), shot in zip(stored, shots, strict=True))


def test_a_broken_line_costs_no_picture(open_browser, demonstration, phone) -> None:
    desk = handed_in(open_browser, demonstration, BROKEN_LINE)
    (shot,) = pictures(desk.take_print(), 0)
    phone.allowed.append("ERR_INTERNET_DISCONNECTED")
    page = phone.go(scanned(desk, phone))
    page.context.set_offline(True)
    page.locator("#phone-files").set_input_files([shot])
    expect(page.get_by_text("网络不通")).to_be_visible()
    phone.look("phone-offline", accessible=False)
    page.context.set_offline(False)
    expect(page.locator(".sending .pages__ok")).to_have_text("已上传", timeout=WORKER)
    expect(desk.page.locator(THUMBNAILS)).to_have_count(1, timeout=WORKER)


def test_the_code_on_the_paper_works_in_a_browser_without_scripts(open_browser, demonstration) -> None:
    desk = handed_in(open_browser, demonstration, PAPER)
    pdf = desk.take_print()
    phone = open_browser(390, java_script_enabled=False)
    page = phone.go(link_in(page_picture(pdf, 0, 2000)).removeprefix(phone.url))
    page.locator("#phone-files-plain").set_input_files(pictures(pdf, 0))
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("IMG_1.jpg：已上传")).to_be_visible()
    expect(desk.page.locator(THUMBNAILS)).to_have_count(1, timeout=WORKER)
    page.reload()
    expect(page.locator(".pages__ok")).to_have_count(1)
    phone.look("phone-plain", accessible=False)


def test_a_link_that_was_tampered_with_says_what_to_do(demonstration, phone) -> None:
    phone.allowed.append("404")
    page = phone.go("/u/1-1-tovxcr-RT4GRWNXYTXX6JP93HFW/")
    expect(page.get_by_text("请重新扫描二维码")).to_be_visible()
    phone.look("phone-wrong")
