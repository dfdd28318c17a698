from functools import partial
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Register of communities")

    def ready(self) -> None:
        from accounts.services import register_erasure, register_own_data
        from audit.enums import name_actions, name_fact
        from communities import figures
        from communities.admin.home import register_panel
        from communities.enums import TRAIL_ACTIONS, TRAIL_FACTS, MembershipState
        from communities.models import AccessGrant, AuthorityPost, Membership
        from communities.services import erasure, member_notices, renewals, retention
        from communities.services.imports.batches import register_works
        from core.admin_site import register_home_panel

        figures.watch_register()
        renewals.register()
        register_works()
        retention.register_rules()
        member_notices.register()
        register_home_panel(register_panel, order=60)
        for rows in (Membership, AuthorityPost, AccessGrant):
            register_own_data(partial(_about, rows))
        register_own_data(erasure.own_contacts)
        register_erasure(erasure.forget_person)
        name_actions(TRAIL_ACTIONS)
        name_fact("state", _("state"), dict(MembershipState.choices))
        name_fact(
            "origin",
            _("came by"),
            {
                "invitation": _("invitation code"),
                "staff": _("entered by staff"),
                "colleague": _("invited by a colleague"),
            },
        )
        for fact, label in TRAIL_FACTS.items():
            name_fact(fact, label)


def _about(rows: Any, user: Any) -> Any:
    return rows.objects.filter(user=user).order_by("pk")
