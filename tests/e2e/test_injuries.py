"""Injuries of a community: a fall and a crash on a phone, totals to a public table, single records for an authority."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Account, Demonstration
from tests.e2e.visitor import Visitor

PHONE_UNIT, TOTALS_UNIT, ACCESS_UNIT = 368, 369, 370
YEAR = 2025
FIRST = {"cause", "occurred_on", "month", "sex", "age", "age_band", "place", "severity", "outcome"}
FALL = {"fall_type", "fall_reason"}
TRAFFIC = {"traffic_means", "traffic_role", "traffic_counterpart", "traffic_protection"}
PRESS = 1.5  # seconds on a phone, the look for what is pressed included

NEW_MEMBER = """
from accounts.services.users import create_user
from communities.services.members import add_member
from communities.services.register import change_community
unit = RegisterEntry.objects.get(programme__code='international', number={number}).community
user = create_user(email={email!r}, name='联络人（示例）', password={password!r}, by=None)
role = Role.objects.get(code='community_liaison')
add_member(user=user, community=unit, role=role, by=None, origin='e2e', state='active')
district = Authority.objects.get(name_zh='顺义区应急管理局（演示）')
change_community(community=unit, by=None, supervisor=district, reason='演示')
answer = unit.pk
"""
RECORDS = """
from injuries.models import DataSet, Family
from injuries.months import Month
from injuries.services import datasets, records
unit = Community.objects.get(pk={community})
told = dict(family=Family.objects.get(number=4), source_kind='hospital', form='records', definition='首诊（示例）',
            completeness='complete', first_month=Month.at({year}, 1), last_month=Month.at({year}, 12))
begun = datasets.begin(DataSet(community=unit, **told), by=None)
for month in range(1, 4):
    records.add(begun, dict(cause=3, age=70 + month, sex=2, month=Month.at({year}, month)), by=None)
