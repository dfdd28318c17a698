"""Asking for the round's files; ``reports.services.files`` makes them in the background."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from documents import services as documents
from documents.models import Run
from reports.selectors import UnitFilter
from surveys.models import Round

WORKBOOK, SUMMARY = "reports.round_workbook", "reports.round_summary"
ARCHIVE, BY_PROVINCE = "reports.round_papers", "reports.round_papers_by_province"
# Sealed copies show names and telephone numbers; nothing on them can be masked.
PAPERS = frozenset({ARCHIVE, BY_PROVINCE})
# Where a run remembers the units that its file goes without.
WITHOUT = "without"


@transaction.atomic
def request_export(*, survey_round: Round, handler: str, wanted: UnitFilter, by: Any) -> Run:
    """Queue one file of a round. Only who may export results; contact persons are unmasked by permission only."""
    if not by.has_perm(Permission.RESULT_EXPORT):
        raise PermissionDenied(Permission.RESULT_EXPORT)
    if handler in PAPERS and not by.has_perm(Permission.CONTACT_VIEW):
        raise PermissionDenied(Permission.CONTACT_VIEW)
    parameters = {
        "round": survey_round.pk,
        "filter": asdict(wanted),
        "unmasked": handler in PAPERS | {WORKBOOK} and by.has_perm(Permission.CONTACT_VIEW),
    }
    run = documents.request_run(handler=handler, parameters=parameters, by=by)
    audit.record("result.export", by=by, target=survey_round, changes={"file": handler, **_set_only(wanted)})
    return run


def may_export(user: Any, run: Run) -> bool:
    """The right to results, and for a file that names persons still the right to see them."""
    wanted = [Permission.RESULT_EXPORT]
    if run.parameters.get("unmasked"):
        wanted.append(Permission.CONTACT_VIEW)
    return bool(user.has_perms(wanted))


def left_out(run: Run) -> list[str]:
    """Whom the file goes without, for the page of the run."""
    return list(run.parameters.get(WITHOUT, ()))


def _set_only(wanted: UnitFilter) -> dict[str, Any]:
    return {name: value for name, value in asdict(wanted).items() if value}
