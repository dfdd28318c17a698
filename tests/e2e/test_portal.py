"""The portal where things go wrong: no scripts, two devices, no connection, bad files, dead links, a closed round."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.liaison import ADDRESS, PLAN, WORK, Liaison, account_of
from tests.e2e.server import Demonstration
from tests.surveys.photographs import photograph
from tests.surveys.test_scans import ENCRYPTED_PDF

# One unit of the register for each journey: they meet on one server.
WITHOUT_SCRIPTS, TWO_DEVICES, OFFLINE, BAD_FILES, EXPIRED, CLOSED, FOREIGN = 411, 412, 410, 394, 393, 421, 399
SLOW = 387

# The demonstration also asks prospects; this is the round of the named units.
MAIN_ROUND = 'Round.objects.filter(code="demonstration")'


def joined(open_browser, demonstration: Demonstration, number: int, width: int = 1280, **options) -> Liaison:
    liaison = Liaison(open_browser(width, **options))
    liaison.join(demonstration.invitation_code(number), account_of(number), mobile=f"139{number:08}")
    return liaison


def test_without_scripts_the_form_is_filled_in_and_handed_in(open_browser, demonstration, width) -> None:
    number = WITHOUT_SCRIPTS + (0 if width < 600 else 2)
    liaison = joined(open_browser, demonstration, number, width, java_script_enabled=False)
    liaison.open_form()
    liaison.fill_in()
    liaison.page.get_by_role("button", name="保存，稍后再填").click()
    expect(liaison.page.get_by_text("已保存").first).to_be_visible()
    expect(liaison.box("work_now")).to_have_value(WORK)
    liaison.write("leader_mobile", "1380000")
    liaison.page.get_by_role("button", name="检查并提交").click()
    liaison.page.get_by_role("alert").get_by_role("link").click()
    assert liaison.page.url.endswith("#q-leader_mobile")
    liaison.write("leader_mobile", "13800000000")
    liaison.check()
    assert liaison.hand_in().startswith("AQ")


def test_two_devices_see_what_both_have_written(open_browser, demonstration) -> None:
    desk = joined(open_browser, demonstration, TWO_DEVICES)
    phone = Liaison(open_browser(390))
    phone.visitor.allowed.append("409")
    phone.visitor.log_in(account_of(TWO_DEVICES))
    for device in (desk, phone):
        device.open_form()
    desk.write("plan", PLAN)
    desk.expect_saved()
    phone.write("plan", "手机上写的计划")
    phone.leave_field()
    clash = phone.question("plan").locator(".conflict")
    expect(clash).to_contain_text(PLAN)
    expect(phone.box("plan")).to_have_value("手机上写的计划")
    phone.visitor.look("form-conflict")
    clash.get_by_role("button", name="用我填的").click()
    phone.expect_saved()
    desk.page.reload()
    expect(desk.box("plan")).to_have_value("手机上写的计划")


def test_what_is_typed_before_the_script_has_come_is_saved(open_browser, demonstration) -> None:
    liaison = joined(open_browser, demonstration, SLOW, 390)
    liaison.open_form()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    liaison.page.route("**/survey*.js", hold)
    with liaison.page.expect_request("**/survey*.js"):
        liaison.page.reload(wait_until="commit")
    liaison.write("leader_name", "负责人（示例）")
    liaison.leave_field()
    for route in held:
        route.continue_()
    expect(liaison.page.locator("[data-save-state]")).to_contain_text("已保存")
    liaison.page.unroute("**/survey*.js")
    liaison.page.reload()
    expect(liaison.box("leader_name")).to_have_value("负责人（示例）")


def test_what_is_written_without_a_connection_arrives_later(open_browser, demonstration) -> None:
    liaison = joined(open_browser, demonstration, OFFLINE, 390)
    liaison.visitor.allowed.append("ERR_INTERNET_DISCONNECTED")
    liaison.open_form()
    liaison.write("address", ADDRESS)
    liaison.expect_saved()
    liaison.page.context.set_offline(True)
    liaison.write("plan", PLAN)
    liaison.write("work_now", WORK)
    liaison.leave_field()
    expect(liaison.page.locator("[data-save-state]")).to_contain_text("还没有保存")
    liaison.visitor.look("form-offline", accessible=False)
    liaison.page.context.set_offline(False)
    liaison.expect_saved()
    liaison.page.reload()
    expect(liaison.box("plan")).to_have_value(PLAN)
    expect(liaison.box("work_now")).to_have_value(WORK)


def test_bad_files_are_refused_one_by_one_and_the_good_one_is_kept(open_browser, demonstration) -> None:
    liaison = joined(open_browser, demonstration, BAD_FILES, 390)
    liaison.open_form()
    liaison.fill_in()
    liaison.check()
    liaison.hand_in()
    good = photograph(liaison.take_print(), tilt=3)
    liaison.upload(
        file("盖章件.pdf", zipped()),
        file("半张.jpg", good[: len(good) // 3]),
        file("加密.pdf", ENCRYPTED_PDF),
        file("第1页.jpg", good),
    )
    for name, sentence in {
        "盖章件.pdf": "文件名是 PDF 或图片，内容却不是。",
        "半张.jpg": "文件已损坏或不完整，请重新上传。",
        "加密.pdf": "PDF 设有密码",
    }.items():
        expect(liaison.page.get_by_role("alert").filter(has_text=name)).to_contain_text(sentence)
    liaison.expect_recognised(1)
    liaison.visitor.look("receipt-bad-files")


def test_a_wrong_foreign_or_expired_link_says_what_to_do(open_browser, demonstration) -> None:
    code = demonstration.invitation_code(EXPIRED)
    demonstration.run(
        "from datetime import timedelta\nfrom core.clock import today\nyesterday = today() - timedelta(days=1)\n"
        f"Invitation.objects.filter(community__entries__number={EXPIRED}).update(valid_until=yesterday)"
    )
    visitor = open_browser(390)
    visitor.allowed.append("404")
    for path in (f"/join/{code}/", "/join/7KHM-34CF-9XYT/"):
        page = visitor.go(path)
        expect(page.get_by_role("alert")).to_contain_text("邀请码不对或已失效")
    visitor.look("join-refused")


def test_nobody_opens_the_form_of_another_unit(open_browser, demonstration) -> None:
    reference = demonstration.run("answer = Response.objects.get(community__entries__number=362).reference")
    liaison = joined(open_browser, demonstration, FOREIGN)
    liaison.visitor.allowed.append("404")
    page = liaison.visitor.go(f"/portal/responses/{reference}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有")
    expect(page.get_by_text("筼筜")).to_have_count(0)


@pytest.fixture
def close_the_round(demonstration: Demonstration) -> Iterator[Callable[[], None]]:
    """Moves the end of the round to yesterday; afterwards it is open as before."""
    fields = ("opens_on", "deadline_on", "closes_on")
    before = demonstration.run(
        f"answer = {{name: str(day) for name, day in {MAIN_ROUND}.values(*{fields}).get().items()}}"
    )

    def close() -> None:
        demonstration.run(
            "from datetime import timedelta\nfrom core.clock import today\nyesterday = today() - timedelta(days=1)\n"
            f"{MAIN_ROUND}.update(**dict.fromkeys({fields}, yesterday))"
        )

    yield close
    demonstration.run(f"{MAIN_ROUND}.update(**{before})")


def test_after_closing_nothing_is_handed_in_and_the_draft_stays(
    open_browser, demonstration, close_the_round
) -> None:
    liaison = joined(open_browser, demonstration, CLOSED, 390)
    liaison.visitor.allowed.append("409|422")
    liaison.open_form()
    liaison.fill_in()
    liaison.expect_saved()
    liaison.check()
    close_the_round()
    liaison.page.get_by_label("我已核对以上内容").check()
    liaison.page.get_by_role("button", name="确认提交").click()
    expect(liaison.main.get_by_text("填写的内容都还在")).to_have_count(1)
    expect(liaison.main).to_contain_text(WORK)
    liaison.visitor.look("check-closed")
    liaison.visitor.go("/portal/")
    expect(liaison.main.locator(".duty")).to_contain_text("填写的内容都还在")


def file(name: str, content: bytes) -> dict[str, object]:
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content}


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("form.txt", "not a form")
    return target.getvalue()
