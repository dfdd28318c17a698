"""The papers on the review desk: pages as pictures, files as they came, pages that staff assign."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.errors import Refused
from documents.access import file_response
from surveys.access import may_read_responses, must_hold, staff_response
from surveys.forms.copies import StaffPageForm
from surveys.models import CopyPage, UploadedFile
from surveys.selectors import copies
from surveys.services import copies as services
from surveys.services.previews import preview_of
from surveys.views.asked import chosen_number, way_of
from surveys.views.refusals import succeeds

WIDTHS = (1000, 1500, 2000)  # pixels asked for at each step of the zoom
TURNS = (0, 90, 180, 270)


@may_read_responses
@require_safe
def review_page(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """One page of the sealed copy as a picture, as wide and turned as asked."""
    page = _copy_page(request, reference, page_id)
    zoom, turn = chosen_number(request, "zoom", range(len(WIDTHS))), chosen_number(request, "turn", TURNS)
    try:
        picture = preview_of(page, width=WIDTHS[zoom], turn=turn)
    except (Refused, FileNotFoundError) as error:
        raise Http404 from error
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{reference}-{page.pk}.jpg"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@may_read_responses
@require_safe
def review_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponseBase:
    """The file as the unit uploaded it."""
    response = staff_response(request, reference)
    must_hold(request, Permission.CONTACT_VIEW, response)
    files: Any = copies.files_visible_to(request.user).filter(sealed_copy__response=response)
    file: UploadedFile = get_object_or_404(files, pk=file_id)
    return file_response(file.stored)


@may_read_responses
@require_POST
def review_settle(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """Staff say which printed page an unreadable picture shows, or that it is an attachment of the unit's own."""
    page = _copy_page(request, reference, page_id)
    must_hold(request, Permission.RESPONSE_REVIEW, page.file.sealed_copy.response)
    form = StaffPageForm(request.POST)
    if "attachment" in request.POST:
        by = request.user
        succeeds(request, lambda: services.set_attachment_by_staff(page=page, is_attachment=True, by=by))
    elif form.is_valid():
        number = form.cleaned_data["number"]
        succeeds(request, lambda: services.settle_page_by_staff(page=page, number=number, by=request.user))
    else:
        messages.error(request, _("Type the number of the page."))
    return redirect(f"{reverse('surveys:review', args=[reference])}{way_of(request).query}")


def _copy_page(request: HttpRequest, reference: str, pk: int) -> CopyPage:
    """A page of this response's papers. They show contact persons, so that right is asked for too."""
    response = staff_response(request, reference)
    must_hold(request, Permission.CONTACT_VIEW, response)
    pages = copies.pages_visible_to(request.user).filter(file__sealed_copy__response=response)
    found: CopyPage = get_object_or_404(pages, pk=pk)
    return found
