"""The questionnaire in Excel: down, filled in anywhere, up again, and its changes one by one. Without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from core.xlsx import XLSX
from documents.models import StoredFile
from surveys.access import response_or_404
from surveys.enums import WRITABLE
from surveys.forms.workbooks import WorkbookForm, read_accepted
from surveys.models import Response
from surveys.selectors import responses as selectors
from surveys.selectors.discretion import is_withheld
from surveys.selectors.rounds import questionnaire
from surveys.services import workbooks as services


def _elsewhere(response: Response) -> HttpResponse | None:
    """Where somebody goes who can write no more: the pages that say why."""
    if response.stage not in WRITABLE:
        return redirect("surveys:receipt", reference=response.reference)
    if selectors.writing_refusals(response):
        return redirect("surveys:check", reference=response.reference)
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference)
    if elsewhere := _elsewhere(response):
        return elsewhere
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["workbook"]
        try:
            stored = services.receive_workbook(response=response, upload=upload, by=request.user)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("workbook", str(reason))
        else:
            name = services.name_of(response, stored)
            return redirect("surveys:workbook_changes", reference=reference, upload=name)
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/workbook/page.html", {"response": response, "form": form}, status=status)


@login_required
@never_cache
@require_safe
def workbook_download(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference)
    if elsewhere := _elsewhere(response):
        return elsewhere
    if is_withheld(request.user, response):
        sentence = _("Confirm your e-mail address first: the workbook holds telephone numbers.")
        messages.error(request, sentence)
        return redirect("surveys:workbook", reference=reference)
    # Loaded by the first who asks: what writes workbooks is a fifth of a web worker's memory and start.
    questionnaire_workbook = import_string("surveys.workbooks.writing.questionnaire_workbook")
    content = questionnaire_workbook(
        response,
        questionnaire(response.round.edition),
        selectors.answer_rows(response),
        selectors.remarks_by_question(response),
    )
    name = f"{response.reference}_{response.community.name_zh}_调查表.xlsx"
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_changes(request: HttpRequest, reference: str, upload: str) -> HttpResponse:
    """Compared anew whenever it is opened, so that neither a reload nor another person's change misleads."""
    response = response_or_404(request, reference)
    stored = services.workbook_named(response, upload)
    if stored is None:
        raise Http404
    if elsewhere := _elsewhere(response):
        return elsewhere
    try:
        if request.method == "POST":
            return _apply(request, response, stored)
        filled = services.filled_in(response, stored)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
        return redirect("surveys:workbook", reference=reference)
    rows, remarks = selectors.answer_rows(response), selectors.remarks_by_question(response)
    found = services.differences(response, filled, rows, remarks)
    context = {
        "response": response,
        "stored": stored,
        "changes": [one for one in found if one.is_open],
        "refused": [one for one in found if not one.is_open],
        "unchanged": len(filled) - len(found),
    }
    return render(request, "surveys/workbook/changes.html", context)


def _apply(request: HttpRequest, response: Response, stored: StoredFile) -> HttpResponse:
    accepted = read_accepted(request.POST)
    done = services.apply_workbook(response=response, stored=stored, accepted=accepted, by=request.user)
    if done.saved:
        count = len(done.saved)
        text = ngettext(
            "%(count)d answer was taken over from the workbook.",
            "%(count)d answers were taken over from the workbook.",
            count,
        )
        messages.success(request, text % {"count": count})
    if done.overtaken:
        messages.error(request, _("Somebody wrote at the same time. What is left is shown once more."))
    elif not accepted:
        messages.info(request, _("Nothing was ticked, so nothing was changed."))
    else:
        if not done.saved:
            messages.info(request, _("What you ticked stands on the platform already."))
        return redirect("surveys:response", reference=response.reference)
    return redirect(request.path)
