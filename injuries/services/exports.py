"""Single records leave the platform: only for members, with a second factor and a reason, noted in the trail."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import today
from core.errors import Reason, Refused
from core.xlsx import XLSX
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from documents.services import report_progress, store_file
from injuries import authz
from injuries.enums import FollowUp
from injuries.importers.columns import COLUMNS, SHEET
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.selectors.codes import all_codes
from injuries.workbooks.records import PLACES, template, write_records

EXPORT = "injuries.export"
STEP = 5000  # rows
FOLLOW_UPS = {FollowUp.NONE: "", FollowUp.WANTED: "是", FollowUp.DONE: "已回访"}
FIELDS = ["sub_area__name" if column.field == "sub_area" else column.field for column in COLUMNS]


def register_works() -> None:
    documents.register_handler(
        EXPORT,
        "injuries.services.exports.make_export",
        label=_("Export of injury records"),
        allowed=may_export,
        back=lambda run: reverse("injuries:data_set", args=[run.parameters["data_set"]]),
        is_told=True,
    )


def may_export(user: Any, run: Run) -> bool:
    """Asked before the work starts, and at the door of the file, where the session must have shown its code."""
    data_set = DataSet.objects.select_related("community").filter(pk=run.parameters["data_set"]).first()
    is_verified = getattr(user, "is_verified", None)  # of a session; a worker has none
    if is_verified is not None and not is_verified():
        return False
    return data_set is not None and authz.is_of(user, data_set.community)


@transaction.atomic
def request_export(data_set: DataSet, *, reason: str, by: Any, is_verified: bool) -> Run:
    """``is_verified``: a second factor was shown in this session. Raises Refused or PermissionDenied."""
    authz.must_be_of(by, data_set.community)
    reasons = []
    if not is_verified:
        reasons.append(Reason(_("Sign in with your second factor first."), code="second_factor"))
    if not reason.strip():
        reasons.append(Reason(_("Say what it is needed for."), code="reason", field="reason"))
    if reasons:
        raise Refused(reasons)
    number = Record.objects.filter(data_set=data_set).count()
    run = documents.request_run(
        handler=EXPORT, parameters={"data_set": data_set.pk}, by=by, total=number, is_first=True
    )
    audit.record(
        "injury_rows.export", by=by, target=data_set, changes={"rows": number}, reason=reason.strip()
    )
    return run


def make_export(run: Run) -> StoredFile:
    data_set = DataSet.objects.select_related("community", "family").get(pk=run.parameters["data_set"])
    language = run.requested_by.language if run.requested_by else translation.get_language()
    with translation.override(language), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.xlsx"
        about = (
            f"{data_set.community} · {data_set} · {data_set.get_source_kind_display()} {data_set.source_name}"
        )
        write_records(path, rows_of(data_set, run), codes=all_codes(), about=about)
        with path.open("rb") as content:
            return store_file(
                kind=FileKind.EXPORT,
                content=File(content),
                original_name=f"{SHEET}_{data_set.months}_{today():%Y%m%d}.xlsx",
                content_type=XLSX,
                by=run.requested_by,
            )


def rows_of(data_set: DataSet, run: Run | None = None) -> Iterator[list[Any]]:
    """Values in the order of the columns, the oldest month first."""
    month, follow_up = PLACES["month"], PLACES["follow_up"]
    found = Record.objects.filter(data_set=data_set).order_by("month", "pk").values_list(*FIELDS)
    texts: dict[int, str] = {}
    for number, values in enumerate(found.iterator(chunk_size=STEP)):
        row = list(values)
        row[month] = texts.get(row[month]) or texts.setdefault(row[month], Month.text(row[month]))
        row[follow_up] = FOLLOW_UPS.get(row[follow_up], "")
        yield row
        if run is not None and number % STEP == 0:
            report_progress(run, number)


def make_template() -> bytes:
    """The empty table, with all codes."""
    return template(all_codes())
