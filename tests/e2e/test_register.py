"""The public reads the register: by any name, by filters, as a table to take home."""

import csv

import openpyxl
import pytest
from playwright.sync_api import expect

UNITS = 127


@pytest.mark.parametrize("query", ["筓筓", "筼筜", "yundang", "YDJD", "３６２"])
def test_a_unit_is_found_by_every_name_and_number(open_browser, query) -> None:
    page = open_browser(1280).go("/register/")
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("main").locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="筼筜街道")).to_be_visible()


def test_the_register_is_read_at_every_width(open_browser, width) -> None:
    visitor = open_browser(width)
    page = visitor.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("中国大陆地区国际安全社区名录")
    visitor.look("register")
    page.get_by_role("link", name="天竺镇").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("天竺镇")
    visitor.look("community")


@pytest.mark.parametrize("path", ["/register/", "/register/362/", "/login/", "/join/", "/help/"])
def test_nothing_sticks_out_of_the_smallest_phone(open_browser, path) -> None:
    visitor = open_browser(320)
    visitor.go(path)
    assert visitor.overflow() <= 0


def test_filters_are_links_whose_numbers_hold(open_browser, width) -> None:
    page = open_browser(width).go("/register/")
    if width < 600:
        page.get_by_text("更多筛选与下载").click()
    filters = page.locator(".filters").filter(visible=True)
    filters.get_by_role("link", name="福建省").click()
    expect(page.locator("main tbody tr")).to_have_count(3)
    assert "province" in page.url


def test_page_csv_and_workbook_hold_the_same_units(open_browser, tmp_path) -> None:
    visitor = open_browser(1280)
    visitor.go("/register/")
    expect(visitor.page.get_by_text(f"共 {UNITS} 家")).to_be_visible()
    with visitor.download("CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    sheet = openpyxl.load_workbook(visitor.download("Excel", tmp_path)).worksheets[0]
    numbers = numbers_of(sheet)
    assert (len(rows) - 1, len(numbers)) == (UNITS, UNITS)
    assert sorted(numbers) == sorted(row[rows[0].index("命名序号")] for row in rows[1:])


def numbers_of(sheet) -> list[str]:
    """The designation numbers of the printed order, below whatever heading the sheet begins with."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(index for index, row in enumerate(rows) if "命名序号" in row)
    column = rows[head].index("命名序号")
    return [str(row[column]) for row in rows[head + 1 :] if row[column] is not None]


def test_an_unknown_unit_is_a_friendly_page(open_browser) -> None:
    visitor = open_browser(390)
    visitor.allowed.append("404")
    page = visitor.go("/register/9999/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visitor.look("not-found")
