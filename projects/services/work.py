"""Beginning to record a community's safety work here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from communities.models import Community
from core.clock import today
from projects.authz import must
from projects.models import SafetyWork


@transaction.atomic
def begin(*, community: Community, by: Any, started_on: dt.date | None = None) -> SafetyWork:
    """Twice is harmless: the first beginning stays."""
    must(by, Permission.WORK_RECORD, community)
    work, created = SafetyWork.objects.get_or_create(
        community=community, defaults={"started_on": started_on or today()}
    )
    if created:
        audit.record("safety_work.begin", by=by, target=community)
    return work
