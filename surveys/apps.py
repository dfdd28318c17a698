from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Survey rounds")

    def ready(self) -> None:
        from accounts.services import register_erasure, register_own_data
        from audit.enums import name_actions, name_fact
        from core.admin_site import register_staff_link
        from notices import kinds
        from surveys.enums import TRAIL_ACTIONS, TRAIL_FACTS
        from surveys.selectors import letter_mails
        from surveys.selectors.queues import waiting_count
        from surveys.services import (
            extension_notices,
            handouts,
            long_work,
            prospects,
            reminders,
            retention,
            review_notices,
        )
        from surveys.services import letter_mails as letter_post

        long_work.register()
        reminders.register()
        extension_notices.register()
        retention.register_rules()
        register_own_data(retention.own_applications)
        register_erasure(retention.forget_person)
        for kind in review_notices.STILL_TRUE:
            kinds.register(kind, still_wanted=review_notices.is_still_true)
        kinds.register("prospect_link", still_wanted=prospects.is_still_wanted, prepare=prospects.link_of)
        kinds.register(
            "invitation_letter", still_wanted=letter_mails.is_still_wanted, prepare=letter_post.link_of
        )
        kinds.register_attachment(
            letter_mails.LETTER,
            describe=letter_mails.letter_described,
            make="surveys.services.letter_files.attached_letter",
        )
        kinds.register("section_filled", still_wanted=handouts.is_still_wanted)
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
