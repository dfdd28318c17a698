from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InjuriesConfig(AppConfig):
    name = "injuries"
    verbose_name = _("Injury records")

    def ready(self) -> None:
        from accounts.services import register_erasure, register_own_data
        from audit.enums import name_actions, name_fact
        from core.admin_site import register_staff_link
        from core.duties import register_duties
        from core.navigation import register_community_link
        from injuries.selectors import datasets, public
        from injuries.services import erasure, exports, retention
        from injuries.services.imports import batches
        from injuries.services.imports import retention as tables
        from injuries.trail import ACTIONS, FACTS

        batches.register_works()
        exports.register_works()
        tables.register_rules()
        register_own_data(erasure.own_accesses)
        register_own_data(erasure.own_exceptions)
        register_erasure(erasure.forget_person)
        name_actions(ACTIONS)
        for fact, label in FACTS.items():
            name_fact(fact, label)
        register_community_link(public.public_link)
        register_community_link(datasets.work_link)
        register_duties(datasets.duty_cards)
        retention.register_rules()
        register_staff_link(_("Injuries"), "injuries:above", permission="injury.view", order=26)
