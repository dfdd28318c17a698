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
        from reports.services.rehearsals import recount
        from reports.views import panels
        from surveys.services.rehearsals import register_recount

        work = "reports.services"
        for name, handler, label in (
            (exports.WORKBOOK, f"{work}.files.make_workbook", _("Summary of the round as Excel")),
            (exports.SUMMARY, f"{work}.files.make_summary", _("Summary of the round for printing")),
            (exports.ARCHIVE, f"{work}.papers.make_archive", _("Sealed copies of the round")),
            (
                exports.BY_PROVINCE,
                f"{work}.papers.make_province_files",
                _("Sealed copies of the round, one PDF for each province"),
            ),
        ):
            register_handler(
                name,
                handler,
                label=label,
                allowed=exports.may_export,
                back=panels.board_url,
                remarks=exports.left_out,
                is_told=True,
            )
        register_recount(recount)
        register_home_panel(panels.open_rounds, order=10)
        register_staff_link(_("Survey rounds"), "reports:round_list", permission="round.view", order=20)
        name_actions(
            {
                "result.export": _("Result exported"),
                "round.urge": _("Units urged"),
                "contact.export": _("Phone list with whole numbers read"),
            }
        )
