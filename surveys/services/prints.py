"""Making the print of a submission, once: the work of the run that ``submissions.request_print`` asks for.

A module of its own, so that web workers, which only ask for prints, never load the PDF engine.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from surveys.models import Submission
from surveys.pdfs import render_form
from surveys.printing import FormPrint
from surveys.services.phone import print_link

PDF = "application/pdf"


def make_print(run: Run) -> StoredFile | None:
    """The handler of the run: render once, keep for ever. Harmless when run again."""
    submission = Submission.objects.select_related(
        "response__round__edition", "response__round__notice", "response__community"
    ).get(pk=run.parameters["submission"])
    if submission.print_file_id:
        return None
    rendered = render_form(form_print(submission))
    with transaction.atomic():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        if locked.print_file_id is None:
            locked.print_file = documents.store_file(
                kind=FileKind.FORM_PRINT,
                content=rendered.pdf,
                original_name=f"{submission.response.reference}-v{submission.version}.pdf",
                content_type=PDF,
                by=None,
            )
            locked.print_pages, locked.page_hashes = rendered.pages, list(rendered.page_hashes)
            locked.save(update_fields=["print_file", "print_pages", "page_hashes"])
    return None


def form_print(submission: Submission) -> FormPrint:
    response = submission.response
    return FormPrint(
        definition=response.round.edition.definition,
        answers=submission.answers,
        community=str(response.community),
        reference=response.reference,
        version=submission.version,
        content_hash=submission.content_hash,
        notice_number=response.round.notice.number,
        submitted_at=submission.submitted_at,
        rehearsal=settings.DEMONSTRATION,
        upload_link=print_link(submission),
    )
