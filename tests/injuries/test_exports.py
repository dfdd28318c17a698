"""Records as a workbook: for members with a second factor and a reason, and it comes in again as it went out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core.errors import Refused
from documents import services as documents
from documents.models import Run
from injuries.importers.columns import COLUMNS
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.services import exports
from injuries.services import records as writing
from tests.injuries.factories import DataSetFactory, SubAreaFactory
from tests.injuries.tables import taken

FULL: dict[str, Any] = {
    "key": "-1",
    "occurred_on": dt.date(2025, 3, 1),
    "occurred_hour": 0,
    "treated_on": dt.date(2025, 3, 2),
    "age": 0,
    "sex": 2,
    "cause": 1,
    "place": 5,
    "traffic_means": 2,
    "icd10": "V10.1",
    "narrative": "=1+1\n𬭎镇_x000D_",
    "follow_up": "wanted",
    "follow_up_note": "@谁",
}
NOT_IN_THE_TABLE = {"id", "data_set", "batch", "created_at", "created_by", "form_key", "revision"}


def exported(data_set: DataSet, by: User) -> bytes:
    run = exports.request_export(data_set, reason="年度分析", by=by, is_verified=True)
    documents.perform(run.pk)
    run.refresh_from_db()
    assert run.result is not None, run.error
    return run.result.file.read()


def contents(data_set: DataSet) -> list[dict[str, Any]]:
    kept = [field.name for field in Record._meta.fields if field.name not in NOT_IN_THE_TABLE]
    return list(Record.objects.filter(data_set=data_set).order_by("month", "key").values(*kept))


@pytest.fixture
def filled(records: DataSet) -> DataSet:
    area = SubAreaFactory(community=records.community, name="=东风")
    writing.add(records, {**FULL, "sub_area": area}, by=None)
    writing.add(records, {"month": Month.at(2025, 5), "age_band": 6, "cause": 3, "fall_type": 1}, by=None)
    return records


def test_what_goes_out_comes_in_as_it_was(filled: DataSet, li: User) -> None:
    content = exported(filled, li)
    other = DataSetFactory(community=filled.community, is_counted=False)
    taken(other, content, li)
    assert contents(other) == contents(filled)


def test_cells_are_typed_and_nothing_in_them_is_a_formula(filled: DataSet, li: User) -> None:
    content = exported(filled, li)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["伤害记录"]
    head, row = list(sheet.iter_rows(max_row=2))
    assert [cell.value for cell in head] == [column.title for column in COLUMNS]
    cells = dict(zip([column.field for column in COLUMNS], row, strict=True))
    assert cells["occurred_on"].value == dt.datetime(2025, 3, 1)
    assert cells["age"].value == 0
    assert cells["sex"].value == 2
    assert {cells[name].data_type for name in ("key", "narrative", "sub_area", "follow_up_note")} == {"s"}
    assert all(cells[name].quotePrefix for name in ("key", "narrative", "sub_area", "follow_up_note"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert all(b"<f" not in package.read(name) for name in package.namelist() if "sheet" in name)


def test_a_check_sheet_says_how_many_there_are_of_which(filled: DataSet, li: User) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(filled, li)))
    assert book.sheetnames == ["伤害记录", "编码", "核对"]
    lines = dict(book["核对"].iter_rows(min_row=2, values_only=True))
    assert lines["行数"] == "2"
    assert [value for name, value in lines.items() if name.startswith(("1 ", "3 "))] == ["1", "1"]
    assert "2025-03 – 2025-05" in lines.values()
    again = openpyxl.load_workbook(io.BytesIO(exported(filled, li)))["核对"]
    assert dict(again.iter_rows(min_row=2, values_only=True)) == lines
    codes = list(book["编码"].iter_rows(min_row=2, max_col=3, values_only=True))
    assert ("伤害原因", 3, "跌倒/坠落") in codes


def test_an_export_is_noted_with_its_reason(filled: DataSet, li: User) -> None:
    exported(filled, li)
    entry = AuditEntry.objects.get(action="injury_rows.export")
    assert (entry.reason, entry.changes["rows"], entry.actor_id) == ("年度分析", 2, li.pk)


@pytest.mark.parametrize(("reason", "is_verified"), [("", True), ("年度分析", False)])
def test_no_export_without_reason_or_second_factor(
    filled: DataSet, li: User, reason: str, is_verified: bool
) -> None:
    with pytest.raises(Refused):
        exports.request_export(filled, reason=reason, by=li, is_verified=is_verified)
    assert Run.objects.count() == 0


def test_only_members_export(filled: DataSet, zhao: User, administrator: User) -> None:
    for user in (zhao, administrator):
        with pytest.raises(PermissionDenied):
            exports.request_export(filled, reason="年度分析", by=user, is_verified=True)


def test_the_page_sends_a_member_without_second_factor_to_set_it_up(
    client: Client, filled: DataSet, li: User
) -> None:
    client.force_login(li)
    page = client.get(reverse("injuries:export", args=[filled.pk]))
    set_up = reverse("accounts:second_factor_set_up")
    assert set_up in page.content.decode()
    assert client.get(set_up).status_code == 200


def test_the_file_opens_only_in_a_session_that_has_shown_its_code(
    client: Client, filled: DataSet, li: User
) -> None:
    run = exports.request_export(filled, reason="年度分析", by=li, is_verified=True)
    documents.perform(run.pk)
    client.force_login(li)
    assert client.get(reverse("documents:run_result", args=[run.pk])).status_code == 404


def test_the_empty_table_has_the_heads_and_the_codes(
    client: Client, records: DataSet, li: User, community: Community
) -> None:
    client.force_login(li)
    answer = client.get(reverse("injuries:import_template", args=[records.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    (head,) = book["伤害记录"].iter_rows(values_only=True)
    assert list(head) == [column.title for column in COLUMNS]
    assert book["编码"].max_row > 100
