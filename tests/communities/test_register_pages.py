"""The public register on the real list: what is found, counted, shown and taken home."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from communities import selectors
from communities.enums import NameStatus, Status
from communities.forms import RegisterFilterForm
from communities.selectors import RegisterFilters
from communities.services.loading import load_register
from communities.workbooks.excel import register_workbook
from core import clock
from core.csv_lines import FORMULA_STARTS, guarded
from tests.factories import CommunityFactory, ContactFactory, RegisterEntryFactory

DAY = "2026-11-21"
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The whole list, loaded once for this module and taken away after it."""
    with django_db_blocker.unblock():
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic():
            load_register(folder=FIXTURES)
            yield
            transaction.set_rollback(True)


@pytest.fixture
def client(loaded, db) -> Client:
    with clock.frozen(DAY):
        yield Client()


def numbers(client: Client, **query: str) -> list[int]:
    page = client.get("/register/", query).context["page"]
    return [entry.number for entry in page]


def counts(client: Client, facet: str, **query: str) -> dict[str, int]:
    found = client.get("/register/", query).context["found"]
    return {link.label: link.count for one in found.facets if one.name == facet for link in one.links}


def test_the_page_says_how_many_units_in_how_many_provinces(client):
    assert "2006年以来 127 家单位获得命名，分布在 15 个省（直辖市）。" in client.get("/register/").text


def test_seven_are_valid_and_for_one_only_the_exact_date_is_missing(client):
    assert counts(client, "status") == {"有效期内": 7, "状态未知": 120}
    lacking = selectors.register_entries().with_status().filter(lacks_exact_date=True)
    assert [entry.number for entry in lacking] == [422]


def test_the_newest_number_stands_first_and_twenty_on_a_page(client):
    shown = numbers(client)
    assert (shown[0], len(shown)) == (437, 20)
    assert shown == sorted(shown, reverse=True)
    assert len(numbers(client, page="7")) == 7


def test_a_page_that_does_not_exist_is_the_last_one_or_the_first(client):
    assert numbers(client, page="999") == numbers(client, page="7")
    assert numbers(client, page="<script>") == numbers(client)


@pytest.mark.parametrize(
    "query",
    [
        "筓筓",
        "筼筜",
        "筼筜街道",
        "yundang",
        "Yun Dang Jie Dao".replace(" ", ""),
        "YUNDANG",
        "ydjd",
        "362",
        "３６２",
        "第362号",
        "筼筜 厦门",
        "yundang xiamen",
    ],
)
def test_one_unit_is_found_by_each_of_its_names(client, query):
    assert numbers(client, q=query) == [362]


def test_initials_count_from_the_beginning_of_a_name(client):
    assert 362 in numbers(client, q="yd")


def test_a_unit_is_found_by_the_district_it_lay_in_when_named(client):
    assert set(numbers(client, q="卢湾")) >= {162, 195}
    assert numbers(client, q="luwan") == numbers(client, q="卢湾")


def test_a_unit_is_found_by_the_district_it_lies_in_today(client):
    assert 343 in numbers(client, q="两江新区")
    assert 343 in numbers(client, q="渝北")


def test_a_unit_is_found_by_its_name_today(client):
    assert numbers(client, q="云埔") == [370]


def test_a_compatibility_character_finds_the_ordinary_one(client):
    assert numbers(client, q="\uf900") == numbers(client, q="豈")


@pytest.mark.parametrize(
    "query", ["没有这个社区", "%", "_", "99999999999999999999", "<script>", "' OR 1=1 --", "😀"]
)
def test_nothing_found_is_an_empty_page_with_a_way_out(client, query):
    response = client.get("/register/", {"q": query})
    assert "没有符合条件的单位" in response.text
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        ("years", {"2021–2023": 8, "2016–2020": 28, "2011–2015": 51, "2006–2010": 40}),
        ("kind", {"街道": 94, "镇": 13, "区县": 9, "企业": 5, "园区": 4, "居委会": 1, "类别待定": 1}),
    ],
)
def test_facets_are_counted_from_the_rows(client, facet, expected):
    assert counts(client, facet) == expected


def test_counts_of_provinces_are_those_of_the_list(client):
    assert list(counts(client, "province").items())[:6] == [
        ("上海市", 38), ("北京市", 33), ("广东省", 13), ("辽宁省", 10), ("山东省", 7), ("重庆市", 7)
    ]  # fmt: skip


def test_filters_combine_and_each_facet_counts_with_the_others(client):
    assert counts(client, "years", province="上海市", status="active") == {"2021–2023": 3}
    assert counts(client, "province", status="active")["上海市"] == 3
    assert numbers(client, province="上海市", status="active") == [437, 433, 429]


def test_every_count_is_what_its_link_leads_to(client):
    found = client.get("/register/", {"province": "北京市"}).context["found"]
    for facet in found.facets:
        for link in facet.links:
            led_to = selectors.register_entries(filters=link.filters).count()
            assert link.current or led_to == link.count


