from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    FORM_PRINT = "form_print", _("printed form")
    SEALED_SCAN = "sealed_scan", _("sealed copy as uploaded")
    PAGE_THUMBNAIL = "page_thumbnail", _("small picture of a page")
    STAMPED_COPY = "stamped_copy", _("stamped PDF")
    E_SEALED = "e_sealed", _("electronically sealed file")
    LETTER = "letter", _("letter")
    BLANK_FORM = "blank_form", _("blank form")
    WORKBOOK = "workbook", _("workbook as uploaded")
    EXPORT = "export", _("export")
    ATTACHMENT = "attachment", _("attachment")
    EVIDENCE = "evidence", _("evidence of safety work")


class RunState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
