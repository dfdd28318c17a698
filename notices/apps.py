from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from notices.services import retention

        retention.register_rules()
        name_fact("mails", _("mails"))
        name_actions(
            {
                "notice.release": _("Held notice released"),
                "notice.drop": _("Notice not sent"),
                "notice.edit": _("Held notice edited"),
                "notice.hold": _("Notice held back"),
                "mail_text.change": _("Text of a mail changed"),
                "mail_text.remove": _("Text of a mail set back"),
                "notice.retry": _("Notice tried again"),
                "reminder.create": _("Reminder plan made"),
                "reminder.change": _("Reminder plan changed"),
                "reminder.write": _("Reminders written"),
                "calendar.set": _("Day of the working calendar set"),
                "calendar.clear": _("Day of the working calendar taken out"),
                "notice.address_refused": _("Address refused by the mail server"),
                "notice.address_works": _("Address takes mail again"),
            }
        )
