from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from core.admin_site import register_home_panel
        from operations import checks, views

        register_home_panel(views.state_of_the_system, order=90)
        name_fact("archive", _("archive"))
        name_fact("size", _("size in bytes"))
        name_fact("files", _("files"))
        name_fact("made_at", _("made"))
        name_actions(
            {
                "backup.make": _("Backup made"),
                "backup.restore": _("Backup restored"),
            }
        )
