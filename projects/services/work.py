"""Beginning to record a community's safety work here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.models import Community
from core.clock import today
from core.errors import Reason, Refused
from projects.authz import must
from projects.models import SafetyWork
from projects.selectors.report_people import people_of
from projects.services.rhythm import plan_reports

NOT_BEGUN = Reason(_("Nothing is recorded here yet"), code="not_begun")
ALONE = Reason(
    _("Only one person records the work of this unit. Invite a second one before reports wait for a check."),
    code="alone",
)
PEOPLE_FOR_A_CHECK = 2


@transaction.atomic
def begin(*, community: Community, by: Any, started_on: dt.date | None = None) -> SafetyWork:
    """Its reports are there at once. Twice is harmless: the first beginning stays."""
    must(by, Permission.WORK_RECORD, community)
    work, created = SafetyWork.objects.get_or_create(
        community=community, defaults={"started_on": started_on or today()}
    )
    if created:
        audit.record("safety_work.begin", by=by, target=community)
        plan_reports(community_id=community.pk)
    return work


@transaction.atomic
def check_reports(*, community: Community, wanted: bool, by: Any) -> SafetyWork:
    """Whether a second person of the unit looks at each report before it is sent (渝办发〔2010〕93号: 严格把关).

    Raises Refused before the work has begun, and where there is no second person.
    """
    must(by, Permission.WORK_REVIEW, community)
    work = SafetyWork.objects.select_for_update().filter(community=community).first()
    if work is None:
        raise Refused(NOT_BEGUN)
    if wanted and len(people_of(community.pk)) < PEOPLE_FOR_A_CHECK:
        raise Refused(ALONE)
    if work.checks_reports != wanted:
        work.checks_reports = wanted
        work.save(update_fields=["checks_reports"])
        if wanted:
            audit.record("safety_work.check", by=by, target=community)
        else:
            audit.record("safety_work.no_check", by=by, target=community)
    return work


@transaction.atomic
def show_to_public(*, community: Community, shown: bool, by: Any) -> SafetyWork:
    """Whether the programmes stand on the community's public page. Raises Refused before the work has begun."""
    must(by, Permission.WORK_REVIEW, community)
    work = SafetyWork.objects.select_for_update().filter(community=community).first()
    if work is None:
        raise Refused(NOT_BEGUN)
    if work.is_published != shown:
        work.is_published = shown
        work.save(update_fields=["is_published"])
        if shown:
            audit.record("safety_work.show", by=by, target=community)
        else:
            audit.record("safety_work.hide", by=by, target=community)
    return work
