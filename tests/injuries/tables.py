"""Tables of injuries as communities bring them in, and the whole way of one through the platform."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from core.workbooks import put
from documents import services as documents
from injuries.importers.columns import SHEET
from injuries.models import Batch, DataSet
from injuries.services.imports import batches

HEAD = ["卡片编号", "伤害发生日期", "年龄", "性别", "伤害原因", "伤害发生地点", "严重程度", "简要经过"]
FALL = ["A-1", "2025-03-01", "71岁", "女", "跌倒/坠落", "家中", "中度", "浴室滑倒"]


def xlsx(*rows: list[Any], sheet: str = SHEET) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            put(book.active.cell(number, column), value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def received(data_set: DataSet, content: bytes, by: Any, name: str = "伤害.xlsx") -> Batch:
    """Uploaded, and looked through by a worker."""
    batch = batches.receive(data_set, SimpleUploadedFile(name, content), by=by)
    return done(batch)


def done(batch: Batch) -> Batch:
    """What was asked for has been done."""
    batch.refresh_from_db()
    assert batch.run is not None
    documents.perform(batch.run_id)
    batch.run.refresh_from_db()
    assert batch.run.state == "done", batch.run.error
    return Batch.objects.get(pk=batch.pk)


def taken(data_set: DataSet, content: bytes, by: Any) -> Batch:
    batch = received(data_set, content, by)
    return done(batches.take(batch, by=by))


def found(batch: Batch, kind: str = "faults") -> set[tuple[Any, ...]]:
    """(row, field, code) of each finding."""
    return {tuple(one[:3]) for one in batch.report[kind]}
