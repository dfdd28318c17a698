"""A table of injuries with five wrong cells: told by row and column, mended, taken over, taken back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, expect

from tests.e2e.liaison import WORKER
from tests.e2e.server import Demonstration
from tests.e2e.test_injuries import YEAR, Recorder

UNIT = 371
HEAD = ["卡片编号", "受伤日期", "年龄", "性别", "伤害原因", "在哪里", "严重程度", "联系电话"]
CASES = [
    [f"A-{n}", f"{YEAR}-03-0{n}", 70 + n, "女", "跌倒", "家中", "中度", "13800000000"] for n in range(1, 9)
]
# Row and column of the table as Excel counts them, and what stands there.
WRONG = {
    (3, "B"): f"{YEAR + 30}-01-01",
    (4, "B"): f"{YEAR - 1}-12-31",
    (5, "C"): 300,
    (6, "E"): "跌了一跤",
    (7, "D"): "?",
}
MENDED = {
    (3, "B"): f"{YEAR}-03-02",
    (4, "B"): f"{YEAR}-03-03",
    (5, "C"): 74,
    (6, "E"): "跌倒",
    (7, "D"): "女",
}


def workbook(rows: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def upload(recorder: Recorder, book: openpyxl.Workbook) -> None:
    content = io.BytesIO()
    book.save(content)
    files = {"name": "伤害.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    recorder.main.locator("[name=upload]").set_input_files(files)  # type: ignore[arg-type]
    with recorder.page.expect_navigation():
        recorder.main.locator("form.form button[type=submit]").click()
    expect(counts(recorder)).to_have_count(3, timeout=WORKER)


def counts(recorder: Recorder) -> Locator:
    """Rows, rows with faults, rows with doubts: there once a worker has looked through."""
    return recorder.main.locator("dl.facts > dd").locator("nth=0 >> xpath=../dd[position()<4]")


def act(recorder: Recorder, step: str) -> None:
    with recorder.page.expect_navigation():
        recorder.main.locator(f"form[action$='/{step}/'] button[type=submit]").click()


def test_five_wrong_cells_are_mended_taken_over_and_taken_back(
    open_browser, demonstration: Demonstration, tmp_path: Path
) -> None:
    recorder = Recorder.of(open_browser(1280), demonstration, UNIT)
    recorder.begin(family="居家", form="records")
    data_set = recorder.visitor.path.removesuffix("records/add/")
    recorder.visitor.go(f"{data_set}import/")
    recorder.visitor.look("injuries-import")
    book = workbook([HEAD, *CASES])
    for (row, column), value in WRONG.items():
        book.active[f"{column}{row}"] = value
    upload(recorder, book)
    expect(recorder.main.locator("dl.facts")).to_contain_text("在哪里")  # a column that nobody knows yet
    recorder.main.locator("select[name='column-5']").select_option("place")
    act(recorder, "columns")
    expect(counts(recorder)).to_have_text(["8", "5", "0"], timeout=WORKER)
    faults = recorder.main.locator("table").first.locator("tbody tr")
    expect(faults).to_have_count(5)
    told = [row.locator("th, td").all_inner_texts() for row in faults.all()]
    assert [(int(cells[0]), cells[1][0]) for cells in told] == list(WRONG)
    expect(recorder.main.locator(".notice--alert", has_text="联系电话")).to_be_visible()
    recorder.visitor.look("injuries-import-faults")
    marked = tmp_path / "marked.xlsx"
    with recorder.page.expect_download() as waiting:
        recorder.main.locator("a[href$='/errors/']").click()
    waiting.value.save_as(marked)
    upload_mended(recorder, data_set, marked)
    recorder.visitor.look("injuries-import-checked")
    act(recorder, "take")
    expect(recorder.main.locator("form[action$='/undo/']")).to_be_visible(timeout=WORKER)
    recorder.visitor.look("injuries-import-taken")
    phone = open_browser(390)
    phone.page.context.add_cookies(recorder.page.context.cookies())
    phone.go(recorder.visitor.path)
    phone.look("injuries-import-taken")
    recorder.visitor.go(f"{data_set}records/")
    expect(recorder.main.locator("tbody tr")).to_have_count(8)
    expect(recorder.main.locator("tbody tr", has_text="家中")).to_have_count(8)
    recorder.page.go_back()
    act(recorder, "undo")
    expect(recorder.main).to_contain_text("已撤销", timeout=WORKER)
    recorder.visitor.go(f"{data_set}records/")
    expect(recorder.main.locator("tbody tr")).to_have_count(0)


def upload_mended(recorder: Recorder, data_set: str, marked: Path) -> None:
    """The marked table itself comes in again, its five cells mended."""
    recorder.visitor.go(f"{data_set}import/")
    book = openpyxl.load_workbook(marked)
    for (row, column), value in MENDED.items():
        book.active[f"{column}{row}"] = value
    upload(recorder, book)
    expect(counts(recorder)).to_have_text(["8", "0", "0"])
