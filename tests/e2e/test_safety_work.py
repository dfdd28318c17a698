"""A new community from a template to an accepted report, by phone; its authority; a resident with the code."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.server import Account, Demonstration
from tests.e2e.visitor import Visitor

NUMBER = 360
AREAS = ("older_people", "traffic", "fire", "workplace", "children", "water", "disaster")
AGES = ("65+", "0-14", "25-64", "25-64", "0-14", "15-24", "65+")
PLACES = ("home", "traffic", "home", "work", "home", "leisure", "other")
MEMBER = Account("gongzuo360@example.org", "Anquan-shequ-2026")

NEW_MEMBER = f"""
from accounts.services.users import create_user
from communities.services.members import add_member
from communities.services.register import change_community
unit = RegisterEntry.objects.get(programme__code='international', number={NUMBER}).community
user = create_user(email={MEMBER.identifier!r}, name='联络人（示例）', password={MEMBER.password!r}, by=None)
role = Role.objects.get(code='community_liaison')
add_member(user=user, community=unit, role=role, by=None, origin='e2e', state='active')
district = Authority.objects.get(name_zh='顺义区应急管理局（演示）')
change_community(community=unit, by=None, supervisor=district, reason='演示')
answer = unit.pk
"""


def photograph(number: int) -> dict[str, object]:
    content = io.BytesIO()
    Image.new("RGB", (1600, 1200), (40 * number % 256, 120, 160)).save(content, "JPEG")
    return {"name": f"现场{number}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


@dataclass(frozen=True)
class Worker:
    """The liaison who records the work of one community."""

    visitor: Visitor
    community: int

    @property
    def page(self) -> Page:
        return self.visitor.page

    def go(self, path: str = "") -> Page:
        return self.visitor.go(f"/work/{self.community}/{path}")

    def open_all(self) -> None:
        self.page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")

    def save(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form.form button[type=submit]").first.click()
        expect(self.page.locator(".error-summary")).to_have_count(0)

    # --- the year ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self.visitor.go("/work/")
        expect(self.page).to_have_url(re.compile(rf"/work/{self.community}/$"))
        self.visitor.look("work-empty")
        self.page.locator("main").get_by_role("link", name="锦江").click()
        self.visitor.look("work-template")
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit]").first.click()
        self.go("organisation/")
        expect(self.page.locator("main")).to_contain_text("领导小组")
        self.visitor.look("work-organisation")

    def diagnose(self) -> None:
        page = self.go("diagnosis/add/")
        page.locator("[name=title]").fill("社区安全诊断（示例）")
        page.locator("[name=methods]").first.check()
        page.locator("[name=began_on]").fill("2026-01-15")
        self.save()
        address = page.url.removeprefix(self.visitor.url)
        page = self.visitor.go(f"{address}findings/add/")
        page.locator("[name=kind][value=vulnerable]").check()
        page.locator("[name=title]").fill("老年人居家跌倒（示例）")
        self.save()
        self.go("diagnosis/")
        self.visitor.look("work-diagnosis")

    def open_project(self, number: int) -> None:
        page = self.go("projects/add/")
        self.open_all()
        page.locator("[name=title]").fill(f"安全促进项目{number}（示例）")
        page.locator("[name=area]").select_option(AREAS[number])
        page.locator("[name=finding]").select_option(index=1)
        page.locator("[name=body]").select_option(index=1)
        page.locator("[name=groups]").first.check()
        page.locator(f"[name=ages][value='{AGES[number]}']").check()
        page.locator(f"[name=environments][value='{PLACES[number]}']").check()
        page.locator("[name=starts_on]").fill("2026-02-01")
        if number == 0:
            self.visitor.look("work-project-form")
        self.save()
        address = page.url.removeprefix(self.visitor.url)
        page = self.visitor.go(f"{address}measures/add/")
        page.locator("[name=means][value=service]").check()
        page.locator("[name=text]").fill("入户评估和整改（示例）")
        self.save()
        self.visitor.go(f"{address}move/review/").locator("[name=note]").fill("领导小组会议，2026年1月20日")
        self.save()
        self.visitor.go(f"{address}move/start/")
        self.save()
        if number == 0:
            self.visitor.look("work-project")

    def record(self, kind: str, number: int) -> None:
        page = self.go(f"activities/add/?kind={kind}")
        page.locator("[name=title]").fill(f"{'消防演练' if kind == 'drill' else '安全培训'}{number}（示例）")
        page.locator("[name=people]").fill("40")
        if kind == "drill":
            page.locator("[name=emergency]").select_option("accident")
        if number == 1:
            pictures = [photograph(number + turn + len(kind)) for turn in range(3)]
            page.locator("[name=files]").set_input_files(pictures)  # type: ignore[arg-type]
            self.visitor.look(f"work-{kind}-form")
        self.save()
        if number == 1:
            expect(page.locator("main .pictures img")).to_have_count(3)

    def report(self) -> str:
        """The report that is still to be written and due last; its lines come from what was recorded."""
        page = self.go("reports/")
        self.visitor.look("work-reports")
        found = page.locator("main").get_by_role("link", name=re.compile("月报")).first
        with page.expect_navigation():
            found.click()
        expect(page.locator("[name=summary]")).to_have_value(re.compile("消防演练"))
        self.visitor.look("work-report")
        return page.url.removeprefix(self.visitor.url)

    def send(self, address: str, words: str) -> None:
        page = self.visitor.go(address)
        page.locator("[name=summary]").fill(words)
        with page.expect_navigation():
            page.locator("button[name=act][value=submit]").click()
        expect(page.locator(".error-summary")).to_have_count(0)


def judge(authority: Visitor, address: str, decision: str, note: str = "") -> None:
    page = authority.go(address)
    page.locator("[name=note]").fill(note)
    with page.expect_navigation():
        page.locator(f"button[name=decision][value={decision}]").click()


def test_a_year_from_the_template_to_the_accepted_report(open_browser, demonstration: Demonstration) -> None:
    worker = Worker(open_browser(390), demonstration.run(NEW_MEMBER))
    worker.visitor.log_in(MEMBER)
    worker.begin()
    worker.diagnose()
    for number in range(7):
        worker.open_project(number)
    for number in range(1, 5):
        worker.record("drill", number)
        worker.record("training", number)
    home = worker.go()
    worker.visitor.look("work-home")
    counters = home.locator(".counter__number").all_inner_texts()
    assert [int(re.match(r"\d+", text)[0]) for text in counters].count(4) == 2
    assert any(int(re.match(r"\d+", text)[0]) == 7 for text in counters)
    worker.go("projects/coverage/")
    worker.visitor.look("work-coverage")
    address = worker.report()
    worker.send(address, "本月开展演练四次、培训四次（示例）。")
    authority = open_browser(1280)
    authority.log_in(demonstration.account("authority@"))
    authority.go("/work/board/")
    authority.look("work-board")
    authority.go("/work/board/queue/")
    authority.look("work-queue")
    judge(authority, address, "send_back", "请补充参加人数。")
    expect(worker.visitor.go(address).locator(".notice--alert")).to_contain_text("请补充参加人数。")
    worker.send(address, "本月开展演练四次、培训四次，共320人次（示例）。")
    judge(authority, address, "accept")
    expect(worker.visitor.go(address).locator("main")).to_contain_text("已审阅")


def test_a_resident_answers_by_the_code_on_the_poster(open_browser, demonstration: Demonstration) -> None:
    member = open_browser(1280)
    member.log_in(demonstration.account("community_liaison@"))
    page = member.go("/work/")
    address = page.url.removeprefix(member.url)
    page = member.go(f"{address}residents/")
    page.locator("[name=closes_on]").fill(
        demonstration.run("from core.clock import today\nanswer = str(today())")
    )
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").first.click()
    results = page.url.removeprefix(member.url)
    member.look("work-survey-open")
    link = page.locator("aside a[href*='/r/']").get_attribute("href").removeprefix(member.url)
    member.go(f"{results}poster/")
    member.look("work-survey-poster")
    resident = open_browser(390)
    resident.allowed.append("422")  # a form sent empty on purpose
    page = resident.go(link)
    resident.look("resident-form")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    resident.look("resident-form-errors")
    for name, value in {
        "age": "65+", "lives_here": "lives", "aware": "yes",
        "took_part": "no", "satisfied": "very", "feels_safe": "rather",
    }.items():  # fmt: skip
        page.locator(f"[name={name}][value='{value}']").check()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("感谢您的参与")
    expect(member.go(results).locator("main")).to_contain_text("共 1 人作答")
    member.look("work-survey-results")
