from django.db import models
from django.utils.translation import gettext_lazy as _


class PulseName(models.TextChoices):
    WORKER = "worker", _("background worker")
    BACKUP = "backup", _("backup")
    EXPIRY = "expiry", _("end of retention")
    BACKUP_BEGUN = "backup_begun", _("backup begun")
