from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Safety work")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from communities import figures
        from core.admin_site import register_staff_link
        from core.duties import register_duties
        from core.navigation import register_community_link
        from documents.services import register_handler
        from projects.models import PeriodReport, ReportRule
        from projects.selectors import news, programmes, reports, shortcomings
        from projects.services import evidence_exports, reminders, report_notices, report_prints
        from projects.trail import ACTIONS, FACTS

        figures.watch(
            PeriodReport,
            {"community", "kind", "period_from", "due_on", "stage", "first_submitted_at", "is_late"},
        )
        figures.watch(ReportRule, {"kind", "is_on"})
        name_actions(ACTIONS)
        for fact, label in FACTS.items():
            name_fact(fact, label)
        register_community_link(programmes.public_link)
        register_community_link(news.public_link)
        register_community_link(programmes.work_link)
        reminders.register()
        report_notices.register()
        register_duties(reports.duty_cards)
        register_duties(shortcomings.duty_cards)
        register_handler(
            evidence_exports.YEAR_ZIP,
            "projects.services.evidence_zip.make_zip",
            label=_("Evidence of a year"),
            allowed=evidence_exports.may_export,
            back=evidence_exports.archive_url,
            remarks=evidence_exports.left_out,
            is_told=True,
        )
        register_handler(
            report_prints.REPORT_PRINT,
            "projects.services.report_paper.make_print",
            label=_("A report on paper"),
            allowed=report_prints.may_print,
            back=report_prints.report_url,
        )
        register_staff_link(_("Safety work"), "projects:overview", permission="work.view", order=25)
