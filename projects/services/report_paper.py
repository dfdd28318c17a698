"""Making a periodic report on paper, away from the web workers."""

from __future__ import annotations

from django.utils import translation

from core.file_names import file_name
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from projects import pdfs
from projects.models import PeriodReport


def make_print(run: Run) -> StoredFile:
    """The handler of the run."""
    report = PeriodReport.objects.select_related("community").get(pk=run.parameters["report"])
    with translation.override("zh-hans"):
        name = file_name([report.community.name_zh, pdfs.title_of(report)], ".pdf")
    return documents.store_file(
        kind=FileKind.EXPORT,
        content=pdfs.period_report(report),
        original_name=name,
        content_type="application/pdf",
        by=run.requested_by,
    )
