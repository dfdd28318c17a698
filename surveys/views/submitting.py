"""Handing in: check your answers, one press, a receipt, and the print to sign and seal."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can
from core.errors import Reason, Refused
from documents.access import file_response
from surveys.access import may_see_contacts, response_or_404
from surveys.answers import shown
from surveys.enums import WRITABLE, Stage
from surveys.models import Response, Submission
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.carried import returned_copy
from surveys.selectors.copies import copy_state
from surveys.selectors.discretion import hidden_questions, is_withheld
from surveys.selectors.origins import confirmation
from surveys.selectors.register_values import masked
from surveys.selectors.rounds import questionnaire
from surveys.selectors.timelines import timeline
from surveys.services import withdrawals
from surveys.services.submissions import (
    ask_for_print_again,
    content_of,
    has_lost_print,
    reasons_against,
    submit_response,
)


@login_required
@never_cache
@require_safe
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The unit checks here before it hands in, and reads here what has no print; those set above it, at any time."""
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    may_fill = can(request.user, Permission.RESPONSE_FILL, response.community)
    if response.stage not in WRITABLE and may_fill and selectors.has_print(response):
        return redirect("surveys:receipt", reference=reference)
    return _check_page(request, response)


def _check_page(
    request: HttpRequest, response: Response, *, reasons: list[Reason] | None = None, status: int = 200
) -> HttpResponse:
    form, rows = questionnaire(response.round.edition), selectors.answer_rows(response)
    answers, digest = content_of(form, rows)
    remarks = selectors.remarks_by_question(response)
    may_fill = response.stage in WRITABLE and can(request.user, Permission.RESPONSE_FILL, response.community)
    shut = selectors.writing_refusals(response) if may_fill else []
    missing = [] if shut or not may_fill else reasons_against(form, rows)
    hidden = _masked_for(request.user, response, form, rows)
    context = {
        "response": response,
        "sections": [
            (section, _lines(section, form, rows, response, remarks, hidden=hidden))
            for section in form.sections
        ],
        "is_open": may_fill and not shut,
        "content_hash": digest,
        "submission_key": uuid.uuid4().hex,
        "shut": shut,
        "missing": [(form.by_id[str(reason.field)], reason) for reason in missing],
        "reasons": reasons or [],
        "is_empty": not answers,
    }
    return render(request, "surveys/check.html", context, status=status)


def _masked_for(user: Any, response: Response, form: Any, rows: Any) -> frozenset[str]:
    """Who fills in reads what they wrote; who looks on needs the right to see persons."""
    if can(user, Permission.RESPONSE_FILL, response.community):
        return hidden_questions(user, response.community, form, rows)
    return frozenset() if may_see_contacts(user, response) else frozenset(form.by_id)


def _lines(
    section: Any, form: Any, rows: Any, response: Response, remarks: Any, *, hidden: frozenset[str]
) -> list[dict[str, Any]]:
    values = selectors.values_of(rows)
    asked = {question.id for question in shown(form, values)}
    return [
        {
            "question": question,
            "text": masked(question.feeds, text) if question.id in hidden else text,
            "may_change": selectors.may_write(question.id, response, remarks),
            "kept": confirmation(rows.get(question.id), with_name=question.id not in hidden),
        }
        for question in section.questions
        if question.id in asked
        for text in [answer_text(question, values.get(question.id))]
    ]


@login_required
@require_POST
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference)
    if "agreed" not in request.POST and response.stage in WRITABLE:
        sentence = _("Please tick that your unit answers for what is written here.")
        return _check_page(request, response, reasons=[Reason(sentence, field="agreed")], status=422)
    try:
        submit_response(
            response=response,
            by=request.user,
            submission_key=request.POST.get("submission_key", "").replace("\0", "")[:64],
            seen_hash=request.POST.get("content_hash", ""),
        )
    except Refused as refused:
        return _not_submitted(request, response, refused)
    return _sent_on(request, reverse("surveys:receipt", args=[reference]))


