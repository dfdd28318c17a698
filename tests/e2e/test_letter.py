"""From the letter to the duties: staff print it, somebody scans its code, opens an account, and finds what is owed."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import zxingcpp
from playwright.sync_api import expect

from tests.e2e.liaison import WORKER, Liaison, account_of
from tests.e2e.office import Office
from tests.surveys.photographs import page_picture
from tests.surveys.prints import squeezed
from tests.worker import wait_until

# 颛桥镇: its name has a rare sign. 天竺镇 has an account already, but its code is unused too.
NUMBER, UNIT = 433, "上海市闵行区颛桥镇"


def signed_in(open_browser, demonstration, width: int = 1280) -> Office:
    office = Office(open_browser(width))
    office.visitor.log_in(demonstration.account("case_officer"), after="/admin/rounds/")
    return office


def ask_for_letters(office: Office, kind: str) -> bytes:
    """From the board to the file, as staff go."""
    office.visitor.go("/admin/rounds/demonstration/")
    office.main.get_by_role("link", name="邀请函").click()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("邀请函")
    office.visitor.look("letters")
    office.page.get_by_label(kind).check()
    office.press("生成邀请函")
    expect(office.main.get_by_role("link", name="下载")).to_be_visible(timeout=WORKER)
    office.visitor.look("letters-ready")
    return office.visitor.fetch("下载")


def link_on(pdf: bytes, page: int) -> str:
    (code,) = zxingcpp.read_barcodes(page_picture(pdf, page).convert("L"))
    return code.text


def page_of(pdf: bytes, unit: str) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [squeezed(page.get_textpage().get_text_range()) for page in document]
    (found,) = [number for number, text in enumerate(texts) if f"{unit}：" in text]
    return found


def test_from_the_letter_to_the_duties(open_browser, demonstration) -> None:
    office = signed_in(open_browser, demonstration)
    letters = ask_for_letters(office, "一个PDF，按名单顺序")
    link = link_on(letters, page_of(letters, UNIT))
    assert link.startswith(f"{demonstration.url}/join/")
    phone = Liaison(open_browser(390))
    phone.visitor.go(link.removeprefix(demonstration.url))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("颛桥镇")
    phone.visitor.look("join-from-letter")
    phone.join(link.rstrip("/").rpartition("/")[2], account_of(NUMBER), mobile="13900000433")
    expect(phone.main.locator(".duty").first).to_contain_text("颛桥镇")
    # Used up: the next run of letters leaves the unit out.
    with zipfile.ZipFile(io.BytesIO(ask_for_letters(office, "每个单位一个PDF"))) as archive:
        names = archive.namelist()
    assert not [name for name in names if "颛桥" in name]
    assert "北京市_顺义区_420_天竺镇_邀请函.pdf" in names


def test_the_code_of_an_older_letter_leads_to_the_one_sentence(open_browser, demonstration) -> None:
    number = 376
    old = demonstration.invitation_code(number)
    demonstration.run(
        "from surveys.services.invitations import reissue_invitation\n"
        f"reissue_invitation(invitation=Invitation.objects.get(community__entries__number={number}), by=None)"
    )
    visitor = open_browser(390)
    visitor.allowed.append("404")
    page = visitor.go(f"/join/{old}/")
    expect(page.get_by_role("alert")).to_contain_text(
        "邀请码不对或已失效。请核对邀请函上的邀请码，或者与协会联系。"
    )
    visitor.look("join-old-letter")
    visitor.go(f"/join/{demonstration.invitation_code(number)}/")
    expect(page.get_by_label("您的姓名")).to_be_visible()


def test_the_blank_form_is_two_clicks_away_for_everybody(open_browser, demonstration, width) -> None:
    visitor = open_browser(width)
    visitor.go("/help/")
    visitor.page.get_by_role("contentinfo").get_by_role("link", name="表格下载").click()
    link = visitor.page.get_by_role("link", name="Word（电脑填写） 国际安全社区认证和复评调查表")

    def is_made() -> bool:
        visitor.page.reload()
        return link.is_visible()

    wait_until(is_made, what="the blank form that the worker makes", seconds=WORKER / 1000)
    visitor.look("forms")
    form = visitor.fetch("PDF（打印填写） 国际安全社区认证和复评调查表")
    with pypdfium2.PdfDocument(form) as document:
        assert "国际安全社区认证和复评调查表" in squeezed(document[0].get_textpage().get_text_range())
