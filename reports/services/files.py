"""Making the round's workbook and its summary: the work of the runs that ``reports.services.exports`` asks for.

A module of its own, so that web workers load neither the PDF engine nor the workbook writer.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.enums import Permission
from core.clock import now
from core.xlsx import XLSX
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from reports import pdfs, workbooks
from reports.selectors import UnitFilter
from surveys.models import Round


def make_workbook(run: Run) -> StoredFile:
    survey_round = _round_of(run)
    content = workbooks.round_workbook(
        survey_round,
        UnitFilter(**run.parameters["filter"]),
        unmasked=_names_persons(run),
        progress=lambda done: documents.report_progress(run, done),
    )
    name = _("%(round)s summary %(day)s.xlsx") % {
        "round": survey_round.title_zh,
        "day": f"{now():%Y%m%d-%H%M}",
    }
    return documents.store_file(
        kind=FileKind.EXPORT, content=content, original_name=name, content_type=XLSX, by=run.requested_by
    )


def _names_persons(run: Run) -> bool:
    """As it was asked for, so that who may open the file can be told from the run; and only if it may be still."""
    asked = bool(run.parameters.get("unmasked"))
    return asked and run.requested_by is not None and run.requested_by.has_perm(Permission.CONTACT_VIEW)


def make_summary(run: Run) -> StoredFile:
    survey_round = _round_of(run)
    name = _("%(round)s summary %(day)s.pdf") % {
        "round": survey_round.title_zh,
        "day": f"{now():%Y%m%d-%H%M}",
    }
    return documents.store_file(
        kind=FileKind.EXPORT,
        content=pdfs.round_summary(survey_round),
        original_name=name,
        content_type="application/pdf",
        by=run.requested_by,
    )


def _round_of(run: Run) -> Round:
    return Round.objects.select_related("notice", "edition", "programme").get(pk=run.parameters["round"])
