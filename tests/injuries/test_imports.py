"""Bringing a table of injuries in: read in whatever words it is written, all of it or nothing, undone as one."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEntry
from core.errors import Refused
from documents.models import StoredFile
from injuries import rollups
from injuries.enums import BatchState, Stage
from injuries.models import Batch, ColumnMap, DataSet, Record, Tally
from injuries.months import Month
from injuries.services import datasets, recounts
from injuries.services import records as writing
from injuries.services.imports import batches, retention
from tests.injuries.factories import DataSetFactory, RecordFactory, SubAreaFactory
from tests.injuries.tables import FALL, HEAD, done, found, received, taken, xlsx


def test_a_table_is_taken_over_with_its_counts_and_one_line_in_the_trail(records: DataSet, li: User) -> None:
    rows = [[f"A-{n}", *FALL[1:]] for n in range(5)]
    batch = taken(records, xlsx(HEAD, *rows), li)
    assert (batch.state, batch.rows, batch.faults) == (BatchState.TAKEN, 5, 0)
    assert Record.objects.filter(batch=batch).count() == 5
    record = Record.objects.get(key="A-3")
    assert (record.month, record.occurred_on) == (Month.at(2025, 3), dt.date(2025, 3, 1))
    assert (record.age, record.age_band, record.sex) == (71, 5, 2)
    assert (record.cause, record.place, record.severity) == (3, 1, 2)
    assert (record.narrative, record.batch.by, record.revision) == ("浴室滑倒", li, 1)
    assert recounts.recount_all() == 0
    assert Tally.objects.exists()
    entry = AuditEntry.objects.get(action="injury_import.take")
    assert entry.changes["rows"] == 5
    assert not AuditEntry.objects.filter(action="injury_record.add").exists()


def test_nothing_is_written_before_it_is_taken_over(records: DataSet, li: User) -> None:
    batch = received(records, xlsx(HEAD, FALL), li)
    assert batch.state == BatchState.CHECKED
    assert Record.objects.count() == 0


@pytest.mark.parametrize(
    "cell", [dt.date(2025, 3, 1), "2025-03-01", "2025/3/1", "2025年3月1日", "20250301", 45717, "2025.3.1"]
)
def test_a_day_is_read_however_it_is_written(records: DataSet, li: User, cell: object) -> None:
    taken(records, xlsx(["伤害日期", "原因"], [cell, 3]), li)
    assert Record.objects.get().occurred_on == dt.date(2025, 3, 1)


@pytest.mark.parametrize("cell", ["2025-03", "2025年3月", "2025/3", 202503])
def test_a_month_is_enough(records: DataSet, li: User, cell: object) -> None:
    taken(records, xlsx(["月份", "原因"], [cell, 3]), li)
    record = Record.objects.get()
    assert (record.month, record.occurred_on) == (Month.at(2025, 3), None)


@pytest.mark.parametrize(
    "cell", [3, "3", "03", "跌倒/坠落", "跌倒", "3 跌倒", "3.跌倒/坠落", "fall", "Ｆall"]
)
def test_a_code_is_read_as_number_or_in_words(records: DataSet, li: User, cell: object) -> None:
    taken(records, xlsx(["Month", "Cause"], ["2025-03", cell]), li)
    assert Record.objects.get().cause == 3


@pytest.mark.parametrize(
    ("cell", "age"), [(3, 3), ("3岁", 3), ("3周岁", 3), ("8个月", 0), ("20天", 0), (0, 0)]
)
def test_an_age_is_read_with_its_word(records: DataSet, li: User, cell: object, age: int) -> None:
    taken(records, xlsx(["月份", "年龄"], ["2025-03", cell]), li)
    assert (Record.objects.get().age, Record.objects.get().age_band) == (age, 1)


def test_five_wrong_cells_are_named_by_row_and_column_and_nothing_is_taken(
    records: DataSet, li: User
) -> None:
    batch = received(
        records,
        xlsx(
            HEAD,
            FALL,
            ["A-2", "2031-01-01", *FALL[2:]],
            ["A-3", "2024-12-31", *FALL[2:]],
            ["A-4", FALL[1], "300", *FALL[3:]],
            ["A-5", *FALL[1:4], "跌了一跤", *FALL[5:]],
            ["A-1", *FALL[1:]],
        ),
        li,
    )
    assert found(batch) == {
        (3, "occurred_on", "future"),
        (4, "occurred_on", "outside"),
        (5, "age", "age"),
        (6, "cause", "code"),
        (7, "key", "twice"),
    }
    assert (batch.state, batch.rows, batch.faults) == (BatchState.FAULTY, 6, 5)
    with pytest.raises(Refused):
        batches.take(batch, by=li)
    assert Record.objects.count() == 0


def test_the_marked_table_says_it_beside_the_row_and_comes_in_again_when_mended(
    records: DataSet, li: User
) -> None:
    batch = received(records, xlsx(["姓名", *HEAD], ["王芳", *FALL[:4], "跌了一跤", *FALL[5:]]), li)
    book = openpyxl.load_workbook(io.BytesIO(batch.errors_file.file.read()))
    head, row = book.active.iter_rows(values_only=True)
    assert "姓名" not in head
    assert "王芳" not in row
    assert row[head.index("伤害原因")] == "跌了一跤"
    assert "伤害原因" in row[len(HEAD) + 1]
    cell = book.active.cell(2, head.index("伤害原因") + 1)
    cell.value = "跌倒"
    target = io.BytesIO()
    book.save(target)
    assert taken(records, target.getvalue(), li).state == BatchState.TAKEN


def test_a_doubt_is_shown_and_taken_all_the_same(records: DataSet, li: User) -> None:
    """A burn that is a fracture, a telephone in a story."""
    head = ["月份", "伤害原因", "伤害性质", "经过"]
    batch = received(records, xlsx(head, ["2025-03", 7, 1, "电话13800000000"]), li)
    assert found(batch, "doubts") == {(2, "nature", "burn"), (2, "narrative", "telling")}
    assert all(one[3] == "" for one in batch.report["doubts"] if one[1] == "narrative")
    assert done(batches.take(batch, by=li)).state == BatchState.TAKEN


def test_names_and_numbers_of_people_are_never_taken(records: DataSet, li: User) -> None:
    head = ["月份", "原因", "患者姓名", "身份证号", "备注", "编号"]
    batch = received(
        records, xlsx(head, ["2025-03", 3, "王芳", "1", "13800000000", "11010519491231002X"]), li
    )
    assert batch.columns["refused"] == [2, 3, 4, 5]
    batch = done(batches.choose_columns(batch, {0: "month", 1: "cause", 2: "narrative", 5: "key"}, by=li))
    assert batch.columns["fields"] == ["month", "cause", "", "", "", ""]


def test_a_card_that_is_here_already_is_no_second_time_taken(records: DataSet, li: User) -> None:
    RecordFactory(data_set=records, key="A-1")
    assert found(received(records, xlsx(HEAD, FALL), li)) == {(2, "key", "double")}


def test_a_card_recorded_between_dry_run_and_taking_over_stops_the_whole_table(
    records: DataSet, li: User
) -> None:
    batch = received(records, xlsx(HEAD, ["A-0", *FALL[1:]], FALL), li)
    batches.take(batch, by=li)
    writing.add(records, {"month": Month.at(2025, 3), "cause": 3, "key": "A-1"}, by=None)
    batch = done(batch)
    assert (batch.state, found(batch)) == (BatchState.FAULTY, {(3, "key", "double")})
    assert Record.objects.count() == 1
    assert recounts.recount_all() == 0


def test_what_was_taken_over_is_taken_back_as_one_and_the_counts_follow(records: DataSet, li: User) -> None:
    by_hand = writing.add(records, {"month": Month.at(2025, 3), "cause": 1}, by=None)
    before = rollups.kept(rollups.nation_scope())
    batch = taken(records, xlsx(HEAD, FALL, ["A-2", *FALL[1:]]), li)
    writing.change(Record.objects.get(key="A-2"), {"month": Month.at(2025, 5), "cause": 9}, by=None)
    batch = done(batches.undo(batch, by=li))
    assert batch.state == BatchState.UNDONE
    assert list(Record.objects.all()) == [by_hand]
    assert rollups.kept(rollups.nation_scope()) == before
    assert recounts.recount_all() == 0
    assert AuditEntry.objects.get(action="injury_import.undo").changes["rows"] == 2


def test_a_closed_data_set_takes_nothing_and_gives_nothing_back(records: DataSet, li: User) -> None:
    batch = taken(records, xlsx(HEAD, FALL), li)
    DataSet.objects.update(stage=Stage.CLOSED)
    with pytest.raises(Refused):
        batches.undo(batch, by=li)
    with pytest.raises(Refused):
        received(records, xlsx(HEAD, FALL), li)


def test_a_source_that_is_not_counted_is_taken_without_counts(records: DataSet, li: User) -> None:
    DataSet.objects.update(is_counted=False)
    taken(records, xlsx(HEAD, FALL), li)
    assert (Record.objects.count(), Tally.objects.count()) == (1, 0)
    datasets.count(records, by=None)
    assert recounts.recount_all() == 0


def test_columns_are_chosen_once_and_remembered_for_the_source(records: DataSet, li: User) -> None:
    table = xlsx(["发生于", "怎么伤的"], ["2025-03", 3])
    batch = received(records, table, li)
    assert (batch.state, batch.report["problem"]) == (BatchState.FAULTY, "no_month")
    batch = done(batches.choose_columns(batch, {0: "month", 1: "cause"}, by=li))
    assert batch.state == BatchState.CHECKED
    assert ColumnMap.objects.get().columns == {"发生于": "month", "怎么伤的": "cause"}
    assert received(records, table, li).columns["fields"] == ["month", "cause"]


def test_two_columns_are_not_read_as_the_same(records: DataSet, li: User) -> None:
    batch = received(records, xlsx(["发生于", "怎么伤的"], ["2025-03", 3]), li)
    with pytest.raises(Refused):
        batches.choose_columns(batch, {0: "month", 1: "month"}, by=li)


def test_a_part_is_found_by_its_name(records: DataSet, li: User) -> None:
    area = SubAreaFactory(community=records.community, name="东风居委会")
    taken(records, xlsx(["月份", "居委会"], ["2025-03", "东风 居委会"]), li)
    assert Record.objects.get().sub_area == area
    batch = received(records, xlsx(["月份", "居委会"], ["2025-03", "西风居委会"]), li)
    assert found(batch) == {(2, "sub_area", "area")}


def test_csv_in_the_encoding_of_an_old_program_comes_in(records: DataSet, li: User) -> None:
    content = "月份,原因,经过\n2025-03,跌倒,'=1+1\n".encode("gb18030")
    batch = received(records, content, li, name="伤害.csv")
    done(batches.take(batch, by=li))
    assert (Record.objects.get().cause, Record.objects.get().narrative) == (3, "=1+1")


def test_texts_come_in_sign_by_sign(records: DataSet, li: User) -> None:
    told = ["a\tb\\n\nc", "=1+1", "𬭎镇", "\\N", "_x000D_"]
    taken(records, xlsx(["月份", "经过"], *[["2025-03", text] for text in told]), li)
    assert list(Record.objects.order_by("pk").values_list("narrative", flat=True)) == told


def test_a_further_field_is_dropped_where_its_cause_does_not_open_it(records: DataSet, li: User) -> None:
    taken(records, xlsx(["月份", "原因", "跌倒类型"], ["2025-03", 3, 1], ["2025-03", 7, 1]), li)
    assert Counter(Record.objects.values_list("cause", "fall_type")) == {(3, 1): 1, (7, None): 1}


@pytest.mark.parametrize(
    ("rows", "problem"), [([HEAD], "empty"), ([], "empty"), ([["姓名"], ["王芳"]], "no_month")]
)
def test_a_table_without_injuries_is_told_so(records: DataSet, li: User, rows: list, problem: str) -> None:
    batch = received(records, xlsx(*rows), li)
    assert (batch.state, batch.report["problem"]) == (BatchState.FAULTY, problem)


def test_what_is_no_table_is_refused_with_a_sentence(records: DataSet, li: User) -> None:
    batch = received(records, b"PK\x03\x04 nonsense", li)
    assert batch.state == BatchState.FAULTY
    assert "损坏" in batch.report["problem"]


def test_the_files_go_when_the_rows_are_taken(records: DataSet, li: User) -> None:
    taken(records, xlsx(HEAD, FALL), li)
    assert StoredFile.objects.count() == 0


def test_an_empty_data_set_that_is_removed_takes_its_tables_and_their_files_along(
    records: DataSet, li: User, django_capture_on_commit_callbacks
) -> None:
    other = DataSetFactory(community=records.community, family__number=2)
    table = xlsx(HEAD, [*FALL[:4], "跌了一跤", *FALL[5:]])
    received(records, table, li)
    received(records, table, li)
    kept = received(other, table, li)
    files = [row.file for row in StoredFile.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        datasets.remove(records, by=li)
    assert list(Batch.objects.all()) == [kept]
    left = {kept.file, kept.prepared, kept.errors_file} - {None}
    assert set(StoredFile.objects.all()) == left
    assert len(left) < len(files)
    assert {file.name for file in files if file.storage.exists(file.name)} == {row.file.name for row in left}


def test_a_table_that_nobody_takes_is_deleted_after_its_time(records: DataSet, li: User) -> None:
    batch = received(records, xlsx(HEAD, [*FALL[:4], "跌了一跤", *FALL[5:]]), li)
    assert retention.expire_tables(Batch.objects.all()) == 1
    batch.refresh_from_db()
    assert (batch.file, batch.errors_file, batch.report) == (None, None, {"by": {"code": 1}})
    assert (StoredFile.objects.count(), batch.faults) == (0, 1)


def test_only_members_bring_tables_in(records: DataSet, zhao: User, administrator: User) -> None:
    for user in (zhao, administrator):
        with pytest.raises(PermissionDenied):
            received(records, xlsx(HEAD, FALL), user)
