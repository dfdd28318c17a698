"""What goes wrong between the download of the population and the yes to its differences."""

from __future__ import annotations

import io
import time

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from communities.models import Community
from core import clock
from core.errors import Refused
from injuries.services import people, population_workbooks
from tests.injuries.test_population_workbooks import (
    SHEET,
    WHOLE,
    block,
    cell,
    downloaded,
    faults,
    filled,
    kept,
    sent,
    told,
    url,
)


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2026-03-02 09:00"):
        yield


STALE = "这一年的数字已有变动，请重新下载表格。"


def more_in_2024(sheet: Worksheet) -> None:
    sheet.cell(block(sheet, 2024)[WHOLE], 4).value = 9_900


@pytest.mark.parametrize("value", ["#REF!", "#DIV/0!", "#N/A", "1,5", "12,5", "1,2,3", "5,"])
def test_what_is_no_whole_number_is_a_fault_and_never_unknown(
    liaison: Client, known: Community, value: str
) -> None:
    page = sent(liaison, known, filled(liaison, known, cell(14, 4, value)))
    assert [(row, column) for row, column, _sentence in faults(page)] == [(14, "全部")]


def test_thousands_may_be_set_apart(liaison: Client, known: Community) -> None:
    page = sent(liaison, known, filled(liaison, known, cell(14, 4, "1,009,900")))
    assert [new for _year, _what, _old, new in told(page)] == [1_009_900]


def test_a_second_press_says_that_it_is_done(liaison: Client, known: Community) -> None:
    sealed = sent(liaison, known, filled(liaison, known, more_in_2024)).context["sealed"]
    for _press in range(2):
        answer = liaison.post(url("people_workbook", known), {"changes": sealed}, follow=True)
        assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["success"]
    assert kept(known)[2024, "all", 0] == 9_900


def test_rows_of_two_downloads_are_not_one_table(liaison: Client, known: Community) -> None:
    old = downloaded(liaison, known)
    people.write(known, year=2024, basis="resident", cells={("all", 0, None): 5}, source="", by=None)
    new = downloaded(liaison, known)
    row = block(old[SHEET], 2024)["65+"]
    for column in range(1, 9):
        old[SHEET].cell(row, column).value = new[SHEET].cell(row, column).value
    target = io.BytesIO()
    old.save(target)
    assert (row, "年", STALE) in faults(sent(liaison, known, target.getvalue()))


def test_a_yes_holds_for_a_day(liaison: Client, known: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = sent(liaison, known, filled(liaison, known, more_in_2024)).context["sealed"]
    later = time.time() + population_workbooks.KEPT_FOR + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(Refused) as refused:
        population_workbooks.take(known, sealed, by=None)
    assert refused.value.codes == ["gone"]
