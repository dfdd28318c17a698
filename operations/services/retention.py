"""Ending what has been kept long enough, by the rules of the apps and the periods of the office."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import retention
from core.clock import now
from core.errors import Reason, Refused
from operations.enums import PulseName
from operations.models import RetentionPeriod
from operations.services.pulses import beat

log = logging.getLogger(__name__)

AT_ONCE = 5_000


def periods_of_the_office() -> dict[str, int]:
    return dict(RetentionPeriod.objects.values_list("rule", "days"))


def expire_what_is_due() -> dict[str, int]:
    """Run every rule once; how many rows each has ended. One rule that fails does not keep the others from running."""
    ended = {}
    periods = retention.periods()
    for rule in retention.rules():
        try:
            with transaction.atomic():
                ended[rule.code] = _expire(rule, now() - dt.timedelta(days=periods[rule.code]))
        except Exception:  # logged whole; the next night tries again
            log.exception("retention rule %s failed", rule.code)
    beat(PulseName.EXPIRY, ended=sum(ended.values()))
    return ended


def _expire(rule: retention.Rule, before: dt.datetime) -> int:
    # Narrowed by number: a slice can neither be updated nor deleted.
    numbers = list(rule.due(before).values_list("pk", flat=True)[:AT_ONCE])
    if not numbers:
        return 0
    count = rule.expire(rule.due(before).model._default_manager.filter(pk__in=numbers))  # noqa: SLF001 - Django's own
    record(
        "retention.expire",
        by=None,
        changes={"rule": rule.code, "ended": count, "before": before.date().isoformat()},
    )
    return count


@transaction.atomic
def keep_periods(*, days: Mapping[str, int], by: Any, reason: str = "") -> list[str]:
    """Set the periods of the rules named; the codes of those that changed. Raises Refused naming each that is wrong."""
    rules = {rule.code: rule for rule in retention.rules()}
    reasons = [_wrong(rules[code], wanted) for code, wanted in days.items() if code in rules]
    if wrong := [one for one in reasons if one is not None]:
        raise Refused(wrong)
    before = retention.periods()
    changed = [code for code, wanted in days.items() if code in rules and wanted != before[code]]
    for code in changed:
        period, _is_new = RetentionPeriod.objects.update_or_create(
            rule=code, defaults={"days": days[code], "reason": reason}
        )
        record(
            "retention.change",
            by=by,
            target=period,
            changes={"days": [before[code], days[code]]},
            reason=reason,
        )
    return changed


def _wrong(rule: retention.Rule, days: int) -> Reason | None:
    if days < rule.least:
        return Reason(_("At least %(days)d days.") % {"days": rule.least}, code="too_short", field=rule.code)
    if days > retention.LONGEST:
        return Reason(
            _("At most %(days)d days.") % {"days": retention.LONGEST}, code="too_long", field=rule.code
        )
    return None