answer = begun.pk
"""


@dataclass
class Recorder:
    """The liaison of one community; ``presses`` are those that a thumb would have made."""

    visitor: Visitor
    community: int
    presses: int = 0

    @classmethod
    def of(cls, visitor: Visitor, demonstration: Demonstration, number: int) -> Recorder:
        account = Account(f"shanghai{number}@example.org", "Anquan-shequ-2026")
        told = {"number": number, "email": account.identifier, "password": account.password}
        community = demonstration.run(NEW_MEMBER.format(**told))
        visitor.log_in(account)
        return cls(visitor, community)

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def go(self, path: str = "") -> Page:
        return self.visitor.go(f"/injuries/{self.community}/{path}")

    # --- presses ---------------------------------------------------------------------------------------------

    def tap(self, name: str, value: object) -> None:
        self.presses += 1
        self.main.locator(f"[name={name}][value='{value}']").check()

    def choose(self, name: str, value: object) -> None:
        """The list is opened, a line of it is pressed."""
        self.presses += 2
        self.main.locator(f"select[name={name}]").select_option(str(value))

    def type(self, name: str, text: str) -> None:
        self.presses += 1 + len(text)
        self.main.locator(f"[name={name}]").fill(text)

    def pick_day(self, name: str, day: str) -> None:
        """The calendar is opened, a day of it is pressed, and so is what closes it."""
        self.presses += 3
        self.main.locator(f"[name={name}]").fill(day)

    def press(self, name: str) -> None:
        self.presses += 1
        with self.page.expect_navigation():
            self.main.get_by_role("button", name=name, exact=True).click()

    @property
    def shown_fields(self) -> set[str]:
        """What can be filled in without opening anything."""
        boxes = self.main.locator("form.form [name]:visible").all()
        return {str(box.get_attribute("name")) for box in boxes} - {"another", "None"}

    # --- the steps -------------------------------------------------------------------------------------------

    def begin(self, *, family: str, form: str, look: str = "") -> None:
        self.go("data/add/")
        self.main.locator("[name=family]").select_option(label=family)
        self.main.locator(f"[name=form][value={form}]").check()
        for name, text in {
            "first_month": f"{YEAR}-01",
            "last_month": f"{YEAR}-12",
            "definition": "首次就诊的伤害病例（示例）",
        }.items():
            self.main.locator(f"[name={name}]").fill(text)
        self.main.locator("[name=completeness]").select_option("complete")
        if look:
            self.visitor.look(look)
        self.press("保存")

    def follow(self, name: str | re.Pattern[str]) -> None:
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=name).first.click()


@pytest.fixture
def authority(open_browser, demonstration: Demonstration) -> Visitor:
    visitor = open_browser(1280)
    visitor.log_in(demonstration.account("authority@"))
    return visitor


def press(visitor: Visitor, name: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.locator("main").get_by_role("button", name=name, exact=True).click()


# --- a phone -------------------------------------------------------------------------------------------------


def test_a_fall_takes_half_a_minute_and_a_doubt_is_asked_once(
    open_browser, demonstration: Demonstration
) -> None:
    recorder = Recorder.of(open_browser(390), demonstration, PHONE_UNIT)
    recorder.visitor.go("/injuries/")
    expect(recorder.page).to_have_url(re.compile(rf"/injuries/{recorder.community}/$"))
    recorder.visitor.look("injuries-empty")
    recorder.go("data/")
    recorder.visitor.look("injuries-data-sets-empty")
    recorder.begin(family="居家", form="records", look="injuries-data-set-form")
    expect(recorder.page.get_by_role("heading", level=1)).to_have_text("登记伤害")
    record_a_fall(recorder)
    record_a_crash(recorder)
    recorder.visitor.look("injuries-records")
    rows = recorder.main.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("机动车车祸")
    expect(rows.first).to_contain_text("家中")
    expect(rows.last).to_contain_text("跌倒/坠落")
    rows.first.get_by_role("link").click()
    expect(recorder.main.locator("select[name=traffic_means]")).to_be_visible()
    recorder.visitor.look("injuries-record")


def record_a_fall(recorder: Recorder) -> None:
    recorder.presses = 1  # the button that opened this form
    assert recorder.shown_fields == FIRST
    recorder.visitor.look("injuries-record-form")
    recorder.tap("cause", 3)
    assert recorder.shown_fields == FIRST | FALL
    recorder.choose("fall_type", 1)
    recorder.choose("fall_reason", 1)
    recorder.pick_day("occurred_on", f"{YEAR}-03-15")
    recorder.tap("sex", 2)
    recorder.type("age", "72")
    recorder.choose("place", 1)
    recorder.tap("severity", 2)
    recorder.choose("outcome", 1)
    recorder.visitor.look("injuries-record-fall")
    recorder.press("保存并登记下一例")
    expect(recorder.page.get_by_text("已登记。")).to_be_visible()
    assert recorder.presses == 19
    assert recorder.presses * PRESS < 30


def record_a_crash(recorder: Recorder) -> None:
    """A crash at home is possible, if unusual: it is asked about, and said again it stands."""
    recorder.visitor.allowed.append("422")
    recorder.tap("cause", 1)
    assert recorder.shown_fields == FIRST | TRAFFIC
    recorder.choose("traffic_means", 2)
    recorder.pick_day("occurred_on", f"{YEAR}-04-02")
    recorder.tap("sex", 1)
    recorder.type("age", "41")
    recorder.choose("place", 1)
    recorder.press("保存")
    question = recorder.main.locator(".field__error", has_text="车祸一般发生在公路或街道，地点是否正确？")
    expect(question).to_have_count(1)
    assert recorder.shown_fields == FIRST | TRAFFIC
    recorder.visitor.look("injuries-record-doubt")
    recorder.press("保存")
    expect(recorder.page.get_by_text("已登记。")).to_be_visible()


# --- totals, figures, approval, the public ------------------------------------------------------------------------


def test_a_year_of_totals_goes_from_the_form_to_everybody(
    open_browser, demonstration: Demonstration, authority: Visitor
) -> None:
    recorder = Recorder.of(open_browser(390), demonstration, TOTALS_UNIT)
    recorder.begin(family="居家", form="totals")
    data_set = recorder.visitor.path
    enter_a_month(recorder, data_set)
    say_of_the_other_months_that_there_was_none(recorder)
    figures_have_a_rate_once_there_are_people(recorder)
    is_sent_back_and_approved(recorder, authority, data_set)
    is_published(recorder, open_browser)


def enter_a_month(recorder: Recorder, data_set: str) -> None:
    recorder.visitor.allowed.append("422")
    recorder.visitor.look("injuries-data-set")
    recorder.follow(re.compile(f"{YEAR}-01"))
    totals = {"all-0": 60, "cause-3": 30, "cause-6": 6, "cause-7": 6, "cause-11": 20, "age_band-5": 21}
    for name, number in totals.items():
        recorder.main.locator(f"[name='{name}']").fill(str(number))
    recorder.press("保存")
    expect(recorder.main.locator(".field__error")).to_have_text("按原因：合计 62，而总例数只有 60。")
    recorder.visitor.look("injuries-totals-errors")
    recorder.main.locator("[name=cause-6]").fill("4")
    recorder.visitor.look("injuries-totals")
    recorder.press("保存")
    expect(recorder.page).to_have_url(f"{recorder.visitor.url}{data_set}")
    expect(recorder.main.locator("tbody tr").first.locator("td").first).to_have_text("60")


def say_of_the_other_months_that_there_was_none(recorder: Recorder) -> None:
    """A month of which nothing is said makes the year incomplete, and without a whole year there is no rate."""
    for month in range(2, 13):
        recorder.follow(re.compile(f"{YEAR}-{month:02}"))
        recorder.main.locator("[name='all-0']").fill("0")
        recorder.press("保存")


def figures_have_a_rate_once_there_are_people(recorder: Recorder) -> None:
    page = recorder.go()
    rate = recorder.main.locator(".kpis__value").nth(2)
    expect(rate).to_have_text("—")
    expect(recorder.main).to_contain_text("无法计算率：该时期该人群的人口数未登记。")
    recorder.visitor.look("injuries-without-people")
    recorder.go(f"people/?year={YEAR}")
    recorder.main.locator("[name=source]").fill("统计年鉴（示例）")
    for sex in ("male", "female"):
        for span, number in {
            "0-14": 3000,
            "15-24": 2000,
            "25-59": 10_000,
            "60-64": 1000,
            "65-": 2000,
        }.items():
            recorder.main.locator(f"[name='{sex}-{span}']").fill(str(number))
    recorder.visitor.look("injuries-people")
    recorder.press("保存")
    page = recorder.go()
    expect(recorder.main.locator(".kpis__value").first).to_have_text("60")
    expect(rate).to_have_text("166.7 127.2–214.5")
    recorder.visitor.look("injuries-dashboard")
    with page.expect_download() as waiting:
        recorder.main.locator("#table-causes .section-head a").click()
    assert waiting.value.suggested_filename == f"causes-{YEAR}.csv"
    lines = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert lines == [
        ["伤害原因", "例数", "占比", "每10万人"],
        ["跌倒/坠落", "30", "50%", "83.3"],
        ["动物伤", "20", "33%", "55.6"],
        ["烧烫伤", "6", "10%", "16.7*"],
        ["刀/锐器伤", "4", "7%", "11.1*"],
    ]
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Injury figures")
    recorder.visitor.look("injuries-dashboard-en")
    recorder.go("compare/")
    recorder.visitor.look("injuries-compare-en")
    page.get_by_role("button", name="中文").click()
    recorder.go("compare/")
    recorder.visitor.look("injuries-compare")


def is_sent_back_and_approved(recorder: Recorder, authority: Visitor, data_set: str) -> None:
    recorder.visitor.go(data_set)
    recorder.press("关闭并送审")
    name = recorder.page.locator("h1").inner_text()
    page = authority.go("/injuries/waiting/")
    authority.look("injuries-waiting")
    authority.go(data_set)
    authority.look("injuries-data-set-closed")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="退回修改").click()
    authority.look("injuries-send-back")
    page.locator("[name=note]").fill("请核对一月的刀/锐器伤例数。")
    press(authority, "退回修改")
    card = recorder.visitor.go("/portal/").locator("main .duty", has_text=name)
    expect(card).to_contain_text("请核对一月的刀/锐器伤例数。")
    expect(card).to_contain_text("已退回")
    recorder.visitor.look("injuries-duty")
    with recorder.page.expect_navigation():
        card.get_by_role("link").first.click()
    expect(recorder.page).to_have_url(f"{recorder.visitor.url}{data_set}")
    expect(recorder.main.locator(".notice--alert")).to_contain_text("请核对一月的刀/锐器伤例数。")
    recorder.visitor.look("injuries-data-set-sent-back")
    recorder.press("关闭并送审")
    authority.go(data_set)
    press(authority, "区县审核通过")
    expect(page.locator("main .page-head")).to_contain_text("区县已审核")
    expect(recorder.visitor.go("/portal/").locator("main .duty", has_text=name)).to_have_count(0)


def is_published(recorder: Recorder, open_browser) -> None:
    recorder.go("settings/")
    recorder.visitor.look("injuries-settings")
    recorder.press(f"公布 {YEAR}")
    expect(recorder.main.get_by_role("button", name=f"撤下 {YEAR}")).to_be_visible()
    recorder.visitor.look("injuries-settings-published")
    anybody = open_browser(390)
    main = anybody.go(f"/communities/{recorder.community}/injuries/").locator("main")
    anybody.look("injuries-public")
    told = [text.strip() for text in main.locator("tbody td, tfoot td").all_inner_texts()]
    assert {"30", "60", "—"} <= set(told)
    assert [text for text in told if text in {"1", "2", "3", "4"}] == []
    expect(main.locator("form, input, select, button, a[href*='?']")).to_have_count(0)
    wide = open_browser(1280)
    wide.go(f"/communities/{recorder.community}/injuries/")
    wide.look("injuries-public")


# --- single records for another house -----------------------------------------------------------------------------


def test_an_authority_sees_single_records_only_by_a_noted_look(
    open_browser, demonstration: Demonstration, authority: Visitor
) -> None:
    recorder = Recorder.of(open_browser(1280), demonstration, ACCESS_UNIT)
    told = {"community": recorder.community, "year": YEAR}
    data_set = demonstration.run(RECORDS.format(**told))
    page = authority.go(f"/injuries/data/{data_set}/")
    way = page.locator("main").get_by_role("link", name="查看逐例记录")
    expect(way).to_have_count(0)
    recorder.go("settings/access/")
    recorder.main.locator("[name=email]").fill(demonstration.account("authority@").identifier)
    recorder.main.locator("[name=need]").fill("跌倒伤害专项分析（示例）")
    soon = demonstration.run(
        "import datetime as dt\nfrom core.clock import today\nanswer = str(today() + dt.timedelta(days=30))"
    )
    recorder.main.locator("[name=until]").fill(soon)
    recorder.visitor.look("injuries-access-form")
    recorder.press("授权")
    recorder.visitor.look("injuries-access-given")
    authority.go(f"/injuries/data/{data_set}/")
    with page.expect_navigation():
        way.click()
    expect(page.locator("main")).to_contain_text("跌倒伤害专项分析（示例）")
    expect(page.locator("main tbody tr")).to_have_count(0)
    authority.look("injuries-look")
    press(authority, "查看逐例记录")
    expect(page.locator("main tbody tr")).to_have_count(3)
    expect(page.locator("main tbody a")).to_have_count(0)
    authority.look("injuries-records-of-others")
    noted = demonstration.run(
        f"answer = list(AuditEntry.objects.filter(action='injury_rows.view', target_id='{data_set}')"
        ".values_list('reason', flat=True))"
    )
    assert noted == ["跌倒伤害专项分析（示例）"]
    recorder.go("settings/")
    with recorder.page.expect_navigation():
        recorder.main.get_by_role("button", name=re.compile("结束")).click()
    authority.go(f"/injuries/data/{data_set}/")
    expect(way).to_have_count(0)
