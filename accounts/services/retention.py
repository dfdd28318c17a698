"""How long what the accounts hold about people stays."""

import datetime as dt
from functools import partial
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.erasure import erase_all
from core import retention

SIX_MONTHS = 183


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code="closed_accounts",
            what=_("Accounts that were closed"),
            happens=_("name, addresses and mails are erased; the trail keeps a number"),
            days=180,
            least=30,
            origin=_("Personal Information Protection Law, art. 47; the period is the association's own"),
            due=lambda before: User.objects.filter(
                is_active=False, erased_at__isnull=True, closed_at__lt=before
            ).order_by("pk"),
            expire=erase_all,
        )
    )
    for code, model, what in (
        ("failed_log_ins", AccessFailureLog, _("Log-in attempts with network address")),
        ("locked_log_ins", AccessAttempt, _("Counters of wrong passwords with network address")),
    ):
        retention.register(
            retention.Rule(
                code=code,
                what=what,
                happens=_("deleted"),
                days=SIX_MONTHS,
                least=SIX_MONTHS,
                origin=_("Cybersecurity Law, art. 21: network logs for six months at least"),
                due=partial(_older_than, model),
                expire=retention.deleted,
            )
        )


def _older_than(model: Any, before: dt.datetime) -> QuerySet:
    return model.objects.filter(attempt_time__lt=before)
