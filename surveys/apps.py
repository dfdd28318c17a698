from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Survey rounds")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from core.admin_site import register_staff_link
        from documents.services import register_handler
        from notices import kinds
        from surveys.enums import TRAIL_ACTIONS, TRAIL_FACTS
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
        name_actions(TRAIL_ACTIONS)
        for fact, label in TRAIL_FACTS.items():
            name_fact(fact, label)
