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
from projects.services.rhythm import plan_reports


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
def show_to_public(*, community: Community, shown: bool, by: Any) -> SafetyWork:
    """Whether the programmes stand on the community's public page. Raises Refused before the work has begun."""
    must(by, Permission.WORK_REVIEW, community)
    work = SafetyWork.objects.select_for_update().filter(community=community).first()
    if work is None:
        raise Refused(Reason(_("Nothing is recorded here yet"), code="not_begun"))
    if work.is_published != shown:
        work.is_published = shown
        work.save(update_fields=["is_published"])
        if shown:
            audit.record("safety_work.show", by=by, target=community)
        else:
            audit.record("safety_work.hide", by=by, target=community)
    return work
