from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    FORM_PRINT = "form_print", _("printed form")
    SEALED_SCAN = "sealed_scan", _("sealed copy as uploaded")
    PAGE_THUMBNAIL = "page_thumbnail", _("small picture of a page")
    EXPORT = "export", _("export")
    ATTACHMENT = "attachment", _("attachment")


class RunState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
