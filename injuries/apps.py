from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InjuriesConfig(AppConfig):
    name = "injuries"
    verbose_name = _("Injury records")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from injuries.trail import ACTIONS, FACTS

        name_actions(ACTIONS)
        for fact, label in FACTS.items():
            name_fact(fact, label)
