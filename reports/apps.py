from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from audit.enums import name_actions
        from core.admin_site import register_home_panel, register_staff_link
        from documents.services import register_handler
        from reports.services import exports
        from reports.views import panels

        register_handler(
            exports.WORKBOOK,
            "reports.services.files.make_workbook",
            label=_("Summary of the round as Excel"),
            allowed=exports.may_export,
            back=panels.board_url,
        )
        register_handler(
            exports.SUMMARY,
            "reports.services.files.make_summary",
            label=_("Summary of the round for printing"),
            allowed=exports.may_export,
            back=panels.board_url,
        )
        register_home_panel(panels.open_rounds, order=10)
        register_staff_link(_("Survey rounds"), "reports:round_list", permission="round.view", order=20)
        name_actions({"result.export": _("Result exported")})
