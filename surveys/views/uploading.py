"""The sealed copy on the unit's side: files in, results out, off for review. Works without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from core.errors import Refused
from documents.access import file_response
from surveys.access import response_or_404
from surveys.enums import FilePurpose
from surveys.forms.copies import TypedPageForm
from surveys.models import CopyPage, UploadedFile
from surveys.selectors import copies as selectors
from surveys.selectors.phone import mark_of
from surveys.services import copies as services
from surveys.services.copies import Received
from surveys.views.refusals import succeeds


def _file(request: HttpRequest, reference: str, pk: int) -> UploadedFile:
    """One of the files of this very response; anything else does not exist."""
    response_or_404(request, reference)
    files = selectors.files_visible_to(request.user)
    return get_object_or_404(files, pk=pk, sealed_copy__response__reference=reference)


def _page(request: HttpRequest, reference: str, pk: int) -> CopyPage:
    response_or_404(request, reference)
    pages = selectors.pages_visible_to(request.user)
    return get_object_or_404(pages, pk=pk, file__sealed_copy__response__reference=reference)


def _back(reference: str) -> HttpResponse:
    return redirect(f"{_page_of(reference)}#sealed-copy")


def _page_of(reference: str) -> str:
    return selectors.response_address(reference)


@login_required
@require_POST
def copy_upload(request: HttpRequest, reference: str) -> HttpResponse:
    """Several files at once; each is kept or refused by itself."""
    return _receive(request, reference, FilePurpose.PAGES)


@login_required
@require_POST
def copy_e_sealed(request: HttpRequest, reference: str) -> HttpResponse:
    """Files that carry an electronic seal: kept as they come, never read."""
    return _receive(request, reference, FilePurpose.E_SEALED)


def _receive(request: HttpRequest, reference: str, purpose: FilePurpose) -> HttpResponse:
    response = response_or_404(request, reference)
    uploads: list[Any] = request.FILES.getlist("files")
    if uploads:
        received = services.receive_files(
            response=response, uploads=uploads, by=request.user, purpose=purpose
        )
        _say_what_arrived(request, received)
    else:
        messages.error(request, _("Choose at least one file."))
    return _back(reference)


def _say_what_arrived(request: HttpRequest, received: list[Received]) -> None:
    kept = sum(one.file is not None and not one.was_there for one in received)
    if kept:
        text = ngettext("%(count)d file has arrived.", "%(count)d files have arrived.", kept)
        messages.success(request, text % {"count": kept})
    for one in received:
        if one.was_there:
            messages.info(request, _("“%(name)s” is there already.") % {"name": one.name})
        for reason in one.reasons:
            sentence = _("“%(name)s” was not taken: %(reason)s")
            messages.error(request, sentence % {"name": one.name, "reason": reason})


@login_required
@never_cache
@require_GET
def copy_pages(request: HttpRequest, reference: str) -> HttpResponse:
    """The list of pages alone, asked for again and again: files are read, and a phone may add some."""
    response = response_or_404(request, reference)
    if not getattr(request, "htmx", False):
        return _back(reference)
    copy_state = selectors.copy_state(response)
    if request.GET.get("seen") == mark_of(copy_state):
        return HttpResponse(status=204)  # nothing is drawn anew under somebody's finger
    context = {"response": response, "copy_state": copy_state, "may_fill": True}
    return render(request, "surveys/copies/_pages.html", context)


@login_required
@require_POST
def copy_withdraw(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    file = _file(request, reference, file_id)
    succeeds(request, lambda: services.withdraw_file(file=file, by=request.user))
    return _back(reference)


@login_required
@require_POST
def copy_reread(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    file = _file(request, reference, file_id)
    succeeds(request, lambda: services.read_file_again(file=file, by=request.user))
    return _back(reference)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_settle(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """A page of its own for typing the printed number, so that an error has a place to stand."""
    page = _page(request, reference, page_id)
    form = TypedPageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_page(page=page, by=request.user, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            return _back(reference)
    context = {"form": form, "page": page, "place": page.index + 1, "reference": reference}
    context["back"] = _page_of(reference)
    return render(request, "surveys/copies/settle.html", context)


@login_required
@require_POST
def copy_leave(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    page = _page(request, reference, page_id)
    succeeds(request, lambda: services.leave_page_to_staff(page=page, by=request.user))
    return _back(reference)


@login_required
@require_POST
def copy_attach(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """A page without a code is an attachment of the unit's own, or is not."""
    page = _page(request, reference, page_id)
    wanted = request.POST.get("attachment") == "1"
    succeeds(request, lambda: services.set_attachment(page=page, is_attachment=wanted, by=request.user))
    return _back(reference)


@login_required
@require_POST
def copy_attachment_up(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    page = _page(request, reference, page_id)
    succeeds(request, lambda: services.move_attachment_up(page=page, by=request.user))
    return _back(reference)


@login_required
@require_POST
def copy_send(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference)
    if succeeds(request, lambda: services.send_for_review(response=response, by=request.user)):
        messages.success(request, _("The sealed copy has been sent for review."))
    return _back(reference)


@login_required
@require_safe
def copy_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponseBase:
    """The file as it was uploaded."""
    return file_response(_file(request, reference, file_id).stored)


@login_required
@require_safe
def copy_thumbnail(request: HttpRequest, reference: str, page_id: int) -> HttpResponseBase:
    page = _page(request, reference, page_id)
    if page.thumbnail is None:
        raise Http404
    return file_response(page.thumbnail)
