"""One section by link, for an office without an account: fill in, save, hand back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.forms.handouts import section_fields
from surveys.forms.sheets import read_sheet
from surveys.selectors.rounds import questionnaire
from surveys.services import sections as services
from surveys.services.sections import Desk
from surveys.views.links import by_link

HAND_BACK = "hand_back"


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def section(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _save(request, token)
    desk = services.open_desk(token)
    return _page(request, token, desk, filled_by=desk.handout.filled_by)


def _save(request: HttpRequest, token: str) -> HttpResponse:
    desk = services.open_desk(token)
    filled_by = request.POST.get("filled_by", "").replace("\0", "")[:100]
    kept = services.save_section(
        token=token,
        entries=read_sheet(questionnaire(desk.handout.response.round.edition), request.POST),
        filled_by=filled_by,
        hands_back=request.POST.get("then") == HAND_BACK,
    )
    if kept.refused:
        return _page(
            request, token, kept.desk, filled_by=filled_by, errors=kept.refused, sent=request.POST, status=422
        )
    if kept.desk.handout.filled_at is None:
        messages.success(request, _("Saved. You may close this page and go on later by the same link."))
    return redirect("surveys:section", token)


def _page(
    request: HttpRequest, token: str, desk: Desk, *, filled_by: str, status: int = 200, **shown: Any
) -> HttpResponse:
    form = questionnaire(desk.handout.response.round.edition)
    fields = section_fields(form, desk.handout, desk.questions, desk.values, **shown)
    errors = shown.get("errors", {})
    items = [
        {"message": one.error, "label": one.question.label, "href": f"#{one.id}"}
        for one in fields
        if one.error
    ]
    own = {"filled_by": "#filled-by", "": f"#{fields[0].id}"}
    items += [{"message": errors[name], "label": "", "href": own[name]} for name in own if name in errors]
    context = {
        "token": token,
        "handout": desk.handout,
        "response": desk.handout.response,
        "section": desk.section,
        "fields": fields,
        "filled_by": filled_by,
        "name_error": errors.get("filled_by"),
        "items": items,
    }
    return render(request, "surveys/handouts/section.html", context, status=status)


@require_POST
@by_link
def section_opened(request: HttpRequest, token: str) -> HttpResponse:
    """Sent by the page's script once it is drawn."""
    services.note_opened(token=token)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