@pytest.mark.parametrize(
    "query", [{"status": "nonsense"}, {"years": "20x6"}, {"kind": "<b>"}, {"province": "x" * 500}]
)
def test_filters_that_make_no_sense_ask_for_nothing(client, query):
    assert client.get("/register/", query).context["found"].count == 127


@pytest.mark.parametrize(
    ("typed", "years"), [("2016-2020", (2016, 2020)), ("2021", (2021, 2021)), ("２０２１", None), ("", None)]
)
def test_years_are_read_from_the_address(typed, years):
    assert RegisterFilterForm({"years": typed}).filters.years == years


def test_a_name_to_be_confirmed_shows_as_printed_and_the_suggestion_as_a_guess(client):
    text = client.get("/register/351/").text
    assert "<h1>联合街道</h1>" in text
    assert "待原单位确认" in text
    assert "联和街道（仅为推测，尚未确认）" in text


def test_the_page_of_a_unit_says_why_its_status_is_unknown(client):
    text = client.get("/register/362/").text
    assert "2015年命名，五年期在2020年届满，此后没有收到复评记录" in text
    assert "筓筓街道" in text
    assert "350203009" in text
    assert {entry.number for entry in client.get("/register/362/").context["neighbours"]} == {395, 396}


def test_a_district_names_the_units_within_it(client):
    parts = [part.name_zh for part in client.get("/register/195/").context["parts"]]
    assert "淮海中路街道" in parts


@pytest.mark.parametrize("path", ["/register/1/", "/register/99999999999999999999/", "/communities/999999/"])
def test_what_is_not_in_the_register_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_unpublished_unit_is_not_there_for_the_public(client):
    hidden = RegisterEntryFactory(number=9001, community__published=False)
    assert client.get("/register/9001/").status_code == 404
    assert client.get(f"/communities/{hidden.community_id}/").status_code == 404
    assert numbers(client, q="9001") == []


def test_a_unit_with_a_number_has_one_address(client):
    entry = selectors.entry_by_number(362)
    response = client.get(f"/communities/{entry.community_id}/")
    assert (response.status_code, response.url) == (302, "/register/362/")


def test_a_unit_of_another_programme_has_its_page_under_communities(client):
    entry = RegisterEntryFactory(programme__code="municipal", programme__name_zh="市级安全社区", number=5)
    response = client.get(f"/communities/{entry.community_id}/")
    assert response.status_code == 200
    assert entry.community.name_zh in response.text


def test_a_candidate_without_any_entry_has_a_page_too(client):
    community = CommunityFactory()
    assert "本单位尚未获得命名。" in client.get(f"/communities/{community.pk}/").text


def test_the_public_never_meets_a_contact(client):
    community = selectors.entry_by_number(362).community
    ContactFactory(community=community, name="李秘密", mobile="13812345678", email="mimi@example.org")
    for path in ("/register/362/", "/register/?q=362", "/register.csv", "/register/?q=13812345678"):
        text = client.get(path).content.decode("utf-8-sig").replace('13812345678"', "")
        assert "李秘密" not in text
        assert "mimi@" not in text
    assert numbers(client, q="13812345678") == []


def read_csv(client: Client, **query: str) -> list[list[str]]:
    content = client.get("/register.csv", query).content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def read_book(client: Client, **query: str) -> Workbook:
    return load_workbook(io.BytesIO(client.get("/register.xlsx", query).content))


@pytest.fixture(scope="module")
def book(loaded) -> Workbook:
    """The whole list, made once: reading it back costs more than any page."""
    with clock.frozen(DAY):
        entries = selectors.export_rows(RegisterFilters())
        return load_workbook(io.BytesIO(register_workbook(entries, as_of=clock.today())))


def filled_down(book) -> list[list[str]]:
    """The cells as a reader sees them: a merged cell's value stands for all its rows."""
    sheet = book["名录"]
    values = {(cell.row, cell.column): cell.value for row in sheet for cell in row}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            values[row, area.min_col] = values[area.min_row, area.min_col]
    return [
        [
            "" if values[row, column] is None else str(values[row, column])
            for column in range(1, sheet.max_column + 1)
        ]
        for row in range(1, sheet.max_row + 1)
    ]


@pytest.mark.parametrize("query", [{}, {"province": "上海市", "status": "active"}, {"q": "卢湾"}])
def test_page_csv_and_workbook_agree(client, query):
    table = read_csv(client, **query)
    assert filled_down(read_book(client, **query)) == table
    shown = {}
    for page in range(1, 8):
        for entry in client.get("/register/", {**query, "page": page}).context["page"]:
            label = str(Status(entry.status).label)
            community = entry.community
            shown[entry.number] = [
                str(entry.sequence), community.province_name, community.city_name, community.name_zh,
                str(entry.number), str(entry.first_year), label,
            ]  # fmt: skip
    assert {int(row[4]): row[:7] for row in table[1:]} == shown


