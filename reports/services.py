"""Asking for the round's files, and making them in the background."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from audit import services as audit
from core.clock import now
from core.workbooks import XLSX
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from reports import pdfs, workbooks
from reports.selectors import UnitFilter
from surveys.models import Round

WORKBOOK, SUMMARY = "reports.round_workbook", "reports.round_summary"


@transaction.atomic
def request_export(*, survey_round: Round, handler: str, wanted: UnitFilter, by: Any) -> Run:
    """Queue one file of a round. Only who may export results; contact persons are unmasked by permission only."""
    if not by.has_perm(Permission.RESULT_EXPORT):
        raise PermissionDenied(Permission.RESULT_EXPORT)
    run = documents.request_run(
        handler=handler, parameters={"round": survey_round.pk, "filter": asdict(wanted)}, by=by
    )
    audit.record("result.export", by=by, target=survey_round, changes={"file": handler, **_set_only(wanted)})
    return run


def make_workbook(run: Run) -> StoredFile:
    survey_round = _round_of(run)
    content = workbooks.round_workbook(
        survey_round,
        UnitFilter(**run.parameters["filter"]),
        unmasked=bool(run.requested_by and run.requested_by.has_perm(Permission.CONTACT_VIEW)),
        progress=lambda done: documents.report_progress(run, done),
    )
    name = _("%(round)s summary %(day)s.xlsx") % {
        "round": survey_round.title_zh,
        "day": f"{now():%Y%m%d-%H%M}",
    }
    return documents.store_file(
        kind=FileKind.EXPORT, content=content, original_name=name, content_type=XLSX, by=run.requested_by
    )


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


def may_export(user: Any, run: Run) -> bool:
    return bool(user.has_perm(Permission.RESULT_EXPORT))


def _round_of(run: Run) -> Round:
    return Round.objects.select_related("notice", "edition", "programme").get(pk=run.parameters["round"])


def _set_only(wanted: UnitFilter) -> dict[str, Any]:
    return {name: value for name, value in asdict(wanted).items() if value}
