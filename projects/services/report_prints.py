"""Asking for a periodic report on paper; ``projects.services.report_paper`` makes it in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from communities.models import Community
from documents import services as documents
from documents.models import Run
from projects.authz import must
from projects.enums import IN_THE_UNIT
from projects.models import PeriodReport

REPORT_PRINT = "projects.report_print"


@transaction.atomic
def request_print(*, report: PeriodReport, by: Any) -> Run:
    """Who may read the words may print them. Figures go on until it is sent, so each asking makes a new one."""
    must(by, _right_to(report), report.community)
    parameters = {"community": report.community_id, "report": report.pk}
    run = documents.request_run(handler=REPORT_PRINT, parameters=parameters, by=by)
    audit.record("report.print", by=by, target=report, community_id=report.community_id)
    return run


def may_print(user: Any, run: Run) -> bool:
    """Asked again whenever the run or its file is opened."""
    within = Community.objects.visible_to(user).select_related("supervisor")
    community = within.filter(pk=run.parameters["community"]).first()
    report = PeriodReport.objects.filter(community=community, pk=run.parameters["report"]).first()
    return community is not None and report is not None and can(user, _right_to(report), community)


def _right_to(report: PeriodReport) -> Permission:
    """Before it has left the unit, its words are for who writes them."""
    return Permission.WORK_RECORD if report.stage in IN_THE_UNIT else Permission.WORK_VIEW


def report_url(run: Run) -> str:
    return reverse("projects:report", args=[run.parameters["community"], run.parameters["report"]])
