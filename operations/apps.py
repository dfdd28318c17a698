from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from core.admin_site import register_home_panel
        from core.retention import use_periods
        from operations import checks, views
        from operations.services.retention import periods_of_the_office

        use_periods(periods_of_the_office)
        register_home_panel(views.state_of_the_system, order=90)
        name_fact("archive", _("archive"))
        name_fact("size", _("size in bytes"))
        name_fact("files", _("files"))
        name_fact("made_at", _("made"))
        name_fact("rule", _("rule"))
        name_fact("ended", _("rows ended"))
        name_fact("before", _("older than"))
        name_actions(
            {
                "retention.expire": _("Kept long enough: erased or deleted"),
                "retention.change": _("Retention period changed"),
                "backup.make": _("Backup made"),
                "backup.restore": _("Backup restored"),
            }
        )
