"""Asking for a year's evidence as one ZIP; ``projects.services.evidence_zip`` makes it in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from communities.models import Community
from core.errors import Reason, Refused
from documents import services as documents
from documents.models import Run
from projects.authz import must
from projects.selectors.evidence import archive

YEAR_ZIP = "projects.evidence_of_a_year"
# Films of a whole year; more would fill the disk of the worker.
MOST_BYTES = 4 * 2**30
# Where a run remembers the files that its ZIP goes without.
WITHOUT = "without"


@transaction.atomic
def request_year(*, community: Community, year: int, by: Any) -> Run:
    """Who may look at each file may take them all. Pressed twice while nothing was added, one run does it."""
    must(by, Permission.WORK_VIEW, community)
    found = archive(community, year=year).aggregate(
        files=Count("pk"), last=Max("pk"), size=Sum("file__size", default=0)
    )
    if not found["files"]:
        raise Refused(Reason(_("There is no file of this year."), code="nothing"))
    if found["size"] > MOST_BYTES:
        raise Refused(Reason(_("The files of this year are more than 4 GB together."), code="too_large"))
    run = documents.request_run(
        handler=YEAR_ZIP,
        parameters={"community": community.pk, "year": year},
        by=by,
        key=f"evidence:{community.pk}:{year}:{by.pk}:{found['files']}:{found['last']}",
        total=found["files"],
    )
    audit.record(
        "evidence.export", by=by, target=community, community_id=community.pk, changes={"year": year}
    )
    return run


def may_export(user: Any, run: Run) -> bool:
    """Asked again whenever the run or its file is opened."""
    within = Community.objects.visible_to(user).select_related("supervisor")
    community = within.filter(pk=run.parameters["community"]).first()
    return community is not None and can(user, Permission.WORK_VIEW, community)


def archive_url(run: Run) -> str:
    address = reverse("projects:evidence", args=[run.parameters["community"]])
    return f"{address}?year={run.parameters['year']}"


def left_out(run: Run) -> list[str]:
    return list(run.parameters.get(WITHOUT, ()))
