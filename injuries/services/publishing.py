"""Publishing the figures of a year: cut once, kept as cut."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from core.errors import Reason, Refused
from injuries import authz
from injuries.models import PublishedYear
from injuries.selectors import public


@transaction.atomic
def publish(community: Community, year: int, *, by: Any) -> PublishedYear:
    """Twice is harmless: the first cut stays. Raises Refused while data of the year are not approved."""
    authz.must_lead(by, community)
    there = (
        PublishedYear.objects.select_for_update(of=("self",)).filter(community=community, year=year).first()
    )
    if there is not None:
        _show(there, shown=True, by=by)
        return there
    if not public.is_whole(community, year):
        raise Refused(
            Reason(_("Only a year whose data have been approved can be published."), code="approved")
        )
    row, created = PublishedYear.objects.get_or_create(
        community=community,
        year=year,
        defaults={"tables": public.cut(community, year), "published_by": by},
    )
    if created:
        audit.record("injury_year.publish", by=by, target=row, changes={"year": year})
    return row


@transaction.atomic
def withdraw(community: Community, year: int, *, by: Any) -> None:
    """The page goes; published again it shows the same cut, for the first may have been copied."""
    authz.must_lead(by, community)
    there = (
        PublishedYear.objects.select_for_update(of=("self",)).filter(community=community, year=year).first()
    )
    if there is not None:
        _show(there, shown=False, by=by)


def _show(published: PublishedYear, *, shown: bool, by: Any) -> None:
    if published.is_shown == shown:
        return
    published.is_shown = shown
    published.save(update_fields=["is_shown"])
    changes = {"year": published.year}
    if shown:
        audit.record("injury_year.publish", by=by, target=published, changes=changes)
    else:
        audit.record("injury_year.withdraw", by=by, target=published, changes=changes)