def _sent_on(request: HttpRequest, address: str) -> HttpResponse:
    """The page's script presses again where no answer came; an answer that it can read tells it where to go."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"next": address})
    return redirect(address)


def _not_submitted(request: HttpRequest, response: Response, refused: Refused) -> HttpResponse:
    codes = set(refused.codes)
    if "handed_in" in codes:
        messages.info(request, str(refused))
        return _sent_on(request, reverse("surveys:receipt", args=[response.reference]))
    if codes & {"changed", "round_closed", "invitation_revoked"}:
        response.refresh_from_db(fields=["stage", "stage_since", "version"])
        if response.stage not in WRITABLE:
            messages.error(request, str(refused))
            return _receipt_page(request, response, status=409)
        return _check_page(request, response, reasons=refused.reasons, status=409)
    return _sent_on(request, f"{reverse('surveys:response', args=[response.reference])}?errors=1")


# --- afterwards ---------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    return _receipt_page(request, response)


def _receipt_page(request: HttpRequest, response: Response, *, status: int = 200) -> HttpResponse:
    submission = selectors.last_submission(response)
    if submission is None or response.stage in {Stage.NOT_STARTED, Stage.DRAFT}:
        may_fill = can(request.user, Permission.RESPONSE_FILL, response.community)
        return redirect("surveys:response" if may_fill else "surveys:check", reference=response.reference)
    steps, copies = selectors.steps_taken(response), copy_state(response)
    context = {
        "response": response,
        "submission": submission,
        **_print(response, submission),
        "copy_state": copies,
        # Papers are spoken of once there are some, or once it is time for them.
        "shows_papers": selectors.has_print(response) or bool(copies.files),
        "may_fill": can(request.user, Permission.RESPONSE_FILL, response.community),
        "must_confirm": is_withheld(request.user, response),
        "may_see_contacts": may_see_contacts(request.user, response),
        "steps": _steps(response),
        "timeline": timeline(response, steps),
        # What is wrong with the copy stands on top of the page, not only in the timeline at its foot.
        "returned_copy": returned_copy(response),
        "may_withdraw": not withdrawals.reasons_against(response),
        "is_returned": response.stage == Stage.RETURNED,
    }
    return render(request, "surveys/receipt.html", context, status=status)


def _print(response: Response, submission: Submission) -> dict[str, bool]:
    """Whether there is something to print, and whether making it has failed."""
    is_due = selectors.is_print_due(response, submission)
    return {"is_print_due": is_due, "is_print_lost": is_due and has_lost_print(submission)}


def _steps(response: Response) -> list[dict[str, str]]:
    """Submit, check, seal and upload, review: where the answers or the paper are now, in the way of this round."""
    sealed, stage = response.needs_sealed_copy, Stage(response.stage)
    way = [
        (_("Submit the answers"), {Stage.RETURNED}),
        (_("Check"), {Stage.TO_CHECK} if sealed and response.round.has_precheck else None),
        (_("Seal and upload"), {Stage.SUBMITTED, Stage.COPY_RETURNED} if sealed else None),
        (_("Review"), {Stage.UPLOADED, Stage.IN_REVIEW, Stage.SECOND_LOOK, Stage.TO_CHECK}),
        (_("Accepted"), set()),
    ]
    steps = [(word, stages) for word, stages in way if stages is not None]
    place = next((index for index, (_word, stages) in enumerate(steps) if stage in stages), len(steps))
    states = ["done" if index < place else ("now" if index == place else "") for index in range(len(steps))]
    return [{"word": word, "state": state} for (word, _stages), state in zip(steps, states, strict=True)]


def _submission(response: Response, version: int) -> Submission:
    found = response.submissions.select_related("print_file").filter(version=version).first()
    if found is None:
        raise Http404
    return found


@login_required
@never_cache
@require_safe
def print_state(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Only the download button, asked again and again until the print is there."""
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    submission = _submission(response, version)
    context = {
        "response": response,
        "submission": submission,
        **_print(response, submission),
        "may_see_contacts": may_see_contacts(request.user, response),
    }
    return render(request, "surveys/_print.html", context)


@login_required
@require_POST
def print_again(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Pressed when the print could not be made."""
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    ask_for_print_again(submission=_submission(response, version))
    return redirect("surveys:receipt", reference=reference)


@login_required
@require_safe
def print_download(request: HttpRequest, reference: str, version: int) -> HttpResponseBase:
    """The print of one version, as stored. An older one stays there to be looked at; it is void for sealing."""
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    if not may_see_contacts(request.user, response):
        raise PermissionDenied(Permission.CONTACT_VIEW)
    submission = _submission(response, version)
    if submission.print_file is None:
        raise Http404
    return file_response(submission.print_file, name=f"{response.reference}-v{version}.pdf")
