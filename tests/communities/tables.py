"""Tables as staff would upload them, and the way from the upload to the end of its work."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.models import ImportBatch
from communities.services.imports import batches
from core.workbooks import put
from documents import services as documents

EMAIL_HEAD = ["命名序号", "社区名称", "联系人电子邮箱"]
CONTACT_HEAD = ["命名序号", "社区名称", "角色", "姓名", "手机", "办公电话", "电子邮箱"]
COMMUNITY_HEAD = [
    "命名序号",
    "社区名称",
    "单位性质",
    "省（直辖市）",
    "市（区）",
    "行政区划代码",
    "主管部门",
    "地址",
]
DESIGNATION_HEAD = ["命名序号", "社区名称", "项目", "命名日期", "复评日期", "依据"]


def xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                put(book.active.cell(number, column), value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bring_in(kind: str, content: bytes | list[list[Any]], by: Any, name: str = "表.xlsx") -> ImportBatch:
    """Upload and dry run."""
    body = content if isinstance(content, bytes) else xlsx(*content)
    return done(batches.receive_table(kind=kind, upload=SimpleUploadedFile(name, body), by=by))


def done(batch: ImportBatch) -> ImportBatch:
    """The worker's part."""
    documents.perform(batch.run_id)
    return fresh(batch)


def fresh(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_related("run", "file", "errors_file").get(pk=batch.pk)


def take_over(batch: ImportBatch, by: Any) -> ImportBatch:
    return done(batches.apply_batch(batch=batch, by=by))


def undo(batch: ImportBatch, by: Any) -> ImportBatch:
    return done(batches.undo_batch(batch=batch, by=by))


def fates(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("fate", flat=True))


def sentences(batch: ImportBatch) -> dict[int, dict[str, list[str]]]:
    """Row → column → codes of what is to be mended."""
    return {
        row.number: {key: [code for code, _details in found] for key, found in row.problems.items()}
        for row in batch.rows.order_by("number")
        if row.problems
    }


def sheet(content: bytes, name: str = "") -> list[list[Any]]:
    """The cells of a workbook of ours, as openpyxl sees them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = book[name or book.sheetnames[0]].iter_rows(values_only=True)
    return [list(row) for row in rows]


def own(kind: str, by: Any) -> list[list[Any]]:
    """Our own table of this kind, head first."""
    run = batches.request_table(kind=kind, by=by)
    documents.perform(run.pk)
    run.refresh_from_db()
    return sheet(run.result.file.read())
