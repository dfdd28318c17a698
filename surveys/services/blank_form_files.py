"""Making the blank form of an edition as PDF and Word file: the work of the run that ``blank_forms`` asks for.

A module of its own, so that web workers load neither the PDF engine nor the writer of Word files.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.clock import now
from core.file_names import file_name
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run
from surveys.blank_forms import render_docx
from surveys.enums import BlankFormat
from surveys.models import BlankForm, QuestionnaireEdition
from surveys.pdfs import render_blank
from surveys.selectors.blank_forms import RECIPE

TYPES = {
    BlankFormat.PDF: "application/pdf",
    BlankFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def make_blank_forms(run: Run) -> None:
    """The handler of the run. Harmless when run again: a file of the present recipe stays."""
    edition = QuestionnaireEdition.objects.get(pk=run.parameters["edition"], published_at__isnull=False)
    for done, kind in enumerate(BlankFormat, start=1):
        if not edition.blank_forms.filter(format=kind, recipe=RECIPE).exists():
            _keep(edition, kind, _rendered(edition, kind))
        documents.report_progress(run, done)


def _rendered(edition: QuestionnaireEdition, kind: BlankFormat) -> bytes:
    if kind == BlankFormat.PDF:
        return render_blank(edition.definition)
    return render_docx(edition.definition, published_at=edition.published_at or now())


@transaction.atomic
def _keep(edition: QuestionnaireEdition, kind: BlankFormat, content: bytes) -> BlankForm:
    with override("zh-hans"):
        name = file_name([edition.title_zh, _("blank form")], f".{kind.value}")
    stored = documents.store_file(
        kind=FileKind.BLANK_FORM, content=content, original_name=name, content_type=TYPES[kind], by=None
    )
    form, _made = BlankForm.objects.update_or_create(
        edition=edition,
        format=kind,
        defaults={"recipe": RECIPE, "stored": stored, "made_at": stored.created_at},
    )
    return form