def test_the_first_six_columns_are_those_of_annex_1_in_printed_order(client):
    table = read_csv(client)
    assert table[0][:6] == ["序号", "省（直辖市）", "市（区）", "社区名称", "命名序号", "命名年份"]
    assert [int(row[0]) for row in table[1:]] == list(range(1, 128))


def test_merged_cells_end_where_the_value_changes(client, book):
    table = read_csv(client)[1:]
    merged = {str(area) for area in book["名录"].merged_cells.ranges}
    expected = set()
    for letter, key in (("B", lambda row: row[1]), ("C", lambda row: (row[1], row[2]))):
        start = 0
        for index in range(1, len(table) + 1):
            if index == len(table) or key(table[index]) != key(table[start]):
                if index - start > 1:
                    expected.add(f"{letter}{start + 2}:{letter}{index + 1}")
                start = index
    assert merged == expected


def test_the_workbook_has_typed_cells_and_repeats_its_head_on_paper(client, book):
    sheet = book["名录"]
    row = sheet[120]
    assert [cell.value for cell in row[:6]][3:] == ["筼筜街道", 362, 2015]
    assert [row[0].data_type, row[4].data_type, row[5].data_type] == ["n", "n", "n"]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'名录'!$A$1:$F$128"


def test_the_check_sheet_counts_the_same_rows(client, book):
    sheet = book["核对"]
    cells = {row[0].value: row[1].value for row in sheet if row[0].value is not None}
    assert cells["截至日期"] == "2026年11月21日"
    assert (cells["行数"], cells["上海市"], cells["北京市"], cells[2023]) == (127, 38, 33, 2)
    assert (cells["有效期内"], cells["状态未知"]) == (7, 120)


def test_the_check_sheet_reports_types_in_four_groups_and_in_three(client, book):
    column = [[cell.value for cell in row[:2]] for row in book["核对"]]
    four = column.index(["类型（四类）", "行数"])
    three = column.index(["类型（安康三类）", "行数"])
    by_four, by_three = dict(column[four + 1 : four + 6]), dict(column[three + 1 : three + 5])
    assert list(by_four) == ["城市", "农村", "企业主导", "园区", "类型未知"]
    assert list(by_three) == ["城市", "农村", "企业主导或园区", "类型未知"]
    assert sum(by_four.values()) == sum(by_three.values()) == 127
    assert by_three["企业主导或园区"] == by_four["企业主导"] + by_four["园区"] > 0


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_looks_like_a_formula_is_disarmed(start):
    assert guarded(start + "cmd|' /C calc'!A0") == "'" + start + "cmd|' /C calc'!A0"


def test_a_hostile_name_is_text_in_every_file(client):
    name = '=HYPERLINK("http://evil.example","筼筜")'
    RegisterEntryFactory(number=9002, sequence=None, community__name_zh=name)
    assert ["'" + name] == [row[3] for row in read_csv(client) if row[4] == "9002"]
    cells = [cell for row in read_book(client)["名录"] for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    page = client.get("/register/", {"q": "9002"}).text
    assert unescape(page).count(name) >= 1
    assert 'HYPERLINK("' not in page


def test_a_script_as_a_name_stays_text(client):
    RegisterEntryFactory(number=9003, community__name_zh="<script>alert(1)</script>")
    for path in ("/register/?q=9003", "/register/9003/"):
        text = client.get(path).text
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_name_beyond_the_basic_plane_survives(client):
    RegisterEntryFactory(
        number=9004, community__name_zh="𬭎街道", community__name_status=NameStatus.AS_PRINTED
    )
    assert "𬭎街道" in client.get("/register/9004/").text
    assert "𬭎街道" in [row[3] for row in read_csv(client)]


@pytest.mark.parametrize("path", ["/register/", "/register/362/", "/register.csv", "/register.xlsx"])
def test_the_register_is_read_only(client, path):
    assert client.post(path).status_code == 405


def test_downloads_keep_the_filters_of_the_page(client):
    text = client.get("/register/", {"province": "福建省"}).text
    assert re.search(r'href="/register\.xlsx\?province=%E7%A6%8F', text)


def test_the_search_keeps_the_filters_and_filters_keep_the_search(client):
    text = client.get("/register/", {"province": "福建省", "q": "街道"}).text
    assert '<input type="hidden" name="province" value="福建省">' in text
    assert RegisterFilters(query="街道", province="福建省").parameters() == {
        "q": "街道",
        "province": "福建省",
    }


def test_what_no_workbook_can_hold_does_not_break_it(client):
    answer = client.get("/register.xlsx", {"q": "362\x01\x0b"})
    assert load_workbook(io.BytesIO(answer.content))["核对"]["B2"].value == "“362”"
