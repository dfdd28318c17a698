from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    HELD = "held", _("held for a look")
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer wanted")
    GIVEN_UP = "given_up", _("given up")
    REFUSED = "refused", _("address refused")


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SITE = "site", _("in the portal")


class Unit(models.TextChoices):
    """What the steps of a reminder plan are counted in."""

    DAYS = "days", _("days")
    MONTHS = "months", _("months")


class Kind(models.TextChoices):
    """Every mail the platform writes. A new one is a line here and three files in ``templates/notices/``."""

    ACCOUNT_INVITATION = "account_invitation", _("invitation to an account")
    PASSWORD_RESET = "password_reset", _("link for a new password")
    EMAIL_CONFIRMATION = "email_confirmation", _("link that confirms an e-mail address")
    INVITATION_LETTER = "invitation_letter", _("invitation letter by mail")
    PROSPECT_LINK = "prospect_link", _("link for a unit that intends to apply")
    RESPONSE_SUBMITTED = "response_submitted", _("receipt for submitted answers")
    ANSWERS_CLEARED = "answers_cleared", _("answers checked, may be sealed")
    COPY_RECEIVED = "copy_received", _("receipt for the sealed copy")
    RESPONSE_RETURNED = "response_returned", _("answers returned for changes")
    SECTION_FILLED = "section_filled", _("section handed back")
    COPY_RETURNED = "copy_returned", _("new sealed copy wanted")
    RESPONSE_ACCEPTED = "response_accepted", _("response accepted")
    BACKUP_LATE = "backup_late", _("no backup was made")
    ADDRESS_CHANGED = "address_changed", _("e-mail address of an account changed")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    ERASURE_ASKED = "erasure_asked", _("somebody asks to be erased")
    ACCOUNT_IDLE = "account_idle", _("account that will be closed for want of use")
    ROUND_REMINDER = "round_reminder", _("reminder of a survey round")
    ROUND_URGED = "round_urged", _("urging of a survey round")
    ROUND_OVERDUE = "round_overdue", _("overdue unit, told to its authority")
    DEADLINE_EXTENDED = "deadline_extended", _("more time for a unit")
    REPORT_REMINDER = "report_reminder", _("reminder of a report")
    REPORT_OVERDUE = "report_overdue", _("missing report, told to the authority")
    REPORT_RETURNED = "report_returned", _("report sent back")
    REPORT_ACCEPTED = "report_accepted", _("report accepted")
    # These three only stand among the messages on the site.
    RUN_READY = "run_ready", _("long work that has ended")
    MEMBER_WAITING = "member_waiting", _("new member of a unit")
    MAIL_GIVEN_UP = "mail_given_up", _("mails that could not be sent")
    RENEWAL_REMINDER = "renewal_reminder", _("reminder of the re-designation")
