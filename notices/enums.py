from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    HELD = "held", _("held for a look")
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer wanted")
    GIVEN_UP = "given_up", _("given up")


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SITE = "site", _("in the portal")
