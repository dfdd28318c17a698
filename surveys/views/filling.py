"""Filling in: the whole form on one page, each answer saved by itself or all by one button."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from communities.authz import can
from core.dates import format_time
from core.errors import Reason, Refused
from surveys.access import response_or_404
from surveys.answers import Progress, advice_on_plan, problems_of
from surveys.enums import WRITABLE
from surveys.forms.sheets import CONFIRM, build_sheet, raw_of, read_entry, read_sheet
from surveys.models import Answer, Response
from surveys.questionnaires import Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.discretion import hidden_questions
from surveys.selectors.rounds import questionnaire
from surveys.services.responses import (
    Conflict,
    FormOutcome,
    Saved,
    note_form_opened,
    save_answer,
    save_answers,
)
from surveys.services.submissions import reasons_against


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, reference: str) -> HttpResponse:
    permission = Permission.RESPONSE_FILL if request.method == "POST" else Permission.RESPONSE_VIEW
    response = response_or_404(request, reference, permission)
    if request.method == "POST":
        return _save(request, response)
    if not can(request.user, Permission.RESPONSE_FILL, response.community):
        return redirect("surveys:check", reference=reference)
    if response.stage not in WRITABLE:
        return redirect("surveys:receipt", reference=reference)
    if selectors.writing_refusals(response):
        return redirect("surveys:check", reference=reference)
    form, rows = questionnaire(response.round.edition), selectors.answer_rows(response)
    errors = {}
    if "errors" in request.GET:
        errors = {str(reason.field): reason for reason in reversed(reasons_against(form, rows))}
    return _page(request, response, form, rows, errors=errors, changing=request.GET.get("change", ""))


def _save(request: HttpRequest, response: Response) -> HttpResponse:
    """The button: keep what can be kept, then go where the button says, or show what stands in the way."""
    form = questionnaire(response.round.edition)
    try:
        outcome = save_answers(response=response, entries=read_sheet(form, request.POST), by=request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
        return redirect("surveys:check", reference=response.reference)
    rows = selectors.answer_rows(response)
    if not outcome.is_clean:
        return _unclean(request, response, form, rows, outcome)
    if section := request.POST.get(CONFIRM, ""):
        messages.success(request, _confirmed(outcome.confirmed))
        place = f"#s-{section}" if any(part.id == section for part in form.sections) else ""
        return redirect(f"{response_path(response)}{place}")
    if request.POST.get("then") != "check":
        messages.success(request, _("Saved. You may leave and go on later."))
        return redirect("surveys:response", reference=response.reference)
    if reasons_against(form, rows):
        return redirect(f"{response_path(response)}?errors=1")
    return redirect("surveys:check", reference=response.reference)


def _confirmed(count: int) -> str:
    sentence = ngettext("%(count)d answer still holds.", "%(count)d answers still hold.", count)
    return sentence % {"count": count}


def _unclean(
    request: HttpRequest,
    response: Response,
    form: Questionnaire,
    rows: dict[str, Answer],
    outcome: FormOutcome,
) -> HttpResponse:
    clash = Reason(_("Another device has written here meanwhile. Choose one of the two."), code="conflict")
    errors = {**outcome.refused, **dict.fromkeys(outcome.conflicts, clash)}
    return _page(
        request,
        response,
        form,
        rows,
        errors=errors,
        sent=request.POST,
        conflicts=outcome.conflicts,
        status=409 if outcome.conflicts else 422,
    )


def _page(
    request: HttpRequest,
    response: Response,
    form: Questionnaire,
    rows: dict[str, Answer],
    *,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    remarks = selectors.remarks_by_question(response)
    hidden = hidden_questions(request.user, response.community, form, rows)
    sheet = build_sheet(response, form, rows, remarks, hidden=hidden, **shown)
    typed = [row.updated_at for row in rows.values() if row.updated_by_id]
    context = {"response": response, "sheet": sheet, "saved_at": max(typed, default=None), "remarks": remarks}
    return render(request, "surveys/fill.html", context, status=status)


def response_path(response: Response) -> str:
    return redirect("surveys:response", reference=response.reference)["Location"]


@login_required
@require_POST
def opened(request: HttpRequest, reference: str) -> HttpResponse:
    """Sent by the form's script once the form is drawn; looking at a page never changes anything by itself."""
    note_form_opened(response=response_or_404(request, reference), by=request.user)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


# --- one answer, sent by the page's script ----------------------------------------------------------------


@never_cache
@require_POST
def answer_save(request: HttpRequest, reference: str) -> JsonResponse:
    """200 saved, 401 log in again, 409 another device was first, 422 not storable; always a sentence, never a loss."""
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": _("Please log in again; nothing is lost.")}, status=401)
    response = response_or_404(request, reference)
    question, entry = read_entry(request.POST)
    try:
        saved = save_answer(response=response, question=question, entry=entry, by=request.user)
    except Conflict as conflict:
        return JsonResponse(_clash(response, conflict.row), status=409)
    except Refused as refused:
        return JsonResponse({"sentence": str(refused), "codes": refused.codes}, status=422)
    return JsonResponse(_receipt(response, question, saved))


def _receipt(response: Response, question: str, saved: Saved) -> dict[str, Any]:
    asked, row = questionnaire(response.round.edition).by_id[question], saved.row
    advice = []
    if row is not None and row.value is not None:
        advice = problems_of(asked, row.value)
        advice += advice_on_plan(asked, row.value, response.round.opens_on.year)
    return {
        "saved_at": format_time(row.updated_at) if row else "",
        "token": selectors.token(row),
        "advice": [str(reason) for reason in advice],
        **_standing(saved.progress),
    }


def _standing(progress: Progress) -> dict[str, Any]:
    return {
        "done": progress.done,
        "total": progress.total,
        "missing": [{"id": question.id, "label": question.full_label} for question in progress.missing],
        "sections": {
            part.section.id: {"done": part.done, "total": part.total, "ring": part.ring}
            for part in progress.sections
        },
    }


def _clash(response: Response, row: Answer) -> dict[str, Any]:
    question = questionnaire(response.round.edition).by_id[row.question]
    return {
        "sentence": _("Another device has written here meanwhile. Choose one of the two."),
        "theirs": {
            "text": answer_text(question, row.value),
            "raw": raw_of(row.value),
            "token": selectors.token(row),
            "who": str(row.updated_by or ""),
            "at": format_time(row.updated_at),
        },
    }
