"""Parts of a community, and who else may look at its single records: given with a need, looked at with a trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from communities.models import Community
from core.clock import now, today
from core.errors import Reason, Refused
from injuries import authz
from injuries.models import DataSet, RowAccess, SubArea

LONGEST = dt.timedelta(days=366)


@transaction.atomic
def allow(*, community: Community, email: str, need: str, until: dt.date, by: Any) -> RowAccess:
    """Raises Refused for an unknown account (in the same words as for one that may not), or a day too far."""
    authz.must_lead(by, community)
    reasons = []
    if not today() <= until <= today() + LONGEST:
        reasons.append(Reason(_("Give a day within the next year."), code="until", field="until"))
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None or not authz.may_see_figures(user, community):
        sentence = _("No account by this address sees the figures of this community.")
        reasons.append(Reason(sentence, code="user", field="email"))
    if not need.strip():
        reasons.append(Reason(_("Say what it is needed for."), code="need", field="need"))
    if reasons or user is None:
        raise Refused(reasons)
    access, created = RowAccess.objects.get_or_create(
        community=community,
        user=user,
        need=need.strip(),
        until=until,
        ended_at=None,
        defaults={"given_by": by},
    )
    if not created:
        return access
    audit.record("injury_rows.allow", by=by, target=access, changes={"until": until}, reason=access.need)
    return access


@transaction.atomic
def end(access: RowAccess, *, by: Any) -> None:
    """Twice is harmless."""
    authz.must_lead(by, access.community)
    end_with_account(access, by=by)


@transaction.atomic
def end_with_account(access: RowAccess, *, by: Any, reason: str = "") -> None:
    """Whoever erases a person need not lead the community."""
    locked = RowAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if locked.ended_at is None:
        locked.ended_at = now()
        locked.save(update_fields=["ended_at"])
        audit.record("injury_rows.end", by=by, target=locked, reason=reason)


@transaction.atomic
def note_look(data_set: DataSet, access: RowAccess, *, by: Any) -> None:
    """Somebody of another house opens the single records; for which need stands in the access."""
    audit.record("injury_rows.view", by=by, target=data_set, reason=access.need)


@transaction.atomic
def add_sub_area(*, community: Community, name: str, by: Any) -> SubArea:
    authz.must_be_of(by, community)
    area, created = SubArea.objects.get_or_create(community=community, name=name.strip())
    if created:
        audit.record("sub_area.add", by=by, target=area)
    return area


@transaction.atomic
def use_sub_area(area: SubArea, *, is_used: bool, by: Any) -> None:
    """What is no longer offered keeps its records."""
    authz.must_be_of(by, area.community)
    if area.is_used != is_used:
        area.is_used = is_used
        area.save(update_fields=["is_used"])
        audit.record("sub_area.change", by=by, target=area, changes={"is_used": [not is_used, is_used]})
