"""Photographs in the wrong order, one on its head, one of the unit's own: one upright document comes of it."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from surveys import scans
from tests.e2e.liaison import WORKER, Liaison, account_of
from tests.e2e.office import Office
from tests.e2e.server import Demonstration
from tests.surveys.photographs import SEAL_PLACE, Shot, taken
from tests.surveys.prints import page_texts, squeezed

# One unit of the register for each width.
UNITS = {390: (121, "麦子店街道"), 1280: (122, "亚运村街道")}
DOCUMENT = "完整盖章件"


def picture(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def photographed(pdf: bytes, page: int, **changes: object) -> dict[str, object]:
    """A printed page (from 0), signed and sealed, as a phone takes it."""
    shot = Shot(signed=True, seals=(SEAL_PLACE,))
    return picture(f"IMG_{page + 1}.jpg", taken(pdf, page, shot, **changes))


def minutes_of_a_meeting() -> dict[str, object]:
    """A sheet of the unit's own on a dark table: no code on it."""
    image = Image.new("RGB", (1500, 2000), (96, 80, 66))
    draw = ImageDraw.Draw(image)
    draw.rectangle([110, 90, 1390, 1900], fill="white")
    for line in range(24):
        draw.rectangle([230, 230 + 60 * line, 1250 - 90 * (line % 4), 252 + 60 * line], fill=(40, 40, 40))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    return picture("会议纪要.jpg", target.getvalue())


def pages_and_turns(document: bytes) -> list[tuple[int | None, int]]:
    """Which page of the form each sheet is, and by how much it would have to be turned to stand upright."""
    return [(page.code.page if page.code else None, page.turn) for page in scans.read_pages(document)]


def sizes(document: bytes) -> set[tuple[int, ...]]:
    with pypdfium2.PdfDocument(document) as pdf:
        return {tuple(map(round, page.get_size())) for page in pdf}


@pytest.fixture
def liaison(open_browser, demonstration: Demonstration, width: int) -> Liaison:
    number, _name = UNITS[width]
    person = Liaison(open_browser(width))
    person.join(demonstration.invitation_code(number), account_of(number), mobile=f"137{number:08}")
    demonstration.confirm_address(account_of(number))
    person.open_form()
    person.fill_in()
    person.expect_saved()
    person.check()
    person.hand_in()
    return person


def test_photographs_in_any_order_become_one_upright_document(
    demonstration: Demonstration, open_browser, liaison: Liaison, width: int
) -> None:
    pdf = liaison.take_print()
    uploads_in_the_wrong_order(liaison, pdf)
    says_which_one_is_an_attachment(liaison)
    liaison.send()
    document = takes_the_document(liaison)
    assert pages_and_turns(document) == [(1, 0), (2, 0), (None, 0)]
    assert sizes(document) == {(595, 842)}
    office = Office(open_browser(1280))
    office.visitor.log_in(demonstration.account("case_officer"), after="/admin/")
    returns_page_two(office, UNITS[width][1])
    uploads_page_two_alone(liaison, pdf)
    liaison.send()
    document = takes_the_document(liaison)
    assert pages_and_turns(document)[:3] == [(1, 0), (2, 0), (None, 0)]
    assert "第1页第1版" in squeezed(page_texts(document)[3])
    sees_what_was_carried_over(office, UNITS[width][1])


def uploads_in_the_wrong_order(liaison: Liaison, pdf: bytes) -> None:
    liaison.upload(
        photographed(pdf, 1, turn=180, tilt=5),
        minutes_of_a_meeting(),
        photographed(pdf, 0, tilt=-4),
    )
    liaison.expect_recognised(2)
    expect(liaison.page.get_by_text("这一页的二维码没有认出来")).to_be_visible(timeout=WORKER)


def says_which_one_is_an_attachment(liaison: Liaison) -> None:
    liaison.page.get_by_role("button", name="这是另附页").click()
    expect(liaison.page.get_by_text("另附页 1", exact=True)).to_be_visible()
    liaison.visitor.look("upload-attachment")


def takes_the_document(liaison: Liaison) -> bytes:
    expect(liaison.page.get_by_role("link", name=DOCUMENT)).to_be_visible(timeout=WORKER)
    liaison.visitor.look("receipt-sent")
    return liaison.visitor.fetch(DOCUMENT)


def returns_page_two(office: Office, unit: str) -> None:
    office.open_desk(unit)
    office.visitor.look("review-desk-attachment", whole=False)
    office.page.locator("[data-return-open]").click()
    office.page.get_by_label("盖章件有什么问题").fill("第2页没有盖骑缝章（示例）。")
    office.page.locator(".return__pages").get_by_label("第2页").check()
    office.press("要求重新上传")
    expect(office.page.get_by_text(unit).first).to_be_visible()


def uploads_page_two_alone(liaison: Liaison, pdf: bytes) -> None:
    page = liaison.visitor.go("/portal/")
    expect(liaison.main.locator(".duty").first).to_contain_text("需要重新盖章上传：第2页")
    liaison.visitor.look("duties-copy-returned")
    liaison.main.locator(".duty .button").first.click()
    expect(page.get_by_text("只需打印、盖章、上传第2页")).to_be_visible()
    liaison.visitor.look("receipt-copy-returned")
    liaison.upload(photographed(pdf, 1, turn=90, tilt=-6))
    liaison.expect_recognised(1)


def sees_what_was_carried_over(office: Office, unit: str) -> None:
    office.open_desk(unit)
    expect(office.main.get_by_text("沿用第1版盖章件").first).to_be_visible()
    office.visitor.look("review-desk-carried", whole=False)
