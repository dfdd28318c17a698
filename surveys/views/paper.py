"""Staff enter an Annex 2 that came by post or e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Reason, Refused
from surveys.forms.paper import PaperForm, paper_sheet
from surveys.models import Response
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services import paper as services


@staff_view(permission=Permission.RESPONSE_REVIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_entry(request: HttpRequest, reference: str) -> HttpResponse:
    response = _response(request, reference)
    if request.method != "POST":
        return _page(request, response, PaperForm(initial={"seen": services.state_seen(response)}))
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, response, form)
    paper = services.Paper(
        arrival=form.cleaned_data["arrival"],
        received_on=form.cleaned_data["received_on"],
        answers=dict(request.POST.lists()),
        scans=form.cleaned_data["scans"],
    )
    try:
        services.enter_paper(response=response, paper=paper, seen=form.cleaned_data["seen"], by=request.user)
    except Refused as refused:
        return _page(request, response, form, reasons=refused.reasons)
    messages.success(request, _("The paper has been entered and waits for review."))
    return redirect("surveys:review", reference=reference)


def _response(request: HttpRequest, reference: str) -> Response:
    found = (
        Response.objects.visible_to(request.user)
        .standing()
        .filter(reference=reference)
        .select_related("round__edition", "community__supervisor", "invitation__round")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, response: Response, form: PaperForm, *, reasons: list[Reason] | None = None
) -> HttpResponse:
    said = {str(reason.field): reason for reason in reversed(reasons or [])}
    for reason in reasons or []:
        if reason.field not in questionnaire(response.round.edition).by_id:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
    sent = request.POST if request.method == "POST" else None
    sheet = paper_sheet(
        response,
        questionnaire(response.round.edition),
        selectors.answer_rows(response),
        sent=sent,
        errors=said,
    )
    context = staff_context(
        request, title=_("Enter a paper"), response=response, form=form, sheet=sheet, is_sent=sent is not None
    )
    return render(request, "surveys/paper/entry.html", context, status=422 if sent is not None else 200)
