from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact

        name_fact("entries", _("entries"))
        name_fact("anchor", _("seal before them"))
        name_fact("before", _("older than"))
        name_actions(
            {"audit.export": _("Audit trail exported"), "audit.expire": _("Old entries of the trail removed")}
        )
