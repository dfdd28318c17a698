from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Survey rounds")

    def ready(self) -> None:
        from audit.enums import name_actions
        from core.admin_site import register_staff_link
        from documents.services import register_handler
        from notices import kinds
        from surveys.selectors.reviews import waiting_count
        from surveys.services import copies, review_notices, submissions

        register_handler(submissions.PRINT, "surveys.services.prints.make_print", label=_("Form to print"))
        register_handler(copies.HANDLER, copies.read_copy, label=_("Reading of a sealed copy"))
        for kind in review_notices.STILL_TRUE:
            kinds.register(kind, still_wanted=review_notices.is_still_true)
        register_staff_link(
            _("Review"),
            "surveys:review_queue",
            permission="response.view",
            count=lambda request: waiting_count(request.user),
            order=30,
        )
        name_actions(
            {
                "response.start": _("Filling in begun"),
                "response.submit": _("Answers submitted"),
                "response.send_copy": _("Sealed copy sent for review"),
                "response.begin_review": _("Review begun"),
                "response.accept": _("Response accepted"),
                "response.return_answers": _("Answers returned for changes"),
                "response.return_copy": _("New sealed copy asked for"),
                "response.archive": _("Response archived"),
                "response.void": _("Response made void"),
                "copy.add_file": _("File of a sealed copy uploaded"),
                "copy.withdraw_file": _("File of a sealed copy taken back"),
                "copy.settle_page": _("Page of a sealed copy assigned"),
                "copy.leave_page": _("Page of a sealed copy left to staff"),
                "register_change.applied": _("Answer taken into the register"),
                "register_change.dismissed": _("Answer not taken into the register"),
                "round.open": _("Survey round opened"),
                "round.close": _("Survey round closed"),
                "round.reopen": _("Survey round opened again"),
            }
        )
